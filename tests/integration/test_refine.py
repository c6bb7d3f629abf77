"""`idgbr:refine` by `qgis_process`, with the real backend and the bundled refiner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorFileWriter, QgsVectorLayer

Run = Callable[..., object]
LEFT, TOP, PIXEL = 500000.0, 5000000.0, 0.3
UTM = {"epsg": 32632, "transform": (LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL)}
#: Roofs by row, column, height and width in pixels.
ROOFS = [(30, 40, 50, 70), (40, 180, 60, 60), (150, 60, 40, 90), (140, 220, 70, 50)]


@pytest.fixture
def image(write_raster: Callable[..., Path]) -> Path:
    """Bright roofs with shadows on mottled green."""
    random = np.random.default_rng(3)
    ground = random.normal(0, 6, (3, 240, 320)) + np.array([70, 105, 60])[:, None, None]
    for row, column, height, width in ROOFS:
        ground[:, row + 5 : row + height + 5, column + 5 : column + width + 5] *= 0.45
        roof = random.normal(0, 4, (3, height, width)) + np.array([185, 90, 70])[:, None, None]
        ground[:, row : row + height, column : column + width] = roof
    return write_raster("image.tif", np.clip(ground, 0, 255).astype(np.uint8), **UTM)


def rectangle(row: float, column: float, height: float, width: float) -> QgsGeometry:
    left, top = LEFT + column * PIXEL, TOP - row * PIXEL
    return QgsGeometry.fromRect(QgsRectangle(left, top - height * PIXEL, left + width * PIXEL, top))


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    """The roofs, two pixels off, with an owner each."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=owner:string&field=confidence:integer", "houses", "memory")
    for number, (row, column, height, width) in enumerate(ROOFS):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(rectangle(row + 2, column + 2, height, width))
        feature.setAttributes([f"owner {number}", number])
        layer.dataProvider().addFeature(feature)
    path = tmp_path / "houses.shp"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "ESRI Shapefile"
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsProject.instance().transformContext(), options)
    return path


@pytest.mark.usefixtures("bundled_models")
def test_polygons_keep_their_attributes_and_move_within_the_band(
    qgis_process: Run, image: Path, houses: Path, tmp_path: Path
) -> None:
    outcome = qgis_process(
        "refine", INPUT=str(image), COARSE=str(houses), BAND_WIDTH=6, DEVICE="cpu", MIN_AREA=1,
        OUTPUT=str(tmp_path / "out.shp"), OUTPUT_CLASSES=str(tmp_path / "classes.tif"),
        OUTPUT_CONFIDENCE=str(tmp_path / "confidence.tif"),
    )  # fmt: skip
    assert outcome.status == 0, outcome.text
    assert outcome.results["POLYGONS"] == len(ROOFS)
    assert 0 <= outcome.results["MOVED_SHARE"] <= 1
    assert 0 <= outcome.results["MOVED_MEAN"] <= 8 * PIXEL
    layer = QgsVectorLayer(outcome.results["OUTPUT"], "out", "ogr")
    names = [name for name in layer.fields().names() if name != "fid"]
    assert names == ["class_id", "class", "confidence", "area_m2", "perim_m", "moved_m", "owner", "confiden_1"]
    found = {feature["owner"]: feature for feature in layer.getFeatures()}
    for number, roof in enumerate(ROOFS):
        feature = found[f"owner {number}"]
        assert feature["confiden_1"] == number
        row, column, height, width = roof
        assert rectangle(row - 5, column - 5, height + 14, width + 14).contains(feature.geometry())
        assert feature.geometry().contains(rectangle(row + 9, column + 9, height - 16, width - 16))
    before = np.zeros((240, 320), np.uint8)
    for row, column, height, width in ROOFS:
        before[row + 2 : row + 2 + height, column + 2 : column + 2 + width] = 1
    after = gdal.Open(str(tmp_path / "classes.tif")).ReadAsArray()
    assert outcome.results["CHANGED_PIXELS"] == np.count_nonzero(after != before)
    assert (gdal.Open(str(tmp_path / "confidence.tif")).ReadAsArray()[:20] == 1).all()


@pytest.mark.usefixtures("bundled_models")
def test_class_raster_keeps_its_values_and_what_cannot_be_used_is_told(
    qgis_process: Run, image: Path, write_raster: Callable[..., Path], tmp_path: Path
) -> None:
    values = np.full((120, 160), 12, np.uint8)  # pixels twice as large
    values[:, 80:] = 200
    transform = (LEFT, 2 * PIXEL, 0.0, TOP, 0.0, -2 * PIXEL)
    coarse = write_raster("coarse.tif", values, epsg=32632, transform=transform)
    outcome = qgis_process(
        "refine", INPUT=str(image), COARSE=str(coarse), BAND_WIDTH="8", DEVICE="cpu",
        OUTPUT=str(tmp_path / "out.gpkg"), OUTPUT_CLASSES=str(tmp_path / "classes.tif"),
    )  # fmt: skip
    assert outcome.status == 0, outcome.text
    after = gdal.Open(str(tmp_path / "classes.tif")).ReadAsArray()
    assert set(np.unique(after)) == {12, 200}
    assert (after[:, : 160 - 8] == 12).all()
    assert (after[:, 160 + 8 :] == 200).all()
    two_bands = write_raster("bands.tif", np.ones((2, 120, 160), np.uint8), epsg=32632, transform=transform)
    outcome = qgis_process(
        "refine", INPUT=str(image), COARSE=str(two_bands), DEVICE="cpu", OUTPUT=str(tmp_path / "none.gpkg")
    )
    assert outcome.status != 0
    assert "has 2 bands" in outcome.text
    assert not (tmp_path / "none.gpkg").exists()
