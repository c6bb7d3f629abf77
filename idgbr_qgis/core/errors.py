"""What may go wrong between QGIS and the backend. Each message is one line for the user, with a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.core import QgsMapLayer


class PluginError(Exception):
    """Root of the plugin's errors; `details` may hold more lines for the log."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class BackendMissingError(PluginError):
    """No backend is configured, or the one configured cannot be started."""


class BackendLostError(PluginError):
    """The worker ended, or answered no more, in the middle of its work."""


class BackendError(PluginError):
    """The worker answered a request with an error; `kind` is the name of the backend's exception, where it says it."""

    def __init__(self, message: str, code: int, kind: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.kind = kind


class JobCancelledError(PluginError):
    """The user cancelled."""


class LayerError(PluginError):
    """A layer cannot be handed to the backend."""


class MissingCrsError(LayerError):
    """A layer has no coordinate system; it is asked for, never guessed."""

    def __init__(self, message: str, layer: QgsMapLayer) -> None:
        super().__init__(message)
        self.layer = layer


class OffMapError(LayerError):
    """The map shows nothing of a layer."""

    def __init__(self, message: str, layer: QgsMapLayer) -> None:
        super().__init__(message)
        self.layer = layer


class OnlineLayerError(LayerError):
    """A layer that is fetched gave errors, or no picture; it may another time."""


class ModelMissingError(PluginError):
    """No model is chosen, or it is not where it was."""


class OutputPathError(PluginError):
    """The file that is to be written is not named, open elsewhere, or protected."""
