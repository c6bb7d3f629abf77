"""`idgbr:evaluate`: how well a classification agrees with the truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.core.extents import Extent
from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm
from idgbr_qgis.processing.class_field import class_field_parameter
from idgbr_qgis.processing.map_parameter import MapParameter

#: Tolerances of the boundary scores as figures spell them; those in metres are measured where they suit the pixel size.
TOLERANCES = ("1px", "2px", "3px", "5px", "0_5m", "1m", "2m", "5m", "10m", "20m", "50m")


def _titles() -> dict[str, str]:
    """Titles of the figures by their name in the job."""
    titles = {
        "miou": tr("Mean IoU"),
        "mean_f1": tr("Mean F1"),
        "overall_accuracy": tr("Overall accuracy"),
    }
    for tolerance in TOLERANCES:
        shown = tolerance.replace("_", ".").replace("px", " px").replace("m", " m")
        titles[f"boundary_f_{tolerance}"] = tr("Boundary F-score, {tolerance}").format(tolerance=shown)
        titles[f"boundary_iou_{tolerance}"] = tr("Boundary IoU, {tolerance}").format(tolerance=shown)
    return titles | {
        "trimap_miou": tr("Mean IoU within 3 px of true boundaries"),
        "wfm": tr("WFm: weighted F-measure of boundaries"),
        "pixels": tr("Pixels scored"),
        "wrong_pixels": tr("Wrong pixels"),
        "unpredicted_pixels": tr("Pixels without a prediction"),
        "calibration_error": tr("Expected calibration error"),
        "polygon_f1": tr("F1 of matched polygons"),
        "polygon_iou": tr("Mean IoU of matched polygons"),
        "polis_m": tr("PoLiS distance of matched polygons (m)"),
        "vertex_ratio": tr("Predicted vertices per true vertex"),
        "angle_error_deg": tr("Angle error of matched polygons (degrees)"),
    }


class EvaluateAlgorithm(IdgbrAlgorithm):
    """Compares a class raster or polygon layer with the truth."""

    JOB = "evaluate"
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {"read": (0, 20), "compare": (20, 90), "write": (90, 100)}
    FIGURES: ClassVar[dict[str, str]] = {name.upper(): name for name in _titles()}
    PREDICTED = "PREDICTED"
    TRUTH = "TRUTH"
    PREDICTED_CLASS_FIELD = "PREDICTED_CLASS_FIELD"
    TRUTH_CLASS_FIELD = "TRUTH_CLASS_FIELD"
    IMAGE = "IMAGE"
    CONFIDENCE = "CONFIDENCE"
    PIXEL_SIZE = "PIXEL_SIZE"
    OUTSIDE = "OUTSIDE"
    REPORT = "REPORT"
    #: Choices of OUTSIDE, as the job names them.
    OUTSIDES = ("auto", "background", "unlabelled")

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "evaluate"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Evaluate a classification")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        words = tr("accuracy,assessment,validation,truth,confusion matrix,iou,f1,boundary,error,compare,polis,report")
        return words.split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr(
            "Measures how well a classification agrees with the truth, in particular its boundaries, and writes a "
            "report."
        )

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Compares a classification with the truth. Either may be a class raster or a polygon layer, in any "
            "coordinate system. The figures are outputs of the algorithm. The report is one HTML file with tables, "
            "the confusion matrix, distances between boundaries, a map of the errors and the worst places.\n\n"
            "Both inputs are brought to one grid by nearest neighbour. It is the grid of the truth if that is a "
            "raster, else that of the prediction, else that of the image. Without any raster, a grid is made for "
            "the extent of the truth. Rasters are scored where they overlap. A true layer is scored inside its "
            "bounding box, or inside the given extent. Ground where the truth has no data is not scored. Where the "
            "prediction has no class, it is wrong.\n\n"
            "Classes are matched by name if both inputs have names, else by number. Layers made by this plugin "
            "need no class field. Predicted classes that the truth does not have count as background.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        field_help = tr(
            "Field of the polygon layer that holds the class (text or integer). Leave it empty to use the fields "
            "class and class_id, or if all polygons have the same class."
        )
        for name, title, text, field, field_title in (
            (
                self.PREDICTED,
                tr("Prediction"),
                tr("Class raster or polygon layer to evaluate."),
                self.PREDICTED_CLASS_FIELD,
                tr("Class field of the prediction"),
            ),
            (
                self.TRUTH,
                tr("Truth"),
                tr("Class raster or polygon layer with the true classes; nodata is not scored."),
                self.TRUTH_CLASS_FIELD,
                tr("Class field of the truth"),
            ),
        ):
            self.add(MapParameter(name, title), text)
            self.add(class_field_parameter(field, field_title, name), field_help)
        self.add(
            QgsProcessingParameterRasterLayer(self.IMAGE, tr("Image"), optional=True),
            tr(
                "Image to show below the errors in the report. It also gives the grid if two polygon layers are "
                "compared."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterLayer(self.CONFIDENCE, tr("Confidence raster"), optional=True),
            tr("Confidence of each predicted pixel (0–1), for the calibration error."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
            tr("Area to evaluate, in any coordinate system."),
            advanced=True,
        )
        size = QgsProcessingParameterNumber(
            self.PIXEL_SIZE, tr("Pixel size (m)"), Qgis.ProcessingNumberParameterType.Double, 0.0, False, 0.0
        )
        self.add(
            size,
            tr("Pixel size of the grid on which two polygon layers are compared. 0: chosen from the extent."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterEnum(
                self.OUTSIDE, tr("Outside true polygons"), list(self.OUTSIDES), False, "auto", False,
                usesStaticStrings=True,
            ),
            tr(
                "How to treat ground without a true polygon. background: it counts as background. unlabelled: it "
                "is not scored. auto: background if either input has one, or if the truth has a single class."
            ),
            advanced=True,
        )  # fmt: skip
        self.add(
            QgsProcessingParameterFileDestination(self.REPORT, tr("Report"), tr("HTML files (*.html)"), optional=True),
            tr("Report with tables, charts and pictures, in one file."),
        )
        for figure, title in _titles().items():
            self.addOutput(QgsProcessingOutputNumber(figure.upper(), title))

    def output_paths(
        self, parameters: dict[str, Any], outputs: dict[str, str], context: QgsProcessingContext
    ) -> dict[str, str]:
        """Path of the report, if it is asked for."""
        paths = {name: self.parameterAsFileOutput(parameters, name, context) for name in outputs}
        return {name: path for name, path in paths.items() if path}

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        transforms = context.transformContext()
        request = JobRequest(
            {
                "pixel_size": self.parameterAsDouble(parameters, self.PIXEL_SIZE, context),
                "outside": self.parameterAsEnumString(parameters, self.OUTSIDE, context),
            },
            outputs={self.REPORT: "report"},
        )
        fields = {self.PREDICTED: self.PREDICTED_CLASS_FIELD, self.TRUTH: self.TRUTH_CLASS_FIELD}
        for name, field in fields.items():
            layer, request.layers[name.lower()] = self.staged_map(parameters, name, context)
            chosen = self.parameterAsString(parameters, field, context).strip()
            if chosen and isinstance(layer, QgsVectorLayer):
                request.parameters[field.lower()] = chosen
        truth = self.input_layer(parameters, self.TRUTH, context)
        extent = self.requested_extent(parameters, truth, context)
        if extent is not None:
            request.parameters |= extent.parameters()
        area = extent or Extent(truth.extent(), truth.crs())  # as far as a web map is exported
        for name in (self.IMAGE, self.CONFIDENCE):
            raster = self.parameterAsRasterLayer(parameters, name, context)
            if raster is not None:
                request.layers[name.lower()] = RasterStaging(raster, area, transforms, one_band=name == self.CONFIDENCE)
        return request

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:  # noqa: ARG002
        """No layer comes of it."""
        return {}
