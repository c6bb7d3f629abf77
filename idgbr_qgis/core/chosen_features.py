"""Which features of a layer a job takes: all, the selected ones, those of a filter or the first so many."""

from __future__ import annotations

from collections.abc import Iterator

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsProcessingFeatureSourceDefinition,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsVectorLayerSelectedFeatureSource,
)

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.translation import tr


class ChosenFeatures:
    """The features as they are when this is made, on the main thread, edits and added fields included.

    They are read, by iterating over it once or more, in any thread, even when the layer has gone.
    """

    def __init__(
        self,
        layer: QgsVectorLayer,
        choice: QgsProcessingFeatureSourceDefinition | None = None,
        *,
        attributes: bool = True,
    ) -> None:
        """Take what `choice` says, by default all features.

        Raises `LayerError` where the selected ones are wanted and none is.
        """
        self.total = layer.featureCount()
        self._request = QgsFeatureRequest()
        self._request.setExpressionContext(layer.createExpressionContext())
        if not attributes:
            self._request.setNoAttributes()
        selected = choice is not None and choice.selectedFeaturesOnly
        self.restricted = selected
        if choice is not None and choice.filterExpression:
            self._request.setFilterExpression(choice.filterExpression)
            self.restricted = True
        if choice is not None and choice.featureLimit >= 0:
            self._request.setLimit(choice.featureLimit)
            self.restricted = True
        if selected and not layer.selectedFeatureCount():
            text = tr("Nothing is selected in {layer}; select polygons, or take all of them.")
            raise LayerError(text.format(layer=layer.name()))
        kind = QgsVectorLayerSelectedFeatureSource if selected else QgsVectorLayerFeatureSource
        self._source = kind(layer)

    def __iter__(self) -> Iterator[QgsFeature]:
        return iter(self._source.getFeatures(self._request))
