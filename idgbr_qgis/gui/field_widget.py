"""The widget of a class field: the fields of a layer to pick from, where that has any.

QGIS's own field parameter is of no use here: beside a parameter that takes rasters too, its widget crashes QGIS 3.40
when a raster is chosen.
"""

from __future__ import annotations

from typing import Any

from processing.gui.wrappers import WidgetWrapper
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameters,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import QComboBox, QWidget

from idgbr_qgis.gui.own_widget import OwnWidget
from idgbr_qgis.processing.class_field import PARENT
from idgbr_qgis.processing.map_parameter import layer_of


class FieldWidget(OwnWidget):
    """Wraps an editable list of field names, in the algorithm's dialog and in batch."""

    def createWidget(self) -> QWidget:
        """Make the list."""
        self._fields = QComboBox()
        self._fields.setEditable(True)
        self._fields.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._fields.currentTextChanged.connect(lambda: self.widgetValueHasChanged.emit(self))
        return self._fields

    def postInitialize(self, wrappers: list[WidgetWrapper]) -> None:
        """Follow the layer whose fields these are."""
        parent = self.parameterDefinition().metadata().get(PARENT)
        for wrapper in wrappers:
            if wrapper.parameterDefinition().name() == parent:
                wrapper.widgetValueHasChanged.connect(self._offer)
                self._offer(wrapper)

    def setValue(self, value: Any) -> None:
        """Show a field."""
        self._fields.setCurrentText("" if value is None else str(value))

    def value(self) -> str | None:
        """Name of the field."""
        return self._fields.currentText().strip() or None

    def _offer(self, wrapper: WidgetWrapper) -> None:
        """Offer the fields of the layer that is chosen now; what was typed stays."""
        definition: QgsProcessingParameterDefinition = wrapper.parameterDefinition()
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        value = {definition.name(): layer_of(wrapper.parameterValue())}
        layer = QgsProcessingParameters.parameterAsLayer(definition, value, context)
        names = [field.name() for field in layer.fields()] if isinstance(layer, QgsVectorLayer) else []
        typed = self._fields.currentText()
        self._fields.clear()
        self._fields.addItems(["", *names])
        self._fields.setCurrentText(typed)
