"""The widget of a parameter that takes rasters and polygon layers: QGIS's own, and below it the choice of features."""

from __future__ import annotations

from typing import Any

from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsGui, QgsProcessingGui, QgsProcessingMapLayerComboBox
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from idgbr_qgis.gui.own_widget import OwnWidget
from idgbr_qgis.gui.selected_only import SelectedOnly
from idgbr_qgis.processing.map_parameter import layer_of


class MapWidget(OwnWidget):
    """Wraps a list of layers in the algorithm's dialog; batch keeps QGIS's own widget."""

    def __new__(cls, param: QgsProcessingParameterDefinition, dialog: QWidget, *arguments: Any, **named: Any) -> Any:
        """Leave batch its own widget, which takes many files at once."""
        if isinstance(dialog, BatchAlgorithmDialog):
            registry = QgsGui.processingGuiRegistry()
            wrapper = registry.createParameterWidgetWrapper(param, QgsProcessingGui.WidgetType.Batch)
            wrapper.setDialog(dialog)
            return wrapper
        return super().__new__(cls, param, dialog, *arguments, **named)

    def createWidget(self) -> QWidget:
        """Make the list of layers and the check box."""
        widget = QWidget()
        self._layers = QgsProcessingMapLayerComboBox(self.parameterDefinition())
        self._selected = SelectedOnly()
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._layers)
        layout.addWidget(self._selected)
        self._selected.set_layer(self._layers.currentLayer())
        self._layers.valueChanged.connect(self._layer_changed)
        self._selected.toggled.connect(lambda: self.widgetValueHasChanged.emit(self))
        return widget

    def setValue(self, value: Any) -> None:
        """Show a layer, and whether its selected features are meant."""
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        self._layers.setValue(layer_of(value), context)
        self._selected.set_layer(self._layers.currentLayer())
        chosen = isinstance(value, QgsProcessingFeatureSourceDefinition) and value.selectedFeaturesOnly
        self._selected.setChecked(chosen)

    def value(self) -> Any:
        """The layer, or its selected features."""
        layer: QgsMapLayer | None = self._layers.currentLayer()
        if isinstance(layer, QgsVectorLayer) and self._selected.chosen:
            return QgsProcessingFeatureSourceDefinition(layer.id(), True)
        return self._layers.value()

    def _layer_changed(self) -> None:
        self._selected.set_layer(self._layers.currentLayer())
        self.widgetValueHasChanged.emit(self)
