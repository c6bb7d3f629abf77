"""Wiring: what the plugin adds to QGIS, and takes away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from idgbr_qgis.core.paths import ICON
from idgbr_qgis.core.translation import install_translator, tr
from idgbr_qgis.processing.provider import IdgbrProvider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from idgbr_qgis.gui.desktop import Panels
    from idgbr_qgis.gui.options import OptionsFactory
    from idgbr_qgis.gui.setup_entry import SetupEntry


class IdgbrPlugin:
    """The Processing provider everywhere; in the desktop also the dock, the options page, and what opens them."""

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._translator = install_translator()
        self._provider: IdgbrProvider | None = None
        self._options: OptionsFactory | None = None
        self._setup: SetupEntry | None = None
        self._action: QAction | None = None
        self._dock_action: QAction | None = None
        self._panels: Panels | None = None

    def initProcessing(self) -> None:
        """Register the provider; the only hook that qgis_process calls."""
        self._provider = IdgbrProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Add everything to the desktop."""
        # The desktop alone has these; qgis_process must not load widgets.
        from idgbr_qgis.gui.options import OptionsFactory
        from idgbr_qgis.gui.setup_entry import SetupEntry

        self.initProcessing()
        if self._iface is None:
            return
        self._setup = SetupEntry(self._iface)
        self._options = OptionsFactory(self._setup.open)
        self._iface.registerOptionsWidgetFactory(self._options)
        self._action = QAction(QIcon(str(ICON)), tr("IDGBR settings…"), self._iface.mainWindow())
        self._action.triggered.connect(self._show_options)
        self._iface.addPluginToRasterMenu("IDGBR", self._action)
        self._dock_action = QAction(QIcon(str(ICON)), tr("IDGBR panel"), self._iface.mainWindow())
        self._dock_action.setToolTip(tr("Segment images and refine boundaries with IDGBR"))
        self._dock_action.setCheckable(True)
        self._dock_action.toggled.connect(self._show_dock)
        self._iface.addRasterToolBarIcon(self._dock_action)
        self._iface.addPluginToRasterMenu("IDGBR", self._dock_action)

    def unload(self) -> None:
        """Remove what was added."""
        if self._panels is not None:
            self._panels.remove()
            self._panels = None
        if self._iface is not None and self._dock_action is not None:
            self._iface.removeRasterToolBarIcon(self._dock_action)
            self._iface.removePluginRasterMenu("IDGBR", self._dock_action)
            self._dock_action.deleteLater()
            self._dock_action = None
        if self._iface is not None and self._action is not None:
            self._iface.removePluginRasterMenu("IDGBR", self._action)
            self._action.deleteLater()
            self._action = None
        if self._iface is not None and self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._setup is not None:
            self._setup.remove()
            self._setup = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)

    def _show_options(self) -> None:
        assert self._iface is not None
        self._iface.showOptionsDialog(self._iface.mainWindow(), "idgbr")

    def _show_dock(self, shown: bool) -> None:
        """Make the panels when they are first asked for: QGIS starts without them."""
        if shown and self._panels is None:
            from idgbr_qgis.gui.desktop import Panels

            assert self._iface is not None
            assert self._setup is not None
            self._panels = Panels(self._iface, self._show_options, self._setup.open)
            self._panels.dock.setToggleVisibilityAction(self._dock_action)
