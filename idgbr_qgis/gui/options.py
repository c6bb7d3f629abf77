"""The page of the plugin in QGIS's options: where the backend is, which device it uses, and a test of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.gui import QgsFileWidget, QgsOptionsPageWidget
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import PluginError
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.backend_check import BackendCheck, error_html

if TYPE_CHECKING:
    from idgbr_qgis.gui.setup_dialog import SetupDialog

DEVICES = ("auto", "cpu", "cuda")


class OptionsPage(QgsOptionsPageWidget):
    """Settings of the backend."""

    def __init__(self, parent: QWidget | None = None, open_setup: Callable[[], SetupDialog] | None = None) -> None:
        super().__init__(parent)
        self._open_setup = open_setup
        self._check: BackendCheck | None = None
        explanation = QLabel(
            tr(
                "The models run in a separate process, the IDGBR backend, with its own Python. <i>Set up "
                "backend…</i> installs it. Or choose the Python of an environment that you made yourself."
            )
        )
        explanation.setWordWrap(True)
        self._python = QgsFileWidget()
        self._python.setDialogTitle(tr("Python of the backend"))
        if (found := settings.worker_python()) != settings.backend_python():
            self._python.lineEdit().setPlaceholderText(found)
        self._command = QLineEdit()
        self._command.setPlaceholderText('["ssh", "host", "idgbr", "worker"]')
        self._command.setToolTip(
            tr("Full command as a JSON list, for a backend on another machine. It takes precedence over the Python.")
        )
        self._device = QComboBox()
        self._device.setEditable(True)
        self._device.addItems(DEVICES)
        self._device.setToolTip(tr("Default device of the algorithms: auto uses the GPU if possible."))
        self._test = QPushButton(tr("Test"))
        self._test.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._test.clicked.connect(self._start_test)
        self._setup = QPushButton(tr("Set up backend…"))
        self._setup.clicked.connect(self._show_setup)
        self._setup.setVisible(open_setup is not None)
        buttons = QHBoxLayout()
        buttons.addWidget(self._test)
        buttons.addWidget(self._setup)
        buttons.addStretch(1)
        self._report = QTextBrowser()
        self._report.setPlaceholderText(tr("Test starts the backend and shows its versions, devices and models."))

        form = QFormLayout()
        form.addRow(tr("Backend Python"), self._python)
        form.addRow(tr("Backend command"), self._command)
        form.addRow(tr("Device"), self._device)
        form.addRow("", buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(explanation)
        layout.addLayout(form)
        layout.addWidget(self._report, 1)
        self._load()

    def apply(self) -> None:
        """Store what the page shows; QGIS calls it on OK."""
        settings.set_backend_python(self._python.filePath())
        settings.set_device(self._device.currentText())
        try:
            settings.set_backend_command(self._typed_command())
        except PluginError as error:
            self._report.setHtml(error_html(error))

    def helpKey(self) -> str:
        """Page of QGIS's help; the plugin has none there."""
        return ""

    def _load(self) -> None:
        self._python.setFilePath(settings.backend_python())
        self._device.setCurrentText(settings.device())
        try:
            command = settings.backend_command()
        except PluginError:
            command = []
        self._command.setText(json.dumps(command) if command else "")

    def _typed_command(self) -> list[str]:
        text = self._command.text().strip()
        return settings.parse_command(text) if text else []

    def _start_test(self) -> None:
        """Test what the page shows, stored or not, without holding up QGIS."""
        try:
            command = settings.worker_command(self._python.filePath().strip(), self._typed_command())
        except PluginError as error:
            self._report.setHtml(error_html(error))
            return
        self._test.setEnabled(False)
        self._report.setPlainText(tr("Starting the backend…"))
        self._check = BackendCheck(command)
        self._check.taskCompleted.connect(self._show_report)
        self._check.taskTerminated.connect(self._show_report)
        QgsApplication.taskManager().addTask(self._check)

    def _show_setup(self) -> None:
        if self._open_setup is not None:
            self._open_setup().done_well.connect(self._show_new_backend)

    def _show_new_backend(self) -> None:
        self._python.setFilePath(settings.backend_python())
        self._start_test()

    def _show_report(self) -> None:
        self._test.setEnabled(True)
        if self._check is not None:
            self._report.setHtml(self._check.report())
