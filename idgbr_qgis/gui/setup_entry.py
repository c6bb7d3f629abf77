"""Where the set-up is opened from: its menu entry, and a notice at the start of QGIS if the backend is not good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import Qgis
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QApplication, QPushButton

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import BackendMissingError
from idgbr_qgis.core.paths import ICON
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.gui import QgisInterface

    from idgbr_qgis.gui.setup_dialog import SetupDialog

MENU = "IDGBR"


def backend_notice() -> str:
    """What is to be said of the backend; empty where all is well. Looks at files only."""
    problem = settings.backend_problem()
    if problem is not None:
        return f"{tr(problem.value)} {tr('Set it up again.')}"
    try:
        settings.worker_command()
    except BackendMissingError:
        return tr("The models need the IDGBR backend, which is not set up yet.")
    return ""


class SetupEntry:
    """The entry Plugins ▸ IDGBR ▸ Set up backend… and the one dialog it opens."""

    def __init__(self, iface: QgisInterface, ready: Callable[[], object]) -> None:
        """`ready` is called when a backend was set up."""
        self._iface, self._ready = iface, ready
        self._dialog: SetupDialog | None = None
        self._action = QAction(QIcon(str(ICON)), tr("Set up backend…"), iface.mainWindow())
        self._action.triggered.connect(self._triggered)
        iface.addPluginToMenu(MENU, self._action)
        # Once QGIS is up, so that the message is seen.
        timer = QTimer(self._action)
        timer.setSingleShot(True)
        timer.timeout.connect(self.notify)
        timer.start()

    def open(self) -> SetupDialog:
        """Show the dialog, with a set-up that is running where there is one."""
        if self._dialog is None:
            # QGIS starts without what is seldom opened.
            from idgbr_qgis.gui.setup_dialog import SetupDialog

            self._dialog = SetupDialog(self._iface.mainWindow())
            self._dialog.done_well.connect(self._done_well)
        elif not self._dialog.isVisible() and not self._dialog.running:
            self._dialog.look()
        # From within the options, which are modal, only another modal window can be used.
        modal = QApplication.activeModalWidget() is not None
        modality = Qt.WindowModality.ApplicationModal if modal else Qt.WindowModality.NonModal
        self._dialog.setWindowModality(modality)
        self._dialog.show()
        self._dialog.raise_()
        return self._dialog

    def _triggered(self, _checked: bool) -> None:
        self.open()

    def notify(self) -> None:
        """Say in the message bar that the backend is missing or no longer good, with a button that sets it up."""
        text = backend_notice()
        if not text:
            return
        bar = self._iface.messageBar()
        item = bar.createMessage("IDGBR", text)
        button = QPushButton(tr("Set up backend…"))
        button.clicked.connect(lambda: (bar.popWidget(item), self.open()))
        item.layout().addWidget(button)
        bar.pushWidget(item, Qgis.MessageLevel.Warning)

    def _done_well(self) -> None:
        """Go on to the panel; the dialog stays where it has doubts to tell, or belongs to the options."""
        if self._dialog is None or self._dialog.isModal():
            return
        if not self._dialog.doubts:
            self._dialog.close()
        self._iface.messageBar().pushSuccess("IDGBR", tr("The backend is ready."))
        self._ready()

    def remove(self) -> None:
        """Take away the entry and the dialog."""
        self._iface.removePluginMenu(MENU, self._action)
        self._action.deleteLater()
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
