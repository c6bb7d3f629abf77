"""`idgbr:pretrain`: a diffusion prior from images without labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm, JobRequest


class PretrainAlgorithm(IdgbrAlgorithm):
    """Trains a diffusion prior for Diff-HRNet."""

    JOB = "pretrain"
    RESUMES = True
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {"read": (0, 5), "train": (5, 100)}
    INPUTS = "INPUTS"
    START_FROM = "START_FROM"
    SIZE = "SIZE"
    BANDS = "BANDS"
    MINUTES = "MINUTES"
    BATCH = "BATCH"
    CROP = "CROP"
    SEED = "SEED"
    LOSS = "LOSS"
    FIGURES: ClassVar[dict[str, str]] = {LOSS: "loss_telling"}
    #: Choices of SIZE, as the job names them.
    SIZES = ("cpu", "gpu")
    #: Largest seed.
    _MOST = 2**31 - 1

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "pretrain"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Pre-train a diffusion prior")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        return tr("diffusion,prior,self-supervised,unlabelled,training,deep learning,hrnet").split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Trains a diffusion model on images without labels, whose features help to learn your own classes.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Trains a diffusion model that predicts the noise in an image. It needs no labels. The architecture "
            "diff-hrnet of full training uses its features, so that fewer labels may be enough.\n\n"
            "Few people have enough images to train one from nothing: start from a prior of other images, and "
            "continue on your own. The training takes hours on a processor. It ends when the loss on blocks set "
            "aside is flat.\n\n"
            "The IDGBR backend does the work in a separate process; training needs its extra packages (torch). Run a "
            "stopped training again to resume it."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        integer = Qgis.ProcessingNumberParameterType.Integer
        images = QgsProcessingParameterMultipleLayers(self.INPUTS, tr("Images"), Qgis.ProcessingSourceType.Raster)
        images.setMinimumNumberInputs(1)
        self.add(images, tr("Images with the same bands. Ground without data is not learned from."))
        self.add(
            QgsProcessingParameterString(self.START_FROM, tr("Prior to start from"), None, optional=True),
            tr("Id or folder of a prior to continue from; it gives the size of the network."),
        )
        self.add(
            QgsProcessingParameterEnum(
                self.SIZE, tr("Size"), list(self.SIZES), False, self.SIZES[0], False, usesStaticStrings=True
            ),
            tr("Size of the network: cpu for two cores, gpu for a large GPU."),
        )
        self.add(
            QgsProcessingParameterString(self.BANDS, tr("Bands"), "", optional=True),
            tr("Bands that the network reads, from 1, such as 4,1,2. Empty: all, up to 12."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(self.STEPS, tr("Training steps"), integer, 20_000, False, 1),
            tr("Most training steps."),
        )
        self.add(
            QgsProcessingParameterNumber(
                self.MINUTES, tr("Minutes"), Qgis.ProcessingNumberParameterType.Double, 0.0, False, 0.0
            ),
            tr("Most minutes of training. 0: no limit."),
        )
        self.add(
            QgsProcessingParameterNumber(self.BATCH, tr("Crops per step"), integer, 8, False, 1),
            tr("Fewer are used if memory runs out."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(self.CROP, tr("Side of a crop (pixels)"), integer, 256, False, 64, 2048),
            tr("A multiple of 32."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(self.SEED, tr("Seed"), integer, 0, False, 0, self._MOST),
            tr("Number that the random choices start from."),
            advanced=True,
        )
        self.add_device_parameter()
        self.add(
            QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Model folder")),
            tr("Folder of the model to write; its name is the id of the model."),
        )
        self.addOutput(QgsProcessingOutputNumber(self.LOSS, tr("Loss on blocks set aside")))

    def output_paths(
        self, parameters: dict[str, Any], outputs: dict[str, str], context: QgsProcessingContext
    ) -> dict[str, str]:
        """Path of the model folder."""
        return {name: self.parameterAsString(parameters, name, context) for name in outputs}

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        transforms = context.transformContext()
        layers = self.parameterAsLayerList(parameters, self.INPUTS, context)
        images = [RasterStaging(layer, None, transforms) for layer in layers if isinstance(layer, QgsRasterLayer)]
        given = {
            "size": self.parameterAsEnumString(parameters, self.SIZE, context),
            "bands": self.parameterAsString(parameters, self.BANDS, context).strip(),
            "minutes": self.parameterAsDouble(parameters, self.MINUTES, context),
            "device": self.parameterAsString(parameters, self.DEVICE, context).strip() or settings.device(),
        }
        for name in (self.STEPS, self.BATCH, self.CROP, self.SEED):
            given[name.lower()] = self.parameterAsInt(parameters, name, context)
        if prior := self.parameterAsString(parameters, self.START_FROM, context).strip():
            given["start_from"] = prior
        return JobRequest(given, layers={"inputs": images}, outputs={self.OUTPUT: "output"})

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:  # noqa: ARG002
        """No layer comes of it."""
        return {}
