"""Staging of local rasters, and of those only QGIS can read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor, QImage

from idgbr_qgis.core import layers
from idgbr_qgis.core.errors import JobCancelledError, LayerError
from idgbr_qgis.core.extents import Extent
from idgbr_qgis.core.layer_sources import gdal_source
from idgbr_qgis.core.layers import MaskStaging, RasterStaging

CONTEXT = QgsCoordinateTransformContext()
UTM = QgsCoordinateReferenceSystem("EPSG:32632")


def stage(layer: QgsRasterLayer, folder: Path, extent: Extent | None = None) -> str:
    return RasterStaging(layer, extent, CONTEXT).write(folder / "input", QgsProcessingFeedback())


def test_local_raster_is_read_where_it_lies(image: QgsRasterLayer, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    assert stage(image, tmp_path) == image.source()
    assert set(tmp_path.rglob("*")) == before


def test_vrt_and_subdataset_keep_their_names(make_raster: Callable[..., Path], tmp_path: Path) -> None:
    vrt = tmp_path / "mosaic.vrt"
    gdal.BuildVRT(str(vrt), [str(make_raster())])
    assert gdal_source(QgsRasterLayer(str(vrt), "mosaic")) == str(vrt)
    container = tmp_path / "two.gpkg"
    for table in ("a", "b"):
        options = ["APPEND_SUBDATASET=YES", f"RASTER_TABLE={table}"]
        gdal.Translate(str(container), str(make_raster()), format="GPKG", creationOptions=options)
    source = gdal_source(QgsRasterLayer(f"GPKG:{container}:b", "b"))
    assert source == f"GPKG:{container}:b"
    assert gdal.Open(source) is not None


def test_what_lies_in_an_archive_keeps_its_place(make_raster: Callable[..., Path], tmp_path: Path) -> None:
    """QGIS splits such names, of which the archive alone is another raster, or none."""
    first, second = make_raster("first.tif"), make_raster("second.tif")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(first, "first.tif")
        archive.write(second, "second.tif")
    name = f"/vsizip/{tmp_path}/a.zip/second.tif"
    layer = QgsRasterLayer(name, "second")
    assert layer.isValid()
    assert gdal_source(layer) == name
    odd = tmp_path / "a!b;c|d.tif"
    odd.write_bytes(first.read_bytes())
    assert gdal_source(QgsRasterLayer(str(odd), "odd")) == str(odd)


def test_crs_given_in_qgis_goes_along(make_raster: Callable[..., Path], tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(make_raster(epsg=None)), "no crs")
    layer.setCrs(UTM)
    staged = gdal.Open(stage(layer, tmp_path))
    assert QgsCoordinateReferenceSystem.fromWkt(staged.GetProjection()) == UTM
    assert staged.GetGeoTransform() == (500000.0, 0.5, 0.0, 5000000.0, 0.0, -0.5)


def test_layer_in_memory_is_exported_pixel_for_pixel(make_raster: Callable[..., Path], tmp_path: Path) -> None:
    original = gdal.Open(str(make_raster()))
    gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/image.tif", original)
    layer = QgsRasterLayer("/vsimem/image.tif", "in memory")
    assert gdal_source(layer) is None
    # The extent cuts pixels: they are exported whole, on the layer's grid.
    extent = Extent(QgsRectangle(500001.1, 4999997.2, 500002.9, 4999999.4), UTM)
    exported = gdal.Open(stage(layer, tmp_path, extent))
    gdal.Unlink("/vsimem/image.tif")
    assert exported.GetGeoTransform() == pytest.approx((500001.0, 0.5, 0.0, 4999999.5, 0.0, -0.5))
    np.testing.assert_array_equal(exported.ReadAsArray(), original.ReadAsArray()[:, 1:6, 2:6])


def test_web_map_is_exported_at_a_sensible_resolution(tmp_path: Path) -> None:
    tile = QImage(256, 256, QImage.Format.Format_ARGB32)
    tile.fill(QColor(10, 200, 30))
    (tmp_path / "tile.png").parent.mkdir(exist_ok=True)
    tile.save(str(tmp_path / "tile.png"))
    url = f"file://{tmp_path}/tile.png?{{z}}{{x}}{{y}}"
    layer = QgsRasterLayer(f"type=xyz&zmin=0&zmax=21&url={url}", "web map", "wms")
    assert layer.isValid()
    # Around 60° north a Web Mercator metre is half a metre.
    extent = Extent(QgsRectangle(1000000, 8399700, 1000060, 8399760), layer.crs())
    exported = gdal.Open(stage(layer, tmp_path, extent))
    assert exported.GetGeoTransform()[1] == pytest.approx(0.6, rel=0.01)
    assert abs(exported.RasterXSize - 100) <= 2
    pixels = exported.ReadAsArray()
    assert pixels.shape[0] == 4
    assert (pixels[:, 50, 50] == (10, 200, 30, 255)).all()


def test_whole_web_map_is_refused(tmp_path: Path) -> None:
    layer = QgsRasterLayer(f"type=xyz&zmin=0&zmax=21&url=file://{tmp_path}/{{z}}{{x}}{{y}}.png", "web map", "wms")
    with pytest.raises(LayerError, match=r"web map.*choose a smaller extent"):
        RasterStaging(layer, None, CONTEXT)


def test_export_can_be_cancelled(make_raster: Callable[..., Path], tmp_path: Path) -> None:
    gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/cancel.tif", gdal.Open(str(make_raster())))
    staging = RasterStaging(QgsRasterLayer("/vsimem/cancel.tif", "in memory"), None, CONTEXT)
    feedback = QgsProcessingFeedback()
    feedback.cancel()
    with pytest.raises(JobCancelledError):
        staging.write(tmp_path / "input", feedback)
    gdal.Unlink("/vsimem/cancel.tif")


def test_failed_export_is_an_error(
    make_raster: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/fail.tif", gdal.Open(str(make_raster())))
    staging = RasterStaging(QgsRasterLayer("/vsimem/fail.tif", "in memory"), None, CONTEXT)
    with pytest.raises(LayerError, match="in memory cannot be exported to"):
        staging.write(tmp_path / "no such folder" / "input", QgsProcessingFeedback())
    gdal.Unlink("/vsimem/fail.tif")


def mask_layer(*wkts: str, crs: str = "EPSG:4326") -> QgsVectorLayer:
    layer = QgsVectorLayer(f"Polygon?crs={crs}", "mask", "memory")
    for wkt in wkts:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeature(feature)
    return layer


def test_mask_is_written_in_the_rasters_crs(tmp_path: Path) -> None:
    source = mask_layer("POLYGON((9 45, 9.01 45, 9.01 45.01, 9 45.01, 9 45))", "POLYGON EMPTY")
    path = MaskStaging(source, UTM, CONTEXT).write(tmp_path / "mask", QgsProcessingFeedback())
    written = QgsVectorLayer(path, "written", "ogr")
    assert written.crs() == UTM
    assert written.featureCount() == 1
    assert written.extent().xMinimum() == pytest.approx(500000, abs=0.01)


def test_empty_mask_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="has no polygons"):
        MaskStaging(mask_layer(), UTM, CONTEXT).write(tmp_path / "mask", QgsProcessingFeedback())


def test_export_limit_counts_whole_pixels() -> None:
    bounds = QgsRectangle(0, 0, 10, 10)
    area, columns, rows = layers._whole_pixels(QgsRectangle(1.2, 2.0, 3.0, 2.1), bounds, (0.5, 1.0))
    assert (area, columns, rows) == (QgsRectangle(1.0, 2.0, 3.0, 3.0), 4, 1)
