"""The form of the dock: its rows by task, and the job that comes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle, QgsSettings

from idgbr_qgis.core.job_plan import Task
from idgbr_qgis.core.jobs_queue import JobState
from idgbr_qgis.core.models import Model
from idgbr_qgis.gui import job_form
from idgbr_qgis.gui.job_form import JobForm
from idgbr_qgis.processing.provider import IdgbrProvider
from idgbr_qgis.processing.vectorize import VectorizeAlgorithm
from tests.plugin.gui.conftest import Desktop

Backend = Callable[..., None]


def test_card_of_the_model_is_shown(desktop: Desktop) -> None:
    desktop.choose("Land cover")
    shown = desktop.texts()
    assert "vegetation" in shown
    assert "CC BY-SA" in shown
    assert "Accuracy on" in shown
    assert "this image has 0.5\u00a0m" in shown


def test_selected_polygons_are_the_mask(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    layer = desktop.add_polygon(QgsRectangle(500001, 4999997, 500003, 4999999))
    layer.selectAll()
    desktop.choose("Selected polygons")
    assert "4 × 4 px" in desktop.texts()
    desktop.run()
    QgsProject.instance().removeMapLayer(layer.id())
    desktop.wait()
    job = json.loads((tmp_path / "job.json").read_text())
    assert job["mask_exists"]
    assert job["extent"] == [500001, 4999997, 500003, 4999999]


def test_a_layer_is_refined(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    desktop.add_polygon(QgsRectangle(500001, 4999997, 500003, 4999999))
    desktop.choose("Refine a layer's boundaries")
    desktop.choose("Whole image")
    desktop.dock.form.class_field.setField("kind")
    assert not desktop.dock.form.objects.isChecked()
    desktop.dock.form.objects.setChecked(True)
    desktop.dock.form.align.setChecked(True)
    desktop.run()
    desktop.wait()
    job = json.loads((tmp_path / "job.json").read_text())
    assert (job["job"], job["class_field"], job["min_area"]) == ("refine", "kind", 0.0)
    assert (job["objects"], job["align"]) == (True, True)
    assert job["coarse_exists"]
    assert desktop.ended[0].state is JobState.DONE


def test_selected_features_of_a_layer_are_refined(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    layer = desktop.add_polygon(QgsRectangle(500001, 4999997, 500003, 4999999))
    box = desktop.dock.form.selected_only
    assert box.isHidden()
    desktop.choose("Refine a layer's boundaries")
    desktop.choose("Whole image")
    assert (box.isHidden(), box.isEnabled()) == (False, False)
    layer.selectAll()
    box.setChecked(True)
    assert desktop.dock.form.preview_plan().selected_only
    desktop.run()
    layer.removeSelection()
    desktop.wait()
    assert json.loads((tmp_path / "job.json").read_text())["coarse_exists"]
    assert "parcels: 1 of 1 features are selected." in desktop.ended[0].log()
    assert not box.chosen


def test_uncertainty_of_refined_boundaries_comes_along(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    desktop.choose("Whole image")
    desktop.dock.form.output._uncertainty.setChecked(True)
    for jobs, (quality, asked) in enumerate((("Standard – recommended", True), ("Draft – fastest", False)), 1):
        backend("writes", tmp_path / f"{asked}.json")
        desktop.choose(quality)
        desktop.run()
        desktop.wait(jobs)
        assert ("output_uncertainty" in json.loads((tmp_path / f"{asked}.json").read_text())) is asked
        assert desktop.ended[-1].state is JobState.DONE


def test_changes_are_detected_where_there_is_a_model_for_them(
    desktop: Desktop,
    backend: Backend,
    tmp_path: Path,
    make_raster: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = desktop.dock.form
    monkeypatch.setattr(job_form, "known_models", lambda _kind: [])
    form.models_changed()
    assert form.task_list.findData(Task.CHANGES) < 0
    monkeypatch.setattr(job_form, "known_models", lambda kind: [Model("change", "Changes")] if kind == "change" else [])
    form.models_changed()
    backend("writes", tmp_path / "job.json")
    before, after = form.image.currentLayer(), QgsRasterLayer(str(make_raster("after.tif")), "after")
    QgsProject.instance().addMapLayer(after)
    desktop.choose("Detect changes")
    desktop.choose("Whole image")
    form.image.setLayer(before)
    form.after.setLayer(after)
    form.output._probability.setChecked(True)
    form.output._classes.setChecked(True)
    assert desktop.dock.preview.isHidden()
    desktop.run()
    desktop.wait()
    job = json.loads((tmp_path / "job.json").read_text())
    assert (job["job"], job["min_area"], job["refine"]) == ("detect-changes", 10.0, True)
    assert job["after"] == after.source()
    assert job["output_probability"]
    assert "output_classes" not in job
    assert desktop.messages() == ["Detect changes since image: 1 polygons."]


def test_training_is_a_task_where_there_is_an_algorithm_for_it(desktop: Desktop, provider: IdgbrProvider) -> None:
    class Train(VectorizeAlgorithm):
        def name(self) -> str:
            return "train"

    provider.addAlgorithm(Train())
    form = desktop.dock.form
    form.models_changed()
    labels = desktop.add_polygon(QgsRectangle(500001, 4999997, 500003, 4999999))
    desktop.choose("Train a model on your polygons")
    form.coarse.setLayer(labels)
    form.class_field.setField("kind")
    shown = [field for field in (form.coarse, form.class_field, form.area, form.output) if field.isVisibleTo(form)]
    assert shown == [form.coarse, form.class_field]
    asked: list[object] = []
    desktop.dock._desk.dialog_wanted.connect(lambda *arguments: asked.extend(arguments))
    desktop.run()
    image = form.image.currentLayer()
    assert asked == ["idgbr:train", {"INPUT": image, "LABELS": labels, "CLASS_FIELD": "kind"}]
    assert not desktop.queue.jobs


def test_choices_are_remembered(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    desktop.choose("Whole image")
    desktop.choose("Land cover")
    desktop.choose("Draft – fastest")
    desktop.dock.form.output._classes.setChecked(True)
    desktop.run()
    again = JobForm(desktop.canvas)
    plan = again.plan()
    assert (plan.model, plan.quality.value, plan.output.classes, plan.area) == ("landcover", "draft", True, None)
    again.deleteLater()


def test_outlines_are_as_the_model_suggests(desktop: Desktop) -> None:
    """Unless something else is chosen; where no model is chosen, they stay as they are."""
    form = desktop.dock.form
    assert form.regularize.currentText() == "As the model suggests"

    def sent() -> str:
        return str(form.preview_plan().parameters(QgsProject.instance())["REGULARIZE"])

    assert sent() == "model"
    desktop.choose("Regular, by object")
    assert sent() == "auto"
    desktop.add_polygon(QgsRectangle(500001, 4999997, 500003, 4999999))
    desktop.choose("Refine a layer's boundaries")
    assert sent() == "auto"
    desktop.choose("As the model suggests")
    assert sent() == "none"
    desktop.choose("Segment an image")
    assert sent() == "model"


@pytest.mark.parametrize(
    ("state", "method"),
    [
        ({}, "model"),
        ({"square": True}, "right-angles"),
        ({"square": False}, "model"),
        ({"regularize": "none"}, "none"),
        ({"regularize": "auto"}, "auto"),
        ({"regularize": "of a later version"}, "model"),
    ],
)
def test_outlines_kept_by_former_versions(desktop: Desktop, state: dict[str, object], method: str) -> None:
    QgsSettings().setValue(job_form.STATE_KEY, json.dumps(state))
    again = JobForm(desktop.canvas)
    assert again.plan().regularize == method
    again.deleteLater()


def test_no_row_is_cut_off_whatever_the_task(desktop: Desktop) -> None:
    desktop.add_polygon(QgsRectangle(500001, 4999997, 500003, 4999999))
    for task in ("Refine a layer's boundaries", "Segment an image"):
        desktop.choose(task)
        form = desktop.dock.form
        assert desktop.dock._scroll.minimumWidth() >= form.minimumSizeHint().width()
