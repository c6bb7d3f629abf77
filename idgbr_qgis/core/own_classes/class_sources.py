"""Classes that other layers of the project have in their styles."""

from __future__ import annotations

from qgis.core import NULL, QgsCategorizedSymbolRenderer, QgsMapLayer, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.styles import LayerClass, layer_classes


def classes_of(layer: QgsMapLayer | None) -> list[LayerClass]:
    """Classes of a layer's categories or colour table, by their titles, without the one for all other values."""
    if isinstance(layer, QgsRasterLayer):
        return layer_classes(layer)
    renderer = layer.renderer() if isinstance(layer, QgsVectorLayer) else None
    if not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return []
    titles: dict[str, QColor] = {}
    for category in renderer.categories():
        title = category.label() or str(category.value())
        if category.symbol() is not None and category.value() not in (None, NULL, ""):
            titles.setdefault(title, QColor(category.symbol().color().rgb()))  # fills are see-through
    return [LayerClass(number, title, color) for number, (title, color) in enumerate(titles.items(), 1)]
