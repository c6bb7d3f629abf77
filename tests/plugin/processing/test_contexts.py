"""The algorithms where QGIS runs them: in a background task, in a model, in batch."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from idgbr_qgis.processing.provider import IdgbrProvider

Backend = Callable[..., None]


class Background:
    """Runs an algorithm in a task, as the toolbox does."""

    def __init__(self, provider: IdgbrProvider, name: str, parameters: dict[str, Any]) -> None:
        self.context, self.feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
        self.outcome: tuple[bool, dict[str, Any]] | None = None
        algorithm = provider.algorithm(name).create()
        self.task = QgsProcessingAlgRunnerTask(algorithm, parameters, self.context, self.feedback)
        self.task.executed.connect(self._executed)
        QgsApplication.taskManager().addTask(self.task)

    def _executed(self, fine: bool, results: dict[str, Any]) -> None:
        self.outcome = (fine, results)

    def wait(self, until: Callable[[], bool] = lambda: False) -> None:
        """Let QGIS go on until the task is over, or something has come about."""
        end = time.monotonic() + 30
        while self.outcome is None and not until():
            assert time.monotonic() < end
            QCoreApplication.processEvents()
            time.sleep(0.01)


def test_background_task(provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    run = Background(provider, "segment", {"INPUT": image, "OUTPUT": str(tmp_path / "out.gpkg")})
    run.wait()
    assert run.outcome == (True, {"OUTPUT": str(tmp_path / "out.gpkg"), "POLYGONS": 1})


def test_layer_in_memory_is_exported_in_the_background(
    provider: IdgbrProvider, backend: Backend, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/background.tif", gdal.Open(str(make_raster())))
    layer = QgsRasterLayer("/vsimem/background.tif", "in memory")
    run = Background(provider, "segment", {"INPUT": layer, "OUTPUT": str(tmp_path / "out.gpkg")})
    run.wait()
    assert run.outcome[0]
    assert QgsVectorLayer(str(tmp_path / "out.gpkg")).featureCount() == 1
    gdal.Unlink("/vsimem/background.tif")


def test_cancel_of_a_background_task(
    provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    run = Background(provider, "segment", {"INPUT": image, "OUTPUT": str(tmp_path / "out.gpkg")})
    run.wait(until=lambda: run.feedback.progress() > 0)
    run.feedback.cancel()
    run.wait()
    assert run.outcome[0] is False
    assert (tmp_path / "mark").read_text() == "obeyed"


def child(model: QgsProcessingModelAlgorithm, algorithm: str, **sources: Any) -> str:
    step = QgsProcessingModelChildAlgorithm(algorithm)
    step.setChildId(algorithm)
    for name, source in sources.items():
        step.addParameterSources(name, [source])
    return model.addChildAlgorithm(step)


def test_steps_of_a_model_feed_each_other(
    provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    source = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm()
    model.addModelParameter(QgsProcessingParameterRasterLayer("image"), QgsProcessingModelParameter("image"))
    first = child(
        model,
        "idgbr:segment",
        INPUT=source.fromModelParameter("image"),
        MODEL=source.fromStaticValue("landcover"),
        OUTPUT_CLASSES=source.fromStaticValue("TEMPORARY_OUTPUT"),
    )
    second = child(model, "idgbr:vectorize", INPUT=source.fromChildOutput(first, "OUTPUT_CLASSES"))
    step = model.childAlgorithm(second)
    output = QgsProcessingModelOutput("polygons")
    output.setChildOutputName("OUTPUT")
    output.setChildId(second)
    step.setModelOutputs({"polygons": output})
    model.setChildAlgorithm(step)
    model.updateDestinationParameters()
    name = next(p.name() for p in model.parameterDefinitions() if p.isDestination())
    results, fine = model.run(
        {"image": image, name: str(tmp_path / "out.gpkg")}, QgsProcessingContext(), QgsProcessingFeedback()
    )
    assert fine
    assert results[name] == str(tmp_path / "out.gpkg")
    assert QgsVectorLayer(results[name]).featureCount() == 1


def test_batch_runs_one_after_another(
    provider: IdgbrProvider,
    backend: Backend,
    make_raster: Callable[..., Path],
    tmp_path: Path,
    qgis_processing: None,
) -> None:
    from processing.gui.AlgorithmExecutor import execute

    backend("writes", tmp_path / "job.json")
    rows = [
        {"INPUT": str(make_raster(f"{name}.tif")), "OUTPUT": str(tmp_path / f"{name}.shp")}
        for name in ("first", "second")
    ]
    for row in rows:
        fine, _ = execute(provider.algorithm("segment").create(), row, QgsProcessingContext(), QgsProcessingFeedback())
        assert fine
    assert all(QgsVectorLayer(row["OUTPUT"]).featureCount() == 1 for row in rows)


@pytest.mark.parametrize("name", ["segment", "refine", "detectchanges", "vectorize", "evaluate"])
def test_dialog_opens(
    provider: IdgbrProvider, qgis_processing: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from processing.gui import ParametersPanel
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    monkeypatch.setattr(ParametersPanel, "iface", None)  # the stand-in of pytest-qgis has no browser
    dialog = AlgorithmDialog(provider.algorithm(name).create(), False, None)
    assert {"INPUT", "BEFORE", "PREDICTED"} & set(dialog.mainWidget().wrappers)
    dialog.deleteLater()


@pytest.mark.parametrize(("name", "layer", "field"), [("refine", "COARSE", "CLASS_FIELD"), ("evaluate", "TRUTH", None)])
def test_dialog_opens_where_the_first_layer_is_a_raster(
    provider: IdgbrProvider,
    qgis_processing: None,
    qgis_new_project: None,
    image: QgsRasterLayer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    layer: str,
    field: str | None,
) -> None:
    from processing.gui import ParametersPanel
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    monkeypatch.setattr(ParametersPanel, "iface", None)
    houses = QgsVectorLayer("Polygon?crs=EPSG:32632&field=kind:string&field=n:int", "houses", "memory")
    QgsProject.instance().addMapLayers([image, houses])
    dialog = AlgorithmDialog(provider.algorithm(name).create(), False, None)
    wrappers = dialog.mainWidget().wrappers
    fields = wrappers[field or f"{layer}_CLASS_FIELD"]
    assert fields.parameterValue() is None
    wrappers[layer].setParameterValue(image, QgsProcessingContext())
    assert [fields.widget.itemText(i) for i in range(fields.widget.count())] == [""]
    wrappers[layer].setParameterValue(houses, QgsProcessingContext())
    assert [fields.widget.itemText(i) for i in range(fields.widget.count())] == ["", "kind", "n"]
    fields.widget.setCurrentText("kind")
    assert fields.parameterValue() == "kind"
    dialog.deleteLater()
    QgsProject.instance().clear()
