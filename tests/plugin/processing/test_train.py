"""What the algorithm for models of the user's own asks of the backend."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeature,
    QgsGeometry,
    QgsLineSymbol,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsRendererCategory,
    QgsVectorLayer,
)

from idgbr_qgis.core.label_staging import LabelStaging
from idgbr_qgis.processing.provider import IdgbrProvider


@pytest.fixture
def strokes() -> QgsVectorLayer:
    """Two lines in memory, styled by class."""
    layer = QgsVectorLayer("LineString?crs=EPSG:32632&field=kind:string", "strokes", "memory")
    for number, kind in enumerate(("vine", "path")):
        feature = QgsFeature(layer.fields())
        feature.setAttribute("kind", kind)
        feature.setGeometry(QgsGeometry.fromWkt(f"LINESTRING(500000 {5000000 - number}, 500009 {5000000 - number})"))
        layer.dataProvider().addFeature(feature)
    colors = {"vine": "#102030", "path": "#405060"}
    items = [
        QgsRendererCategory(kind, QgsLineSymbol.createSimple({"line_color": c}), kind) for kind, c in colors.items()
    ]
    layer.setRenderer(QgsCategorizedSymbolRenderer("kind", items))
    return layer


def test_the_backend_finds_the_colours_that_qgis_shows(strokes: QgsVectorLayer, tmp_path: Path) -> None:
    context = QgsProject.instance().transformContext()
    path = LabelStaging(strokes, context).write(tmp_path / "labels", QgsProcessingFeedback())
    root = ET.parse(Path(path).with_suffix(".qml")).getroot()
    renderer = root.find("renderer-v2[@type='categorizedSymbol'][@attr='kind']")
    assert renderer is not None
    colors = [
        item.get("value", "").split(",")[:3]
        for item in renderer.iterfind("symbols/symbol/layer/Option/Option[@name='line_color']")
    ]
    assert [item.get("value") for item in renderer.iterfind("categories/category")] == ["vine", "path"]
    assert colors == [["16", "32", "48"], ["64", "80", "96"]]


def test_images_labels_and_parameters_go_along(
    provider: IdgbrProvider, backend: Callable[..., None], make_raster: Callable[..., Path], tmp_path: Path,
    strokes: QgsVectorLayer,
) -> None:  # fmt: skip
    images = [str(make_raster(f"image{n}.tif", bands=3)) for n in range(2)]
    backend("trains", tmp_path / "job.json")
    project = QgsProject.instance()
    project.addMapLayer(strokes)
    strokes.selectByIds([next(strokes.getFeatures()).id()])
    context = QgsProcessingContext()
    context.setProject(project)
    given: dict[str, Any] = {
        "INPUT": images[0], "LABELS": QgsProcessingFeatureSourceDefinition(strokes.id(), selectedFeaturesOnly=True),
        "CLASS_FIELD": "kind", "MORE_INPUTS": [images[1]], "ADD_AS": " vineyards ", "TITLE": "Old vines",
        "REPORT": QgsProcessing.TEMPORARY_OUTPUT, "OUTPUT": str(tmp_path / "own"),
    }  # fmt: skip
    results, fine = provider.algorithm("train").create().run(given, context, QgsProcessingFeedback(), {}, False)
    assert fine
    assert results["OUTPUT"] == str(tmp_path / "own")
    job = json.loads((tmp_path / "job.json").read_text())
    assert (job["job"], job["task"], job["class_field"], job["background"]) == ("train", "quick", "kind", "background")
    assert (job["input"], job["more_inputs"], job["add_as"]) == (images[0], images[1], "vineyards")
    assert (job["output"], job["seed"], job["device"]) == (str(tmp_path / "own"), 0, "auto")
    assert job["title"] == "Old vines"
    assert job["labels"].endswith("labels.gpkg")
    assert job["staged"][job["labels"]]["layer"] == "strokes"
    assert not {"more_labels", "ignore", "report", "prior"} & set(job)  # the default report is not of a quick model


def test_a_full_training_writes_a_report_with_its_curves(
    provider: IdgbrProvider, backend: Callable[..., None], make_raster: Callable[..., Path], tmp_path: Path,
    strokes: QgsVectorLayer,
) -> None:  # fmt: skip
    backend("trains", tmp_path / "job.json")
    project = QgsProject.instance()
    project.addMapLayer(strokes)
    context = QgsProcessingContext()
    context.setProject(project)
    given: dict[str, Any] = {
        "INPUT": str(make_raster("image.tif", bands=3)), "LABELS": strokes.id(), "TASK": "segment",
        "REPORT": QgsProcessing.TEMPORARY_OUTPUT, "OUTPUT": str(tmp_path / "own"),
    }  # fmt: skip
    results, fine = provider.algorithm("train").create().run(given, context, QgsProcessingFeedback(), {}, False)
    assert fine
    job = json.loads((tmp_path / "job.json").read_text())
    assert (job["task"], job["report"]) == ("segment", results["REPORT"])
    assert job["report"].endswith(".html")
    assert "title" not in job
