"""Review: the doubtful polygons first, a key for each decision, and all of it undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QPushButton

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.review import Order, Review, orders_of
from idgbr_qgis.gui.review import ReviewDock

CONFIDENCE = (0.9, 0.2, None, 0.5)


@pytest.fixture
def layer(qgis_new_project: None) -> QgsVectorLayer:
    fields = "field=class:string&field=confidence:double&field=moved_m:double"
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32632&{fields}", "roofs", "memory")
    for i, confidence in enumerate(CONFIDENCE):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(10 * i, 0, 10 * i + 5, 5)))
        feature.setAttributes(["roof", confidence, float(i)])
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    QgsProject.instance().addMapLayer(layer)
    return layer


class Panel:
    """The panel on a map, and what it hands to QGIS's own tools."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self.canvas, self.bar = QgsMapCanvas(), QgsMessageBar()
        self.canvas.resize(300, 300)
        self.canvas.setDestinationCrs(layer.crs())
        self.sent: list[list[int]] = []
        self.dock = ReviewDock(self.canvas, self.bar, lambda layer: self.sent.append(layer.selectedFeatureIds()))
        self.dock.show()
        self.dock.choose(layer)
        self.dock.begin()

    def text(self) -> str:
        return max((label.text() for label in self.dock.findChildren(QLabel)), key=len)

    def press(self, label: str) -> None:
        next(b for b in self.dock.findChildren(QPushButton) if b.text().startswith(label)).click()


@pytest.fixture
def panel(layer: QgsVectorLayer) -> Iterator[Panel]:
    panel = Panel(layer)
    yield panel
    for widget in (panel.dock, panel.bar, panel.canvas):
        widget.deleteLater()


def ids(review: Review) -> list[float]:
    found = []
    for _ in range(review.count):
        found.append(review.current().id())
        review.move(1)
    return found


def test_orders(layer: QgsVectorLayer) -> None:
    assert orders_of(layer) == [Order.LEAST_CONFIDENT, Order.MOST_MOVED]
    assert orders_of(None) == []
    assert ids(Review(layer, Order.LEAST_CONFIDENT)) == [2, 4, 1]
    assert ids(Review(layer, Order.MOST_MOVED)) == [4, 3, 2, 1]


def test_the_least_confident_is_shown_first(panel: Panel) -> None:
    assert "Polygon 1 of 3" in panel.text()
    assert "roof, confidence 0.20, moved by 1.00 m" in panel.text()
    assert panel.canvas.extent().center().x() == pytest.approx(12.5)


def test_decisions_and_their_undo(panel: Panel, layer: QgsVectorLayer) -> None:
    panel.press("Accept")
    panel.press("Reject")
    assert layer.getFeature(2)["review"] == "accepted"
    assert not layer.getFeature(4).isValid()
    assert "1 accepted, 1 rejected" in panel.text()
    panel.press("Undo")
    assert layer.getFeature(4).isValid()
    assert "Polygon 2 of 3</b> – 1 accepted, 0 rejected" in panel.text()
    panel.press("Undo")
    assert layer.fields().lookupField("review") < 0
    assert "Polygon 1 of 3</b> – 0 accepted, 0 rejected" in panel.text()


def test_undo_of_qgis_counts_too(panel: Panel, layer: QgsVectorLayer) -> None:
    panel.press("Reject")
    layer.undoStack().undo()
    assert "0 accepted, 0 rejected" in panel.text()


def test_decisions_last_when_saved_and_are_left_out_next_time(panel: Panel, layer: QgsVectorLayer) -> None:
    panel.press("Accept")
    panel.press("Reject")
    assert layer.commitChanges()
    assert sorted(feature.id() for feature in layer.getFeatures()) == [1, 2, 3]
    assert ids(Review(layer, Order.LEAST_CONFIDENT)) == [1]


def test_keys_decide(panel: Panel, layer: QgsVectorLayer) -> None:
    panel.dock.activateWindow()
    assert QTest.qWaitForWindowActive(panel.dock)
    panel.dock.setFocus()
    QTest.keyClick(panel.dock, Qt.Key.Key_N)
    QTest.keyClick(panel.dock, Qt.Key.Key_R)
    assert not layer.getFeature(4).isValid()
    assert layer.getFeature(2).isValid()
    QTest.keyClick(panel.dock, Qt.Key.Key_B)
    assert "<br>rejected" in panel.text()


def test_a_polygon_is_sent_to_editing(panel: Panel, layer: QgsVectorLayer) -> None:
    panel.press("Edit")
    assert panel.sent == [[2]]
    assert layer.isEditable()


def test_layer_may_go(panel: Panel, layer: QgsVectorLayer) -> None:
    QgsProject.instance().removeMapLayer(layer.id())
    assert "Choose a polygon layer" in panel.text()
    panel.press("Accept")


def test_layers_that_cannot_be_reviewed_are_told(panel: Panel, layer: QgsVectorLayer) -> None:
    layer.rollBack()
    layer.setReadOnly(True)
    panel.dock.begin()
    assert "cannot be edited" in panel.bar.items()[0].text()
    with pytest.raises(LayerError, match="cannot be edited"):
        Review(layer, Order.MOST_MOVED)
    layer.setReadOnly(False)
    layer.dataProvider().truncate()
    with pytest.raises(LayerError, match="no polygons left"):
        Review(layer, Order.MOST_MOVED)
