"""The installed plugin without a desktop: `qgis_process run idgbr:…` with the real backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer

Run = Callable[..., object]
UTM = {"epsg": 32632, "transform": (500000.0, 0.3, 0.0, 5000000.0, 0.0, -0.3)}
FIELDS = ["class_id", "class", "confidence", "area_m2", "perim_m"]
DATA = Path(__file__).parents[3] / "shared" / "data"


def field_names(layer: QgsVectorLayer) -> list[str]:
    return [name for name in layer.fields().names() if name != "fid"]


def village() -> np.ndarray:
    """Bright roofs with shadows on mottled green."""
    random = np.random.default_rng(7)
    ground = random.normal(0, 6, (3, 320, 400)) + np.array([70, 105, 60])[:, None, None]
    for row in range(40, 280, 80):
        for column in range(40, 360, 90):
            height, width = random.integers(30, 45, 2)
            ground[:, row + 6 : row + height + 6, column + 6 : column + width + 6] *= 0.45
            roof = random.normal(0, 4, (3, height, width)) + np.array([185, 90, 70])[:, None, None]
            ground[:, row : row + height, column : column + width] = roof
    return np.clip(ground, 0, 255).astype(np.uint8)


def test_vectorize_writes_polygons(qgis_process: Run, write_raster: Callable[..., Path], tmp_path: Path) -> None:
    values = np.kron(np.array([[0, 1, 1], [2, 2, 1]], np.uint8), np.ones((30, 30), np.uint8))
    raster = write_raster("classes.tif", values, **UTM)
    dataset = gdal.Open(str(raster), gdal.GA_Update)
    classes = [
        {"id": 0, "name": "background", "color": [0, 0, 0], "background": True},
        {"id": 1, "name": "roof", "color": [200, 30, 30], "background": False},
        {"id": 2, "name": "road", "color": [90, 90, 90], "background": False},
    ]
    dataset.SetMetadataItem("IDGBR_CLASSES", json.dumps(classes))
    del dataset
    outcome = qgis_process("vectorize", INPUT=str(raster), OUTPUT=str(tmp_path / "polygons.shp"))
    assert outcome.status == 0, outcome.text
    assert outcome.results["POLYGONS"] == 2
    layer = QgsVectorLayer(outcome.results["OUTPUT"], "polygons", "ogr")
    assert layer.crs() == QgsCoordinateReferenceSystem("EPSG:32632")
    assert field_names(layer) == FIELDS
    assert sorted(feature["class"] for feature in layer.getFeatures()) == ["road", "roof"]
    assert (tmp_path / "polygons.cpg").exists()


def check_segmentation(outcome: object, image: Path) -> QgsVectorLayer:
    assert outcome.status == 0, outcome.text
    layer = QgsVectorLayer(outcome.results["OUTPUT"], "polygons", "ogr")
    assert layer.isValid()
    assert field_names(layer) == [*FIELDS, "object_id"]
    assert all(feature.geometry().isGeosValid() for feature in layer.getFeatures())
    source, classes = gdal.Open(str(image)), gdal.Open(outcome.results["OUTPUT_CLASSES"])
    confidence = gdal.Open(outcome.results["OUTPUT_CONFIDENCE"])
    # The class raster lies on the pixels of the image.
    left, width, _, top, _, height = source.GetGeoTransform()
    transform = classes.GetGeoTransform()
    assert (transform[1], transform[5]) == pytest.approx((width, height))
    assert (transform[0] - left) / width == pytest.approx(round((transform[0] - left) / width), abs=1e-3)
    assert (transform[3] - top) / height == pytest.approx(round((transform[3] - top) / height), abs=1e-3)
    assert classes.GetRasterBand(1).GetNoDataValue() == 255
    assert classes.GetMetadataItem("IDGBR_CLASSES")
    assert confidence.GetGeoTransform() == transform
    values = confidence.ReadAsArray()
    known = values[values != -1]
    assert known.size
    assert 0 <= known.min() <= known.max() <= 1
    return layer


@pytest.mark.usefixtures("bundled_models")
def test_segment_on_a_procedural_image(qgis_process: Run, write_raster: Callable[..., Path], tmp_path: Path) -> None:
    image = write_raster("village.tif", village(), **UTM)
    outcome = qgis_process(
        "segment",
        INPUT=str(image),
        MODEL="buildings",
        DEVICE="cpu",
        EXTENT="500015,500105,4999910,4999991 [EPSG:32632]",
        OUTPUT=str(tmp_path / "polygons.gpkg"),
        OUTPUT_CLASSES=str(tmp_path / "classes.tif"),
        OUTPUT_CONFIDENCE=str(tmp_path / "confidence.tif"),
    )
    layer = check_segmentation(outcome, image)
    extent = layer.extent()
    if layer.featureCount():
        assert extent.xMinimum() >= 500014.69
        assert extent.yMaximum() <= 4999991.31
    classes = gdal.Open(outcome.results["OUTPUT_CLASSES"])
    assert (classes.RasterXSize, classes.RasterYSize) == (300, 270)


@pytest.mark.usefixtures("bundled_models")
def test_segment_on_a_real_image(qgis_process: Run, tmp_path: Path) -> None:
    folder = DATA / "buildings_oam_drone"
    images = sorted(p for p in folder.rglob("*.tif") if "mask" not in p.stem and "label" not in p.stem)
    if not images:
        pytest.skip("no real imagery beside the repository (../shared/data)")
    image = images[0]
    left, width, _, top, _, height = gdal.Open(str(image)).GetGeoTransform()
    crs = QgsCoordinateReferenceSystem.fromWkt(gdal.Open(str(image)).GetProjection()).authid()
    window = (left + 256 * width, left + 1024 * width, top + 1024 * height, top + 256 * height)
    outcome = qgis_process(
        "segment",
        INPUT=str(image),
        MODEL="buildings",
        DEVICE="cpu",
        EXTENT=",".join(f"{value:.9f}" for value in window) + f" [{crs}]",
        OUTPUT=str(tmp_path / "polygons.shp"),
        OUTPUT_CLASSES=str(tmp_path / "classes.tif"),
        OUTPUT_CONFIDENCE=str(tmp_path / "confidence.tif"),
    )
    layer = check_segmentation(outcome, image)
    assert layer.featureCount() > 0
    assert layer.featureCount() == outcome.results["POLYGONS"]


@pytest.mark.parametrize(
    ("algorithm", "parameters", "why"),
    [
        ("vectorize", {"INPUT": "/no/such/raster.tif"}, "/no/such/raster.tif"),
        ("vectorize", {"INPUT": "{raster}", "OUTPUT": "/no/such/folder/out.gpkg"}, "/no/such/folder"),
        ("segment", {"INPUT": "{raster}", "MODEL": "no-such-model"}, "no-such-model"),
        ("segment", {"INPUT": "{raster}", "EXTENT": "1,2,3,4 [EPSG:32632]"}, "does not overlap"),
    ],
)
def test_bad_input_is_one_line_and_an_exit_status(
    qgis_process: Run,
    write_raster: Callable[..., Path],
    tmp_path: Path,
    algorithm: str,
    parameters: dict[str, str],
    why: str,
) -> None:
    bands = 3 if algorithm == "segment" else 1
    raster = str(write_raster("raster.tif", np.ones((bands, 40, 40), np.uint8), **UTM))
    given = {"OUTPUT": str(tmp_path / "out.gpkg")} | {k: v.format(raster=raster) for k, v in parameters.items()}
    outcome = qgis_process(algorithm, **given)
    assert outcome.status != 0
    assert why in outcome.text
    assert "Traceback" not in outcome.text
    assert not (tmp_path / "out.gpkg").exists()


def test_missing_backend_is_told_with_the_remedy(
    qgis_process: Run, write_raster: Callable[..., Path], tmp_path: Path
) -> None:
    raster = str(write_raster("classes.tif", np.ones((40, 40), np.uint8), **UTM))
    outcome = qgis_process("vectorize", python="/no/such/python", INPUT=raster, OUTPUT=str(tmp_path / "out.gpkg"))
    assert outcome.status != 0
    assert "/no/such/python was not found" in outcome.text
    assert "Options" in outcome.text
