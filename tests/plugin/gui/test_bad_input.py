"""What users meet: each is a line in plain words, with a button that helps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsProjectionSelectionDialog
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.jobs_queue import JobState
from idgbr_qgis.gui.area_widget import AreaChoice
from tests.plugin.gui.conftest import Desktop
from tests.plugin.gui.tile_server import tile, tile_server
from tests.plugin.waiting import wait_until

Backend = Callable[..., None]
MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")
#: About 60 m across.
TOWN = QgsRectangle(1000000, 6000000, 1000060, 6000060)


def show_web_map(desktop: Desktop, layer: QgsRasterLayer) -> None:
    QgsProject.instance().addMapLayer(layer)
    desktop.canvas.setDestinationCrs(MERCATOR)
    desktop.canvas.setExtent(TOWN)
    desktop.dock.form.image.setLayer(layer)
    desktop.dock.form.area.choose(AreaChoice.MAP)


def test_an_image_removed_while_its_job_runs_changes_nothing(
    desktop: Desktop, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    desktop.dock.form.area.choose(AreaChoice.WHOLE)
    desktop.run()
    QgsProject.instance().removeMapLayer(image.id())
    desktop.wait()
    assert desktop.ended[0].state is JobState.DONE
    assert [layer.name() for layer in QgsProject.instance().mapLayers().values()] == ["Polygons – image"]


def test_a_removed_image_cannot_be_run_again(desktop: Desktop, backend: Backend, image: QgsRasterLayer) -> None:
    backend("killed")
    desktop.dock.form.area.choose(AreaChoice.WHOLE)
    desktop.run()
    QgsProject.instance().removeMapLayer(image.id())
    desktop.wait()
    desktop.buttons()["Run again"].click()
    assert "was removed; start a new job" in desktop.messages()[0]


def test_an_area_without_coordinate_system_is_asked_for(
    desktop: Desktop, backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend("writes", tmp_path / "job.json")
    areas = QgsVectorLayer("Polygon?field=a:int", "areas", "memory")
    areas.setCrs(QgsCoordinateReferenceSystem())
    QgsProject.instance().addMapLayer(areas)
    desktop.dock.form.area.choose(AreaChoice.LAYER)
    desktop.dock.form.area._layer.setLayer(areas)
    desktop.run()
    assert desktop.messages() == ["areas has no coordinate system."]
    utm = QgsCoordinateReferenceSystem("EPSG:32632")
    monkeypatch.setattr(QgsProjectionSelectionDialog, "exec", lambda _: True)
    monkeypatch.setattr(QgsProjectionSelectionDialog, "crs", lambda _: utm)
    desktop.buttons()["Choose it…"].click()
    assert areas.crs() == utm
    assert "The area holds no polygons" in desktop.messages()[0], "it went on with the answer"


@pytest.mark.parametrize(("status", "color"), [(404, Qt.GlobalColor.red), (500, Qt.GlobalColor.red), (200, None)])
def test_a_web_map_without_a_picture_is_said(
    desktop: Desktop, backend: Backend, tmp_path: Path, status: int, color: Qt.GlobalColor | None
) -> None:
    backend("writes", tmp_path / "job.json")
    body = b"" if status != 200 else tile(QColor(0, 0, 0, 0))
    with tile_server(status, body) as layer:
        show_web_map(desktop, layer)
        desktop.run()
        desktop.wait()
        assert desktop.ended[0].state is JobState.FAILED
        assert "web map returned no image here" in desktop.messages()[0]
        assert list(desktop.buttons())[:2] == ["Run again", "Draw an area"]
        assert not (tmp_path / "job.json").exists(), "the backend was not bothered"


def test_a_web_map_with_a_picture_is_exported_for_the_preview_too(
    desktop: Desktop, backend: Backend, tmp_path: Path
) -> None:
    backend("stays", tmp_path / "log")
    with tile_server(200, tile(Qt.GlobalColor.green)) as layer:
        show_web_map(desktop, layer)
        bar = desktop.dock.preview
        bar.preview()
        wait_until(lambda: not bar.running)
        assert "a doubt" in desktop.messages()[0]
        assert bar._bands[1].asGeometry().area() > 0
        asked = json.loads((tmp_path / "log").read_text().splitlines()[0])[2]["parameters"]
        assert asked["input"].endswith("input.tif")


def test_a_web_map_without_a_picture_is_said_of_the_preview(desktop: Desktop, backend: Backend, tmp_path: Path) -> None:
    backend("stays", tmp_path / "log")
    with tile_server(404, b"") as layer:
        show_web_map(desktop, layer)
        bar = desktop.dock.preview
        bar.preview()
        wait_until(lambda: not bar.running)
        assert "web map returned no image here" in desktop.messages()[0]
        assert "Run again" in desktop.buttons()


def choose_file(desktop: Desktop, path: Path) -> None:
    desktop.dock.form.area.choose(AreaChoice.WHOLE)
    desktop.dock.form.output._format.setCurrentIndex(1)
    desktop.dock.form.output._file.setFilePath(str(path))


def test_an_output_open_in_another_program_wants_another_file(desktop: Desktop, tmp_path: Path) -> None:
    choose_file(desktop, tmp_path / "roofs.gpkg")
    (tmp_path / "roofs.gpkg").touch()
    (tmp_path / "roofs.gpkg-wal").touch()
    desktop.run()
    assert "roofs.gpkg is open in another program" in desktop.messages()[0]
    assert "Another file…" in desktop.buttons()


def test_a_file_that_the_system_refuses_wants_another_one(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(desktop, tmp_path / "roofs.gpkg")
    (tmp_path / "roofs.gpkg").touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # as Windows does while another program has it open
    desktop.run()
    assert "roofs.gpkg cannot be written" in desktop.messages()[0]
    assert "Another file…" in desktop.buttons()


def test_an_output_without_a_name_wants_one(desktop: Desktop) -> None:
    desktop.dock.form.output._format.setCurrentIndex(1)
    desktop.run()
    assert desktop.messages() == ["Name the file for the polygons."]
    assert "Another file…" in desktop.buttons()


@pytest.mark.parametrize(
    ("kind", "button"),
    [
        ("ModelError", "Models…"),
        ("DeviceError", "Settings…"),
        ("DeviceMemoryError", "Settings…"),
        ("OutputError", "Another file…"),
        ("InputError", "Run again"),
    ],
)
def test_what_the_backend_refuses_has_a_button(desktop: Desktop, backend: Backend, kind: str, button: str) -> None:
    backend("fails_as", kind)
    desktop.dock.form.area.choose(AreaChoice.WHOLE)
    desktop.run()
    desktop.wait()
    assert desktop.messages() == ["Segment image: what happened; what to do."]
    assert next(iter(desktop.buttons())) == button
    assert "Show log" in desktop.buttons()


def test_a_missing_model_leads_to_the_models(desktop: Desktop, backend: Backend) -> None:
    wanted: list[bool] = []
    desktop.dock._desk.models_wanted.connect(lambda: wanted.append(True))
    backend("fails_as", "ModelError")
    desktop.dock.form.area.choose(AreaChoice.WHOLE)
    desktop.run()
    desktop.wait()
    desktop.buttons()["Models…"].click()
    assert wanted == [True]


def test_a_model_that_was_moved_is_looked_for(desktop: Desktop, tmp_path: Path) -> None:
    wanted: list[bool] = []
    desktop.dock._desk.models_wanted.connect(lambda: wanted.append(True))
    model = tmp_path / "roofs.onnx"
    model.touch()
    desktop.dock.form.model.choose(str(model))
    model.unlink()
    desktop.run()
    assert desktop.messages()[0] == f"There is no model {model}; check its path."
    desktop.buttons()["Models…"].click()
    assert wanted


def test_a_backend_of_another_version_is_set_up_again(desktop: Desktop, backend: Backend) -> None:
    wanted: list[bool] = []
    desktop.dock._desk.setup_wanted.connect(lambda: wanted.append(True))
    backend("older")
    desktop.dock.preview.preview()
    wait_until(lambda: not desktop.dock.preview.running)
    assert "update the backend" in desktop.messages()[0]
    desktop.buttons()["Set up backend…"].click()
    assert wanted == [True]
