"""Map tools that draw labels: strokes of a brush, and polygons."""

from __future__ import annotations

from qgis.core import Qgis, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import QPoint, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QCursor, QPainter, QPen, QPixmap

from idgbr_qgis.gui.area_tools import AreaTool, PolygonTool

#: Width of the brush at first, and the limits of it, in px of the screen.
BRUSH_PX, THIN_PX, THICK_PX = 14, 2, 100
#: Opacity of what is being drawn.
ALPHA = 150
#: Sides of a quarter of the round ends of strokes.
ROUND = 4
#: A stroke is drawn with fewer points, none farther off than this share of its width.
COARSENESS = 0.08


class BrushTool(AreaTool):
    """Draws strokes as wide as the brush, which has a width on the screen: zoom in for finer ones. A click is a dot."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._points: list[QgsPointXY] = []
        self._last: QPoint | None = None
        self._width_px = BRUSH_PX
        self._color = QColor(Qt.GlobalColor.white)
        self._show_brush()

    def set_color(self, color: QColor) -> None:
        """Draw in a colour."""
        self._color = QColor(color)
        self._show_brush()

    def set_width(self, pixels: int) -> None:
        """Draw with a brush of so many pixels of the screen."""
        self._width_px = pixels
        self._show_brush()

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._points, self._last = [event.mapPoint()], event.pos()
            self._band.reset(Qgis.GeometryType.Line)
            self._band.addPoint(event.mapPoint())
            self._band.addPoint(event.mapPoint())

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Draw on."""
        if self._last is not None and event.pos() != self._last:
            self._last = event.pos()
            self._points.append(event.mapPoint())
            self._band.addPoint(event.mapPoint())

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """End the stroke."""
        if self._last is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if event.pos() != self._last:
            self._points.append(event.mapPoint())
        shape = self._stroke()
        self.clear()
        self.drawn.emit(shape)

    def clear(self) -> None:
        """Forget the stroke."""
        self._band.reset(Qgis.GeometryType.Line)
        self._points, self._last = [], None

    def _stroke(self) -> QgsGeometry:
        """The polygon that the brush went over."""
        width = self._width_px * self.canvas().mapUnitsPerPixel()
        line = QgsGeometry.fromPolylineXY(self._points).simplify(width * COARSENESS)
        if len(self._points) == 1 or not line.length():
            line = QgsGeometry.fromPointXY(self._points[0])
        return line.buffer(width / 2, ROUND)

    def _show_brush(self) -> None:
        """The brush as the pointer, the stroke as wide as it."""
        stroke = QColor(self._color)
        stroke.setAlpha(ALPHA)
        self._band.setColor(stroke)
        self._band.setSecondaryStrokeColor(QColor(Qt.GlobalColor.transparent))
        self._band.setWidth(self._width_px)
        self.setCursor(_ring(self._width_px, self._color))


class LabelPolygonTool(PolygonTool):
    """Draws polygons in the colour of a class."""

    def set_color(self, color: QColor) -> None:
        """Draw in a colour."""
        fill = QColor(color)
        fill.setAlpha(ALPHA // 2)
        self._band.setFillColor(fill)
        self._band.setStrokeColor(color)


def _ring(width: int, color: QColor) -> QCursor:
    """A pointer that shows what the brush would cover."""
    side = width + 5
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (QPen(QColor(0, 0, 0, 160), 3), QPen(color, 1.5)):
        painter.setPen(pen)
        painter.drawEllipse(QRectF(2.5, 2.5, width, width))
    painter.end()
    return QCursor(picture, side // 2, side // 2)
