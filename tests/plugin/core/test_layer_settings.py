"""Nodata and coordinate system that were set for a raster layer in QGIS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterRange,
)

from idgbr_qgis.core.layers import RasterStaging

MakeRaster = Callable[..., Path]
CLASSES = np.array([[1, 1, 2, 2], [1, 9, 9, 2], [3, 3, 9, 7]], np.uint8)


@pytest.fixture
def classes(make_raster: MakeRaster) -> QgsRasterLayer:
    """A class raster whose file says that 9 is nodata."""
    path = make_raster("classes.tif", values=CLASSES[None])
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetNoDataValue(9)
    del dataset
    return QgsRasterLayer(str(path), "classes")


def staged(layer: QgsRasterLayer, folder: Path) -> tuple[str, np.ndarray, np.ndarray, str]:
    """Path, values and mask (0 for nodata) of what the worker gets, and the log."""
    feedback = QgsProcessingFeedback()
    path = RasterStaging(layer, None, QgsCoordinateTransformContext()).write(folder / "input", feedback)
    dataset = gdal.Open(path)  # lives as long as its band
    band = dataset.GetRasterBand(1)
    return path, band.ReadAsArray(), band.GetMaskBand().ReadAsArray(), feedback.textLog()


def test_files_own_nodata_needs_no_other_file(classes: QgsRasterLayer, tmp_path: Path) -> None:
    assert staged(classes, tmp_path)[0] == classes.source()


def test_nodata_that_is_switched_off_is_a_class(classes: QgsRasterLayer, tmp_path: Path) -> None:
    classes.dataProvider().setUseSourceNoDataValue(1, False)
    path, values, mask, log = staged(classes, tmp_path)
    assert path.endswith(".vrt")
    np.testing.assert_array_equal(values, CLASSES)
    assert mask.all()
    assert "classes: nodata as set in QGIS for the layer: none." in log


def test_additional_nodata_value_counts(make_raster: MakeRaster, tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(make_raster("plain.tif", values=CLASSES[None])), "plain")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(2, 2)])
    _, values, mask, log = staged(layer, tmp_path)
    np.testing.assert_array_equal(mask > 0, CLASSES != 2)
    np.testing.assert_array_equal(values, CLASSES)
    assert "nodata as set in QGIS for the layer: 2" in log


def test_several_nodata_values_are_applied_by_qgis(classes: QgsRasterLayer, tmp_path: Path) -> None:
    classes.dataProvider().setUserNoDataValue(1, [QgsRasterRange(2, 3)])
    path, values, mask, _ = staged(classes, tmp_path)
    assert path.endswith(".tif")
    known = np.isin(CLASSES, (1, 7))
    np.testing.assert_array_equal(mask > 0, known)
    np.testing.assert_array_equal(values[known], CLASSES[known])


def test_nodata_of_a_scaled_raster_is_that_of_the_values_shown(make_raster: MakeRaster, tmp_path: Path) -> None:
    path = make_raster("scaled.tif", values=CLASSES[None])
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetScale(10)
    dataset.GetRasterBand(1).SetOffset(5)
    del dataset
    layer = QgsRasterLayer(str(path), "scaled")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(25, 25)])
    _, values, mask, log = staged(layer, tmp_path)
    np.testing.assert_array_equal(mask > 0, CLASSES != 2)
    np.testing.assert_array_equal(values[mask > 0], CLASSES[CLASSES != 2] * 10 + 5)
    assert "nodata as set in QGIS for the layer: 25" in log


@pytest.mark.parametrize("ranges", [[(2, 3)], [(2, 2), (3, 3)]])
def test_several_nodata_values_of_a_file_without_any(
    make_raster: MakeRaster, tmp_path: Path, ranges: list[tuple[float, float]]
) -> None:
    layer = QgsRasterLayer(str(make_raster("plain.tif", values=CLASSES[None])), "plain")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(*values) for values in ranges])
    _, values, mask, log = staged(layer, tmp_path)
    np.testing.assert_array_equal(mask > 0, ~np.isin(CLASSES, (2, 3)))
    np.testing.assert_array_equal(values, CLASSES)
    assert f"plain: nodata as set in QGIS for the layer: {'2–3' if len(ranges) == 1 else '2, 3'}." in log


def test_several_nodata_values_of_an_image_count_where_all_bands_have_one(
    make_raster: MakeRaster, tmp_path: Path
) -> None:
    image = np.repeat(CLASSES[None], 3, axis=0)
    image[1, 0] = 200
    layer = QgsRasterLayer(str(make_raster("rgb.tif", values=image)), "rgb")
    for band in (1, 2, 3):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(2, 3)])
    _, _, mask, _ = staged(layer, tmp_path)
    expected = ~np.isin(CLASSES, (2, 3))
    expected[0] = True
    np.testing.assert_array_equal(mask > 0, expected)


def test_bands_have_nodata_of_their_own(make_raster: MakeRaster, tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(make_raster()), "image")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(3, 3)])
    path, _, mask, log = staged(layer, tmp_path)
    original = gdal.Open(layer.source()).ReadAsArray()
    np.testing.assert_array_equal(mask > 0, original[0] != 3)
    np.testing.assert_array_equal(gdal.Open(path).ReadAsArray(), original)
    assert "nodata as set in QGIS for the layer: 3, none, none." in log


def test_coordinate_system_and_nodata_go_along_together(make_raster: MakeRaster, tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(make_raster("plain.tif", values=CLASSES[None], epsg=None)), "plain")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32632"))
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(7, 7)])
    path, _, mask, _ = staged(layer, tmp_path)
    assert QgsCoordinateReferenceSystem.fromWkt(gdal.Open(path).GetProjection()).authid() == "EPSG:32632"
    np.testing.assert_array_equal(mask > 0, CLASSES != 7)
