"""`idgbr:segment`: from an image to polygons by class."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.layers import MaskStaging, RasterStaging
from idgbr_qgis.core.styles import parse_classes, style_classes, style_confidence, style_polygons, style_uncertainty
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm
from idgbr_qgis.processing.map_parameter import choice_of


class SegmentAlgorithm(IdgbrAlgorithm):
    """Segments an image, refines the boundaries and writes polygons."""

    JOB = "segment"
    RESUMES = True
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {
        "segment": (0, 40),
        "sharpen": (40, 50),
        "refine": (50, 88),
        "vectorize": (88, 94),
        "regularize": (94, 97),
        "write": (97, 100),
    }
    MASK = "MASK"
    MODEL = "MODEL"
    REFINE = "REFINE"
    OUTLINES = ("model", *IdgbrAlgorithm.OUTLINES)
    OBJECTS = "OBJECTS"

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "segment"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Segment image")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        words = tr(
            "segmentation,semantic,ai,deep learning,diffusion,refine,boundary,building,roof,land cover,polygonize"
        )
        return words.split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Segments an image with a model, refines the boundaries and writes polygons by class.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Segments an orthophoto or satellite image into classes and refines the boundaries with a diffusion "
            "model. Writes valid polygons that meet without gaps or overlaps.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Local "
            "rasters are read in place. Web maps and layers in memory are first exported for the extent.\n\n"
            "Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal). With "
            "samples, they also have uncertain, the mean uncertainty of their boundary (0…1). With parted objects, "
            "object_id numbers them."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Image")),
            tr("Orthophoto or satellite image: a file, or a web map (then choose an extent)."),
        )
        self.add(
            QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
            tr("Area to segment, in any coordinate system; empty for the whole image."),
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                self.MASK, tr("Mask polygons"), [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            tr("Limits the result to these polygons, or to the selected ones."),
        )
        model = QgsProcessingParameterString(self.MODEL, tr("Model"), "buildings")
        model.setMetadata({"widget_wrapper": {"class": "idgbr_qgis.gui.model_widget.ModelWidget"}})
        self.add(model, tr("Id of a model (buildings, landcover), the folder of a model, or an .onnx file."))
        self.add(
            QgsProcessingParameterBoolean(self.REFINE, tr("Refine boundaries"), True),
            tr("Refine the boundaries of the coarse segmentation with the diffusion refiner."),
        )
        self.add_steps_parameter()
        self.add_samples_parameter()
        self.add_vector_parameters(min_area=4.0)
        self.add(
            QgsProcessingParameterBoolean(self.OBJECTS, tr("Part touching objects"), True),
            tr(
                "Give touching objects, such as row houses, polygons of their own with shared walls. The field "
                "object_id numbers them. The model must find where objects meet, as buildings does."
            ),
        )
        self.add_device_parameter()
        self.add_bad_block_parameter()
        self.add_polygons_output()
        self.add_raster_outputs()
        self.add_uncertainty_output()

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find errors that need no backend."""
        fine, message = super().checkParameterValues(parameters, context)
        if not fine:
            return fine, message
        fine, message = self.check_model(parameters, context)
        if not fine:
            return fine, message
        return self.check_extent(parameters, context)

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        image = self.input_raster(parameters, self.INPUT, context)
        extent = self.requested_extent(parameters, image, context)
        transforms = context.transformContext()
        request = JobRequest(
            self.vector_options(parameters, context)
            | self.refiner_options(parameters, context)
            | {
                "model": self.parameterAsString(parameters, self.MODEL, context).strip(),
                "samples": self.parameterAsInt(parameters, self.SAMPLES, context),
                "refine": self.parameterAsBoolean(parameters, self.REFINE, context),
                "objects": self.parameterAsBoolean(parameters, self.OBJECTS, context),
            },
            layers={"input": RasterStaging(image, extent, transforms)},
            outputs={
                self.OUTPUT: "output",
                self.OUTPUT_CLASSES: "output_classes",
                self.OUTPUT_CONFIDENCE: "output_confidence",
                self.OUTPUT_UNCERTAINTY: "output_uncertainty",
            },
        )
        if extent is not None:
            request.parameters |= extent.parameters()
        if self.parameterAsSource(parameters, self.MASK, context) is not None:
            mask = self.input_layer(parameters, self.MASK, context)
            choice = choice_of(parameters[self.MASK])
            request.layers["mask"] = MaskStaging(mask, image.crs(), transforms, choice)
        return request

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:
        """Style all outputs."""
        return {
            self.OUTPUT: partial(style_polygons, classes=parse_classes(summary.get("classes"))),
            self.OUTPUT_CLASSES: style_classes,
            self.OUTPUT_CONFIDENCE: style_confidence,
            self.OUTPUT_UNCERTAINTY: style_uncertainty,
        }
