"""The panel for a new model: what is drawn is seen at once, in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QCheckBox, QMessageBox, QPushButton

from idgbr_qgis.core.errors import BackendLostError, MissingCrsError
from idgbr_qgis.core.styles import LayerClass
from idgbr_qgis.gui.own_classes import panel as panel_module
from tests.plugin.gui.own_classes.conftest import Bench
from tests.plugin.waiting import wait_until

Backend = Callable[..., None]


def button(bench: Bench, text: str) -> QPushButton:
    (found,) = [b for b in bench.panel.findChildren(QPushButton) if b.text() == text]
    return found


def test_strokes_of_two_classes_are_seen_at_once(bench: Bench) -> None:
    bench.panel.tools.use(bench.panel.tools.brush)
    bench.stroke((50, 50), (150, 50))
    bench.settle()
    assert bench.asked() == []
    assert "1 to 9" in bench.text()
    bench.key("2")
    bench.stroke((50, 200), (150, 200))
    bench.settle()
    (asked,) = bench.asked()
    assert (asked["job"], asked["class_field"], asked["refine"]) == ("try-labels", "class", False)
    assert asked["counts"] == {"background": 1, "class 1": 1}
    assert asked["there"]
    assert bench.text() == "Updated in 0.5 s. A doubt"
    layer = bench.preview()
    assert layer.isValid()
    assert layer.renderer().opacity() == pytest.approx(0.5)
    colors = {item.label: item.color for item in layer.renderer().classes()}
    assert colors == {item.name: item.color for item in bench.panel.labels.classes}
    tree = [node.name() for node in QgsProject.instance().layerTreeRoot().children()[0].children()]
    assert tree == ["Labels", "Preview"]


def test_each_stroke_updates_it_and_old_files_go(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.settle()
    first = Path(bench.preview().source())
    bench.stroke((50, 250), (150, 250))
    bench.settle()
    assert bench.asked()[-1]["counts"] == {"background": 2, "class 1": 1}
    assert bench.preview().source() != str(first)
    assert not first.exists()
    folder = Path(bench.preview().source()).parents[1]
    bench.panel.end()
    assert not folder.exists()


def test_strokes_during_an_update_make_one_more(bench: Bench) -> None:
    hold = bench.log.with_suffix(".hold")
    hold.touch()
    bench.draw_two_classes()
    wait_until(lambda: len(bench.asked()) == 1)
    for y in (220, 240, 260):
        bench.stroke((50, y), (150, y))
    time.sleep(0.3)
    hold.unlink()
    wait_until(lambda: len(bench.asked()) == 2)
    bench.settle()
    assert [asked["counts"]["background"] for asked in bench.asked()] == [1, 4]


def test_undo_and_keys_on_the_map(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.key("1")
    bench.stroke((250, 50), (300, 50))
    assert bench.panel.labels.counts() == {1: 2, 2: 1}
    bench.key("u")
    assert bench.panel.labels.counts() == {1: 1, 2: 1}
    bench.key("e")
    bench.stroke((40, 50), (160, 50))
    assert bench.panel.labels.counts() == {2: 1}
    bench.key("9")
    assert bench.panel.classes.current().name == "class 1", "there is no ninth class"
    bench.panel.tools.stop()
    bench.key("2")
    assert bench.panel.classes.current().name == "class 1", "other tools leave the keys to QGIS"


def test_boundaries_are_refined_on_request(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.settle()
    (box,) = [b for b in bench.panel.findChildren(QCheckBox) if b.text() == "Refine boundaries"]
    box.click()
    bench.settle()
    assert bench.asked()[-1]["refine"]
    assert Path(bench.preview().source()).name == "refined.tif"


def test_doubtful_places_are_marked(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.settle()
    assert bench.panel.live._marks == []
    button(bench, "Where would labels help?").click()
    (mark,) = bench.panel.live._marks
    extent = bench.asked()[0]["extent"]
    assert mark.center().x() == pytest.approx(extent[0] + 0.75 * (extent[2] - extent[0]))
    assert mark.center().y() == pytest.approx(extent[3] - 0.25 * (extent[3] - extent[1]))
    button(bench, "Where would labels help?").click()
    assert bench.panel.live._marks == []


def test_the_map_that_moves_is_followed(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.settle()
    canvas = bench.desktop.canvas
    canvas.setExtent(QgsRectangle(500001, 4999997, 500003, 4999999))
    wait_until(lambda: len(bench.asked()) == 2)
    first, second = (asked["extent"] for asked in bench.asked())
    assert second[2] - second[0] < first[2] - first[0]


def test_colours_change_without_the_backend_and_names_with_it(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.settle()
    bench.panel.labels.change_class(1, color=QColor("#0a0b0c"))
    bench.settle()
    assert len(bench.asked()) == 1
    assert bench.preview().renderer().classes()[1].color.name() == "#0a0b0c"
    bench.panel.classes._table.item(0, 1).setText("roof")
    bench.settle()
    assert bench.asked()[-1]["counts"] == {"background": 1, "roof": 1}


def test_an_error_of_the_backend_is_one_line(bench: Bench) -> None:
    bench.panel.labels.change_class(1, name="fail")
    bench.draw_two_classes()
    bench.settle()
    assert "Has one class only (fail); label another." in bench.text()
    assert str(bench.log.parent) not in bench.text()
    assert bench.told == []
    bench.panel.labels.change_class(1, name="roof")
    bench.settle()
    assert "Updated" in bench.text()


def test_a_lost_backend_is_told_with_a_remedy(bench: Bench, backend: Backend) -> None:
    backend("killed")
    bench.draw_two_classes()
    bench.settle()
    kind, error, again = bench.told[0]
    assert (kind, type(error)) == ("failed", BackendLostError)
    backend("learns", bench.log)
    again()
    bench.settle()
    assert "Updated" in bench.text()


def test_an_image_without_system_is_asked_about(bench: Bench, make_raster: Callable[..., Path]) -> None:
    bare = QgsRasterLayer(str(make_raster("bare.tif", epsg=None)), "bare")
    bare.setCrs(QgsCoordinateReferenceSystem())
    QgsProject.instance().addMapLayer(bare)
    bench.panel.new(bare)
    kind, error, again = bench.told[0]
    assert (kind, type(error)) == ("failed", MissingCrsError)
    bare.setCrs(QgsCoordinateReferenceSystem("EPSG:32632"))
    again()
    assert bench.panel.labels is not None


def test_a_web_map_is_fetched_once_a_view(bench: Bench, image: QgsRasterLayer, monkeypatch: pytest.MonkeyPatch) -> None:
    from idgbr_qgis.core import layers, preview

    for module in (layers, preview):
        monkeypatch.setattr(module, "gdal_source", lambda _: None)
    bench.draw_two_classes()
    bench.settle()
    bench.stroke((250, 50), (300, 50))
    bench.settle()
    first, second = (asked["input"] for asked in bench.asked())
    assert first == second != image.source()
    assert all(asked["there"] for asked in bench.asked())


def test_a_removed_layer_or_project_ends_it(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.settle()
    QgsProject.instance().removeMapLayer(bench.panel.labels.layer.id())
    assert bench.panel.labels is None
    assert not bench.panel.tools.isEnabled()
    bench.panel.new(None)
    bench.draw_two_classes()
    QgsProject.instance().clear()
    assert bench.panel.labels is None


def test_without_an_image_it_waits_for_one(bench: Bench, make_raster: Callable[..., Path]) -> None:
    bench.draw_two_classes()
    bench.settle()
    QgsProject.instance().removeMapLayer(bench.panel.image.currentLayer().id())
    bench.panel.live.update()
    bench.settle()
    assert not bench.panel.tools.isEnabled()
    other = QgsRasterLayer(str(make_raster("other.tif")), "other")
    QgsProject.instance().addMapLayer(other)
    wait_until(lambda: len(bench.asked()) == 2)
    bench.settle()
    assert bench.asked()[-1]["input"] == other.source()
    assert bench.panel.tools.isEnabled()


def test_bands_set_in_qgis_are_used(bench: Bench, image: QgsRasterLayer) -> None:
    bench.draw_two_classes()
    bench.settle()
    renderer = image.renderer().clone()
    renderer.setRedBand(3)
    renderer.setBlueBand(1)
    image.setRenderer(renderer)
    wait_until(lambda: len(bench.asked()) == 2)
    bench.settle()
    first, second = (asked["input"] for asked in bench.asked())
    assert first == image.source()
    assert Path(second).suffix == ".vrt"


def test_a_hidden_panel_rests(bench: Bench) -> None:
    bench.draw_two_classes()
    bench.settle()
    button(bench, "Where would labels help?").click()
    bench.panel.hide()
    assert bench.panel.live._marks == []
    bench.desktop.canvas.setExtent(QgsRectangle(500001, 4999997, 500003, 4999999))
    assert not bench.panel.live.running
    bench.panel.show()
    bench.settle()
    assert len(bench.asked()) == 2


def test_classes_are_added_named_and_removed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.draw_two_classes()
    bench.panel.classes.add_wanted.emit()
    assert bench.panel.classes.current().name == "class 3"
    asked: list[str] = []
    answer = [QMessageBox.StandardButton.No]
    monkeypatch.setattr(QMessageBox, "question", lambda *texts: (asked.append(texts[2]), answer[0])[1])
    bench.panel.classes.remove_wanted.emit()
    assert asked == [], "a class without labels goes at once"
    bench.panel.classes.choose(0)
    bench.panel.classes.remove_wanted.emit()
    assert asked == ["Remove class 1 with its 1 labels? This cannot be undone."]
    assert len(bench.panel.labels.classes) == 2
    answer[0] = QMessageBox.StandardButton.Yes
    bench.panel.classes.remove_wanted.emit()
    assert [item.name for item in bench.panel.labels.classes] == ["background"]


def test_classes_come_from_a_layer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [LayerClass(1, "vineyard", QColor("purple")), LayerClass(2, "road", QColor("gray"))]
    monkeypatch.setattr(panel_module, "ask_for_classes", lambda _: found)
    bench.panel.classes.layer_wanted.emit()
    assert [(c.name, c.color.name()) for c in bench.panel.labels.classes] == [
        ("vineyard", "#800080"),
        ("road", "#808080"),
    ]


def test_the_main_thread_is_never_held_up(bench: Bench) -> None:
    hold = bench.log.with_suffix(".hold")
    hold.touch()
    begun = time.monotonic()
    bench.draw_two_classes()
    bench.panel.live._ask()
    bench.panel.live.end()
    assert time.monotonic() - begun < 0.5
    hold.unlink()
