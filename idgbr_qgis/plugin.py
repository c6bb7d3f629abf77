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

    from idgbr_qgis.core.warm_backend import WarmBackend
    from idgbr_qgis.gui.desktop import Panels
    from idgbr_qgis.gui.models_dialog import ModelsDialog
    from idgbr_qgis.gui.options_entry import OptionsFactory
    from idgbr_qgis.gui.setup_entry import SetupEntry


class IdgbrPlugin:
    """The Processing provider everywhere; in the desktop also the dock, the options page, and what opens them."""

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._translator = install_translator()
        self._provider: IdgbrProvider | None = None
        self._options: OptionsFactory | None = None
        self._setup: SetupEntry | None = None
        self._menu: list[QAction] = []
        self._panels: Panels | None = None
        self._models: ModelsDialog | None = None
        self._backend: WarmBackend | None = None

    def initProcessing(self) -> None:
        """Register the provider; the only hook that qgis_process calls."""
        self._provider = IdgbrProvider()
        self._provider.register()

    def initGui(self) -> None:
        """Add everything to the desktop."""
        # The desktop alone has these; qgis_process must not load widgets.
        from idgbr_qgis.gui.options_entry import OptionsFactory
        from idgbr_qgis.gui.setup_entry import SetupEntry

        self.initProcessing()
        if self._iface is None:
            return
        self._setup = SetupEntry(self._iface, self._backend_ready)
        self._options = OptionsFactory(self._setup.open)
        self._iface.registerOptionsWidgetFactory(self._options)
        dock = self._add_action(tr("IDGBR panel"))
        dock.setToolTip(tr("Segment images and refine boundaries with IDGBR"))
        dock.setCheckable(True)
        dock.toggled.connect(self._show_dock)
        self._iface.addRasterToolBarIcon(dock)
        self._add_action(tr("IDGBR models…")).triggered.connect(self._show_models)
        self._add_action(tr("IDGBR settings…")).triggered.connect(self._show_options)

    def unload(self) -> None:
        """Remove what was added."""
        if self._panels is not None:
            self._panels.remove()
            self._panels = None
        if self._models is not None:
            self._models.deleteLater()
            self._models = None
        if self._backend is not None:
            self._backend.end()
            self._backend = None
        if self._iface is not None and self._menu:
            self._iface.removeRasterToolBarIcon(self._menu[0])
            for action in self._menu:
                self._iface.removePluginRasterMenu("IDGBR", action)
                action.deleteLater()
            self._menu = []
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

    def _add_action(self, text: str) -> QAction:
        """Add an entry to the menu Raster ▸ IDGBR."""
        assert self._iface is not None
        action = QAction(QIcon(str(ICON)), text, self._iface.mainWindow())
        self._iface.addPluginToRasterMenu("IDGBR", action)
        self._menu.append(action)
        return action

    def _warm_backend(self) -> WarmBackend:
        if self._backend is None:
            from idgbr_qgis.core.warm_backend import WarmBackend

            self._backend = WarmBackend()
        return self._backend

    def _show_models(self) -> None:
        if self._models is None:
            from idgbr_qgis.gui.models_dialog import ModelsDialog

            assert self._iface is not None
            self._models = ModelsDialog(self._warm_backend(), self._iface.mainWindow())
            self._models.changed.connect(self._models_changed)
        self._models.show()
        self._models.raise_()
        self._models.list_models()

    def _models_changed(self) -> None:
        if self._panels is not None:
            self._panels.dock.form.models_changed()

    def _backend_ready(self) -> None:
        """Go on where a user would: at the panel."""
        self._menu[0].setChecked(True)
        if self._panels is not None:
            self._panels.backend_changed()

    def _show_options(self) -> None:
        assert self._iface is not None
        self._iface.showOptionsDialog(self._iface.mainWindow(), "idgbr")

    def _show_dock(self, shown: bool) -> None:
        """Make the panels when they are first asked for: QGIS starts without them."""
        if shown and self._panels is None:
            from idgbr_qgis.gui.desktop import Panels

            assert self._iface is not None
            assert self._setup is not None
            self._panels = Panels(
                self._iface, self._warm_backend(), self._show_options, self._setup.open, self._show_models
            )
            self._panels.dock.setToggleVisibilityAction(self._menu[0])
