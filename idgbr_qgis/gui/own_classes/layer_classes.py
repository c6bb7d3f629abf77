"""Asks for the layer whose classes are to be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProject
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from idgbr_qgis.core.own_classes.class_sources import classes_of
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from idgbr_qgis.core.styles import LayerClass


def ask_for_classes(parent: QWidget | None = None) -> list[LayerClass]:
    """Classes of a layer that the user chooses among those that have some; empty if she gives up."""
    dialog = LayerClassesDialog(parent)
    return dialog.classes() if dialog.exec() else []


class LayerClassesDialog(QDialog):
    """A list of the layers with classes in their styles, and the names of the classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Classes of a layer"))
        self._layers = QgsMapLayerComboBox()
        layers = QgsProject.instance().mapLayers().values()
        self._layers.setExceptedLayerList([layer for layer in layers if not classes_of(layer)])
        self._names = QLabel()
        self._names.setWordWrap(True)
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self._buttons = QDialogButtonBox(ok | cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (self._layers, self._names, self._buttons):
            layout.addWidget(part)
        self._layers.layerChanged.connect(self._show)
        self._show()

    def classes(self) -> list[LayerClass]:
        """The classes of the chosen layer."""
        return classes_of(self._layers.currentLayer())

    def _show(self) -> None:
        names = [item.name for item in self.classes()]
        none = tr("No layer has classes in its style: a categorized symbology, or a raster with a palette.")
        self._names.setText(", ".join(names[:20]) + (" …" if len(names) > 20 else "") if names else none)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(names))
