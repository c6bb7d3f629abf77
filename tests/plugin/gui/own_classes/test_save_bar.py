"""Saving, continuing and running a model of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtWidgets import QInputDialog, QMessageBox, QPushButton

from idgbr_qgis.core.own_classes.label_file import LabelFile
from idgbr_qgis.core.own_classes.saving import labels_path, model_id, models_folder
from tests.plugin.gui.own_classes.conftest import Bench
from tests.plugin.waiting import wait_until


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that the user types, and those that she was offered."""
    offered: list[str] = []

    def ask(*_: object, text: str) -> tuple[str, bool]:
        offered.append(text)
        return "My roofs", True

    monkeypatch.setattr(QInputDialog, "getText", ask)
    return offered


def press(bench: Bench, text: str) -> None:
    (found,) = [b for b in bench.panel.saving.findChildren(QPushButton) if b.text() == text]
    found.click()


def test_a_model_is_trained_added_and_its_labels_kept(bench: Bench, named: list[str]) -> None:
    bench.draw_two_classes()
    bench.settle()
    press(bench, "Save model…")
    wait_until(lambda: ("models",) in bench.told)
    train = bench.asked()[-1]
    assert (train["job"], train["task"], train["class_field"]) == ("train", "quick", "class")
    assert train["labels"] == f"{labels_path('my_roofs')}|labels"
    assert train["counts"] == {"background": 1, "class 1": 1}
    assert train["there"]
    assert (train["add_as"], Path(train["output"]).name) == ("my_roofs", "my_roofs")
    assert train["title"] == "My roofs"
    assert len(LabelFile.read(models_folder() / "my_roofs.gpkg").shapes) == 2
    assert "Saved: My roofs." in bench.text()
    assert not bench.panel.saving.unsaved
    bench.stroke((250, 50), (300, 50))
    assert bench.panel.saving.unsaved


def test_run_saves_first_and_then_runs_at_once(bench: Bench, named: list[str]) -> None:
    bench.draw_two_classes()
    press(bench, "Run…")
    wait_until(lambda: ("run", "my_roofs", "image") in bench.told)
    bench.told.clear()
    press(bench, "Run…")
    assert bench.told == [("run", "my_roofs", "image")]
    assert len(named) == 1


def test_a_saved_model_is_continued(bench: Bench, named: list[str]) -> None:
    bench.draw_two_classes()
    press(bench, "Save model…")
    wait_until(lambda: ("models",) in bench.told)
    bench.settle()
    bench.panel.new(None)
    assert bench.panel.labels.counts() == {}
    bench.desktop.canvas.setExtent(QgsRectangle(600000, 4999997, 600003, 4999999))
    bench.panel.go_on(labels_path("my_roofs"))
    assert bench.desktop.canvas.extent().contains(bench.panel.labels.layer.extent())
    assert bench.panel.labels.counts() == {1: 1, 2: 1}
    wait_until(lambda: bench.asked()[-1]["job"] == "try-labels")
    bench.settle()
    assert "Updated" in bench.text()
    bench.stroke((250, 50), (300, 50))
    press(bench, "Save model…")
    assert named[-1] == "my_roofs"


def test_unsaved_labels_are_not_lost(
    bench: Bench, named: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bench.draw_two_classes()
    bench.panel.labels.as_file().write(tmp_path / "other.gpkg")
    bench.panel.new(None)
    assert bench.panel.labels.counts() == {1: 1, 2: 1}, "New model… shows what is being drawn"
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    labels = bench.panel.labels
    bench.panel.go_on(tmp_path / "other.gpkg")
    assert bench.panel.labels is labels


def test_another_model_is_not_replaced_unasked(bench: Bench, named: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (models_folder() / "my_roofs").mkdir(parents=True)
    asked: list[str] = []
    monkeypatch.setattr(
        QMessageBox, "question", lambda *texts: (asked.append(texts[2]), QMessageBox.StandardButton.No)[1]
    )
    bench.draw_two_classes()
    bench.settle()
    press(bench, "Save model…")
    assert asked == ["There is a model my_roofs already. Replace it?"]
    assert [asked["job"] for asked in bench.asked()] == ["try-labels"]


def test_labels_beside_the_image_are_refused(bench: Bench, named: list[str], make_raster: object) -> None:
    bench.draw_two_classes()
    bench.settle()
    far = make_raster("far.tif", transform=(600000.0, 0.5, 0.0, 5000000.0, 0.0, -0.5))  # type: ignore[operator]
    layer = QgsRasterLayer(str(far), "far")
    QgsProject.instance().addMapLayer(layer)
    bench.panel.image.setLayer(layer)
    press(bench, "Save model…")
    assert "does not overlap the raster far" in bench.text()


def test_one_class_is_not_saved(bench: Bench, named: list[str]) -> None:
    bench.panel.tools.use(bench.panel.tools.brush)
    bench.stroke((50, 50), (150, 50))
    press(bench, "Save model…")
    assert "two classes or more" in bench.text()


def test_training_can_be_cancelled(bench: Bench, named: list[str]) -> None:
    bench.draw_two_classes()
    bench.settle()
    bench.log.with_suffix(".hold").touch()
    press(bench, "Save model…")
    wait_until(lambda: bench.asked()[-1]["job"] == "train")
    press(bench, "Cancel")
    assert "Cancelled." in bench.text()
    bench.log.with_suffix(".hold").unlink()
    assert bench.panel.saving.unsaved
    assert bench.told == []


@pytest.mark.parametrize(
    ("name", "expected"), [("Dächer aus Blech 2", "dacher_aus_blech_2"), ("  ", ""), ("виноград", "model_")]
)
def test_ids_of_names(name: str, expected: str) -> None:
    found = model_id(name)
    assert found == expected or (expected == "model_" and found.startswith(expected) and len(found) == 14)
