"""Lines in QGIS's message bar, each with buttons that help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import Qgis
from qgis.gui import QgsMessageBar, QgsMessageBarItem
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds that good news stays; bad news stays until it is closed.
SUCCESS_S = 12


def notify(
    bar: QgsMessageBar, text: str, level: Qgis.MessageLevel, *buttons: tuple[str, Callable[[], object]]
) -> QgsMessageBarItem:
    """Show a line; a button does its work and takes the line away."""
    item = QgsMessageBar.createMessage("IDGBR", text)
    item.setLevel(level)
    item.setDuration(0 if level >= Qgis.MessageLevel.Warning and level != Qgis.MessageLevel.Success else SUCCESS_S)
    for label, action in buttons:
        button = QPushButton(label)
        # The line may be gone by the time the action is done, so it goes first.
        button.clicked.connect(lambda _=False, action=action: (bar.popWidget(item), action()))
        item.layout().addWidget(button)
    bar.pushItem(item)
    return item


class LogDialog(QDialog):
    """The log of a job, to read and to copy."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Log of {job}").format(job=title))
        self.resize(720, 420)
        view = QPlainTextEdit(text)
        view.setReadOnly(True)
        view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: (view.selectAll(), view.copy()))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(view)
        layout.addWidget(buttons)
