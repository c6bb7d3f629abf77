"""The layers of a model in the making, in a group of the project: the labels, and below them the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsDataProvider, QgsPalettedRasterRenderer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.styles import in_looks
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from qgis.core import QgsVectorLayer

    from idgbr_qgis.core.own_classes.preview import ClassPreview

#: Opacity of the preview at first, in per cent: class and image are both seen.
OPACITY = 50


class MapLayers:
    """What the project shows of one session; the user may remove any of it."""

    def __init__(self, project: QgsProject, title: str, labels: QgsVectorLayer) -> None:
        self._project = project
        self._title, self._labels_id = title, labels.id()
        self._preview_id = ""
        self._opacity = OPACITY
        project.addMapLayer(labels, False)
        group = project.layerTreeRoot().insertGroup(0, title)
        group.addLayer(labels).setExpanded(False)

    @property
    def preview(self) -> QgsRasterLayer | None:
        """The layer of the preview, where there is one."""
        layer = self._project.mapLayer(self._preview_id)
        return layer if isinstance(layer, QgsRasterLayer) else None

    def show(self, preview: ClassPreview, looks: dict[str, QColor]) -> None:
        """Show a preview, its classes in the colours that `looks` has for their names."""
        layer = self.preview
        if layer is None:
            # Styled right afterwards: QGIS's own style would have it read the raster for its range.
            layer = QgsRasterLayer(preview.raster, tr("Preview"), "gdal", QgsRasterLayer.LayerOptions(False))
            self._add_below_labels(layer)
        else:
            options = QgsDataProvider.ProviderOptions()
            layer.setDataSource(preview.raster, layer.name(), "gdal", options, False)
        entries = []
        for item in in_looks(preview.classes, looks):
            if item.background:
                item.color.setAlpha(0)  # the image, as results show it, too
            entries.append(QgsPalettedRasterRenderer.Class(item.id, item.color, item.name))
        layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
        self.set_opacity(self._opacity)

    def set_opacity(self, per_cent: int) -> None:
        """Make the preview more or less see-through."""
        self._opacity = per_cent
        if (layer := self.preview) is not None:
            layer.renderer().setOpacity(per_cent / 100)
            layer.triggerRepaint()

    def set_shown(self, shown: bool) -> None:
        """Show or hide the preview."""
        if (layer := self.preview) is not None:
            self._project.layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(shown)

    def clear(self) -> None:
        """Take the preview away; the labels stay."""
        if self.preview is not None:
            self._project.removeMapLayer(self._preview_id)
        self._preview_id = ""

    def _add_below_labels(self, layer: QgsRasterLayer) -> None:
        self._preview_id = layer.id()
        self._project.addMapLayer(layer, False)
        labels = self._project.layerTreeRoot().findLayer(self._labels_id)
        parent = labels.parent() if labels is not None else self._project.layerTreeRoot()
        place = parent.children().index(labels) + 1 if labels is not None else 0
        node = parent.insertLayer(place, layer)
        node.setExpanded(False)
