"""The map tools, driven by the mouse and the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest

from idgbr_qgis.gui.area_tools import AreaTool, PolygonTool, RectangleTool

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def canvas(qgis_app: object) -> Iterator[QgsMapCanvas]:
    canvas = QgsMapCanvas()
    canvas.resize(400, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32632"))
    canvas.setExtent(QgsRectangle(0, 0, 400, 400))
    canvas.show()
    yield canvas
    canvas.deleteLater()


def use(tool: AreaTool) -> tuple[list[QgsGeometry], list[bool]]:
    drawn: list[QgsGeometry] = []
    cancelled: list[bool] = []
    tool.drawn.connect(drawn.append)
    tool.cancelled.connect(lambda: cancelled.append(True))
    tool.canvas().setMapTool(tool)
    return drawn, cancelled


def click(canvas: QgsMapCanvas, x: int, y: int, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseMove(canvas.viewport(), QPoint(x, y))
    QTest.mouseClick(canvas.viewport(), button, Qt.KeyboardModifier.NoModifier, QPoint(x, y))


def drag(canvas: QgsMapCanvas, start: QPoint, end: QPoint) -> None:
    viewport, none = canvas.viewport(), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, LEFT, none, start)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, LEFT, none, end)


def on_map(canvas: QgsMapCanvas, x: int, y: int) -> tuple[float, float]:
    point = canvas.getCoordinateTransform().toMapCoordinates(x, y)
    return point.x(), point.y()


def test_dragging_draws_a_rectangle(canvas: QgsMapCanvas) -> None:
    drawn, _ = use(RectangleTool(canvas))
    drag(canvas, QPoint(300, 250), QPoint(100, 50))
    box = drawn[0].boundingBox()
    assert (box.xMinimum(), box.yMaximum()) == pytest.approx(on_map(canvas, 100, 50))
    assert (box.xMaximum(), box.yMinimum()) == pytest.approx(on_map(canvas, 300, 250))
    assert drawn[0].isGeosEqual(QgsGeometry.fromRect(box))


def test_a_click_draws_no_rectangle(canvas: QgsMapCanvas) -> None:
    drawn, _ = use(RectangleTool(canvas))
    drag(canvas, QPoint(100, 100), QPoint(101, 300))
    assert drawn == []


def test_rectangle_of_a_turned_map_is_that_of_the_screen(canvas: QgsMapCanvas) -> None:
    canvas.setRotation(30)
    drawn, _ = use(RectangleTool(canvas))
    drag(canvas, QPoint(100, 100), QPoint(300, 200))
    assert drawn[0].area() < 0.8 * drawn[0].boundingBox().area()
    size = canvas.mapUnitsPerPixel()
    assert drawn[0].area() == pytest.approx(200 * 100 * size**2, rel=1e-6)


@pytest.mark.parametrize("end", ["right", "enter", "double"])
def test_clicks_draw_a_polygon(canvas: QgsMapCanvas, end: str) -> None:
    drawn, _ = use(PolygonTool(canvas))
    for x, y in ((100, 100), (300, 100), (300, 300)):
        click(canvas, x, y)
    if end == "right":
        click(canvas, 350, 350, RIGHT)
    elif end == "enter":
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    else:
        QTest.mouseDClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, QPoint(300, 300))
    corners = [on_map(canvas, x, y) for x, y in ((100, 100), (300, 100), (300, 300))]
    truth = QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in corners]])
    assert drawn[0].symDifference(truth).area() == pytest.approx(0, abs=1e-6)
    assert drawn[0].area() > 10_000


def test_backspace_takes_a_corner_back(canvas: QgsMapCanvas) -> None:
    drawn, _ = use(PolygonTool(canvas))
    for x, y in ((100, 100), (300, 100), (10, 390)):
        click(canvas, x, y)
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    click(canvas, 300, 300)
    click(canvas, 300, 300, RIGHT)
    assert drawn[0].boundingBox().xMinimum() == pytest.approx(on_map(canvas, 100, 100)[0])


def test_two_corners_are_no_polygon(canvas: QgsMapCanvas) -> None:
    drawn, _ = use(PolygonTool(canvas))
    click(canvas, 100, 100)
    click(canvas, 300, 100)
    click(canvas, 300, 100, RIGHT)
    assert drawn == []


def test_crossing_lines_become_a_valid_area(canvas: QgsMapCanvas) -> None:
    drawn, _ = use(PolygonTool(canvas))
    for x, y in ((100, 100), (300, 300), (300, 100), (100, 300)):
        click(canvas, x, y)
    click(canvas, 100, 300, RIGHT)
    assert drawn[0].isGeosValid()


@pytest.mark.parametrize("kind", [RectangleTool, PolygonTool])
def test_escape_gives_up(canvas: QgsMapCanvas, kind: type[AreaTool]) -> None:
    tool = kind(canvas)
    drawn, cancelled = use(tool)
    for x, y in ((100, 100), (300, 100), (300, 300)):
        click(canvas, x, y)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    click(canvas, 300, 300, RIGHT)
    assert cancelled == [True]
    assert drawn == []
