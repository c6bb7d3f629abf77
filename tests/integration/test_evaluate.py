"""`idgbr:evaluate` in QGIS with the real backend, on squares whose figures are known."""

from __future__ import annotations

import json
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
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

from idgbr_qgis.processing.provider import IdgbrProvider

LEFT, TOP, PIXEL, SIZE = 500000.0, 5000000.0, 0.5, 120
UTM = {"epsg": 32632, "transform": (LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL)}
CLASSES = [
    {"id": 0, "name": "background", "color": [0, 0, 0], "background": True},
    {"id": 1, "name": "building", "color": [200, 30, 30], "background": False},
]


def square(left: int) -> np.ndarray:
    labels = np.zeros((SIZE, SIZE), np.uint8)
    labels[40:80, left : left + 40] = 1
    return labels


@pytest.fixture
def predicted(write_raster: Callable[..., Path]) -> str:
    """A class raster with a building four pixels too far east."""
    path = write_raster("predicted.tif", square(44), **UTM)
    gdal.Open(str(path), gdal.GA_Update).SetMetadataItem("IDGBR_CLASSES", json.dumps(CLASSES))
    return str(path)


@pytest.fixture
def buildings() -> QgsVectorLayer:
    """The building where it is, in degrees, in memory."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=kind:string", "buildings", "memory")
    shape = QgsGeometry.fromRect(QgsRectangle(LEFT + 20, TOP - 40, LEFT + 40, TOP - 20))
    utm, degrees = QgsCoordinateReferenceSystem("EPSG:32632"), QgsCoordinateReferenceSystem("EPSG:4326")
    shape.transform(QgsCoordinateTransform(utm, degrees, QgsProject.instance()))
    feature = QgsFeature(layer.fields())
    feature.setGeometry(shape)
    feature["kind"] = "Building"
    layer.dataProvider().addFeature(feature)
    return layer


def test_a_layer_in_memory_is_the_truth(
    provider: IdgbrProvider, predicted: str, buildings: QgsVectorLayer, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    parameters: dict[str, Any] = {
        "PREDICTED": predicted,
        "TRUTH": buildings,
        "TRUTH_CLASS_FIELD": "kind",
        "EXTENT": f"{LEFT},{LEFT + 60},{TOP - 60},{TOP} [EPSG:32632]",
        "IMAGE": predicted,
        "REPORT": str(report),
    }
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    results, fine = provider.algorithm("evaluate").create().run(parameters, context, feedback, {}, False)
    assert fine, feedback.textLog()
    assert results["PIXELS"] == SIZE * SIZE
    assert results["WRONG_PIXELS"] == 2 * 4 * 40
    assert results["OVERALL_ACCURACY"] == pytest.approx(1 - 320 / 14400, abs=1e-5)
    assert results["BOUNDARY_F_5PX"] == 1.0
    assert results["POLIS_M"] is None
    assert "ground without a polygon is background" in feedback.textLog()
    html = report.read_text(encoding="utf-8")
    assert "Worst places" in html
    assert "Building" in html


def test_qgis_process_gives_numbers_and_a_report(
    qgis_process: Callable[..., Any], predicted: str, write_raster: Callable[..., Path], tmp_path: Path
) -> None:
    truth = str(write_raster("truth.tif", square(40), **UTM))
    report = tmp_path / "report.html"
    outcome = qgis_process("evaluate", PREDICTED=predicted, TRUTH=truth, REPORT=str(report))
    assert outcome.status == 0, outcome.text
    background = SIZE * SIZE - 44 * 40
    assert outcome.results["MIOU"] == pytest.approx((36 / 44 + background / (background + 320)) / 2, abs=1e-5)
    assert outcome.results["BOUNDARY_F_2M"] == 1.0
    assert outcome.results["REPORT"] == str(report)
    assert report.stat().st_size > 10_000


def test_no_overlap_is_one_line(
    qgis_process: Callable[..., Any], predicted: str, write_raster: Callable[..., Path]
) -> None:
    far = str(write_raster("far.tif", square(40), epsg=32632, transform=(600000.0, 0.5, 0.0, 5000000.0, 0.0, -0.5)))
    outcome = qgis_process("evaluate", PREDICTED=predicted, TRUTH=far)
    assert outcome.status != 0
    assert "does not overlap" in outcome.text
    assert "Traceback" not in outcome.text
