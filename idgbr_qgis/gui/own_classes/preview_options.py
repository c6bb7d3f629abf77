"""What the preview shows: its opacity, refined boundaries, and the places at which labels would help."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QSlider, QToolButton, QWidget

from idgbr_qgis.core.own_classes.map_layers import OPACITY
from idgbr_qgis.core.translation import tr


class PreviewOptions(QWidget):
    """A slider and the buttons around it."""

    shown_changed = pyqtSignal(bool)
    opacity_changed = pyqtSignal(int)
    refine_changed = pyqtSignal(bool)
    marked_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = QToolButton()
        self._shown.setIcon(QgsApplication.getThemeIcon("/mActionShowAllLayers.svg"))
        self._shown.setCheckable(True)
        self._shown.setChecked(True)
        self._shown.setAutoRaise(True)
        self._shown.setToolTip(tr("Show the preview"))
        self._shown.setAccessibleName(tr("Show the preview"))
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(10, 100)
        self._opacity.setValue(OPACITY)
        self._opacity.setToolTip(tr("Opacity of the preview"))
        self._opacity.setAccessibleName(tr("Opacity of the preview"))
        self._refine = QCheckBox(tr("Refine boundaries"))
        self._refine.setToolTip(tr("Show the preview with refined boundaries; each update takes longer"))
        self._marked = QPushButton(tr("Where would labels help?"))
        self._marked.setCheckable(True)
        self._marked.setToolTip(tr("Mark the places of the visible part that the model is least sure of"))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(QLabel(tr("Preview")), 0, 0)
        layout.addWidget(self._opacity, 0, 1)
        layout.addWidget(self._shown, 0, 2)
        layout.addWidget(self._refine, 1, 0, 1, 3)
        layout.addWidget(self._marked, 2, 0, 1, 3)
        layout.setColumnStretch(1, 1)
        self._shown.toggled.connect(self.shown_changed)
        self._opacity.valueChanged.connect(self.opacity_changed)
        self._refine.toggled.connect(self.refine_changed)
        self._marked.toggled.connect(self.marked_changed)
