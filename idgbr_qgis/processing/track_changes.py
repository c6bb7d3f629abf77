"""`idgbr:trackchanges`: from images of several dates to buildings with the dates that first and last show them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterMultipleLayers,
    QgsRasterLayer,
)

from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.styles import style_history
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.change import ChangeAlgorithm


class TrackChangesAlgorithm(ChangeAlgorithm):
    """Finds when buildings were first and last seen."""

    JOB = "track-changes"
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {"dates": (0, 100)}
    INPUTS = "INPUTS"
    APPEARED = "APPEARED"
    DISAPPEARED = "DISAPPEARED"
    FIGURES: ClassVar[dict[str, str]] = {
        **ChangeAlgorithm.FIGURES,
        APPEARED: "appeared",
        DISAPPEARED: "disappeared",
    }

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "trackchanges"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Track changes over several dates")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        return tr("change detection,time series,history,first seen,last seen,building,monitoring,dates").split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Finds when buildings were first and last seen in images of several dates.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Compares each image with the next one in time, like the algorithm Detect changes, and joins the "
            "results. The polygons are the buildings that were not there all the time.\n\n"
            "The date of an image is the one in the name of its file: ortho_2020.tif or ortho_2020-05-31.tif. If a "
            "layer has to be exported, its own name counts. A building that disappears is matched with one that "
            "appeared there earlier if both overlap by half of their union. Modified buildings are left out.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR. Run a "
            "stopped job again to resume it.\n\n"
            "Polygons have the fields first_seen, last_seen, confidence (0…1) and area_m2. first_seen is empty if "
            "the building was there at the first date, last_seen if it is still there at the last one."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        images = QgsProcessingParameterMultipleLayers(self.INPUTS, tr("Images"), Qgis.ProcessingSourceType.Raster)
        images.setMinimumNumberInputs(2)
        self.add(images, tr("Images of one place with dates in their names, in any order and on any grids."))
        self.add_change_parameters()
        self.add_steps_parameter()
        self.add_vector_parameters(min_area=10.0)
        self.add_device_parameter()
        self.add_bad_block_parameter()
        self.add_polygons_output()
        self.addOutput(QgsProcessingOutputNumber(self.APPEARED, tr("Buildings that appeared")))
        self.addOutput(QgsProcessingOutputNumber(self.DISAPPEARED, tr("Buildings that disappeared")))

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        images = self.parameterAsLayerList(parameters, self.INPUTS, context)
        rasters = [image for image in images if isinstance(image, QgsRasterLayer)]
        extent = self.requested_extent(parameters, rasters[0], context)
        transforms = context.transformContext()
        request = JobRequest(
            self.change_options(parameters, context),
            layers={"rasters": [RasterStaging(raster, extent, transforms) for raster in rasters]},
            outputs={self.OUTPUT: "output"},
        )
        if extent is not None:
            request.parameters |= extent.parameters()
        return request

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:  # noqa: ARG002
        """Style the polygons."""
        titles = {
            (True, False): tr("appeared"),
            (False, True): tr("disappeared"),
            (True, True): tr("appeared and disappeared"),
        }
        return {self.OUTPUT: partial(style_history, titles=titles)}
