"""`idgbr:detectchanges`: from two dates to polygons of what appeared, disappeared or was modified."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.extents import check_overlap
from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.styles import parse_classes, style_confidence, style_polygons
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.change import ChangeAlgorithm


class DetectChangesAlgorithm(ChangeAlgorithm):
    """Finds the buildings that differ between two dates."""

    JOB = "detect-changes"
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {
        "segment": (0, 25),
        "compare": (25, 60),
        "sharpen": (60, 65),
        "refine": (65, 90),
        "vectorize": (90, 94),
        "regularize": (94, 97),
        "write": (97, 100),
    }
    BEFORE = "BEFORE"
    AFTER = "AFTER"
    BOTH_ORDERS = "BOTH_ORDERS"
    DATE_BEFORE = "DATE_BEFORE"
    DATE_AFTER = "DATE_AFTER"
    OUTPUT_PROBABILITY = "OUTPUT_PROBABILITY"
    SHIFT_M = "SHIFT_M"
    SHIFT_TRUSTED = "SHIFT_TRUSTED"
    FIGURES: ClassVar[dict[str, str]] = {
        **ChangeAlgorithm.FIGURES,
        SHIFT_M: "shift_m",
        SHIFT_TRUSTED: "shift_trusted",
    }

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "detectchanges"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Detect changes")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        return tr("change detection,two dates,difference,building,damage,demolished,new,time,compare").split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Finds the buildings that appeared, disappeared or were modified between two images.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Compares two images of the same place. Draws the buildings that appeared, disappeared or were "
            "modified between them, with refined boundaries.\n\n"
            "The later image may have any coordinate system, resolution and extent; it is resampled to the grid of "
            "the earlier one. The shift between the images is estimated block by block and reported. It is "
            "corrected on request. Where either image has no data, nothing is reported. Where both images are "
            "equal, nothing has changed.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Local "
            "rasters are read in place. Web maps and layers in memory are first exported for the extent.\n\n"
            "Polygons have the fields class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 "
            "and perim_m (ellipsoidal). With dates given, they also have date_before and date_after."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        self.add(
            QgsProcessingParameterRasterLayer(self.BEFORE, tr("Image before")),
            tr("The earlier image; results are on its grid."),
        )
        self.add(
            QgsProcessingParameterRasterLayer(self.AFTER, tr("Image after")),
            tr("The later image, with any coordinate system, resolution and extent."),
        )
        self.add_change_parameters()
        self.add(
            QgsProcessingParameterBoolean(self.BOTH_ORDERS, tr("Compare in both orders"), False),
            tr(
                "Compare the images in both orders and average the results. Slightly more reliable, but takes "
                "twice the time."
            ),
            advanced=True,
        )
        self.add_steps_parameter()
        self.add_vector_parameters(min_area=10.0)
        for name, title in ((self.DATE_BEFORE, tr("Date before")), (self.DATE_AFTER, tr("Date after"))):
            self.add(
                QgsProcessingParameterDateTime(name, title, Qgis.ProcessingDateTimeParameterDataType.Date, None, True),
                tr("Date of the image, written to the polygons' attributes."),
                advanced=True,
            )
        self.add_device_parameter()
        self.add_bad_block_parameter()
        self.add_polygons_output()
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT_PROBABILITY, tr("Probability raster"), optional=True, createByDefault=False
            ),
            tr("Probability (0–1) that a pixel has changed, before threshold and refinement, as GeoTIFF."),
        )
        self.addOutput(QgsProcessingOutputNumber(self.SHIFT_M, tr("Shift between the images (m)")))
        self.addOutput(QgsProcessingOutputBoolean(self.SHIFT_TRUSTED, tr("Whether the shift is reliable")))

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find errors that need no backend."""
        fine, message = super().checkParameterValues(parameters, context)
        if not fine:
            return fine, message
        dates = self._dates(parameters, context)
        if len(dates) == 2 and dates["date_before"] >= dates["date_after"]:
            return False, tr("The date before must be earlier than the date after; are the two images swapped?")
        before = self.parameterAsRasterLayer(parameters, self.BEFORE, context)
        if before is not None and before.isValid():
            extent = self.requested_extent(parameters, before, context)
            try:
                if extent is not None:
                    check_overlap(extent, before, context.transformContext())
            except LayerError as error:
                return False, str(error)
        return True, ""

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        before = self.input_raster(parameters, self.BEFORE, context)
        after = self.input_raster(parameters, self.AFTER, context)
        extent = self.requested_extent(parameters, before, context)
        transforms = context.transformContext()
        request = JobRequest(
            self.change_options(parameters, context)
            | {"both_orders": self.parameterAsBoolean(parameters, self.BOTH_ORDERS, context)}
            | self._dates(parameters, context),
            layers={
                "before": RasterStaging(before, extent, transforms),
                "after": RasterStaging(after, extent, transforms),
            },
            outputs={self.OUTPUT: "output", self.OUTPUT_PROBABILITY: "output_probability"},
        )
        if extent is not None:
            request.parameters |= extent.parameters()
        return request

    def _dates(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, str]:
        """The dates that are given, by the job's parameter."""
        names = {"date_before": self.DATE_BEFORE, "date_after": self.DATE_AFTER}
        moments = {key: self.parameterAsDateTime(parameters, name, context) for key, name in names.items()}
        return {key: moment.toString("yyyy-MM-dd") for key, moment in moments.items() if moment.isValid()}

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:
        """Style all outputs."""
        return {
            self.OUTPUT: partial(style_polygons, classes=parse_classes(summary.get("classes"))),
            self.OUTPUT_PROBABILITY: style_confidence,
        }
