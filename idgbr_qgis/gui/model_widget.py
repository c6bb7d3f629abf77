"""The widget of the parameter MODEL: the known models to pick from, or a folder or file to type or look for."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QToolButton, QWidget

from idgbr_qgis.core.models import known_models
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.own_widget import OwnWidget


class ModelWidget(OwnWidget):
    """Wraps an editable list of models, in the algorithm's dialog and in batch."""

    def createWidget(self) -> QWidget:
        """Make the list and the button that looks for a file."""
        widget = QWidget()
        self._models = QComboBox()
        self._models.setEditable(True)
        self._models.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for model in known_models():
            self._models.addItem(model.id, model.id)
            self._models.setItemData(self._models.count() - 1, model.title, Qt.ItemDataRole.ToolTipRole)
        self._models.currentTextChanged.connect(lambda: self.widgetValueHasChanged.emit(self))
        button = QToolButton()
        button.setText("…")
        button.setToolTip(tr("Choose a model card or an ONNX file"))
        button.clicked.connect(self._browse)
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._models, 1)
        layout.addWidget(button)
        return widget

    def setValue(self, value: Any) -> None:
        """Show a model."""
        self._models.setCurrentText("" if value is None else str(value))

    def value(self) -> str:
        """Id, folder or file of the model."""
        return self._models.currentText().strip()

    def _browse(self) -> None:
        kinds = tr("Models (model.json *.onnx)")
        path, _ = QFileDialog.getOpenFileName(self.widget, tr("Model"), self.value(), kinds)
        if path:
            # A card stands for the folder it lies in.
            self.setValue(path.removesuffix("/model.json"))
