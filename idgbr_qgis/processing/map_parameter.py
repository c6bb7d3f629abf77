"""The parameter for a class raster or polygon layer; of a layer, it can take the selected features only."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMapLayer,
)


class MapParameter(QgsProcessingParameterMapLayer):
    """A map layer that takes the value of a feature source, too: QGIS has no parameter for either of both."""

    def __init__(
        self,
        name: str,
        title: str,
        vectors: Qgis.ProcessingSourceType = Qgis.ProcessingSourceType.VectorPolygon,
    ) -> None:
        super().__init__(name, title, types=[Qgis.ProcessingSourceType.Raster, vectors])
        self.setMetadata({"widget_wrapper": {"class": "idgbr_qgis.gui.map_widget.MapWidget"}})

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:
        """Whether a value is a layer, or features of one."""
        acceptable: bool = super().checkValueIsAcceptable(layer_of(value), context)
        return acceptable

    def valueAsPythonString(self, value: Any, context: QgsProcessingContext) -> str:
        """A value as QGIS's history keeps it."""
        source = QgsProcessingParameterFeatureSource(self.name())
        return str((source if choice_of(value) else super()).valueAsPythonString(value, context))


def choice_of(value: Any) -> QgsProcessingFeatureSourceDefinition | None:
    """Which features of a layer a value chooses; None for all."""
    return value if isinstance(value, QgsProcessingFeatureSourceDefinition) else None


def layer_of(value: Any) -> Any:
    """What a value says of the layer itself, whichever of its features it chooses."""
    return value.source if isinstance(value, QgsProcessingFeatureSourceDefinition) else value
