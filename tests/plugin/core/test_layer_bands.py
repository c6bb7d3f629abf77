"""Bands that were chosen for a raster layer in QGIS: the job reads what the layer shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsMultiBandColorRenderer,
    QgsPalettedRasterRenderer,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterRange,
    QgsSingleBandGrayRenderer,
)

from idgbr_qgis.core.layers import RasterStaging

MakeRaster = Callable[..., Path]
R, G, B, PLAIN = gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand, gdal.GCI_Undefined


def opened(make_raster: MakeRaster, bands: int) -> QgsRasterLayer:
    return QgsRasterLayer(str(make_raster(bands=bands)), "image")


def staged(layer: QgsRasterLayer, folder: Path, *, one_band: bool = False) -> tuple[gdal.Dataset, str]:
    """What the worker gets, and the log."""
    feedback = QgsProcessingFeedback()
    staging = RasterStaging(layer, None, QgsCoordinateTransformContext(), one_band=one_band)
    return gdal.Open(staging.write(folder / "input", feedback)), feedback.textLog()


def meanings(raster: gdal.Dataset) -> list[int]:
    return [raster.GetRasterBand(n).GetColorInterpretation() for n in range(1, raster.RasterCount + 1)]


def show(layer: QgsRasterLayer, *bands: int) -> None:
    layer.setRenderer(QgsMultiBandColorRenderer(layer.dataProvider(), *bands))


@pytest.mark.parametrize("one_band", [False, True])
def test_bands_that_qgis_shows_by_itself_need_no_other_file(
    make_raster: MakeRaster, tmp_path: Path, one_band: bool
) -> None:
    layer = opened(make_raster, 4)
    raster, log = staged(layer, tmp_path, one_band=one_band)
    assert raster.GetDescription() == layer.source()
    assert "as set in QGIS" not in log


@pytest.mark.parametrize("bands", [(4, 1, 2), (3, 2, 1)])
def test_bands_shown_as_colours_say_so(make_raster: MakeRaster, tmp_path: Path, bands: tuple[int, int, int]) -> None:
    layer = opened(make_raster, 4)
    show(layer, *bands)
    raster, log = staged(layer, tmp_path)
    found = meanings(raster)
    assert [found[band - 1] for band in bands] == [R, G, B]
    assert not {R, G, B} & {found[band - 1] for band in {1, 2, 3, 4} - set(bands)}
    np.testing.assert_array_equal(raster.ReadAsArray(), gdal.Open(layer.source()).ReadAsArray())
    assert f"image: bands {', '.join(map(str, bands))} are read as red, green and blue, as set in QGIS" in log


def test_a_band_that_is_shown_several_times_is_read_so(make_raster: MakeRaster, tmp_path: Path) -> None:
    layer = opened(make_raster, 3)
    show(layer, 2, 2, 1)
    raster, _ = staged(layer, tmp_path)
    original = gdal.Open(layer.source()).ReadAsArray()
    np.testing.assert_array_equal(raster.ReadAsArray(), original[[1, 1, 0]])
    assert meanings(raster) == [R, G, B]


def test_style_kept_beside_the_file_counts(make_raster: MakeRaster, tmp_path: Path) -> None:
    layer = opened(make_raster, 3)
    show(layer, 3, 2, 1)
    layer.saveDefaultStyle(layer.StyleCategory.AllStyleCategories)
    again = QgsRasterLayer(layer.source(), "again")
    assert meanings(staged(again, tmp_path)[0]) == [B, G, R]


def test_nodata_set_in_qgis_stays_with_its_band(make_raster: MakeRaster, tmp_path: Path) -> None:
    layer = opened(make_raster, 3)
    show(layer, 3, 3, 1)
    layer.dataProvider().setUserNoDataValue(3, [QgsRasterRange(170, 170)])
    raster, _ = staged(layer, tmp_path)
    assert [raster.GetRasterBand(n).GetNoDataValue() for n in (1, 2, 3)] == [170, 170, None]


def test_exported_layers_keep_their_bands(make_raster: MakeRaster, tmp_path: Path) -> None:
    layer = opened(make_raster, 3)
    show(layer, 3, 2, 1)
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(3, 5)])
    raster, log = staged(layer, tmp_path)
    assert meanings(raster) == [B, G, R]
    assert raster.GetRasterBand(1).GetMaskBand().ReadAsArray().all()  # one band alone is no nodata
    assert "Exporting image" in log
    assert "bands 3, 2, 1" in log


@pytest.mark.parametrize("renderer", [QgsSingleBandGrayRenderer, QgsPalettedRasterRenderer])
def test_class_rasters_are_the_band_that_is_shown(make_raster: MakeRaster, tmp_path: Path, renderer: type) -> None:
    layer = opened(make_raster, 3)
    rest = ([],) if renderer is QgsPalettedRasterRenderer else ()
    layer.setRenderer(renderer(layer.dataProvider(), 2, *rest))
    raster, log = staged(layer, tmp_path, one_band=True)
    np.testing.assert_array_equal(raster.ReadAsArray(), gdal.Open(layer.source()).ReadAsArray()[1])
    assert "image: band 2 is read, as set in QGIS for the layer." in log
    assert staged(layer, tmp_path)[0].RasterCount == 3, "an image is not read in grey"
