"""The foot of the panel: continue another model, save this one, run it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QMessageBox, QPushButton, QWidget

from idgbr_qgis.core.errors import PluginError
from idgbr_qgis.core.own_classes.preview import plain
from idgbr_qgis.core.own_classes.saving import labels_path, model_id, models_folder, prepare_saving
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from qgis.core import QgsRasterLayer

    from idgbr_qgis.core.own_classes.labels import Labels
    from idgbr_qgis.core.warm_backend import Call, WarmBackend


class SaveBar(QWidget):
    """Saves labels and model; knows whether there is something new to save."""

    #: The labels of a GeoPackage shall be continued.
    continue_wanted = pyqtSignal(Path)
    #: A model was saved: its id.
    saved = pyqtSignal(str)
    #: The saved model shall be run.
    run_wanted = pyqtSignal(str)
    said = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(self, backend: WarmBackend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._labels: Labels | None = None
        self._image: QgsRasterLayer | None = None
        self._call: Call | None = None
        self._run_after = False
        #: Name of the model as it was saved or continued; id of what was saved since the last stroke.
        self._name = self._current = ""
        open_button = QPushButton(QgsApplication.getThemeIcon("/mActionFileOpen.svg"), tr("Continue…"))
        open_button.setToolTip(tr("Continue with the labels of a saved model"))
        self._save = QPushButton(QgsApplication.getThemeIcon("/mActionFileSave.svg"), tr("Save model…"))
        self._save.setToolTip(tr("Train on all labels and keep the model, with the labels beside it"))
        self._run = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), tr("Run…"))
        self._run.setToolTip(tr("Choose the model in the IDGBR panel to segment the image; it is saved first"))
        open_button.clicked.connect(self._ask_file)
        self._save.clicked.connect(self._save_clicked)
        self._run.clicked.connect(self.run)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for button in (open_button, self._save, self._run):
            layout.addWidget(button)
        self._say()

    @property
    def unsaved(self) -> bool:
        """Whether there are labels that no model has learned."""
        return self._labels is not None and not self._current and bool(self._labels.counts())

    def follow(self, labels: Labels, name: str = "", *, saved: bool = False) -> None:
        """Save these labels from now on, under a name where there is one."""
        self.cancel()
        self._labels, self._name = labels, name
        self._current = model_id(name) if saved else ""
        labels.changed.connect(self._outdated)
        labels.classes_changed.connect(self._outdated)
        self._say()

    def set_image(self, image: QgsRasterLayer | None) -> None:
        """Train on this image."""
        self._image = image
        self._say()

    def save(self, name: str) -> None:
        """Train a model of this name and keep it."""
        if self._labels is None or self._image is None:
            return
        try:
            request = prepare_saving(name, self._image, self._labels.as_file(), QgsProject.instance())
            self._call = self._backend.ask(request.run, self._take, self._fail)
        except PluginError as error:
            self._run_after = False
            self.failed.emit(error)
            return
        self._name, self._current = name, model_id(name)
        self.said.emit(tr("Training {name} on all labels…").format(name=name))
        self._say()

    def run(self) -> None:
        """Go on to segmenting, with what is drawn saved before."""
        if self._current:
            self.run_wanted.emit(self._current)
        else:
            self._run_after = True
            self._ask_name()

    def cancel(self) -> None:
        """Give up the training that is going on."""
        if self._call is not None:
            self._call.cancel()
            self._call = None
            self._current = ""
            self._run_after = False
            self.said.emit(tr("Cancelled."))
        self._say()

    def _save_clicked(self) -> None:
        if self._call is not None:
            self.cancel()
        else:
            self._run_after = False
            self._ask_name()

    def _ask_name(self) -> None:
        name, fine = QInputDialog.getText(self, tr("Save model"), tr("Name of the model"), text=self._name)
        name = name.strip()
        if not fine or not name:
            return
        there = labels_path(model_id(name)).exists() or (models_folder() / model_id(name)).exists()
        if there and model_id(name) != model_id(self._name):
            text = tr("There is a model {name} already. Replace it?").format(name=model_id(name))
            if QMessageBox.question(self, tr("Save model"), text) != QMessageBox.StandardButton.Yes:
                return
        self.save(name)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Labels of a model"), str(models_folder()), tr("Labels (*.gpkg)")
        )
        if path:
            self.continue_wanted.emit(Path(path))

    def _take(self, call: Call, number: str) -> None:
        if call is not self._call:
            return  # given up in the meantime
        self._call = None
        # Strokes may have come while it was trained.
        new = self._current != ""
        text = tr("Saved: {name}.") if new else tr("Saved: {name}, without the strokes since then.")
        self.said.emit(" ".join([text.format(name=self._name), *map(plain, call.warnings[:1])]))
        self._say()
        self.saved.emit(number)
        if self._run_after:
            self._run_after = False
            self.run_wanted.emit(number)

    def _fail(self, call: Call, error: PluginError) -> None:
        if call is self._call:
            self._call = None
            self._current = ""
            self._run_after = False
            self._say()
            self.failed.emit(error)

    def _outdated(self) -> None:
        self._current = ""
        self._say()

    def _say(self) -> None:
        ready = self._image is not None and self._labels is not None
        self._save.setText(tr("Cancel") if self._call is not None else tr("Save model…"))
        self._save.setEnabled(ready)
        self._run.setEnabled(ready and self._call is None)
