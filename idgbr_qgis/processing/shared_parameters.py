"""Parameters and outputs that several algorithms have: how they are declared, read and checked."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.extents import Extent, check_overlap
from idgbr_qgis.core.layers import LayerStaging, RasterStaging
from idgbr_qgis.core.models import model_problem
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.map_parameter import choice_of, layer_of


class SharedParameters(QgsProcessingAlgorithm):
    """An algorithm that can declare and read the parameters that several algorithms have."""

    INPUT = "INPUT"
    EXTENT = "EXTENT"
    OUTPUT = "OUTPUT"
    POLYGONS = "POLYGONS"
    MIN_AREA = "MIN_AREA"
    SIMPLIFY = "SIMPLIFY"
    REGULARIZE = "REGULARIZE"
    #: Choices of REGULARIZE, as the jobs name them; the first is the default.
    OUTLINES: ClassVar[tuple[str, ...]] = ("none", "right-angles", "diagonals", "circles", "auto")
    #: Former name of REGULARIZE with right angles, for older models and scripts.
    SQUARE = "SQUARE"
    STEPS = "STEPS"
    DEVICE = "DEVICE"
    OUTPUT_CLASSES = "OUTPUT_CLASSES"
    OUTPUT_CONFIDENCE = "OUTPUT_CONFIDENCE"
    SAMPLES = "SAMPLES"
    ON_BAD_BLOCK = "ON_BAD_BLOCK"
    #: Choices of ON_BAD_BLOCK, as the jobs name them.
    BAD_BLOCKS = ("stop", "nodata")
    OUTPUT_UNCERTAINTY = "OUTPUT_UNCERTAINTY"
    #: Whether the job resumes when it is run again after an interruption.
    RESUMES = False

    def add(self, parameter: QgsProcessingParameterDefinition, help_text: str, *, advanced: bool = False) -> None:
        """Add a parameter with its help; the rare ones are advanced."""
        parameter.setHelp(help_text)
        if advanced:
            parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
        self.addParameter(parameter)

    def add_vector_parameters(self, min_area: float) -> None:
        """Add the parameters of the step from pixels to polygons."""
        double = Qgis.ProcessingNumberParameterType.Double
        area = QgsProcessingParameterNumber(self.MIN_AREA, tr("Minimum area (m²)"), double, min_area, False, 0.0)
        simplify = QgsProcessingParameterNumber(self.SIMPLIFY, tr("Simplification (pixels)"), double, 0.75, False, 0.0)
        for number in (area, simplify):
            number.setMetadata({"widget_wrapper": {"decimals": 2}})
        self.add(area, tr("Smaller polygons and holes are merged into their surroundings."))
        self.add(
            simplify,
            tr("How far a boundary may be from its position in the class raster. 0 keeps every pixel step."),
            advanced=True,
        )
        choices = list(self.OUTLINES)
        outlines = tr(
            "Give objects such as buildings regular outlines: right angles, right angles and diagonals, circles "
            "for tanks and silos, or auto, the shape that fits each object. An outline that would change too much "
            "stays."
        )
        if "model" in choices:
            outlines += " " + tr(
                "With model, it is what the model recommends: auto for buildings, none for land cover."
            )
        self.add(
            QgsProcessingParameterEnum(
                self.REGULARIZE, tr("Regular outlines"), choices, False, choices[0], False, usesStaticStrings=True
            ),
            outlines,
        )
        square = QgsProcessingParameterBoolean(self.SQUARE, tr("Square right angles"), False)
        square.setFlags(square.flags() | Qgis.ProcessingParameterFlag.Hidden)
        self.add(square, tr("Former name of regular outlines with right angles, for older models and scripts."))

    def add_steps_parameter(self) -> None:
        """Add the number of diffusion steps."""
        self.add(
            QgsProcessingParameterNumber(
                self.STEPS, tr("Refinement steps"), Qgis.ProcessingNumberParameterType.Integer, 0, False, 0, 100
            ),
            tr(
                "Number of diffusion steps. With more steps, boundaries can move farther, and the job takes "
                "longer. 0: the refiner’s default."
            ),
            advanced=True,
        )

    def add_samples_parameter(self) -> None:
        """Add the number of samples that tell how uncertain boundaries are."""
        self.add(
            QgsProcessingParameterNumber(
                self.SAMPLES, tr("Samples for uncertainty"), Qgis.ProcessingNumberParameterType.Integer, 0, False, 0, 8
            ),
            tr(
                "Number of refiner samples used to estimate how uncertain boundaries are. Polygons get the field "
                "uncertain. One sample costs no extra time. Four rank errors slightly better, and each takes as "
                "long as the refinement. 0: off, or 1 if an uncertainty raster is requested."
            ),
            advanced=True,
        )

    def add_bad_block_parameter(self) -> None:
        """Add what to do at damaged blocks of the image."""
        choices = list(self.BAD_BLOCKS)
        text = tr("What to do if a block of the image cannot be read: stop with an error, or treat it as nodata.")
        if self.RESUMES:
            text = tr(
                "What to do if a block of the image cannot be read: stop with an error that names the block, or "
                "treat it as nodata. A stopped job resumes with the other choice."
            )
        self.add(
            QgsProcessingParameterEnum(
                self.ON_BAD_BLOCK, tr("Damaged blocks"), choices, False, choices[0], False, usesStaticStrings=True
            ),
            text,
            advanced=True,
        )

    def add_device_parameter(self) -> None:
        """Add the device, by default the one of the settings."""
        names = list(dict.fromkeys([settings.device(), "auto", "cpu", "cuda"]))
        device = QgsProcessingParameterString(self.DEVICE, tr("Device"), names[0])
        device.setMetadata({"widget_wrapper": {"value_hints": names}})
        self.add(
            device,
            tr("auto uses the GPU if possible. cpu, cuda or cuda:1 require that device and fail without it."),
            advanced=True,
        )

    def add_raster_outputs(self) -> None:
        """Add the class and the confidence raster."""
        for name, title, text in (
            (
                self.OUTPUT_CLASSES,
                tr("Class raster"),
                tr("Class of each pixel on the grid of the image, as GeoTIFF."),
            ),
            (
                self.OUTPUT_CONFIDENCE,
                tr("Confidence raster"),
                tr("Confidence of each pixel's class (0–1), as GeoTIFF."),
            ),
        ):
            self.add(QgsProcessingParameterRasterDestination(name, title, optional=True, createByDefault=False), text)

    def add_uncertainty_output(self) -> None:
        """Add the raster of the boundaries' uncertainty."""
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT_UNCERTAINTY, tr("Uncertainty raster"), optional=True, createByDefault=False
            ),
            tr(
                "Probability (0–1) that a pixel is of another class than the one it was given, according to the "
                "refiner, as GeoTIFF. 0 outside the refined band along boundaries."
            ),
        )

    def add_polygons_output(self) -> None:
        """Add the output layer of polygons and their number."""
        self.add(
            QgsProcessingParameterVectorDestination(
                self.OUTPUT, tr("Polygons"), Qgis.ProcessingSourceType.VectorPolygon
            ),
            tr("Polygons by class as GeoPackage, Shapefile, GeoJSON, FlatGeobuf, or GeoParquet if QGIS can open it."),
        )
        self.addOutput(QgsProcessingOutputNumber(self.POLYGONS, tr("Number of polygons")))

    def vector_options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Values of the parameters of the step from pixels to polygons."""
        method = self.parameterAsEnumString(parameters, self.REGULARIZE, context)
        if method in ("none", "model") and self.parameterAsBoolean(parameters, self.SQUARE, context):
            method = "right-angles"
        return {
            "min_area": self.parameterAsDouble(parameters, self.MIN_AREA, context),
            "simplify": self.parameterAsDouble(parameters, self.SIMPLIFY, context),
            "regularize": method,
        }

    def refiner_options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Values of the parameters of the refiner."""
        return {
            "steps": self.parameterAsInt(parameters, self.STEPS, context),
            "on_bad_block": self.parameterAsEnumString(parameters, self.ON_BAD_BLOCK, context),
            "device": self.parameterAsString(parameters, self.DEVICE, context).strip() or settings.device(),
        }

    def input_raster(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> QgsRasterLayer:
        """The valid raster layer of a parameter."""
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        return layer

    def input_layer(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> QgsMapLayer:
        """The valid layer of a parameter, whichever of its features are chosen."""
        layer = self.parameterAsLayer({**parameters, name: layer_of(parameters.get(name))}, name, context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidSourceError(parameters, name))
        return layer

    def staged_map(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> tuple[QgsMapLayer, RasterStaging | LayerStaging]:
        """The class raster or polygon layer of a parameter, and what brings it to the worker."""
        layer, transforms = self.input_layer(parameters, name, context), context.transformContext()
        if isinstance(layer, QgsRasterLayer):
            return layer, RasterStaging(layer, None, transforms, one_band=True)
        if isinstance(layer, QgsVectorLayer):
            return layer, LayerStaging(layer, transforms, choice_of(parameters.get(name)))
        raise QgsProcessingException(self.invalidSourceError(parameters, name))

    def requested_extent(
        self, parameters: dict[str, Any], layer: QgsRasterLayer, context: QgsProcessingContext
    ) -> Extent | None:
        """The extent asked for; one without a coordinate system is in the raster's."""
        rectangle = self.parameterAsExtent(parameters, self.EXTENT, context)
        if rectangle.isNull():
            return None
        crs = self.parameterAsExtentCrs(parameters, self.EXTENT, context)
        return Extent(rectangle, crs if crs.isValid() else layer.crs())

    def output_paths(
        self, parameters: dict[str, Any], outputs: dict[str, str], context: QgsProcessingContext
    ) -> dict[str, str]:
        """Paths of the outputs that are asked for, by output name."""
        paths = {name: self.parameterAsOutputLayer(parameters, name, context) for name in outputs}
        return {name: path for name, path in paths.items() if path}

    def check_model(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find a model that is not named, or a path of one that is not there."""
        problem = model_problem(self.parameterAsString(parameters, "MODEL", context).strip())
        return not problem, problem

    def check_extent(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find an extent that misses the image."""
        layer = self.parameterAsRasterLayer(parameters, self.INPUT, context)
        if layer is not None and layer.isValid():
            extent = self.requested_extent(parameters, layer, context)
            try:
                if extent is not None:
                    check_overlap(extent, layer, context.transformContext())
            except LayerError as error:
                return False, str(error)
        return True, ""
