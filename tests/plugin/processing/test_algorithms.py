"""The algorithms, run by Processing with a scripted worker in place of the backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)

from idgbr_qgis.core.layer_sources import staged_record
from idgbr_qgis.processing.feedback import duration_text
from idgbr_qgis.processing.provider import IdgbrProvider

Backend = Callable[..., None]


class Feedback(QgsProcessingFeedback):
    """Keeps what is reported; cancels at the first progress, if told to."""

    def __init__(self, cancel: bool = False) -> None:
        super().__init__(False)
        self.infos: list[str] = []
        self.warnings: list[str] = []
        self.details: list[str] = []
        self.stages: list[str] = []
        self.percents: list[float] = []
        self.progressChanged.connect(self._moved)
        self._cancel_early = cancel

    def _moved(self, percent: float) -> None:
        self.percents.append(percent)
        if self._cancel_early:
            self.cancel()

    def pushInfo(self, info: str) -> None:  # noqa: N802
        self.infos.append(info)

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        self.warnings.append(warning)

    def pushDebugInfo(self, info: str) -> None:  # noqa: N802
        self.details.append(info)

    def setProgressText(self, text: str) -> None:  # noqa: N802
        self.stages.append(text)


class Runner:
    """Runs algorithms of the provider as the toolbox does."""

    def __init__(self, provider: IdgbrProvider) -> None:
        self._provider = provider
        self.feedback = Feedback()
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())

    def __call__(self, name: str, **parameters: Any) -> dict[str, Any]:
        algorithm = self._provider.algorithm(name).create()
        fine, why = algorithm.checkParameterValues(parameters, self.context)
        if not fine:
            raise ValueError(why)
        results, fine = algorithm.run(parameters, self.context, self.feedback, {}, False)
        assert fine
        return results


@pytest.fixture
def run(provider: IdgbrProvider) -> Runner:
    return Runner(provider)


def test_segment_sends_its_parameters(run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    output = str(tmp_path / "out.gpkg")
    results = run("segment", INPUT=image, OUTPUT=output, REFINE=False, STEPS=3, MIN_AREA=7.5, SQUARE=True, DEVICE="cpu")
    assert results == {"OUTPUT": output, "POLYGONS": 1}
    assert json.loads((tmp_path / "job.json").read_text()) == {
        "job": "segment",
        "input": image.source(),
        "input_exists": True,
        "output": output,
        "model": "buildings",
        "refine": False,
        "steps": 3,
        "samples": 0,
        "objects": True,
        "min_area": 7.5,
        "simplify": 0.75,
        "regularize": "right-angles",
        "device": "cpu",
        "on_bad_block": "stop",
    }
    assert 4.0 in run.feedback.percents, "a tenth of the stage that fills 40 % of the bar"
    assert run.feedback.stages == ["Segmenting…"]


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "fgb"])
def test_outputs_of_all_formats_are_layers(
    run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path, suffix: str
) -> None:
    backend("writes", tmp_path / "job.json")
    results = run("segment", INPUT=image, OUTPUT=str(tmp_path / f"out.{suffix}"))
    layer = QgsVectorLayer(results["OUTPUT"], "polygons", "ogr")
    assert layer.isValid()
    assert layer.featureCount() == 1


def test_temporary_and_optional_outputs(run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    temporary = dict.fromkeys(
        ("OUTPUT", "OUTPUT_CLASSES", "OUTPUT_CONFIDENCE", "OUTPUT_UNCERTAINTY"), "TEMPORARY_OUTPUT"
    )
    results = run("segment", INPUT=image, SAMPLES=4, **temporary)
    assert json.loads((tmp_path / "job.json").read_text())["samples"] == 4
    assert QgsRasterLayer(results["OUTPUT_UNCERTAINTY"]).isValid()
    assert results["OUTPUT"].endswith(".gpkg")
    assert results["OUTPUT_CLASSES"].endswith(".tif")
    assert QgsRasterLayer(results["OUTPUT_CONFIDENCE"]).isValid()
    results = run("segment", INPUT=image, OUTPUT="TEMPORARY_OUTPUT")
    assert "OUTPUT_CLASSES" not in results
    assert "output_classes" not in json.loads((tmp_path / "job.json").read_text())


def test_extent_and_mask_go_along(run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    mask = QgsVectorLayer("Polygon?crs=EPSG:4326", "mask", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("POLYGON((9 45.15, 9.01 45.15, 9.01 45.16, 9 45.15))"))
    mask.dataProvider().addFeature(feature)
    extent = "8.99,9.01,45.15,45.16 [EPSG:4326]"
    run("segment", INPUT=image, EXTENT=extent, MASK=mask, OUTPUT=str(tmp_path / "out.gpkg"))
    job = json.loads((tmp_path / "job.json").read_text())
    assert job["extent"] == [8.99, 45.15, 9.01, 45.16]
    assert job["extent_crs"] == "EPSG:4326"
    assert job["mask_exists"]
    assert not Path(job["mask"]).exists(), "staged files are removed in the end"


def test_extent_without_crs_is_in_the_rasters(
    run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem())
    run("segment", INPUT=image, EXTENT="500000,500002,4999997,5000000", OUTPUT=str(tmp_path / "out.gpkg"))
    assert json.loads((tmp_path / "job.json").read_text())["extent_crs"] == "EPSG:32632"


def test_vectorize_sends_its_parameters(
    run: Runner, backend: Backend, image: QgsRasterLayer, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    confidence = make_raster("confidence.tif", bands=1)
    run("vectorize", INPUT=image, CONFIDENCE=str(confidence), SMOOTH=True, OUTPUT=str(tmp_path / "out.shp"))
    assert json.loads((tmp_path / "job.json").read_text()) == {
        "job": "vectorize",
        "input": image.source(),
        "input_exists": True,
        "confidence": str(confidence),
        "confidence_exists": True,
        "output": str(tmp_path / "out.shp"),
        "min_area": 0.0,
        "simplify": 0.75,
        "smooth": True,
        "regularize": "none",
    }


def test_messages_and_progress_reach_the_user(
    run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    backend("talk")
    run("segment", INPUT=image, OUTPUT=str(tmp_path / "out.gpkg"))
    assert run.feedback.infos == ["a fact"]
    assert run.feedback.warnings == ["a doubt"]
    assert run.feedback.percents[:2] == [4.0, 20.0]
    assert any("9.9" in text for text in run.feedback.details)


def test_error_of_the_job_is_one_line(run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path) -> None:
    backend("fails")
    with pytest.raises(QgsProcessingException, match=r"^image.tif has 1 band.*choose another model\.$"):
        run("segment", INPUT=image, OUTPUT=str(tmp_path / "out.gpkg"))


def test_lost_backend_is_an_error_with_details(
    run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    backend("killed")
    with pytest.raises(QgsProcessingException, match=r"crashed.*out of memory"):
        run("segment", INPUT=image, OUTPUT=str(tmp_path / "out.gpkg"))
    assert "an engine says something" in run.feedback.details[-1]
    assert any("to resume it" in text for text in run.feedback.infos)


def test_cancel_ends_the_run(run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    run.feedback = Feedback(cancel=True)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run("segment", INPUT=image, OUTPUT=str(tmp_path / "out.gpkg"))
    assert (tmp_path / "mark").read_text() == "obeyed"
    assert not (tmp_path / "out.gpkg").exists()


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"EXTENT": "1,2,3,4 [EPSG:32632]"}, "does not overlap the raster image"),
        ({"MODEL": " "}, "Choose a model"),
        ({"MODEL": "/no/such/model.onnx"}, "/no/such/model.onnx"),
        ({"OUTPUT": "out.xyz"}, "xyz"),
        ({"OUTPUT_CLASSES": "out.png"}, "png"),
        ({"MIN_AREA": -1}, "MIN_AREA"),
        ({"INPUT": "no such.tif"}, "INPUT"),
    ],
)
def test_obvious_errors_are_found_before_the_run(
    run: Runner, image: QgsRasterLayer, parameters: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        run("segment", **{"INPUT": image, "OUTPUT": "out.gpkg"} | parameters)


def test_loaded_results_are_styled(
    run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path, windowless: None
) -> None:
    import processing

    backend("writes", tmp_path / "job.json")
    outputs = {
        "OUTPUT": str(tmp_path / "out.gpkg"),
        "OUTPUT_CLASSES": str(tmp_path / "classes.tif"),
        "OUTPUT_CONFIDENCE": str(tmp_path / "confidence.tif"),
        "OUTPUT_UNCERTAINTY": str(tmp_path / "uncertainty.tif"),
    }
    processing.runAndLoadResults("idgbr:segment", {"INPUT": image, **outputs}, feedback=Feedback())
    loaded = {Path(layer.source().split("|")[0]).name: layer for layer in QgsProject.instance().mapLayers().values()}
    polygons = loaded["out.gpkg"].renderer()
    assert [(c.value(), c.label()) for c in polygons.categories()] == [(1, "building")]
    assert [c.label for c in loaded["classes.tif"].renderer().classes()] == ["background", "building"]
    for name in ("confidence.tif", "uncertainty.tif"):
        assert loaded[name].renderer().classificationMax() == 1.0
    QgsProject.instance().clear()


def test_durations_are_for_people() -> None:
    assert [duration_text(s) for s in (5.4, 119, 150, 7300)] == ["5 s", "119 s", "2 min", "2.0 h"]


def test_what_was_exported_names_its_layer_and_sources(
    run: Runner, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    """So that no output is written over the source, and messages name the layer."""
    backend("writes", tmp_path / "job.json")
    run("vectorize", INPUT=image, OUTPUT=str(tmp_path / "plain.gpkg"))
    assert "staged" not in json.loads((tmp_path / "job.json").read_text())
    image.dataProvider().setUserNoDataValue(1, [QgsRasterRange(3, 5)])
    run("vectorize", INPUT=image, OUTPUT=str(tmp_path / "out.gpkg"))
    job = json.loads((tmp_path / "job.json").read_text())
    assert job["staged"] == {job["input"]: {"layer": "image", "sources": [image.source()]}}


def test_sources_of_joined_and_virtual_layers_are_told(tmp_path: Path) -> None:
    plots = QgsVectorLayer("Polygon?crs=EPSG:25832&field=a:int", "plots", "memory")
    options = QgsVectorFileWriter.SaveVectorOptions()
    context = QgsProject.instance().transformContext()
    paths = [str(tmp_path / name) for name in ("plots.gpkg", "owners.gpkg")]
    for path in paths:
        QgsVectorFileWriter.writeAsVectorFormatV3(plots, path, context, options)
    layer, owners = (QgsVectorLayer(path, Path(path).stem, "ogr") for path in paths)
    QgsProject.instance().addMapLayers([layer, owners])
    try:
        join = QgsVectorLayerJoinInfo()
        join.setJoinLayer(owners)
        join.setJoinFieldName("a")
        join.setTargetFieldName("a")
        layer.addJoin(join)
        assert staged_record(layer) == {"layer": "plots", "sources": sorted(paths)}
        query = QgsVectorLayer(f"?layer_ref={layer.id()}&query=select * from plots", "query", "virtual")
        assert staged_record(query)["sources"] == sorted(paths)
    finally:
        QgsProject.instance().removeMapLayers([layer.id(), owners.id()])


def test_layer_of_a_geopackage_is_typed_as_a_destination(
    provider: IdgbrProvider, image: QgsRasterLayer, tmp_path: Path
) -> None:
    algorithm, context = provider.algorithm("vectorize").create(), QgsProcessingContext()
    for name, supported in (("a.gpkg|layername=roofs", True), ("a.gpkg", True), ("a.csv", False), ("a.b|c", False)):
        fine, why = algorithm.checkParameterValues({"INPUT": image, "OUTPUT": f"{tmp_path}/{name}"}, context)
        assert fine == supported, (name, why)
