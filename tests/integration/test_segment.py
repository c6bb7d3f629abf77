"""`idgbr:segment` in QGIS with the real backend and a model whose answer is known: bright pixels are bright."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from idgbr_qgis.processing.provider import IdgbrProvider

UTM = QgsCoordinateReferenceSystem("EPSG:32632")
DEGREES = QgsCoordinateReferenceSystem("EPSG:4326")
LEFT, TOP, PIXEL, SIZE = 500000.0, 5000000.0, 0.5, 200
TRANSFORM = (LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL)
#: Bright disk: its middle on the ground and its radius in metres.
MIDDLE, RADIUS = QgsPointXY(LEFT + 48.3, TOP - 52.1), 20.0
NODATA_COLUMNS = 20

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def image(write_raster: Callable[..., Path]) -> Path:
    row, column = np.mgrid[:SIZE, :SIZE] + 0.5
    east, north = LEFT + column * PIXEL, TOP - row * PIXEL
    bright = np.hypot(east - MIDDLE.x(), north - MIDDLE.y()) < RADIUS
    values = np.where(bright, 210, 40).astype(np.uint8)
    values[:, -NODATA_COLUMNS:] = 0
    path = write_raster("image.tif", np.stack([values] * 3), epsg=32632, transform=TRANSFORM)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for band in (1, 2, 3):
        dataset.GetRasterBand(band).SetNoDataValue(0)
    return path


@pytest.fixture
def run(provider: IdgbrProvider, threshold_model: Path, tmp_path: Path) -> Run:
    def run(image: Any, **parameters: Any) -> dict[str, Any]:
        algorithm = provider.algorithm("segment").create()
        fixed = {
            "MODEL": str(threshold_model),
            "REFINE": False,
            "DEVICE": "cpu",
            "OUTPUT": str(tmp_path / "polygons.gpkg"),
        }
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        results, fine = algorithm.run(
            {"INPUT": image, **fixed, **parameters}, context, QgsProcessingFeedback(), {}, False
        )
        assert fine
        return results

    return run


def polygons(results: dict[str, Any]) -> QgsGeometry:
    layer = QgsVectorLayer(results["OUTPUT"], "polygons", "ogr")
    assert layer.crs() == UTM
    assert {feature["class"] for feature in layer.getFeatures()} <= {"bright"}
    return QgsGeometry.unaryUnion([feature.geometry() for feature in layer.getFeatures()])


def distance_px(found: QgsGeometry, truth: QgsGeometry) -> float:
    """Mean distance of two outlines in pixels."""
    return found.symDifference(truth).area() / truth.length() / PIXEL


def disk() -> QgsGeometry:
    return QgsGeometry.fromPointXY(MIDDLE).buffer(RADIUS, 90)


def test_polygons_lie_on_the_truth(run: Run, image: Path, tmp_path: Path) -> None:
    classes, confidence = str(tmp_path / "classes.tif"), str(tmp_path / "confidence.tif")
    results = run(str(image), OUTPUT_CLASSES=classes, OUTPUT_CONFIDENCE=confidence)
    found = polygons(results)
    assert found.centroid().asPoint().distance(MIDDLE) < 0.1 * PIXEL
    assert distance_px(found, disk()) < 0.25
    raster = gdal.Open(classes)
    assert raster.GetGeoTransform() == TRANSFORM
    values = raster.ReadAsArray()
    assert (values[:, -NODATA_COLUMNS:] == 255).all(), "nodata stays nodata"
    assert set(np.unique(values[:, :-NODATA_COLUMNS])) == {0, 1}
    surest = gdal.Open(confidence).ReadAsArray()
    assert (surest[:, -NODATA_COLUMNS:] == -1).all()
    assert surest[:, :-NODATA_COLUMNS].min() > 0.9


def test_extent_in_degrees_cuts_the_result_on_the_grid(run: Run, image: Path, tmp_path: Path) -> None:
    window = QgsRectangle(LEFT + 10, TOP - 60, LEFT + 50, TOP - 10)
    box = QgsCoordinateTransform(UTM, DEGREES, QgsProject.instance()).transformBoundingBox(window)
    extent = f"{box.xMinimum()},{box.xMaximum()},{box.yMinimum()},{box.yMaximum()} [EPSG:4326]"
    results = run(str(image), EXTENT=extent, OUTPUT_CLASSES=str(tmp_path / "classes.tif"))
    raster = gdal.Open(results["OUTPUT_CLASSES"])
    left, _, _, top, _, _ = raster.GetGeoTransform()
    assert (left - LEFT) / PIXEL == pytest.approx(round((left - LEFT) / PIXEL), abs=1e-6)
    cut = QgsRectangle(left, top - raster.RasterYSize * PIXEL, left + raster.RasterXSize * PIXEL, top)
    assert cut.contains(window)
    assert abs(cut.width() - window.width()) < 3 * PIXEL
    assert distance_px(polygons(results), disk().intersection(QgsGeometry.fromRect(cut))) < 0.3


def test_mask_in_degrees_keeps_results_inside(run: Run, image: Path) -> None:
    triangle = QgsGeometry.fromPolygonXY(
        [[QgsPointXY(LEFT + 5, TOP - 5), QgsPointXY(LEFT + 85, TOP - 5), QgsPointXY(LEFT + 5, TOP - 95)]]
    )
    in_degrees = QgsGeometry(triangle)
    in_degrees.transform(QgsCoordinateTransform(UTM, DEGREES, QgsProject.instance()))
    mask = QgsVectorLayer("Polygon?crs=EPSG:4326", "mask", "memory")
    feature = QgsFeature()
    feature.setGeometry(in_degrees)
    mask.dataProvider().addFeature(feature)
    assert distance_px(polygons(run(str(image), MASK=mask)), disk().intersection(triangle)) < 0.35


def test_layer_in_memory_gives_the_same(run: Run, image: Path) -> None:
    from_file = polygons(run(str(image)))
    gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/image.tif", gdal.Open(str(image)))
    layer = QgsRasterLayer("/vsimem/image.tif", "in memory")
    in_memory = polygons(run(layer))
    gdal.Unlink("/vsimem/image.tif")
    assert in_memory.symDifference(from_file).area() < 1e-6


def test_crs_given_in_qgis_is_that_of_the_result(run: Run, image: Path, tmp_path: Path) -> None:
    bare = str(tmp_path / "bare.tif")
    gdal.Translate(bare, str(image), creationOptions=["PROFILE=BASELINE", "TFW=YES"])
    layer = QgsRasterLayer(bare, "bare")
    layer.setCrs(UTM)
    assert distance_px(polygons(run(layer)), disk()) < 0.25


def test_empty_result_is_an_empty_layer(run: Run, write_raster: Callable[..., Path]) -> None:
    dark = write_raster("dark.tif", np.full((3, 64, 64), 30, np.uint8), epsg=32632, transform=TRANSFORM)
    results = run(str(dark))
    layer = QgsVectorLayer(results["OUTPUT"], "polygons", "ogr")
    assert layer.isValid()
    assert layer.featureCount() == results["POLYGONS"] == 0


def test_wrong_number_of_bands_is_refused(run: Run, write_raster: Callable[..., Path]) -> None:
    grey = write_raster("grey.tif", np.full((64, 64), 30, np.uint8), epsg=32632, transform=TRANSFORM)
    with pytest.raises(QgsProcessingException, match="band") as caught:
        run(str(grey))
    assert "\n" not in str(caught.value)
