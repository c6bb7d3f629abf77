"""The table of classes: the key, colour, name and number of labels of each; the current one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.gui import QgsColorButton
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from idgbr_qgis.core.own_classes.labels import Labels
    from idgbr_qgis.core.styles import LayerClass

COLOR, NAME, COUNT = range(3)
ROW_HEIGHT, COLOR_WIDTH, ROWS_SHOWN = 26, 34, 5


class ClassTable(QWidget):
    """Shows the classes of labels and changes their names and colours."""

    #: Another class is the current one, or it looks otherwise.
    chosen = pyqtSignal()
    #: A class is to be added or removed, or classes be taken from a layer.
    add_wanted = pyqtSignal()
    remove_wanted = pyqtSignal()
    layer_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: Labels | None = None
        self._filling = False
        self._table = QTableWidget(0, 3)
        self._table.setAccessibleName(tr("Classes"))
        self._table.setToolTip(tr("The class of the selected row is drawn; double-click its name to change it"))
        self._table.setHorizontalHeaderLabels(["", tr("Class"), tr("Labels")])
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
        self._table.setColumnWidth(COLOR, COLOR_WIDTH)
        header.setSectionResizeMode(COLOR, QHeaderView.ResizeMode.Fixed)
        self._table.setFixedHeight(ROW_HEIGHT * (ROWS_SHOWN + 1) + 2)
        buttons = QHBoxLayout()
        for icon, text, signal in (
            ("symbologyAdd.svg", tr("Add a class"), self.add_wanted),
            ("symbologyRemove.svg", tr("Remove the class and its labels"), self.remove_wanted),
            ("mActionAddOgrLayer.svg", tr("Take the classes of a layer's style…"), self.layer_wanted),
        ):
            button = QToolButton()
            button.setIcon(QgsApplication.getThemeIcon(f"/{icon}"))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setAutoRaise(True)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._table)
        layout.addLayout(buttons)
        self._table.itemChanged.connect(self._renamed)
        self._table.currentCellChanged.connect(lambda row, _, before, *__: self._moved(row, before))

    def follow(self, labels: Labels | None) -> None:
        """Show the classes of labels, and how many there are of each."""
        self._labels = labels
        if labels is not None:
            labels.classes_changed.connect(self._fill)
            labels.changed.connect(self._count)
        self._fill()

    def current(self) -> LayerClass | None:
        """The class that is drawn."""
        row = self._table.currentRow()
        classes = self._labels.classes if self._labels is not None else []
        return classes[row] if 0 <= row < len(classes) else None

    def choose(self, row: int) -> bool:
        """Make the class of a row the current one; whether there is one."""
        there = row < self._table.rowCount()
        if there:
            self._table.setCurrentCell(row, NAME)
        return there

    def rename(self) -> None:
        """Let the user name the current class."""
        self._table.setFocus()
        self._table.editItem(self._table.currentItem())

    def _fill(self) -> None:
        classes = self._labels.classes if self._labels is not None else []
        row = max(self._table.currentRow(), 0)
        self._filling = True
        if self._table.rowCount() != len(classes):
            self._table.setRowCount(len(classes))
            for place in range(len(classes)):
                self._make_row(place)
        for place, item in enumerate(classes):
            self._table.cellWidget(place, COLOR).setColor(item.color)
            self._table.item(place, NAME).setText(item.name)
        self._filling = False
        if classes:
            self._table.setCurrentCell(min(row, len(classes) - 1), NAME)
        self._count()
        self.chosen.emit()

    def _make_row(self, place: int) -> None:
        color = QgsColorButton()
        color.setShowMenu(False)
        color.setToolTip(tr("Colour of the class"))
        color.setFixedWidth(COLOR_WIDTH)
        color.colorChanged.connect(lambda chosen, place=place: self._recolored(place, chosen))
        self._table.setCellWidget(place, COLOR, color)
        self._table.setItem(place, NAME, QTableWidgetItem())
        count = QTableWidgetItem()
        count.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._table.setItem(place, COUNT, count)

    def _count(self) -> None:
        if self._labels is None:
            return
        counts = self._labels.counts()
        self._filling = True
        for place, item in enumerate(self._labels.classes):
            self._table.item(place, COUNT).setText(str(counts.get(item.id, 0)))
        self._filling = False

    def _moved(self, row: int, before: int) -> None:
        if not self._filling and row != before:
            self.chosen.emit()

    def _renamed(self, cell: QTableWidgetItem) -> None:
        if not self._filling and self._labels is not None and cell.column() == NAME:
            self._labels.change_class(self._labels.classes[cell.row()].id, name=cell.text())

    def _recolored(self, place: int, color: object) -> None:
        if not self._filling and self._labels is not None:
            self._labels.change_class(self._labels.classes[place].id, color=color)
