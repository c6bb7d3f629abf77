"""Post-processors: style result layers when QGIS has loaded them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingFeedback, QgsProcessingLayerPostProcessorInterface


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Applies functions to a layer once it is loaded, on the main thread."""

    #: QGIS keeps no reference on the Python side; each styler stays here until it has done its work.
    _waiting: ClassVar[set[Styler]] = set()

    def __init__(self, *functions: Callable[[QgsMapLayer], None]) -> None:
        super().__init__()
        self._functions = functions
        Styler._waiting.add(self)

    def postProcessLayer(
        self,
        layer: QgsMapLayer,
        context: QgsProcessingContext,  # noqa: ARG002
        feedback: QgsProcessingFeedback,  # noqa: ARG002
    ) -> None:
        """Style the layer."""
        for function in self._functions:
            function(layer)
        Styler._waiting.discard(self)
