"""Extents: from parameters, between coordinate systems, in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

from osgeo import osr
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDistanceArea,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
)

from idgbr_qgis.core.errors import LayerError, MissingCrsError
from idgbr_qgis.core.translation import tr


@dataclass(frozen=True)
class Extent:
    """A rectangle in its own coordinate system."""

    rectangle: QgsRectangle
    crs: QgsCoordinateReferenceSystem

    def parameters(self) -> dict[str, object]:
        """Write it as the job's parameters; the worker transforms it to the raster's grid, rotated or not."""
        r = self.rectangle
        corners = (r.xMinimum(), r.yMinimum(), r.xMaximum(), r.yMaximum())
        return {"extent": corners, "extent_crs": crs_text(self.crs) or None}

    def to(self, crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext) -> QgsRectangle:
        """Bounding box in another coordinate system; raises `LayerError` where there is none."""
        if not self.crs.isValid() or not crs.isValid() or self.crs == crs:
            return QgsRectangle(self.rectangle)
        try:
            return QgsCoordinateTransform(self.crs, crs, context).transformBoundingBox(self.rectangle)
        except QgsCsException as error:
            text = tr("The extent cannot be transformed to {crs}; draw it on the raster.")
            raise LayerError(text.format(crs=crs.userFriendlyIdentifier()), str(error)) from error


def check_crs(layer: QgsMapLayer) -> None:
    """Raise `MissingCrsError` where a layer does not say its coordinate system."""
    if not layer.crs().isValid():
        raise MissingCrsError(tr("{layer} has no coordinate system.").format(layer=layer.name()), layer)


def crs_text(crs: QgsCoordinateReferenceSystem) -> str:
    """A coordinate system as the worker reads it: its EPSG number or WKT; empty for none."""
    if not crs.isValid():
        return ""
    return crs.authid() if crs.authid().startswith("EPSG:") else crs.toWkt(Qgis.CrsWktVariant.Preferred)


def check_overlap(extent: Extent, layer: QgsRasterLayer, context: QgsCoordinateTransformContext) -> None:
    """Raise `LayerError` where an extent misses a layer or is empty."""
    if extent.rectangle.isEmpty():
        raise LayerError(tr("The extent is empty; draw a rectangle on the raster."))
    if not layer.extent().intersects(extent.to(layer.crs(), context)):
        text = tr("The extent does not overlap the raster {layer}; draw it on the raster.")
        raise LayerError(text.format(layer=layer.name()))


def metres_per_unit(at: QgsPointXY, crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext) -> float:
    """Length on the ground of one horizontal unit of a coordinate system at a place."""
    if not crs.isValid():
        return 1.0
    measure = _ellipsoidal(crs, context)
    step = 1e-4 if crs.isGeographic() else 10.0
    found = measure.measureLine(at, QgsPointXY(at.x() + step, at.y())) / step if measure else math.nan
    return found if math.isfinite(found) and found > 0 else _units_m(crs, at.y())[0]


def ground_area(
    geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext
) -> float:
    """Area on the ground in m² of polygons in a coordinate system."""
    measure = _ellipsoidal(crs, context)
    found = measure.measureArea(geometry) if measure else math.nan
    if math.isfinite(found):
        return found
    across, up = _units_m(crs, geometry.boundingBox().center().y())
    return geometry.area() * across * up


def _ellipsoidal(crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext) -> QgsDistanceArea | None:
    """What measures on the ellipsoid of a coordinate system; None where QGIS knows none, as of local ones."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context)
    return measure if crs.ellipsoidAcronym() and measure.setEllipsoid(crs.ellipsoidAcronym()) else None


def _units_m(crs: QgsCoordinateReferenceSystem, y: float) -> tuple[float, float]:
    """Metres of one unit to the right and up at `y`, in the plane or on a sphere of the body's size."""
    unit = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), Qgis.DistanceUnit.Meters)
    if not crs.isGeographic():
        return (unit, unit) if unit > 0 else (1.0, 1.0)
    known = osr.SpatialReference()
    known.ImportFromWkt(crs.toWkt(Qgis.CrsWktVariant.Preferred))
    up = known.GetAngularUnits() * known.GetSemiMajor()
    return up * math.cos(known.GetAngularUnits() * y), up
