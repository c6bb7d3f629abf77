"""Chooses a model and shows its card."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLabel, QPushButton, QToolButton, QWidget

from idgbr_qgis.core.model_card import card_html
from idgbr_qgis.core.models import find_card, known_models
from idgbr_qgis.core.translation import tr


class ModelPicker(QWidget):
    """The known models, a button that looks for others, and the card below."""

    changed = pyqtSignal()
    #: The models shall be looked after.
    manage_wanted = pyqtSignal()
    #: A model for the user's own classes shall be made.
    new_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gsd_m: float | None = None
        self._models = QComboBox()
        self._models.setToolTip(tr("Model that finds the classes"))
        self._models.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        browse = QToolButton()
        browse.setText("…")
        browse.setToolTip(tr("Choose a model card or an ONNX file"))
        browse.setAccessibleName(browse.toolTip())
        browse.clicked.connect(self._browse)
        manage = QToolButton()
        manage.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        manage.setToolTip(tr("Add, remove and adjust models"))
        manage.setAccessibleName(manage.toolTip())
        manage.clicked.connect(self.manage_wanted)
        new = QPushButton(QgsApplication.getThemeIcon("/symbologyAdd.svg"), tr("New model…"))
        new.setToolTip(tr("Draw labels of your own classes, and see at once what a model makes of them"))
        new.clicked.connect(self.new_wanted)
        self._card = QLabel()
        self._card.setWordWrap(True)
        self._card.setTextFormat(Qt.TextFormat.RichText)
        self._card.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self._card.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self._card.setFont(font)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._models, 0, 0)
        layout.addWidget(browse, 0, 1)
        layout.addWidget(manage, 0, 2)
        layout.addWidget(self._card, 1, 0, 1, 3)
        layout.addWidget(new, 2, 0, Qt.AlignmentFlag.AlignLeft)
        layout.setColumnStretch(0, 1)
        self.setFocusProxy(self._models)
        self.reload()
        self._models.currentIndexChanged.connect(self._show)
        self._show()

    def reload(self) -> None:
        """List the models that are there now; the chosen one stays, if it is among them or a file."""
        chosen = self.model()
        self._models.blockSignals(True)
        self._models.clear()
        for model in known_models():
            self._models.addItem(model.title, model.id)
        self._models.blockSignals(False)
        self.choose(chosen)
        self._show()

    def model(self) -> str:
        """Id, folder or file of the model."""
        return self._models.currentData() or ""

    def choose(self, model: str) -> None:
        """Choose a model; one that is not in the list yet is added."""
        index = self._models.findData(model)
        if index < 0 and Path(model).exists():
            self._models.addItem(find_card(model).get("title") or Path(model).name, model)
            index = self._models.count() - 1
            self._models.setItemData(index, model, Qt.ItemDataRole.ToolTipRole)
        if index >= 0:
            self._models.setCurrentIndex(index)

    def set_pixel_size(self, gsd_m: float | None) -> None:
        """Hold the card against the pixel size of the image."""
        if gsd_m != self._gsd_m:
            self._gsd_m = gsd_m
            self._show_card()

    def _show(self) -> None:
        self._show_card()
        self.changed.emit()

    def _show_card(self) -> None:
        text = card_html(find_card(self.model()), self._gsd_m)
        self._card.setText(text or tr("This model has no card; its metadata is shown when it runs."))

    def _browse(self) -> None:
        kinds = tr("Models (model.json *.onnx)")
        path, _ = QFileDialog.getOpenFileName(self, tr("Model"), "", kinds)
        if path:
            # A card stands for the folder it lies in.
            self.choose(path.removesuffix("/model.json"))
