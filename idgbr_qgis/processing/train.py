"""`idgbr:train`: a model for the user's own classes, from images with labels."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.core.label_staging import LabelStaging
from idgbr_qgis.core.layers import MaskStaging, RasterStaging
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import JobRequest
from idgbr_qgis.processing.class_field import class_field_parameter
from idgbr_qgis.processing.map_parameter import MapParameter, choice_of
from idgbr_qgis.processing.training import TrainingAlgorithm


class TrainAlgorithm(TrainingAlgorithm):
    """Trains a model from labels."""

    JOB = "train"
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {
        "read": (0, 5),
        "features": (0, 60),
        "validate": (60, 100),
        "train": (5, 100),
    }
    LABELS = "LABELS"
    TASK = "TASK"
    CLASS_FIELD = "CLASS_FIELD"
    BACKGROUND = "BACKGROUND"
    MORE_INPUTS = "MORE_INPUTS"
    MORE_LABELS = "MORE_LABELS"
    IGNORE = "IGNORE"
    ADD_AS = "ADD_AS"
    ARCHITECTURE = "ARCHITECTURE"
    PRIOR = "PRIOR"
    WIDTH = "WIDTH"
    OUTSIDE = "OUTSIDE"
    CLASS_WEIGHTS = "CLASS_WEIGHTS"
    REPORT = "REPORT"
    MODEL = "MODEL"
    MIOU = "MIOU"
    FIGURES: ClassVar[dict[str, str]] = {MODEL: "model", MIOU: "miou"}
    #: Choices of TASK, ARCHITECTURE and OUTSIDE, as the job names them.
    TASKS = ("quick", "segment")
    ARCHITECTURES = ("backbone", "backbone-frozen", "unet", "hrnet", "diff-hrnet")
    OUTSIDES = ("unlabelled", "background")

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "train"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Train a model for your own classes")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        return tr("train,model,classes,labels,classification,deep learning,supervised,random forest,samples").split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Makes a model for your own classes from labels drawn on images.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Makes a model for your own classes from polygons, lines or points with a class. The algorithm Segment "
            "image takes it at once.\n\n"
            "quick needs a minute and a few labels: five of each class are a start. It fits a small network to "
            "features of the image. segment trains a network in full. It needs many labels, hours on a processor, and "
            "the extra packages of the backend for training (torch).\n\n"
            "Label every kind of ground, or the model has to give it one of your classes. Draw within objects, not "
            "across their boundaries. The colours of the classes are those of the layer’s style. The card of the "
            "model gives its accuracy on labels that took no part, by image or by block of ground.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Image")),
            tr("Orthophoto or satellite image with labels, with 1 to 12 bands of any type."),
        )
        self.add(
            MapParameter(self.LABELS, tr("Labels"), Qgis.ProcessingSourceType.VectorAnyGeometry),
            tr("Layer of polygons, lines or points with a class each, or a class raster, in any coordinate system."),
        )
        self.add(
            class_field_parameter(self.CLASS_FIELD, tr("Class field"), self.LABELS),
            tr("Field of the labels with the class (text or integer). Empty: the field class or class_id."),
        )
        self._add_enum(
            self.TASK, tr("Task"), self.TASKS,
            tr("quick: fitted to a few labels in a minute. segment: a network trained in full."),
        )  # fmt: skip
        self.add(
            QgsProcessingParameterString(self.BACKGROUND, tr("Background class"), "background"),
            tr("Class that gets no polygons, such as the ground around objects."),
        )
        self.add(
            QgsProcessingParameterString(self.ADD_AS, tr("Add to your models as"), "", optional=True),
            tr("Id under which the model is added to your models, so that lists show it. Empty: it is not added."),
        )
        self._add_places()
        self._add_network()
        self.add_device_parameter()
        self.add_folder_output()
        self.add(
            QgsProcessingParameterFileDestination(
                self.REPORT, tr("Report"), tr("HTML files (*.html)"), optional=True, createByDefault=True
            ),
            tr(
                "Report of the task segment, in one file: the curves of the training, while it runs, and the "
                "validation at its end."
            ),
        )
        self.addOutput(QgsProcessingOutputString(self.MODEL, tr("Id of the model")))
        self.addOutput(QgsProcessingOutputNumber(self.MIOU, tr("Mean IoU of labels that took no part")))

    def _add_places(self) -> None:
        """Add further images with their labels, and what is ignored."""
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.MORE_INPUTS, tr("Further images"), Qgis.ProcessingSourceType.Raster, optional=True
            ),
            tr("Images with the same bands. A model of several images carries over better to others."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.MORE_LABELS, tr("Labels of further images"), Qgis.ProcessingSourceType.VectorAnyGeometry,
                optional=True,
            ),
            tr("A layer for each further image, in their order. Empty: one layer has the labels of all images."),
            advanced=True,
        )  # fmt: skip
        self.add(
            QgsProcessingParameterFeatureSource(
                self.IGNORE, tr("Ignored areas"), [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            tr("Labels inside these polygons, or the selected ones, are not used."),
            advanced=True,
        )

    def _add_network(self) -> None:
        """Add what only the task segment uses."""
        integer = Qgis.ProcessingNumberParameterType.Integer
        self._add_enum(
            self.ARCHITECTURE, tr("Network"), self.ARCHITECTURES,
            tr(
                "Network of the task segment: the shared backbone, fine-tuned or frozen, a compact U-Net, HRNetV2, or "
                "HRNetV2 with a diffusion prior."
            ),
            advanced=True,
        )  # fmt: skip
        self.add(
            QgsProcessingParameterString(self.PRIOR, tr("Diffusion prior"), None, optional=True),
            tr("Id or folder of a prior, for diff-hrnet."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(self.WIDTH, tr("Width of HRNet"), integer, 18, False, 4, 128),
            tr("Channels of the finest branch: 18 for two cores; 32 or 48 for a GPU."),
            advanced=True,
        )
        self._add_enum(
            self.OUTSIDE, tr("Ground without a label"), self.OUTSIDES,
            tr("How ground without a label counts in the task segment: not at all, or as background."), advanced=True,
        )  # fmt: skip
        self.add(
            QgsProcessingParameterBoolean(self.CLASS_WEIGHTS, tr("Class weights"), True),
            tr("Let rare classes weigh more in the task segment."),
            advanced=True,
        )
        self.add_network_parameters(4000, 60.0, advanced=True)

    def _add_enum(self, name: str, title: str, choices: tuple[str, ...], text: str, *, advanced: bool = False) -> None:
        """Add a choice, by default the first."""
        parameter = QgsProcessingParameterEnum(
            name, title, list(choices), False, choices[0], False, usesStaticStrings=True
        )
        self.add(parameter, text, advanced=advanced)

    def _staged_labels(self, parameters: dict[str, Any], context: QgsProcessingContext) -> LabelStaging | RasterStaging:
        """What brings the labels of the first image to the worker."""
        layer, transforms = self.input_layer(parameters, self.LABELS, context), context.transformContext()
        if isinstance(layer, QgsRasterLayer):
            return RasterStaging(layer, None, transforms, one_band=True)
        if isinstance(layer, QgsVectorLayer):
            return LabelStaging(layer, transforms, choice_of(parameters[self.LABELS]))
        raise QgsProcessingException(self.invalidSourceError(parameters, self.LABELS))

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        image = self.input_raster(parameters, self.INPUT, context)
        transforms = context.transformContext()
        request = JobRequest(
            {
                "class_weights": self.parameterAsBoolean(parameters, self.CLASS_WEIGHTS, context),
                **self.network_options(parameters, context),
                **self.integers(parameters, (self.WIDTH,), context),
            },
            layers={
                "input": RasterStaging(image, None, transforms),
                "labels": self._staged_labels(parameters, context),
            },
            outputs={self.OUTPUT: "output", self.REPORT: "report"},
        )
        for name in (self.TASK, self.ARCHITECTURE, self.OUTSIDE):
            request.parameters[name.lower()] = self.parameterAsEnumString(parameters, name, context)
        if request.parameters["task"] == "quick" and parameters.get(self.REPORT) == QgsProcessing.TEMPORARY_OUTPUT:
            del request.outputs[self.REPORT]  # the default, and this task writes none
        for name in (self.CLASS_FIELD, self.BACKGROUND, self.ADD_AS, self.PRIOR):
            if text := self.parameterAsString(parameters, name, context).strip():
                request.parameters[name.lower()] = text
        images = [
            RasterStaging(layer, None, transforms)
            for layer in self.parameterAsLayerList(parameters, self.MORE_INPUTS, context)
            if isinstance(layer, QgsRasterLayer)
        ]
        others = [
            LabelStaging(layer, transforms)
            for layer in self.parameterAsLayerList(parameters, self.MORE_LABELS, context)
            if isinstance(layer, QgsVectorLayer)
        ]
        request.layers |= {name: found for name, found in (("more_inputs", images), ("more_labels", others)) if found}
        if self.parameterAsSource(parameters, self.IGNORE, context) is not None:
            ignored = self.input_layer(parameters, self.IGNORE, context)
            choice = choice_of(parameters[self.IGNORE])
            request.layers["ignore"] = MaskStaging(ignored, image.crs(), transforms, choice)
        return request
