"""The Processing provider `idgbr`."""

from __future__ import annotations

from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingDestinationParameter,
    QgsProcessingProvider,
)
from qgis.PyQt.QtGui import QIcon

from idgbr_qgis.core.destinations import destination_text, split_destination
from idgbr_qgis.core.paths import ICON, RECIPES, plugin_version
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.align import AlignAlgorithm
from idgbr_qgis.processing.detect_changes import DetectChangesAlgorithm
from idgbr_qgis.processing.evaluate import EvaluateAlgorithm
from idgbr_qgis.processing.pretrain import PretrainAlgorithm
from idgbr_qgis.processing.recipe import RecipeAlgorithm
from idgbr_qgis.processing.refine import RefineAlgorithm
from idgbr_qgis.processing.regularize import RegularizeAlgorithm
from idgbr_qgis.processing.segment import SegmentAlgorithm
from idgbr_qgis.processing.track_changes import TrackChangesAlgorithm
from idgbr_qgis.processing.train import TrainAlgorithm
from idgbr_qgis.processing.vectorize import VectorizeAlgorithm

#: Formats the backend writes, the default first.
VECTOR_EXTENSIONS = ("gpkg", "shp", "geojson", "fgb")
RASTER_EXTENSIONS = ("tif",)


class IdgbrProvider(QgsProcessingProvider):
    """Segmentation and vectorization by the IDGBR backend."""

    def register(self) -> None:
        """Add the provider to QGIS's registry, with the recipes, which are models of its own algorithms."""
        QgsApplication.processingRegistry().addProvider(self)
        self.refreshAlgorithms()

    def id(self) -> str:
        """Name that ids of algorithms begin with; never changes."""
        return "idgbr"

    def name(self) -> str:
        """Name in the toolbox."""
        return "IDGBR"

    def longName(self) -> str:
        """Name with an explanation."""
        return tr("IDGBR – segmentation with diffusion-refined boundaries")

    def versionInfo(self) -> str:
        """Version of the plugin."""
        return plugin_version()

    def icon(self) -> QIcon:
        """Icon in the toolbox."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        """Icon in the model designer."""
        return str(ICON)

    def loadAlgorithms(self) -> None:
        """Make the algorithms."""
        for algorithm in (
            SegmentAlgorithm,
            RefineAlgorithm,
            DetectChangesAlgorithm,
            TrackChangesAlgorithm,
            VectorizeAlgorithm,
            RegularizeAlgorithm,
            AlignAlgorithm,
            TrainAlgorithm,
            PretrainAlgorithm,
            EvaluateAlgorithm,
        ):
            self.addAlgorithm(algorithm())
        # Before the provider is registered, models do not find its algorithms: see `register`.
        if QgsApplication.processingRegistry().providerById(self.id()) is self:
            for path in sorted(RECIPES.glob("*.model3")):
                self.addAlgorithm(RecipeAlgorithm(path))

    def supportedOutputVectorLayerExtensions(self) -> list[str]:
        """Vector formats the backend writes; GeoParquet where QGIS could open it."""
        return [*VECTOR_EXTENSIONS, *(["parquet"] if gdal.GetDriverByName("Parquet") is not None else [])]

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        """Raster formats the backend writes."""
        return list(RASTER_EXTENSIONS)

    def defaultVectorFileExtension(self, hasGeometry: bool = True) -> str:  # noqa: ARG002
        """Vector format of temporary outputs."""
        return VECTOR_EXTENSIONS[0]

    def defaultRasterFileExtension(self) -> str:
        """Raster format of temporary outputs."""
        return RASTER_EXTENSIONS[0]

    def isSupportedOutputValue(
        self, value: Any, parameter: QgsProcessingDestinationParameter, context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """As QGIS judges it, who takes `file.gpkg|layername=layer` for the suffix of a file."""
        text = destination_text(value)
        path, layer = split_destination(text)
        supported: tuple[bool, str] = super().isSupportedOutputValue(path if layer else value, parameter, context)
        return supported

    def supportsNonFileBasedOutput(self) -> bool:
        """Layers of GeoPackages are offered, too; other databases are refused by name when they are chosen."""
        return True
