"""`idgbr:evaluate`, run by Processing with a scripted worker in place of the backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.processing.evaluate import EvaluateAlgorithm
from idgbr_qgis.processing.provider import IdgbrProvider

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(provider: IdgbrProvider, backend: Callable[..., None], tmp_path: Path) -> Run:
    backend("evaluates", tmp_path / "job.json")

    def run(**parameters: Any) -> dict[str, Any]:
        algorithm = provider.algorithm("evaluate").create()
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        fine, why = algorithm.checkParameterValues(parameters, context)
        assert fine, why
        results, fine = algorithm.run(parameters, context, QgsProcessingFeedback(False), {}, False)
        assert fine
        return results

    return run


def sent(tmp_path: Path) -> dict[str, Any]:
    return json.loads((tmp_path / "job.json").read_text())


def roofs() -> QgsVectorLayer:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=kind:string", "roofs", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(
        QgsGeometry.fromWkt("POLYGON((500000 4999997, 500004 4999997, 500004 5000000, 500000 4999997))")
    )
    feature["kind"] = "roof"
    layer.dataProvider().addFeature(feature)
    return layer


def test_rasters_are_read_where_they_lie(run: Run, image: QgsRasterLayer, tmp_path: Path) -> None:
    report = str(tmp_path / "report.html")
    results = run(PREDICTED=image, TRUTH=image, IMAGE=image, CONFIDENCE=image, REPORT=report, PIXEL_SIZE=0.2)
    assert results["REPORT"] == report
    assert results["MIOU"] == 0.75
    assert results["BOUNDARY_F_2PX"] == 0.5
    assert results["POLIS_M"] is None
    assert Path(report).exists()
    assert sent(tmp_path) == {
        "there": ["confidence", "image", "predicted", "truth"],
        "predicted": image.source(),
        "truth": image.source(),
        "image": image.source(),
        "confidence": image.source(),
        "report": report,
        "pixel_size": 0.2,
        "outside": "auto",
    }


def test_layers_in_memory_are_written_out_with_their_fields(run: Run, image: QgsRasterLayer, tmp_path: Path) -> None:
    options = {"TRUTH_CLASS_FIELD": "kind", "OUTSIDE": "unlabelled", "REPORT": "TEMPORARY_OUTPUT"}
    results = run(PREDICTED=image, TRUTH=roofs(), EXTENT="500000,500002,4999997,5000000 [EPSG:32632]", **options)
    job = sent(tmp_path)
    assert job["there"] == ["predicted", "truth"]
    assert job["truth"].endswith(".gpkg")
    assert not Path(job["truth"]).exists(), "staged files are removed in the end"
    assert job["truth_class_field"] == "kind"
    assert job["outside"] == "unlabelled"
    assert job["extent"] == [500000, 4999997, 500002, 5000000]
    assert job["extent_crs"] == "EPSG:32632"
    assert results["REPORT"].endswith(".html")


def test_a_report_is_made_on_request_alone(run: Run, image: QgsRasterLayer, tmp_path: Path) -> None:
    results = run(PREDICTED=roofs(), TRUTH=roofs())
    assert "REPORT" not in results
    assert "report" not in sent(tmp_path)


def test_layers_without_polygons_are_refused(
    provider: IdgbrProvider, backend: Callable[..., None], image: QgsRasterLayer
) -> None:
    points = QgsVectorLayer("Point?crs=EPSG:32632", "points", "memory")
    backend("echo")
    algorithm = provider.algorithm("evaluate").create()
    feedback = QgsProcessingFeedback(False)
    assert not algorithm.prepare({"PREDICTED": image, "TRUTH": points}, QgsProcessingContext(), feedback)
    assert "points has no polygons" in feedback.textLog()


def test_all_figures_are_outputs(provider: IdgbrProvider) -> None:
    outputs = {output.name(): output for output in provider.algorithm("evaluate").outputDefinitions()}
    assert isinstance(outputs.pop("REPORT"), QgsProcessingOutputHtml)
    assert set(outputs) == set(EvaluateAlgorithm.FIGURES)
    for output in outputs.values():
        assert isinstance(output, QgsProcessingOutputNumber)
        assert output.description()
    assert outputs["BOUNDARY_F_0_5M"].description() == "Boundary F-score, 0.5 m"
    assert outputs["BOUNDARY_IOU_5PX"].description() == "Boundary IoU, 5 px"
