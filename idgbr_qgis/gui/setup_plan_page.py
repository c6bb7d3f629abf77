"""First page of the set-up: what is installed, where, how large it is, and for which device."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QFormLayout, QLabel, QVBoxLayout, QWidget

from idgbr_qgis.core.setup.find_python import UV_PYTHON, Python, probe
from idgbr_qgis.core.setup.plan import (
    BUILD_TITLES,
    CUDA12_DRIVER,
    Plan,
    build_for,
    data_folder,
    free_mb,
    make_plan,
)
from idgbr_qgis.core.setup.wheels import names_all
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from idgbr_qgis.gui.setup_task import SearchTask

#: Where QGIS keeps the folder of the zip that was last installed from.
ZIP_FOLDER_KEY = "plugin-manager/last-zip-directory"
#: Item of the list of Pythons that looks for another one.
_OTHER = "other"
#: Opacity of notes, of 255.
_PALE = 170


class PlanPage(QWidget):
    """Shows a plan and lets the user change it; `ready` tells whether it can be carried out."""

    ready = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: SearchTask | None = None
        intro = QLabel(
            tr(
                "The models run in a separate program, the backend, with its own Python environment. <b>Nothing is "
                "installed into the Python of QGIS</b> or of the system."
            )
        )
        intro.setWordWrap(True)
        self.device = QComboBox()
        self._device_note = note()
        self.python = QComboBox()
        self.python.setMinimumContentsLength(30)
        self.python.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._python_note = note()
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(str(data_folder()))
        self.wheels = QgsFileWidget()
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.lineEdit().setPlaceholderText(tr("empty: download them"))
        self.wheels.setToolTip(
            tr("To install without a network: a folder filled with the command in the documentation")
        )
        self._summary = QLabel()
        self._summary.setWordWrap(True)

        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Device"), self.device)
        form.addRow("", self._device_note)
        form.addRow(tr("Based on"), self.python)
        form.addRow("", self._python_note)
        form.addRow(tr("Folder"), self.folder)
        form.addRow(tr("Folder of wheels"), self.wheels)
        layout = QVBoxLayout(self)
        layout.addWidget(intro)
        layout.addSpacing(8)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self._summary)
        self._summary.setText(tr("Looking for Python and a GPU…"))
        for signal in (self.device.currentIndexChanged, self.folder.fileChanged, self.wheels.fileChanged):
            signal.connect(self._refresh)
        self.python.activated.connect(self._python_activated)

    def show_found(self, found: SearchTask) -> None:
        """Offer what was found, the best first."""
        self._found = found
        self.python.clear()
        best = make_plan(found.pythons).python
        if found.uv is not None:
            self.python.addItem(tr("Python {version}, downloaded by uv").format(version=UV_PYTHON), None)
        for python in found.pythons:
            self._add_python(python)
        self.python.addItem(tr("Another Python…"), _OTHER)
        chosen = next((i for i in range(self.python.count()) if self.python.itemData(i) == best), 0)
        self.python.setCurrentIndex(chosen)
        self.device.clear()
        # The build for the driver first; a GPU that cannot be used is explained, not offered.
        builds = dict.fromkeys([build_for(found.gpu, best), "cpu"])
        for build in builds:
            self.device.addItem(tr(BUILD_TITLES[build]), build)
        self._find_wheels()
        self._refresh()

    def plan(self) -> Plan | None:
        """What the page says; None while there is nothing to base an environment on."""
        if self._found is None:
            return None
        python = self.python.currentData()
        if python == _OTHER or (python is None and self._found.uv is None):
            return None
        wheels = self.wheels.filePath().strip()
        plan = Plan(Path(self.folder.filePath().strip() or data_folder()), python, uv=self._found.uv)
        build = str(self.device.currentData() or "cpu")
        # Another Python may need the build for another CUDA.
        if build != "cpu":
            build = build_for(self._found.gpu, python)
        return replace(plan, build=build, gpu=self._found.gpu, wheels=Path(wheels) if wheels else None)

    def _find_wheels(self) -> None:
        """Take the folder of wheels that lies beside the zip of the plugin, if it is one for the plan."""
        plan, place = self.plan(), QgsSettings().value(ZIP_FOLDER_KEY, "")
        if plan is None or plan.wheels is not None or not place:
            return
        for folder in (Path(str(place)) / "wheels", Path(str(place))):
            if names_all(folder, plan.requirements()):
                self.wheels.setFilePath(str(folder))
                return

    def _add_python(self, python: Python) -> None:
        origin = f" ({tr('of QGIS')})" if python.of_qgis else ""
        self.python.addItem(python.title + origin, python)

    def _python_activated(self, index: int) -> None:
        if self.python.itemData(index) == _OTHER:
            path, _ = QFileDialog.getOpenFileName(self, tr("Python 3.10 or newer"))
            python = probe(path) if path else None
            if python is not None:
                self.python.insertItem(0, python.title, python)
                self.python.setCurrentIndex(0)
        self._refresh()

    def _refresh(self) -> None:
        plan = self.plan()
        self._device_note.setText(self._gpu_text())
        self._python_note.setText(self._python_text(plan))
        self._python_note.setVisible(bool(self._python_note.text()))
        if plan is None:
            none = tr("No Python 3.10 or newer was found. Install Python 3.12 (64 bits) or uv, or choose one above.")
            self._summary.setText(_warning(none) if self._found is not None else "")
            self.ready.emit(False)
            return
        free = free_mb(plan.folder)
        text = (
            tr("About <b>{download}</b> are downloaded from the package index that pip is configured to use")
            if plan.wheels is None
            else tr("Nothing is downloaded")
        )
        text += tr("; <b>{installed}</b> are needed in the folder, {free} are free there.")
        sizes = {"download": plan.download_mb, "installed": plan.needed_mb, "free": free}
        text = text.format(**{name: _size(megabytes) for name, megabytes in sizes.items()})
        enough = free >= plan.needed_mb
        self._summary.setText(text if enough else f"{text}<br>{_warning(tr('That is too little: free some space.'))}")
        self.ready.emit(enough)

    def _gpu_text(self) -> str:
        gpu = self._found.gpu if self._found is not None else None
        if gpu is None:
            return tr("No NVIDIA driver was found. The CPU works everywhere; a GPU is many times faster.")
        name = html.escape(f"{gpu.name}, {tr('driver')} {gpu.version}")
        if gpu.driver < CUDA12_DRIVER:
            text = tr("{gpu} is too old: with driver {needed} or newer, the GPU could be used.")
            return text.format(gpu=name, needed=CUDA12_DRIVER)
        return name

    def _python_text(self, plan: Plan | None) -> str:
        python = plan.python if plan is not None else None
        if python is None:
            return ""
        if not python.tested:
            return _warning(tr("The packages are not tested with this version; choose 3.10 to 3.13 if possible."))
        if python.of_qgis:
            return tr("An update of QGIS may remove it; then the backend must be set up again.")
        if not python.has_venv and plan is not None and plan.uv is None:
            return _warning(tr("It cannot create environments: install the package python3-venv first."))
        return ""


def note(text: str = "") -> QLabel:
    """A label for what is said in passing, a little paler than the rest in any theme."""
    label = QLabel(text)
    label.setWordWrap(True)
    palette = label.palette()
    colour = palette.color(QPalette.ColorRole.WindowText)
    colour.setAlpha(_PALE)
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)
    return label


def _warning(text: str) -> str:
    return f'<span style="color: #c0392b">{text}</span>'


def _size(megabytes: float) -> str:
    if megabytes >= 1000:
        return tr("{n} GB").format(n=round(megabytes / 1000, 1))
    return tr("{n} MB").format(n=round(megabytes))
