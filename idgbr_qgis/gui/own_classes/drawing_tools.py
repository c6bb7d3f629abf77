"""The row of tools that draw and erase labels on the map, with their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication, QgsGeometry
from qgis.gui import QgsMapCanvas, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QKeySequence
from qgis.PyQt.QtWidgets import QHBoxLayout, QShortcut, QSpinBox, QToolButton, QWidget

from idgbr_qgis.core.paths import RESOURCES
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.own_classes.tools import BRUSH_PX, THICK_PX, THIN_PX, BrushTool, LabelPolygonTool

if TYPE_CHECKING:
    from collections.abc import Callable

    from idgbr_qgis.gui.area_tools import AreaTool

ERASER = QColor(255, 255, 255)


class DrawingTools(QWidget):
    """Brush, polygon and eraser, the width of brush and eraser, undo and redo.

    The keys work on the map and in the panel (`panel`), as long as one of the tools is in use.
    """

    #: A label was drawn, or ground of labels erased, in the coordinate system of the map.
    drawn = pyqtSignal(QgsGeometry)
    erased = pyqtSignal(QgsGeometry)
    undo_wanted = pyqtSignal()
    redo_wanted = pyqtSignal()
    #: The class of a row is to be drawn.
    class_wanted = pyqtSignal(int)

    def __init__(self, canvas: QgsMapCanvas, panel: QWidget) -> None:
        super().__init__(panel)
        self._canvas = canvas
        self._before: QgsMapTool | None = None
        self.brush, self.polygon, self.eraser = BrushTool(canvas), LabelPolygonTool(canvas), BrushTool(canvas)
        self.eraser.set_color(ERASER)
        self.brush.drawn.connect(self.drawn)
        self.polygon.drawn.connect(self.drawn)
        self.eraser.drawn.connect(self.erased)
        self._tools: tuple[AreaTool, ...] = (self.brush, self.polygon, self.eraser)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for tool, icon, text in (
            (self.brush, "brush.svg", tr("Brush (B): drag on the map; a click makes a dot")),
            (
                self.polygon,
                "mActionAddPolygon.svg",
                tr("Polygon (P): click the corners; right-click finishes, Backspace removes the last one"),
            ),
            (self.eraser, "eraser.svg", tr("Eraser (E): drag over labels to take them away")),
        ):
            button = self._button(icon, text)
            button.setCheckable(True)
            button.clicked.connect(lambda checked, tool=tool: self.use(tool) if checked else self.stop())
            tool.setButton(button)  # checked while the tool is in use
            tool.cancelled.connect(self.stop)
            layout.addWidget(button)
        self._width = QSpinBox()
        self._width.setRange(THIN_PX, THICK_PX)
        self._width.setSuffix(" px")
        self._width.setToolTip(tr("Width of brush and eraser on the screen; zoom in for finer strokes"))
        self._width.setAccessibleName(tr("Width of brush and eraser"))
        self._width.valueChanged.connect(self.brush.set_width)
        self._width.valueChanged.connect(self.eraser.set_width)
        self._width.setValue(BRUSH_PX)
        layout.addWidget(self._width)
        layout.addStretch(1)
        self._undo = self._button("mActionUndo.svg", tr("Undo the last stroke (U)"))
        self._redo = self._button("mActionRedo.svg", tr("Redo (Shift+U)"))
        self._undo.clicked.connect(self.undo_wanted)
        self._redo.clicked.connect(self.redo_wanted)
        layout.addWidget(self._undo)
        layout.addWidget(self._redo)
        self._shortcuts: list[QShortcut] = []
        for key, action in (
            ("B", lambda: self.use(self.brush)),
            ("P", lambda: self.use(self.polygon)),
            ("E", lambda: self.use(self.eraser)),
            ("U", self.undo_wanted.emit),
            ("Shift+U", self.redo_wanted.emit),
            *((str(n + 1), lambda n=n: self.class_wanted.emit(n)) for n in range(9)),
        ):
            self._add_key(key, action)
        canvas.mapToolSet.connect(self._tool_set)
        self._tool_set(canvas.mapTool())

    def use(self, tool: AreaTool) -> None:
        """Draw or erase with a tool."""
        if self._canvas.mapTool() not in self._tools:
            self._before = self._canvas.mapTool()
        self._canvas.setMapTool(tool)
        self._canvas.setFocus()

    def draw(self) -> None:
        """Draw, not erase: with the tool that is in use, else with the brush."""
        if self._canvas.mapTool() not in (self.brush, self.polygon):
            self.use(self.brush)

    def stop(self) -> None:
        """Give the map back the tool it had before."""
        tool = self._canvas.mapTool()
        if tool in self._tools:
            self._canvas.unsetMapTool(tool)
            if self._before is not None and not sip.isdeleted(self._before):
                self._canvas.setMapTool(self._before)

    def set_color(self, color: QColor) -> None:
        """Draw in the colour of a class."""
        self.brush.set_color(color)
        self.polygon.set_color(color)

    def set_steps(self, *, undo: bool, redo: bool) -> None:
        """Say whether there is a step to take back, or to do again."""
        self._undo.setEnabled(undo)
        self._redo.setEnabled(redo)

    def _button(self, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        ours = RESOURCES / "icons" / icon
        button.setIcon(QIcon(str(ours)) if ours.exists() else QgsApplication.getThemeIcon(f"/{icon}"))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        return button

    def _add_key(self, key: str, action: Callable[[], object]) -> None:
        for widget in (self.parentWidget(), self._canvas):
            shortcut = QShortcut(QKeySequence(key), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
            self._shortcuts.append(shortcut)

    def _tool_set(self, tool: QgsMapTool | None, *_before: QgsMapTool | None) -> None:
        """Other tools of the map leave these keys to QGIS."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(tool in self._tools)
