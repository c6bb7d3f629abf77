"""Labels of the user's own classes on their way to the worker."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateTransformContext,
    QgsMapLayer,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsReadWriteContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from idgbr_qgis.core.layers import LayerStaging


class LabelStaging(LayerStaging):
    """A layer of any geometry. It is always written, with its style, because classes have the colours shown in QGIS."""

    KIND = Qgis.WkbType.Unknown

    def __init__(
        self,
        layer: QgsVectorLayer,
        context: QgsCoordinateTransformContext,
        choice: QgsProcessingFeatureSourceDefinition | None = None,
    ) -> None:
        super().__init__(layer, context, choice)
        document = QDomDocument()
        layer.exportNamedStyle(document, QgsReadWriteContext(), QgsMapLayer.StyleCategory.Symbology)
        self._style = document.toString()

    def write(self, stem: Path, feedback: QgsProcessingFeedback) -> str:
        """Write the labels to the path `stem` plus a suffix, their style beside them, and return it."""
        path = super().write(stem, feedback)
        Path(path).with_suffix(".qml").write_text(self._style, encoding="utf-8")
        return path

    def _check(self, layer: QgsVectorLayer) -> None:
        """Accept any geometry."""

    def _readable(self, layer: QgsVectorLayer) -> str | None:  # noqa: ARG002
        """Nothing: its style in QGIS may be another than that of its file."""
        return None
