"""`idgbr:vectorize`: from a class raster of any origin to polygons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterRasterLayer,
)

from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.styles import LayerClass, layer_classes, parse_classes, style_polygons
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm


class VectorizeAlgorithm(IdgbrAlgorithm):
    """Turns a class raster into polygons that meet without gaps or overlaps."""

    JOB = "vectorize"
    CONFIDENCE = "CONFIDENCE"
    SMOOTH = "SMOOTH"

    def __init__(self) -> None:
        super().__init__()
        self._classes: list[LayerClass] = []

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "vectorize"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Vectorize class raster")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        return tr("polygonize,polygons,coverage,simplify,smooth,classification,topology,gaps,square,regularize").split(
            ","
        )

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Turns a class raster into smooth polygons that meet without gaps or overlaps.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Turns a class raster from any tool into polygons. Boundaries do not follow the pixel steps; they run "
            "where the steps suggest them. Boundaries between neighbours are fitted once, so there are no gaps and "
            "no overlaps. Nodata stays empty. Rasters of any size are read in strips.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR.\n\n"
            "Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal)."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Class raster")),
            tr("Raster of class numbers: any integers, up to 255 different ones. Nodata gets no polygons."),
        )
        self.add(
            QgsProcessingParameterRasterLayer(self.CONFIDENCE, tr("Confidence raster"), optional=True),
            tr("Confidence of each pixel's class (0–1) on the same grid. It fills the field confidence."),
        )
        self.add_vector_parameters(min_area=0.0)
        self.add(
            QgsProcessingParameterBoolean(self.SMOOTH, tr("Smooth curves"), False),
            tr("Round the boundaries, for features without corners such as water or forest."),
        )
        self.add_polygons_output()

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        transforms = context.transformContext()
        classes = self.input_raster(parameters, self.INPUT, context)
        self._classes = layer_classes(classes)
        request = JobRequest(
            self.vector_options(parameters, context)
            | {"smooth": self.parameterAsBoolean(parameters, self.SMOOTH, context)},
            layers={"input": RasterStaging(classes, None, transforms, one_band=True)},
            outputs={self.OUTPUT: "output"},
        )
        confidence = self.parameterAsRasterLayer(parameters, self.CONFIDENCE, context)
        if confidence is not None:
            request.layers["confidence"] = RasterStaging(confidence, None, transforms, one_band=True)
        return request

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:
        """Style the polygons in the colours of the raster."""
        classes = parse_classes(summary.get("classes")) or self._classes
        return {self.OUTPUT: partial(style_polygons, classes=classes)}
