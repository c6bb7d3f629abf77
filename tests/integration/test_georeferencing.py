"""Polygons lie where the truth lies, to a fraction of a pixel, on every kind of grid."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from idgbr_qgis.processing.provider import IdgbrProvider

SIZE = 160
PIXEL_M = 0.5
NODATA = 255


def _rotated(angle: float, corner: tuple[float, float]) -> tuple[float, ...]:
    cos, sin = PIXEL_M * math.cos(math.radians(angle)), PIXEL_M * math.sin(math.radians(angle))
    return (corner[0], cos, sin, corner[1], sin, -cos)


GRIDS = {
    "projected": (32632, (500000.0, PIXEL_M, 0.0, 5000000.0, 0.0, -PIXEL_M)),
    "geographic": (4326, (9.0, 4.5e-6, 0.0, 47.0, 0.0, -4.5e-6)),
    "rotated": (32632, _rotated(25.0, (500000.0, 5000000.0))),
    "south up": (32733, (500000.0, PIXEL_M, 0.0, 7000000.0, 0.0, PIXEL_M)),
}


def disk(row: float, column: float, radius: float) -> QgsGeometry:
    return QgsGeometry.fromPointXY(QgsPointXY(column, row)).buffer(radius, 60)


def box(row: float, column: float, height: float, width: float, angle: float) -> QgsGeometry:
    corners = [(-width, -height), (width, -height), (width, height), (-width, height)]
    shape = QgsGeometry.fromPolygonXY([[QgsPointXY(column + x / 2, row + y / 2) for x, y in corners]])
    shape.rotate(angle, QgsPointXY(column, row))
    return shape


#: Truth in pixel coordinates (x right, y down, whole numbers at pixel corners), by class.
TRUTH = {1: disk(50.3, 45.8, 30.0), 2: box(105.2, 100.7, 40.0, 60.0, 20.0)}


def class_raster() -> np.ndarray:
    """Class of each pixel by its centre; a strip of nodata on the right."""
    values = np.zeros((SIZE, SIZE), np.uint8)
    for number, shape in TRUTH.items():
        for row, column in np.ndindex(SIZE, SIZE):
            if shape.contains(column + 0.5, row + 0.5):
                values[row, column] = number
    values[:, 150:] = NODATA
    return values


def to_pixels(geometry: QgsGeometry, transform: tuple[float, ...]) -> QgsGeometry:
    """A geometry in map coordinates in pixel coordinates."""
    inverse = gdal.InvGeoTransform(transform)
    polygons = geometry.asMultiPolygon() if geometry.isMultipart() else [geometry.asPolygon()]
    return QgsGeometry.fromMultiPolygonXY(
        [
            [[QgsPointXY(*gdal.ApplyGeoTransform(inverse, p.x(), p.y())) for p in ring] for ring in polygon]
            for polygon in polygons
        ]
    )


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return class_raster()


@pytest.mark.parametrize("grid", GRIDS)
def test_polygons_lie_on_the_truth(
    provider: IdgbrProvider, write_raster: Callable[..., Path], values: np.ndarray, tmp_path: Path, grid: str
) -> None:
    epsg, transform = GRIDS[grid]
    raster = write_raster("classes.tif", values, epsg=epsg, transform=transform, nodata=NODATA)
    algorithm = provider.algorithm("vectorize").create()
    parameters = {"INPUT": str(raster), "OUTPUT": str(tmp_path / "polygons.gpkg")}
    results, fine = algorithm.run(parameters, QgsProcessingContext(), QgsProcessingFeedback())
    assert fine
    layer = QgsVectorLayer(results["OUTPUT"], "polygons", "ogr")
    assert layer.crs() == QgsCoordinateReferenceSystem(f"EPSG:{epsg}")
    found = {feature["class_id"]: to_pixels(feature.geometry(), transform) for feature in layer.getFeatures()}
    for number, truth in TRUTH.items():
        shape = found[number]
        assert shape.isGeosValid()
        shift = shape.centroid().asPoint().distance(truth.centroid().asPoint())
        assert shift < 0.1, f"class {number} is off by {shift:.2f} px"
        # Area between the outlines over their length: the mean distance of the boundaries.
        distance = shape.symDifference(truth).area() / truth.length()
        assert distance < 0.25, f"class {number}: boundaries are {distance:.2f} px apart"
        assert shape.hausdorffDistance(truth) < 1.5
    everything = QgsGeometry.unaryUnion(list(found.values()))
    assert everything.boundingBox().xMaximum() < 150.01, "nodata stays empty"


def test_areas_are_on_the_ellipsoid(
    provider: IdgbrProvider, write_raster: Callable[..., Path], values: np.ndarray, tmp_path: Path
) -> None:
    epsg, transform = GRIDS["projected"]
    raster = write_raster("classes.tif", values, epsg=epsg, transform=transform, nodata=NODATA)
    algorithm = provider.algorithm("vectorize").create()
    parameters = {"INPUT": str(raster), "OUTPUT": str(tmp_path / "polygons.shp")}
    algorithm.run(parameters, QgsProcessingContext(), QgsProcessingFeedback())
    layer = QgsVectorLayer(str(tmp_path / "polygons.shp"), "polygons", "ogr")
    areas = {feature["class_id"]: feature["area_m2"] for feature in layer.getFeatures()}
    for number, truth in TRUTH.items():
        # The central meridian of UTM is drawn a little too small.
        expected = truth.area() * PIXEL_M**2 / 0.9996**2
        assert areas[number] == pytest.approx(expected, rel=0.01)
