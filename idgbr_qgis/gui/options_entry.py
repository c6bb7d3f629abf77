"""Where QGIS's options get the plugin's page from; the page itself is imported when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon

from idgbr_qgis.core.paths import ICON

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.PyQt.QtWidgets import QWidget

    from idgbr_qgis.gui.options import OptionsPage
    from idgbr_qgis.gui.setup_dialog import SetupDialog

PAGE_KEY = "idgbr"


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page each time the options are opened; `open_setup` shows the dialog that sets up the backend."""

    def __init__(self, open_setup: Callable[[], SetupDialog] | None = None) -> None:
        super().__init__("IDGBR", QIcon(str(ICON)), PAGE_KEY)
        self._open_setup = open_setup

    def createWidget(self, parent: QWidget | None) -> OptionsPage:
        """Make the page."""
        from idgbr_qgis.gui.options import OptionsPage

        return OptionsPage(parent, self._open_setup)
