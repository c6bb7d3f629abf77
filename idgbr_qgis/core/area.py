"""The area of a job: a rectangle, or polygons within their bounding box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsMapLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.extents import Extent, check_crs
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Area:
    """A rectangle in its coordinate system, and the polygons in it that count, where not all of it does."""

    extent: Extent
    mask: QgsVectorLayer | None = None

    @classmethod
    def of_rectangle(cls, rectangle: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> Area:
        """A rectangle, such as one drawn or the visible part of the map."""
        if rectangle.isEmpty():
            raise LayerError(tr("The area is empty; draw a rectangle on the image."))
        return cls(Extent(QgsRectangle(rectangle), crs))

    @classmethod
    def of_polygons(cls, polygons: Iterable[QgsGeometry], crs: QgsCoordinateReferenceSystem) -> Area:
        """Polygons, such as one drawn; they are copied, so what they came from may go."""
        mask = QgsVectorLayer("MultiPolygon", "area", "memory", QgsVectorLayer.LayerOptions(False))
        mask.setCrs(crs)
        features = []
        for polygon in polygons:
            if not polygon.isEmpty() and polygon.type() == Qgis.GeometryType.Polygon:
                feature = QgsFeature()
                feature.setGeometry(polygon)
                features.append(feature)
        mask.dataProvider().addFeatures(features)
        return cls._of_mask(mask)

    @classmethod
    def of_selection(cls, layer: QgsVectorLayer) -> Area:
        """The polygons selected in a layer."""
        if not layer.selectedFeatureCount():
            text = tr("Nothing is selected in {layer}; select polygons or choose another area.")
            raise LayerError(text.format(layer=layer.name()))
        check_crs(layer)
        return cls.of_polygons((feature.geometry() for feature in layer.getSelectedFeatures()), layer.crs())

    @classmethod
    def of_layer(cls, layer: QgsMapLayer) -> Area:
        """The polygons of a layer, or the extent of a raster."""
        check_crs(layer)
        if not isinstance(layer, QgsVectorLayer):
            return cls.of_rectangle(layer.extent(), layer.crs())
        # A clone, as the layer may go before the job has begun; what is being edited counts as it is now.
        if layer.isModified():
            return cls.of_polygons((feature.geometry() for feature in layer.getFeatures()), layer.crs())
        return cls._of_mask(layer.clone())

    @classmethod
    def _of_mask(cls, mask: QgsVectorLayer) -> Area:
        mask.updateExtents()
        if mask.extent().isEmpty():
            raise LayerError(tr("The area holds no polygons; choose another one."))
        return cls(Extent(mask.extent(), mask.crs()), mask)

    def parameters(self, *, masked: bool = True) -> dict[str, Any]:
        """Write it as parameters of an algorithm; without its polygons where that takes a rectangle alone."""
        extent = {"EXTENT": QgsReferencedRectangle(self.extent.rectangle, self.extent.crs)}
        return extent | {"MASK": self.mask} if masked and self.mask is not None else extent
