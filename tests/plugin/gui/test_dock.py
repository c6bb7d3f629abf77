"""The dock: from what the user chooses to layers in the project, and what it says when something is wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import (
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.gui import QgsMapToolPan
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QProgressBar, QPushButton, QToolButton

from idgbr_qgis.core.jobs_queue import JobState
from idgbr_qgis.core.warm_backend import WarmBackend
from idgbr_qgis.gui.area_widget import AreaChoice
from idgbr_qgis.gui.desktop import Panels
from idgbr_qgis.gui.jobs_widget import JobRow
from idgbr_qgis.gui.notices import LogDialog
from tests.plugin.gui.conftest import Desktop
from tests.plugin.waiting import wait_until

Backend = Callable[..., None]


def test_size_and_cost_are_shown_before_starting(desktop: Desktop) -> None:
    desktop.choose("Whole image")
    shown = desktop.texts()
    assert "10 × 8 px" in shown
    assert "0.00 ha" in shown
    assert "roughly" in shown
    assert "GB" in shown


def test_run_puts_styled_results_into_a_group(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    desktop.choose("Whole image")
    desktop.dock.form.output._classes.setChecked(True)
    desktop.dock.form.output._confidence.setChecked(True)
    desktop.run()
    desktop.wait()
    group = QgsProject.instance().layerTreeRoot().children()[0]
    assert group.name().startswith("IDGBR – image – 20")
    outputs = ("Polygons", "Class raster", "Confidence raster")
    assert [node.name() for node in group.children()] == [f"{output} – image" for output in outputs]
    assert [node.itemVisibilityChecked() for node in group.children()] == [True, False, False]
    layer = group.children()[0].layer()
    assert [category.label() for category in layer.renderer().categories()] == ["building"]
    assert desktop.messages() == ["Segment image: 1 polygons."]
    assert {"Zoom to", "Review…", "Show log"} <= set(desktop.buttons())
    desktop.buttons()["Zoom to"].click()
    assert desktop.canvas.extent().contains(layer.extent())


def test_drawn_rectangle_is_the_extent(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    pan = QgsMapToolPan(desktop.canvas)
    desktop.canvas.setMapTool(pan)
    (button,) = [b for b in desktop.dock.findChildren(QToolButton) if "rectangle" in b.toolTip()]
    button.click()
    assert button.isChecked()
    viewport, none = desktop.canvas.viewport(), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, none, QPoint(100, 100))
    QTest.mouseMove(viewport, QPoint(200, 200))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, none, QPoint(200, 200))
    assert desktop.canvas.mapTool() is pan, "the tool from before is back"
    assert not button.isChecked()
    desktop.run()
    desktop.wait()
    job = json.loads((tmp_path / "job.json").read_text())
    corner = desktop.canvas.getCoordinateTransform().toMapCoordinates(100, 100)
    assert (job["extent"][0], job["extent"][3]) == pytest.approx((corner.x(), corner.y()))
    assert "mask" not in job


def test_results_go_to_the_file_and_are_opened_when_asked(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    desktop.choose("Whole image")
    desktop.choose("Shapefile")
    output = desktop.dock.form.output
    output._file.setFilePath(str(tmp_path / "roofs"))
    output._load.setChecked(False)
    output._classes.setChecked(True)
    desktop.run()
    desktop.wait()
    assert (tmp_path / "roofs.shp").exists()
    assert (tmp_path / "roofs_classes.tif").exists()
    assert len(QgsProject.instance().mapLayers()) == 1
    desktop.buttons()["Open"].click()
    assert len(QgsProject.instance().mapLayers()) == 3


def test_jobs_are_listed_with_their_progress_and_can_be_cancelled(
    desktop: Desktop, backend: Backend, tmp_path: Path
) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    desktop.choose("Whole image")
    desktop.run()
    desktop.run()
    rows = desktop.dock.findChildren(JobRow)
    assert len(rows) == 2
    wait_until(lambda: rows[0].findChild(QProgressBar).value() > 0)
    for row in reversed(rows):
        row.findChild(QToolButton).click()
    desktop.wait(2)
    assert desktop.messages() == []
    assert [job.state for job in desktop.ended] == [JobState.CANCELLED] * 2


def test_qgis_goes_on_while_a_job_runs(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    desktop.choose("Whole image")
    begun = time.monotonic()
    desktop.run()
    assert time.monotonic() - begun < 0.5


def test_lost_worker_shows_its_log_and_runs_again(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("killed")
    desktop.choose("Whole image")
    desktop.run()
    desktop.wait()
    assert "crashed" in desktop.messages()[0]
    backend("writes", tmp_path / "job.json")
    again = desktop.buttons()["Run again"]
    desktop.dock._desk._show_log("a job", desktop.ended[0].log())
    (dialog,) = desktop.bar.window().findChildren(LogDialog)
    assert "an engine says something" in dialog.findChild(type(dialog.children()[1])).toPlainText()
    dialog.deleteLater()
    again.click()
    desktop.wait(2)
    assert desktop.ended[1].state is JobState.DONE


@pytest.mark.parametrize(
    ("command", "message"), [('["no-such-program"]', "was not found"), ("ssh host", "must be a JSON list")]
)
def test_missing_backend_leads_to_the_settings(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch, command: str, message: str
) -> None:
    monkeypatch.setenv("IDGBR_BACKEND_COMMAND", command)
    desktop.choose("Whole image")
    desktop.run()
    assert message in desktop.messages()[0]
    desktop.buttons()["Settings…"].click()
    assert desktop.settings_opened == [True]


def test_backend_of_another_version_leads_to_the_settings(desktop: Desktop, backend: Backend) -> None:
    backend("newer")
    desktop.choose("Whole image")
    desktop.run()
    desktop.wait()
    assert "update the IDGBR plugin" in desktop.messages()[0]
    assert "Settings…" in desktop.buttons()


def test_layer_without_coordinate_system_is_asked_for(desktop: Desktop, make_raster: Callable[..., Path]) -> None:
    bare = QgsRasterLayer(str(make_raster("bare.tif", epsg=None)), "bare")
    QgsProject.instance().addMapLayer(bare)
    desktop.dock.form.image.setLayer(bare)
    desktop.choose("Whole image")
    assert "no coordinate system" in desktop.texts()
    desktop.run()
    assert desktop.messages()[0] == "bare has no coordinate system."
    assert "Choose it…" in desktop.buttons()
    assert not desktop.queue.jobs


def test_area_off_the_image_can_be_drawn_anew(desktop: Desktop) -> None:
    desktop.add_polygon(QgsRectangle(0, 0, 10, 10), "elsewhere")
    desktop.choose("Layer")
    desktop.dock.form.area._layer.setLayer(QgsProject.instance().mapLayersByName("elsewhere")[0])
    assert "does not overlap" in desktop.texts()
    desktop.run()
    assert "does not overlap" in desktop.messages()[0]
    desktop.buttons()["Draw an area"].click()
    assert desktop.dock.form.area.choice() is AreaChoice.RECTANGLE


def test_nothing_drawn_yet_is_said(desktop: Desktop) -> None:
    desktop.dock.form.area.choose(AreaChoice.POLYGON)
    desktop.run()
    assert desktop.messages() == ["Draw the area on the map."]
    desktop.buttons()["Draw an area"].click()
    assert desktop.dock.form.area.choice() is AreaChoice.RECTANGLE


def test_output_open_in_the_project_wants_another_file(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    desktop.choose("Whole image")
    desktop.choose("GeoPackage")
    desktop.dock.form.output._file.setFilePath(str(tmp_path / "roofs.gpkg"))
    desktop.run()
    desktop.run()
    assert "Another job in the queue writes" in desktop.messages()[0]
    desktop.wait()
    desktop.run()
    assert "is open in this project as Polygons – image" in desktop.messages()[0]
    assert "Another file…" in desktop.buttons()


def test_closed_project_gets_no_layers_of_the_old_one(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    desktop.choose("Whole image")
    desktop.run()
    QgsProject.instance().clear()
    desktop.wait()
    assert QgsProject.instance().mapLayers() == {}
    assert "has been closed" in desktop.messages()[0]
    desktop.buttons()["Add to this project"].click()
    assert len(QgsProject.instance().mapLayers()) == 1


def test_without_an_image_it_says_so(desktop: Desktop) -> None:
    QgsProject.instance().clear()
    assert "Add an image to the project" in desktop.texts()


def test_panels_come_and_go(qgis_iface: object, provider: object, monkeypatch: pytest.MonkeyPatch) -> None:
    docks: list[object] = []
    monkeypatch.setattr(qgis_iface, "addDockWidget", lambda *arguments: docks.append(arguments[1]), raising=False)
    monkeypatch.setattr(qgis_iface, "removeDockWidget", docks.remove, raising=False)
    panels = Panels(qgis_iface, WarmBackend(), lambda: None, lambda: None, lambda: None)
    assert docks == [panels.dock]
    (button,) = [b for b in panels.dock.findChildren(QToolButton) if "Review" in b.toolTip()]
    button.click()
    assert [dock.objectName() for dock in docks] == ["IdgbrDock", "IdgbrReviewDock"]
    (button,) = [b for b in panels.dock.findChildren(QPushButton) if b.text() == "New model…"]
    button.click()
    assert [dock.objectName() for dock in docks][2:] == ["IdgbrOwnClassesDock"]
    docks[2].run_wanted.emit("landcover", None)  # type: ignore[attr-defined]
    assert panels.dock.form.model.model() == "landcover"
    panels.remove()
    assert docks == []
