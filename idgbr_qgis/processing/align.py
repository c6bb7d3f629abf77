"""`idgbr:align`: a misplaced polygon layer moved onto an image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsUnitTypes,
)

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.extents import Extent, check_overlap
from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm

#: Ground around the layer, besides the radius, that is exported of a web map, in m.
AROUND_M = 10.0


class AlignAlgorithm(IdgbrAlgorithm):
    """Moves the polygons of a layer to where an image shows them."""

    JOB = "align"
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {
        "segment": (0, 55),
        "match": (55, 85),
        "align": (85, 95),
        "write": (95, 100),
    }
    LAYER = "LAYER"
    RADIUS = "RADIUS"
    MODEL = "MODEL"
    OUTPUT_SHIFTS = "OUTPUT_SHIFTS"
    FIGURES: ClassVar[dict[str, str]] = {
        IdgbrAlgorithm.POLYGONS: "polygons",
        "MOVED": "moved",
        "FOLLOWED": "followed",
        "STILL": "still",
        "BEYOND": "beyond",
        "SHIFT_MEDIAN": "shift_median_m",
        "SHIFT_MAX": "shift_max_m",
    }

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "align"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Align polygons with an image")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        return tr("align,shift,offset,misplaced,move,footprints,buildings,osm,cadastre,register,conflate").split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Moves the polygons of a misplaced layer to where an image shows them.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Moves the polygons of a layer from any source, such as OpenStreetMap or a cadastre, to where your image "
            "shows them. Each polygon gets its own shift, and shifts of neighbours are alike. Outlines stay as they "
            "are: the same vertices in the same order, with all attributes.\n\n"
            "A model finds the objects in the image, by default buildings. Polygons are compared with what it finds "
            "and with the edges in the image. Polygons that the image does not show, because they are gone or hidden, "
            "follow their neighbours. Where the image shows nothing like them, or where they are farther off than "
            "the search radius, they stay, and the log says how many.\n\n"
            "The fields shift_x and shift_y are the shift in metres on the ground, along the axes of the layer's "
            "coordinate system. shift_conf (0…1) is the share of what the image shows of the polygon that supports "
            "its shift. A low value means that the polygon follows its neighbours.\n\n"
            "The layer may have any coordinate system. Polygons in three dimensions are written in two.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        double, polygons = Qgis.ProcessingNumberParameterType.Double, Qgis.ProcessingSourceType.VectorPolygon
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Image")),
            tr("Orthophoto or satellite image that shows the objects: a file, or a web map."),
        )
        self.add(
            QgsProcessingParameterFeatureSource(self.LAYER, tr("Polygons"), [polygons]),
            tr("Polygon layer to move. If only its selected features are used, the others are left out."),
        )
        radius = QgsProcessingParameterNumber(self.RADIUS, tr("Search radius (m)"), double, 8.0, False, 0.5, 50.0)
        radius.setMetadata({"widget_wrapper": {"decimals": 2}})
        self.add(
            radius,
            tr("How far polygons may be off. A larger radius takes longer and is less sure."),
        )
        model = QgsProcessingParameterString(self.MODEL, tr("Model"), "buildings")
        model.setMetadata({"widget_wrapper": {"class": "idgbr_qgis.gui.model_widget.ModelWidget"}})
        self.add(
            model, tr("Model that finds such objects: an id, the folder of a model, or an .onnx file."), advanced=True
        )
        self.add_device_parameter()
        self.add_bad_block_parameter()
        self.add(
            QgsProcessingParameterVectorDestination(self.OUTPUT, tr("Aligned polygons"), polygons),
            tr("The same features at their new place, in any format that the plugin writes."),
        )
        self.add(
            QgsProcessingParameterVectorDestination(
                self.OUTPUT_SHIFTS, tr("Shifts"), Qgis.ProcessingSourceType.VectorLine, None, True, False
            ),
            tr("A line from the old to the new centre of each polygon."),
        )
        for name, title in (
            (self.POLYGONS, tr("Number of polygons")),
            ("MOVED", tr("Polygons that moved")),
            ("FOLLOWED", tr("Polygons that follow their neighbours")),
            ("STILL", tr("Polygons that stay without evidence")),
            ("BEYOND", tr("Polygons that seem to be off by more than the radius")),
            ("SHIFT_MEDIAN", tr("Median shift (m)")),
            ("SHIFT_MAX", tr("Longest shift (m)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find an unknown model, and a layer that misses the image."""
        fine, message = super().checkParameterValues(parameters, context)
        if fine:
            fine, message = self.check_model(parameters, context)
        if not fine:
            return fine, message
        image = self.parameterAsRasterLayer(parameters, self.INPUT, context)
        if image is not None and image.isValid():
            try:
                check_overlap(self._around(parameters, context), image, context.transformContext())
            except LayerError:
                return False, tr("The polygons do not overlap the image; check their coordinate systems.")
        return True, ""

    def _around(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Extent:
        """The layer's extent and what lies within reach."""
        layer = self.input_layer(parameters, self.LAYER, context)
        metres = self.parameterAsDouble(parameters, self.RADIUS, context) + AROUND_M
        units = QgsUnitTypes.fromUnitToUnitFactor(Qgis.DistanceUnit.Meters, layer.crs().mapUnits())
        # Degrees of longitude are shorter than those of the equator.
        return Extent(layer.extent().buffered(3 * metres * units), layer.crs())

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        image = self.input_raster(parameters, self.INPUT, context)
        _, staging = self.staged_map(parameters, self.LAYER, context)
        extent = self._around(parameters, context)
        return JobRequest(
            {
                "radius": self.parameterAsDouble(parameters, self.RADIUS, context),
                "model": self.parameterAsString(parameters, self.MODEL, context).strip(),
                "device": self.parameterAsString(parameters, self.DEVICE, context).strip(),
                "on_bad_block": self.parameterAsEnumString(parameters, self.ON_BAD_BLOCK, context),
            },
            layers={"input": RasterStaging(image, extent, context.transformContext()), "layer": staging},
            outputs={self.OUTPUT: "output", self.OUTPUT_SHIFTS: "output_shifts"},
        )

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:  # noqa: ARG002
        """The layers have the styles that QGIS gives them."""
        return {}
