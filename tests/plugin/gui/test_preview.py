"""The live preview: outlines on the map, of the part that is seen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtWidgets import QPushButton

from idgbr_qgis.core.extents import Extent
from idgbr_qgis.core.job_plan import Task
from idgbr_qgis.core.layer_sources import gdal_source
from idgbr_qgis.core.preview import MAX_SIDE, visible_part
from idgbr_qgis.gui.preview_bar import PreviewBar
from tests.plugin.gui.conftest import Desktop
from tests.plugin.waiting import wait_until

Backend = Callable[..., None]


@pytest.fixture
def bar(desktop: Desktop) -> PreviewBar:
    return desktop.dock.preview


def button(bar: PreviewBar, text: str) -> QPushButton:
    (found,) = [b for b in bar.findChildren(QPushButton) if b.text() == text]
    return found


def requests(log: Path) -> list[dict[str, object]]:
    return [json.loads(line)[2].get("parameters", {}) for line in log.read_text().splitlines()]


def areas(bar: PreviewBar) -> list[float]:
    return [round(band.asGeometry().area(), 3) for band in bar._bands]


def test_outlines_of_what_is_seen_are_drawn(
    desktop: Desktop, bar: PreviewBar, backend: Backend, tmp_path: Path
) -> None:
    backend("stays", tmp_path / "log")
    desktop.canvas.setExtent(QgsRectangle(500001, 4999997, 500003, 4999999))
    shown = desktop.canvas.extent()
    button(bar, "Preview here").click()
    assert bar.running
    assert button(bar, "Cancel preview").isVisible()
    wait_until(lambda: not bar.running)
    (asked,) = requests(tmp_path / "log")
    assert asked["extent"] == pytest.approx(
        [
            max(shown.xMinimum(), 500000),
            max(shown.yMinimum(), 4999996),
            min(shown.xMaximum(), 500005),
            min(shown.yMaximum(), 5000000),
        ]
    )
    assert asked["model"] == "buildings"
    assert asked["regularize"] == "model"
    frame, coarse, refined = areas(bar)
    assert frame > 0
    assert coarse == refined == 4.0
    assert "refined" in bar._legend.text()
    assert "a doubt" in desktop.messages()
    bar._shown.click()
    assert not any(band.isVisible() for band in bar._bands)
    bar._shown.click()
    assert all(band.isVisible() for band in bar._bands)
    bar._clear.click()
    assert areas(bar) == [0, 0, 0]
    assert not bar._clear.isEnabled()


def test_outlines_lie_right_on_a_map_of_another_system(
    desktop: Desktop, bar: PreviewBar, backend: Backend, image: QgsRasterLayer, tmp_path: Path
) -> None:
    backend("stays", tmp_path / "log")
    desktop.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    desktop.canvas.setExtent(desktop.canvas.mapSettings().layerExtentToOutputExtent(image, image.extent()))
    bar.preview()
    wait_until(lambda: not bar.running)
    centre = bar._bands[1].asGeometry().centroid().asPoint()
    assert (centre.x(), centre.y()) == pytest.approx((9.0, 45.15), abs=0.01)
    desktop.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    assert areas(bar) == [0, 0, 0], "outlines of another system are taken off"


def test_a_layer_is_refined_in_the_preview_too(
    desktop: Desktop, bar: PreviewBar, backend: Backend, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    backend("stays", tmp_path / "log")
    classes = QgsRasterLayer(str(make_raster("classes.tif", bands=1)), "classes")
    QgsProject.instance().addMapLayer(classes)
    desktop.dock.form.task_list.setCurrentIndex(desktop.dock.form.task_list.findData(Task.REFINE))
    desktop.dock.form.coarse.setLayer(classes)
    bar.preview()
    wait_until(lambda: not bar.running)
    (asked,) = requests(tmp_path / "log")
    assert asked["coarse"] == classes.source()


def test_neither_area_nor_output_need_be_settled(
    desktop: Desktop, bar: PreviewBar, backend: Backend, tmp_path: Path
) -> None:
    backend("stays", tmp_path / "log")
    desktop.dock.form.output._format.setCurrentIndex(1)
    desktop.dock.form.area._choice.setCurrentIndex(3)
    bar.preview()
    wait_until(lambda: not bar.running)
    assert areas(bar)[1] == 4.0


def test_a_given_up_preview_draws_nothing(desktop: Desktop, bar: PreviewBar, backend: Backend, tmp_path: Path) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    bar.preview()
    wait_until((tmp_path / "mark.begun").exists)
    button(bar, "Cancel preview").click()
    wait_until((tmp_path / "mark").exists)
    assert not bar.running
    assert desktop.messages() == []


def test_a_project_that_closes_takes_the_preview_along(
    desktop: Desktop, bar: PreviewBar, backend: Backend, tmp_path: Path
) -> None:
    backend("stays", tmp_path / "log")
    bar.preview()
    wait_until(lambda: not bar.running)
    QgsProject.instance().clear()
    assert areas(bar) == [0, 0, 0]


def test_a_map_that_shows_something_else_can_be_sent_to_the_image(desktop: Desktop, bar: PreviewBar) -> None:
    desktop.canvas.setExtent(QgsRectangle(0, 0, 10, 10))
    bar.preview()
    assert desktop.messages() == ["The map shows nothing of image; zoom to it first."]
    desktop.buttons()["Zoom to it"].click()
    assert desktop.canvas.extent().contains(QgsRectangle(500001, 4999997, 500003, 4999999))


def test_a_lost_worker_is_told_and_replaced(
    desktop: Desktop, bar: PreviewBar, backend: Backend, tmp_path: Path
) -> None:
    backend("killed")
    bar.preview()
    wait_until(lambda: not bar.running)
    assert "crashed" in desktop.messages()[0]
    assert "Show log" in desktop.buttons()
    backend("stays", tmp_path / "log")
    desktop.buttons()["Run again"].click()
    wait_until(lambda: not bar.running)
    assert areas(bar)[1] == 4.0


def test_the_main_thread_never_waits_for_it(
    desktop: Desktop, bar: PreviewBar, backend: Backend, tmp_path: Path
) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    begun = time.monotonic()
    bar.preview()
    bar.cancel()
    assert time.monotonic() - begun < 0.5


def test_a_wide_view_is_cut_to_its_middle(image: QgsRasterLayer, make_raster: Callable[..., Path]) -> None:
    fine = QgsRasterLayer(str(make_raster("fine.tif", transform=(500000.0, 1e-3, 0.0, 5000000.0, 0.0, -1e-3))), "fine")
    transforms = QgsProject.instance().transformContext()
    small = visible_part(fine, Extent(fine.extent(), fine.crs()), transforms).rectangle
    assert (small.width(), small.height()) == pytest.approx((fine.extent().width(), fine.extent().height()))
    online = QgsRasterLayer("type=xyz&url=http://localhost:9/{z}/{x}/{y}.png&zmax=19", "online", "wms")
    assert gdal_source(online) is None
    view = Extent(QgsRectangle(0, 0, 5e6, 4e6), QgsCoordinateReferenceSystem("EPSG:3857"))
    part = visible_part(online, view, transforms).rectangle
    assert part.width() == pytest.approx((MAX_SIDE - 1) * 0.3, rel=0.3)
    assert part.center().distance(view.rectangle.center()) < 1
