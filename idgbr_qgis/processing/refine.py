"""`idgbr:refine`: from a classification of any origin to one with better boundaries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.styles import (
    class_looks,
    in_looks,
    parse_classes,
    style_classes,
    style_confidence,
    style_polygons,
    style_uncertainty,
)
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm
from idgbr_qgis.processing.class_field import class_field_parameter
from idgbr_qgis.processing.map_parameter import MapParameter

#: Most lines about changes in the log; the commonest come first.
LOGGED_CHANGES = 12


class RefineAlgorithm(IdgbrAlgorithm):
    """Refines the boundaries of a class raster or polygon layer by what an image shows."""

    JOB = "refine"
    RESUMES = True
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {
        "segment": (0, 3),
        "match": (3, 4),
        "align": (4, 5),
        "read": (5, 6),
        "sharpen": (6, 26),
        "refine": (26, 86),
        "vectorize": (86, 97),
        "write": (97, 100),
    }
    COARSE = "COARSE"
    CLASS_FIELD = "CLASS_FIELD"
    ALIGN = "ALIGN"
    OBJECTS = "OBJECTS"
    BACKGROUND = "BACKGROUND"
    FILL_GAPS = "FILL_GAPS"
    BAND_WIDTH = "BAND_WIDTH"
    CHANGED_PIXELS = "CHANGED_PIXELS"
    MOVED_SHARE = "MOVED_SHARE"
    MOVED_MEAN = "MOVED_MEAN"
    MOVED_P95 = "MOVED_P95"
    DOUBT = "DOUBT"
    FIGURES: ClassVar[dict[str, str]] = {
        **IdgbrAlgorithm.FIGURES,
        CHANGED_PIXELS: "changed_pixels",
        MOVED_SHARE: "moved_share",
        MOVED_MEAN: "moved_mean_m",
        MOVED_P95: "moved_p95_m",
        DOUBT: "doubt",
    }
    #: Choices of BACKGROUND, as the job names them.
    BACKGROUNDS = ("auto", "yes", "no")

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[str, QColor] = {}

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "refine"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Refine boundaries of a classification")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        words = tr(
            "refine,boundary,outline,correct,improve,shift,align,diffusion,classification,land cover,building,ai"
        )
        return words.split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Moves the boundaries of any class raster or polygon layer to where an image shows them.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Moves the boundaries of any classification to where the image shows them. A diffusion model looks at "
            "both; nothing is trained. Only a band along boundaries can change, and a pixel can only become a "
            "class that occurs within the band's width of it. Everything else stays as it was, pixel for pixel.\n\n"
            "The refiner first estimates from samples how exact the classification is. An exact one is hardly "
            "changed. The more labels along boundaries it disagrees with, the more freely boundaries move. In "
            "images with small pixels, it starts on a coarser grid.\n\n"
            "A class raster may have any grid, any coordinate system and up to 255 integer values. The output "
            "raster keeps values, colours and names. In one tile of the image, the 16 most common classes take "
            "part. The others stay as they are, with a warning.\n\n"
            "Polygons are rasterized onto the pixels of the image. Where they overlap, the smaller one counts. "
            "Around objects such as buildings, ground without a polygon is background: it takes part, but gets no "
            "polygons. Between the polygons of a coverage, such as land cover, it is a gap: it has no class and "
            "stays so unless gaps are filled. The outlines decide: if most of their length borders uncovered "
            "ground, it is background. Strips of up to two pixels between two polygons are always gaps. Nodata of "
            "a raster has no class.\n\n"
            "Polygons have the fields class_id, class, confidence (0…1), area_m2, perim_m (ellipsoidal) and "
            "moved_m. The last one is the mean distance of the outline from where its class ended before, in "
            "metres on the ground. With samples, they also have uncertain, the mean uncertainty of the outline "
            "(0…1). A polygon keeps the attributes of the polygon of the layer that it continues, and so do several "
            "pieces of one. Touching polygons of one class are joined, unless touching objects are kept apart. Without "
            "a single origin, attributes are empty.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        number = Qgis.ProcessingNumberParameterType.Integer
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Image")),
            tr(
                "Orthophoto or satellite image that shows the boundaries: a file, or a web map (then choose an extent)."
            ),
        )
        self.add(
            MapParameter(self.COARSE, tr("Classification")),
            tr(
                "Class raster or polygon layer, in any coordinate system, whose boundaries are roughly right. A "
                "layer can be limited to its selected features."
            ),
        )
        self.add(
            class_field_parameter(self.CLASS_FIELD, tr("Class field"), self.COARSE),
            tr(
                "Field of the polygon layer that holds the class (text or integer). Leave it empty if all polygons "
                "have the same class."
            ),
        )
        self.add(
            QgsProcessingParameterBoolean(self.ALIGN, tr("Align polygons first"), False),
            tr(
                "First move the polygons of a misplaced layer, by up to 8 m, to where the image shows them, as the "
                "algorithm Align polygons with an image does. For layers of buildings."
            ),
        )
        self.add(
            QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
            tr("Area to process, in any coordinate system; empty for the whole image."),
        )
        background = QgsProcessingParameterEnum(
            self.BACKGROUND, tr("Background"), list(self.BACKGROUNDS), False, "auto", False, usesStaticStrings=True
        )
        self.add(
            background,
            tr(
                "Whether ground without a class takes part as background. yes: it does. no: it stays as it is. "
                "auto: it does if the polygons are single objects, not a coverage."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterBoolean(self.FILL_GAPS, tr("Fill gaps"), False),
            tr(
                "Before refining, give gaps of up to 32 pixels the class beside them. Wider ground without a class "
                "stays as it is."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(self.BAND_WIDTH, tr("Band width (pixels)"), number, 0, False, 0, 96),
            tr("How far boundaries may move at most. 0: the width that the refiner was calibrated with."),
        )
        self.add_steps_parameter()
        self.add_samples_parameter()
        self.add_vector_parameters(min_area=0.0)
        self.add(
            QgsProcessingParameterBoolean(self.OBJECTS, tr("Keep touching objects apart"), False),
            tr(
                "Touching polygons of the layer stay polygons of their own; their shared walls stay where they are. In "
                "a class raster, the model buildings parts classes that are buildings. The field object_id numbers the "
                "objects."
            ),
        )
        self.add_device_parameter()
        self.add_bad_block_parameter()
        self.add_polygons_output()
        self.add_raster_outputs()
        self.add_uncertainty_output()
        for name, title in (
            (self.CHANGED_PIXELS, tr("Pixels that changed class")),
            (self.MOVED_SHARE, tr("Fraction of the boundary that moved")),
            (self.MOVED_MEAN, tr("Mean displacement of the boundary (m)")),
            (self.MOVED_P95, tr("95th percentile of the displacement (m)")),
            (self.DOUBT, tr("Fraction of labels along boundaries that the refiner disagrees with")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find errors that need no backend."""
        fine, message = super().checkParameterValues(parameters, context)
        if fine and self.parameterAsBoolean(parameters, self.ALIGN, context):
            coarse = self.input_layer(parameters, self.COARSE, context)
            if not isinstance(coarse, QgsVectorLayer):
                return False, tr("Only polygons can be aligned; choose a polygon layer, or do not align it.")
        return self.check_extent(parameters, context) if fine else (fine, message)

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        image = self.input_raster(parameters, self.INPUT, context)
        extent = self.requested_extent(parameters, image, context)
        transforms = context.transformContext()
        coarse, staged = self.staged_map(parameters, self.COARSE, context)
        self._looks = class_looks(coarse)
        request = JobRequest(
            self.vector_options(parameters, context)
            | self.refiner_options(parameters, context)
            | {
                "samples": self.parameterAsInt(parameters, self.SAMPLES, context),
                "background": self.parameterAsEnumString(parameters, self.BACKGROUND, context),
                "fill_gaps": self.parameterAsBoolean(parameters, self.FILL_GAPS, context),
                "align": self.parameterAsBoolean(parameters, self.ALIGN, context),
                "objects": self.parameterAsBoolean(parameters, self.OBJECTS, context),
                "band_width": self.parameterAsInt(parameters, self.BAND_WIDTH, context),
            },
            layers={"input": RasterStaging(image, extent, transforms), "coarse": staged},
            outputs={
                self.OUTPUT: "output",
                self.OUTPUT_CLASSES: "output_classes",
                self.OUTPUT_CONFIDENCE: "output_confidence",
                self.OUTPUT_UNCERTAINTY: "output_uncertainty",
            },
        )
        field = self.parameterAsString(parameters, self.CLASS_FIELD, context).strip()
        if field and isinstance(coarse, QgsVectorLayer):
            request.parameters["class_field"] = field
        if extent is not None:
            request.parameters |= extent.parameters()
        return request

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Run the job, and tell in the log which classes gained from which."""
        results = super().processAlgorithm(parameters, context, feedback)
        for change in self._summary.get("changes", [])[:LOGGED_CHANGES]:
            text = tr("{before} → {after}: {pixels} pixels, {area} m²")
            values = {"before": change["from"], "after": change["to"], "area": change["area_m2"]}
            feedback.pushInfo(text.format(pixels=change["pixels"], **values))
        return results

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:
        """Style the outputs in the colours of the classification."""
        classes = in_looks(parse_classes(summary.get("classes")), self._looks)
        return {
            self.OUTPUT: partial(style_polygons, classes=classes),
            self.OUTPUT_CLASSES: style_classes,
            self.OUTPUT_CONFIDENCE: style_confidence,
            self.OUTPUT_UNCERTAINTY: style_uncertainty,
        }
