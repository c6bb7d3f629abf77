"""The check box for the selected features of a layer."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QCheckBox, QWidget

from idgbr_qgis.core.translation import tr


class SelectedOnly(QCheckBox):
    """Is there for vector layers, and can be checked while features are selected, as QGIS has it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Selected features only"), parent)
        self._layer: QgsVectorLayer | None = None
        self.set_layer(None)

    @property
    def chosen(self) -> bool:
        """Whether the selected features are meant."""
        return self.isEnabled() and self.isChecked()

    def set_layer(self, layer: QgsMapLayer | None) -> None:
        """Follow the selection of a layer."""
        layer = layer if isinstance(layer, QgsVectorLayer) else None
        if layer is self._layer:
            return
        if self._layer is not None and not sip.isdeleted(self._layer):
            self._layer.selectionChanged.disconnect(self._selection_changed)
        self._layer = layer
        if layer is not None:
            layer.selectionChanged.connect(self._selection_changed)
        self.setVisible(layer is not None)
        self.setChecked(False)
        self._selection_changed()

    def _selection_changed(self) -> None:
        selected = self._layer.selectedFeatureCount() if self._layer is not None else 0
        self.setEnabled(selected > 0)
        if not selected:
            self.setChecked(False)
