"""What the plugin's own parameter widgets share."""

from __future__ import annotations

from typing import Any

from processing.gui.wrappers import WidgetWrapper
from processing.modeler.ModelerParametersDialog import ModelerParametersDialog
from qgis.core import QgsProcessingParameterDefinition
from qgis.gui import QgsGui
from qgis.PyQt.QtWidgets import QWidget


class OwnWidget(WidgetWrapper):
    """A widget in the algorithm's dialog and in batch; the model designer keeps its own."""

    def __new__(cls, param: QgsProcessingParameterDefinition, dialog: QWidget, *_: Any, **__: Any) -> Any:
        """Leave the model designer its own widget, which also offers the model's inputs and other steps' outputs."""
        if isinstance(dialog, ModelerParametersDialog):
            registry = QgsGui.processingGuiRegistry()
            wrapper = registry.createModelerParameterWidget(dialog.model, dialog.childId, param, dialog.context)
            wrapper.setDialog(dialog)
            return wrapper
        return super().__new__(cls)
