"""Which features of a layer a job takes: all, the selected ones, those of a filter or the first so many."""

from __future__ import annotations

from collections.abc import Iterator

from osgeo import ogr
from qgis.core import (
    Qgis,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsGeometry,
    QgsProcessingFeatureSourceDefinition,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsVectorLayerSelectedFeatureSource,
    QgsWkbTypes,
)

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.translation import tr

#: Geometries of faces in space.
_SURFACES = (Qgis.WkbType.PolyhedralSurface, Qgis.WkbType.TIN, Qgis.WkbType.Triangle)


class ChosenFeatures:
    """The features as they are when this is made, on the main thread, edits and added fields included.

    They are read, by iterating over it once or more, in any thread, even when the layer has gone. Their geometries are
    plain: arcs are made straight, and of the faces of a surface in space the footprint is taken.
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
        # The number that a file gives to a feature is no attribute of it, though QGIS shows it as one.
        numbers = layer.primaryKeyAttributes() if layer.providerType() == "ogr" else []
        self._kept = [i for i in range(layer.fields().count()) if i not in numbers]
        #: Fields of the features.
        self.fields = QgsFields()
        for i in self._kept:
            self.fields.append(layer.fields().at(i))
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
            text = tr("Nothing is selected in {layer}; select polygons, or use all features.")
            raise LayerError(text.format(layer=layer.name()))
        kind = QgsVectorLayerSelectedFeatureSource if selected else QgsVectorLayerFeatureSource
        self._source = kind(layer)

    def __iter__(self) -> Iterator[QgsFeature]:
        for feature in self._source.getFeatures(self._request):
            geometry = feature.geometry()
            if QgsWkbTypes.flatType(geometry.wkbType()) in _SURFACES:
                # The faces meet and lie above each other.
                feature.setGeometry(QgsGeometry.unaryUnion([_polygons(geometry)]))
            elif not geometry.isNull() and geometry.constGet().hasCurvedSegments():
                feature.setGeometry(_polygons(geometry))
            values = feature.attributes()
            feature.setAttributes([values[i] for i in self._kept])
            yield feature


def _polygons(geometry: QgsGeometry) -> QgsGeometry:
    """Polygons in the plane for arcs and for faces in space, by OGR: QGIS 3.40 makes nothing of the latter."""
    shape = ogr.ForceToMultiPolygon(ogr.CreateGeometryFromWkb(bytes(geometry.asWkb())))
    shape.FlattenTo2D()
    polygons = QgsGeometry()
    polygons.fromWkb(bytes(shape.ExportToWkb()))
    return polygons
