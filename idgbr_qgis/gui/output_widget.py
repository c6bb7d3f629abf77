"""Chooses where results go: temporary layers, a GeoPackage or a shapefile; and which rasters come along."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from idgbr_qgis.core.destinations import join_destination
from idgbr_qgis.core.errors import OutputPathError
from idgbr_qgis.core.job_plan import RASTERS, Output, Task
from idgbr_qgis.core.translation import tr

#: Formats by their suffix; the empty one is for temporary layers.
TEMPORARY, GEOPACKAGE, SHAPEFILE = "", ".gpkg", ".shp"


class OutputWidget(QWidget):
    """Format, file, and what else is written."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = QComboBox()
        self._format.addItem(tr("Temporary layers"), TEMPORARY)
        self._format.addItem("GeoPackage", GEOPACKAGE)
        self._format.addItem("Shapefile", SHAPEFILE)
        self._format.setToolTip(tr("Temporary layers are lost when QGIS is closed"))
        self._file = QgsFileWidget()
        self._file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self._file.setDialogTitle(tr("Save polygons"))
        self._file.lineEdit().setPlaceholderText(tr("File for the polygons"))
        self._layer = QLineEdit()
        self._layer.setPlaceholderText(tr("Layer name (empty: named after the file)"))
        self._layer.setToolTip(tr("Other content of the GeoPackage stays; a layer with this name is replaced"))
        self._classes = QCheckBox(tr("Class raster"))
        self._classes.setToolTip(tr("Class of each pixel on the grid of the image, beside the polygons"))
        self._confidence = QCheckBox(tr("Confidence raster"))
        self._confidence.setToolTip(tr("Confidence of each pixel's class, 0 to 1, beside the polygons"))
        self._uncertainty = QCheckBox(tr("Uncertainty raster"))
        self._uncertainty.setToolTip(tr("How uncertain refined boundaries are, 0 to 1, beside the polygons"))
        self._probability = QCheckBox(tr("Probability raster"))
        self._probability.setToolTip(tr("Probability that a place has changed, 0 to 1, beside the polygons"))
        self._boxes = {
            "classes": self._classes,
            "confidence": self._confidence,
            "uncertainty": self._uncertainty,
            "probability": self._probability,
        }
        self._load = QCheckBox(tr("Open when finished"))
        self._load.setChecked(True)
        self._load.setToolTip(tr("Add the results to the project in a group"))

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._format, 0, 0, 1, 2)
        layout.addWidget(self._file, 1, 0, 1, 2)
        layout.addWidget(self._layer, 2, 0, 1, 2)
        layout.addWidget(self._classes, 3, 0)
        layout.addWidget(self._confidence, 3, 1)
        layout.addWidget(self._uncertainty, 4, 0)
        layout.addWidget(self._probability, 3, 0)
        layout.addWidget(self._load, 4, 1)
        layout.setColumnStretch(1, 1)
        self.setFocusProxy(self._format)
        self._format.currentIndexChanged.connect(self._format_changed)
        self._file.fileChanged.connect(self.changed)
        self._layer.textChanged.connect(self.changed)
        for box in (*self._boxes.values(), self._load):
            box.toggled.connect(self.changed)
        self._format_changed()

    def output(self) -> Output:
        """What is chosen; raises `OutputPathError` where the file is still to be named."""
        suffix, path = self._format.currentData(), self._file.filePath().strip()
        rasters = {name: box.isChecked() for name, box in self._boxes.items()}
        if suffix == TEMPORARY:
            return Output(load=True, **rasters)
        if not path:
            raise OutputPathError(tr("Name the file for the polygons."))
        if not path.lower().endswith(suffix):
            path += suffix
        if not Path(path).parent.is_dir():
            raise OutputPathError(tr("There is no folder {path}.").format(path=Path(path).parent))
        path = join_destination(path, self._layer.text().strip() if suffix == GEOPACKAGE else "")
        return Output(path, load=self._load.isChecked(), **rasters)

    def state(self) -> dict[str, object]:
        """Choices to remember; the file itself is another one each time."""
        return {
            "format": self._format.currentData(),
            "folder": str(Path(self._file.filePath()).parent) if self._file.filePath() else "",
            **{name: box.isChecked() for name, box in self._boxes.items()},
            "load": self._load.isChecked(),
        }

    def restore(self, state: dict[str, object]) -> None:
        """Choose what was remembered."""
        self._format.setCurrentIndex(max(0, self._format.findData(state.get("format", TEMPORARY))))
        self._file.setDefaultRoot(str(state.get("folder", "")))
        for name, box in self._boxes.items():
            box.setChecked(bool(state.get(name, False)))
        self._load.setChecked(bool(state.get("load", True)))

    def offer(self, task: Task) -> None:
        """Offer the rasters that a task has."""
        for name, box in self._boxes.items():
            box.setVisible(name in RASTERS[task])

    def ask_for_file(self) -> None:
        """Let another file be named."""
        self._file.lineEdit().setFocus()
        self._file.lineEdit().selectAll()

    def _format_changed(self) -> None:
        suffix = self._format.currentData()
        temporary = suffix == TEMPORARY
        self._file.setVisible(not temporary)
        self._layer.setVisible(suffix == GEOPACKAGE)
        self._load.setVisible(not temporary)
        if not temporary:
            self._file.setFilter("GeoPackage (*.gpkg)" if suffix == GEOPACKAGE else "ESRI Shapefile (*.shp)")
            if path := self._file.filePath():
                self._file.setFilePath(str(Path(path).with_suffix(suffix)))
        self.changed.emit()
