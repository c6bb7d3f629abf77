"""The brush and the polygon of labels, driven by the mouse."""

from __future__ import annotations

import math

import pytest
from qgis.core import QgsGeometry, QgsMapLayer

from tests.plugin.gui.own_classes.conftest import Bench


@pytest.fixture
def drawn(bench: Bench) -> list[QgsGeometry]:
    found: list[QgsGeometry] = []
    bench.panel.tools.brush.drawn.connect(found.append)
    bench.panel.tools.use(bench.panel.tools.brush)
    return found


def test_a_stroke_is_as_wide_as_the_brush(bench: Bench, drawn: list[QgsGeometry]) -> None:
    bench.panel.tools._width.setValue(20)
    bench.stroke((50, 50), (100, 50), (150, 50))
    pixel = bench.desktop.canvas.mapUnitsPerPixel()
    box = drawn[0].boundingBox()
    assert (box.width() / pixel, box.height() / pixel) == pytest.approx((120, 20), rel=0.01)


def test_a_click_makes_a_dot(bench: Bench, drawn: list[QgsGeometry]) -> None:
    bench.stroke((50, 50))
    pixel = bench.desktop.canvas.mapUnitsPerPixel()
    assert drawn[0].area() / pixel**2 == pytest.approx(math.pi * 7**2, rel=0.05)


def test_strokes_have_few_points(bench: Bench, drawn: list[QgsGeometry]) -> None:
    bench.stroke(*((50 + i, 50 + i // 3) for i in range(200)))
    assert drawn[0].constGet().nCoordinates() < 60


def test_the_map_gets_its_tool_back(bench: Bench) -> None:
    from qgis.gui import QgsMapToolPan

    canvas, tools = bench.desktop.canvas, bench.panel.tools
    pan = QgsMapToolPan(canvas)
    canvas.setMapTool(pan)
    tools.use(tools.brush)
    tools.use(tools.eraser)
    tools.stop()
    assert canvas.mapTool() is pan
    tools.use(tools.brush)
    bench.panel.hide()
    assert canvas.mapTool() is pan


def test_a_polygon_is_a_label_too(bench: Bench) -> None:
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    bench.panel.tools.use(bench.panel.tools.polygon)
    for button, x, y in (("Left", 50, 50), ("Left", 150, 50), ("Left", 150, 150), ("Right", 10, 10)):
        QTest.mouseClick(
            bench.desktop.canvas.viewport(),
            getattr(Qt.MouseButton, f"{button}Button"),
            Qt.KeyboardModifier.NoModifier,
            QPoint(x, y),
        )
    layer: QgsMapLayer = bench.panel.labels.layer
    (feature,) = layer.getFeatures()
    pixel = bench.desktop.canvas.mapUnitsPerPixel()
    assert feature.geometry().area() / pixel**2 == pytest.approx(5000, rel=0.01)
