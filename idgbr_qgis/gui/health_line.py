"""One line on the backend: device, versions and models, or what is wrong, with a link to the set-up."""

from __future__ import annotations

import html
from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QWidget

from idgbr_qgis.core import settings
from idgbr_qgis.core.backend_client import BackendInfo
from idgbr_qgis.core.errors import PluginError
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.backend_check import BackendCheck, info_html


class HealthLine(QLabel):
    """Empty until `check` has asked the backend; the tooltip tells all that it said."""

    def __init__(self, open_setup: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: BackendCheck | None = None
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.linkActivated.connect(lambda _: open_setup())

    def check(self) -> None:
        """Start the backend in the background and show what it says."""
        if self._check is not None:
            return
        try:
            command = settings.worker_command()
        except PluginError as error:
            self._show_error(error)
            return
        self.setText(html.escape(tr("Starting the backend…")))
        self._check = BackendCheck(command)
        self._check.taskCompleted.connect(self._show)
        self._check.taskTerminated.connect(self._show)
        QgsApplication.taskManager().addTask(self._check)

    def _show(self) -> None:
        check, self._check = self._check, None
        if check is None:
            return
        if check.info is None:
            self._show_error(check.error or PluginError(tr("The backend has not been checked.")))
            return
        self.setText(html.escape(summary(check.info)))
        self.setToolTip(info_html(check.info))

    def _show_error(self, error: PluginError) -> None:
        link = f'<a href="setup">{html.escape(tr("Set up backend…"))}</a>'
        self.setText(f"{html.escape(str(error))} {link}")
        self.setToolTip(html.escape(error.details))


def summary(info: BackendInfo) -> str:
    """The first device that can be used, the version, and how many models there are."""
    usable = [device for device in info.devices if not device.get("problem")]
    name = str(usable[0].get("name", "?")) if usable else tr("no device")
    models = sum(not model.get("problem") for model in info.models)
    text = tr("Backend {version} on {device}, {models} models")
    return text.format(version=info.version, device=name, models=models)
