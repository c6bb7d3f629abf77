"""The parameter for the field of a layer that holds the class."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterString

#: Metadata item of the parameter that names the parameter of the layer.
PARENT = "idgbr_layer"


def class_field_parameter(name: str, title: str, layer: str) -> QgsProcessingParameterString:
    """A field of the layer of the parameter `layer`, which may be a raster too; `FieldWidget` says why it is text."""
    parameter = QgsProcessingParameterString(name, title, optional=True)
    parameter.setMetadata({PARENT: layer, "widget_wrapper": {"class": "idgbr_qgis.gui.field_widget.FieldWidget"}})
    return parameter
