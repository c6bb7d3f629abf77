"""Hands for a story inside QGIS: they wait, click, draw on the map and take pictures."""

from __future__ import annotations

import time
from collections.abc import Callable

from qgis.core import (
    QgsFillSymbol,
    QgsGeometry,
    QgsMapLayer,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsRectangle,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAction,
    QApplication,
    QDockWidget,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QWidget,
)
from qgis.utils import iface

HORIZONTAL = Qt.Orientation.Horizontal


def wait_until(done: Callable[[], object], seconds: float = 1500, what: str = "") -> None:
    """Let QGIS go on until something has come about."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"did not come about in {seconds:.0f} s: {what or done}; messages: {messages()}")
        QCoreApplication.processEvents()
        time.sleep(0.01)


def fill_screen() -> None:
    """Let QGIS's window take all of the screen; there is no window manager that would."""
    iface.mainWindow().setGeometry(QApplication.primaryScreen().geometry())
    settle(1)


def settle(seconds: float = 0.3) -> None:
    """Let QGIS do what it still has to, and draw the map to its end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.01)
    wait_until(lambda: not iface.mapCanvas().isDrawing(), what="the map is drawn")


def action(text: str) -> QAction:
    """The entry of a menu, by its text."""
    found = [item for item in iface.mainWindow().findChildren(QAction) if item.text().replace("&", "") == text]
    if not found:
        raise LookupError(f"no action {text!r}")
    return found[0]


def window(kind: str) -> QWidget:
    """The window that is shown, by the name of its class."""
    found: list[QWidget] = []

    def look() -> bool:
        found[:] = [w for w in QApplication.topLevelWidgets() if type(w).__name__ == kind and w.isVisible()]
        return bool(found)

    wait_until(look, what=f"a window {kind}")
    return found[0]


def press(parent: QWidget, text: str) -> None:
    """Press the button with a text, by the mouse."""
    buttons = [b for b in parent.findChildren(QAbstractButton) if b.text().replace("&", "") == text and b.isVisible()]
    if not buttons:
        shown = [b.text() for b in parent.findChildren(QPushButton) if b.isVisible()]
        raise LookupError(f"no button {text!r}; there are {shown}")
    wait_until(buttons[0].isEnabled, what=f"the button {text!r} can be pressed")
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def drag(box: QgsRectangle) -> None:
    """Draw a rectangle on the map with the mouse, in the map's coordinates."""
    canvas = iface.mapCanvas()
    to_pixel = canvas.getCoordinateTransform()
    first, last = (
        QPoint(round(point.x()), round(point.y()))
        for point in (
            to_pixel.transform(box.xMinimum(), box.yMaximum()),
            to_pixel.transform(box.xMaximum(), box.yMinimum()),
        )
    )
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas.viewport(), left, none, first)
    QTest.mouseMove(canvas.viewport(), last)
    QTest.mouseRelease(canvas.viewport(), left, none, last)


def stroke(first: QgsPointXY, last: QgsPointXY) -> None:
    """Draw a line on the map with the mouse, in the map's coordinates."""
    viewport, to_pixel = iface.mapCanvas().viewport(), iface.mapCanvas().getCoordinateTransform()
    places = [QPoint(round(at.x()), round(at.y())) for at in (to_pixel.transform(first), to_pixel.transform(last))]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, left, none, places[0])
    QTest.mouseRelease(viewport, left, none, places[1])


def dock(name: str) -> QDockWidget:
    """A panel of QGIS's window, by the name of the object."""
    found = iface.mainWindow().findChild(QDockWidget, name)
    if found is None:
        raise LookupError(f"no panel {name!r}")
    return found


def press_tool(parent: QWidget, name: str) -> None:
    """Press the button that bears an icon alone, by its accessible name."""
    (button,) = (b for b in parent.findChildren(QAbstractButton) if b.accessibleName() == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(parent: QWidget) -> list[str]:
    """What the labels say that are seen."""
    return [label.text() for label in parent.findChildren(QLabel) if label.isVisible()]


def bars(parent: QWidget) -> list[QProgressBar]:
    """The progress bars that are seen."""
    return [bar for bar in parent.findChildren(QProgressBar) if bar.isVisible()]


def rows(parent: QWidget) -> int:
    """Entries of a window's list."""
    return parent.findChild(QListWidget).count()


def messages() -> list[str]:
    """What stands in the message bar, the newest first."""
    return [item.text() for item in iface.messageBar().items()]


def drop_messages(beginning: str) -> None:
    """Take messages off the message bar, by how they begin."""
    bar = iface.messageBar()
    for item in bar.items():
        if (item.title() + item.text()).startswith(beginning):
            bar.popWidget(item)


def grab(widget: QWidget) -> QImage:
    """A picture of a window or a part of it."""
    settle()
    return widget.grab().toImage()


def map_of(layers: list[QgsMapLayer], extent: QgsRectangle, side: int, *, outline: bool = False) -> QImage:
    """A square map of layers; of polygons the outlines alone if asked for."""
    shown = []
    for layer in layers:
        if outline and isinstance(layer, QgsVectorLayer):
            layer = layer.clone()  # noqa: PLW2901 (the layer itself keeps its look)
            line = QgsSimpleLineSymbolLayer(QColor(255, 230, 0), 0.7)
            symbol = QgsFillSymbol()
            symbol.changeSymbolLayer(0, line)
            layer.setRenderer(QgsSingleSymbolRenderer(symbol))
        shown.append(layer)
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(layers[-1].crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(side, side))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def most_bettered(before: QgsVectorLayer, after: QgsVectorLayer, truth: QgsVectorLayer, side: float) -> QgsRectangle:
    """The square around the true polygon to which `after` comes closer than `before` by most."""
    within = after.extent().buffered(-side / 2)
    coarse, refined = (
        QgsGeometry.unaryUnion([feature.geometry() for feature in layer.getFeatures()]) for layer in (before, after)
    )

    def gain(shape: QgsGeometry) -> float:
        if not within.contains(shape.boundingBox().center()):
            return -1e9
        near = QgsGeometry.fromRect(shape.boundingBox().buffered(side / 8))
        errors = [shape.symDifference(near.intersection(layer)).area() for layer in (coarse, refined)]
        # Where nothing is left to be wished for, and a roof fills the picture.
        return (errors[0] - 2 * errors[1]) / shape.length()

    shapes = [feature.geometry() for feature in truth.getFeatures()]
    middle = max(shapes, key=gain).boundingBox().center()
    return QgsRectangle.fromCenterAndSize(middle, side, side)
