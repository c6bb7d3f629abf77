"""What may go wrong between QGIS and the backend. Each message is one line for the user, with a remedy."""

from __future__ import annotations


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
    """The worker answered a request with an error."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class JobCancelledError(PluginError):
    """The user cancelled."""


class LayerError(PluginError):
    """A layer cannot be handed to the backend."""
