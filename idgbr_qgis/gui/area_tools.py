"""Map tools that draw the area of a job: a rectangle by dragging, a polygon by clicking."""

from __future__ import annotations

from qgis.core import Qgis, QgsGeometry, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand, QgsSnapIndicator
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

STROKE, FILL = QColor(246, 196, 83), QColor(246, 196, 83, 45)
STROKE_PX = 2
#: A drag of fewer pixels than these is a click that slipped.
LEAST_DRAG_PX = 3


def make_band(canvas: QgsMapCanvas) -> QgsRubberBand:
    """A polygon on the canvas in the colours of areas."""
    band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
    band.setStrokeColor(STROKE)
    band.setFillColor(FILL)
    band.setWidth(STROKE_PX)
    band.setSecondaryStrokeColor(QColor(20, 30, 40, 160))
    return band


class AreaTool(QgsMapTool):
    """Draws an area in the coordinate system of the map; Escape gives up."""

    #: The area is drawn.
    drawn = pyqtSignal(QgsGeometry)
    #: The user gave up.
    cancelled = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._band = make_band(canvas)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.cancelled.emit()
            event.ignore()  # or QGIS would take the key for itself as well

    def deactivate(self) -> None:
        """Forget what was begun."""
        self.clear()
        super().deactivate()

    def clear(self) -> None:
        """Forget what was begun; the tool stays ready."""
        self._band.reset(Qgis.GeometryType.Polygon)


class RectangleTool(AreaTool):
    """Draws a rectangle along the screen's edges, from corner to corner."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._corner: QgsPointXY | None = None
        self._pressed_at: QPoint | None = None

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Begin at a corner."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._corner, self._pressed_at = event.mapPoint(), event.pos()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the rectangle."""
        if self._pressed_at is not None:
            self._band.setToGeometry(self._shape(event))

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """End at the opposite corner."""
        if self._pressed_at is None or event.button() != Qt.MouseButton.LeftButton:
            return
        shape, moved = self._shape(event), event.pos() - self._pressed_at
        self.clear()
        if min(abs(moved.x()), abs(moved.y())) >= LEAST_DRAG_PX:
            self.drawn.emit(shape)

    def clear(self) -> None:
        """Forget the corner too."""
        super().clear()
        self._corner = self._pressed_at = None

    def _shape(self, event: QgsMapMouseEvent) -> QgsGeometry:
        """The rectangle of the screen as it lies on a map that may be turned."""
        if not self.canvas().rotation():
            return QgsGeometry.fromRect(QgsRectangle(self._corner, event.mapPoint()))
        first, second = self._pressed_at, event.pos()
        screen = (first, QPoint(second.x(), first.y()), second, QPoint(first.x(), second.y()), first)
        return QgsGeometry.fromPolygonXY([[self.toMapCoordinates(point) for point in screen]])


class PolygonTool(AreaTool):
    """Draws a polygon: click its corners, end with the right button, Enter or a double click; Backspace takes back."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._points: list[QgsPointXY] = []
        self._snapping = QgsSnapIndicator(canvas)

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the polygon with the corner at the pointer, snapped as the project has it."""
        event.snapPoint()
        self._snapping.setMatch(event.mapPointMatch())
        self._show(event.mapPoint())

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Add a corner, or end."""
        if event.button() == Qt.MouseButton.RightButton:
            self._finish()
        elif event.button() == Qt.MouseButton.LeftButton:
            event.snapPoint()
            self._points.append(event.mapPoint())
            self._show(event.mapPoint())

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:  # noqa: ARG002
        """End; the first click of the two has added the last corner."""
        self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a corner back, end, or give up."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            if self._points:
                self._points.pop()
                self._show(self._points[-1] if self._points else None)
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
            event.ignore()
        else:
            super().keyPressEvent(event)

    def clear(self) -> None:
        """Forget the corners too."""
        super().clear()
        self._points = []
        self._snapping.setVisible(False)

    def _show(self, pointer: QgsPointXY | None) -> None:
        self._band.reset(Qgis.GeometryType.Polygon)
        for point in (*self._points, *((pointer,) if pointer is not None and self._points else ())):
            self._band.addPoint(point)

    def _finish(self) -> None:
        corners = [point for i, point in enumerate(self._points) if not i or point != self._points[i - 1]]
        if len(corners) < 3:
            return
        shape = QgsGeometry.fromPolygonXY([[*corners, corners[0]]]).makeValid()
        self.clear()
        self.drawn.emit(shape)
