"""`idgbr:pretrain`: a diffusion prior from images without labels."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import JobRequest
from idgbr_qgis.processing.training import TrainingAlgorithm


class PretrainAlgorithm(TrainingAlgorithm):
    """Trains a diffusion prior for Diff-HRNet."""

    JOB = "pretrain"
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {"read": (0, 5), "train": (5, 100)}
    INPUTS = "INPUTS"
    START_FROM = "START_FROM"
    SIZE = "SIZE"
    LOSS = "LOSS"
    REPORT = "REPORT"
    FIGURES: ClassVar[dict[str, str]] = {LOSS: "loss_telling"}
    #: Choices of SIZE, as the job names them.
    SIZES = ("cpu", "gpu")

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
        self.add_network_parameters(20_000, 0.0, advanced=False)
        self.add_device_parameter()
        self.add_folder_output()
        self.add(
            QgsProcessingParameterFileDestination(
                self.REPORT, tr("Report"), tr("HTML files (*.html)"), optional=True, createByDefault=True
            ),
            tr("Curves of the training in one file, while it runs and at its end."),
        )
        self.addOutput(QgsProcessingOutputNumber(self.LOSS, tr("Loss on blocks set aside")))

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        transforms = context.transformContext()
        layers = self.parameterAsLayerList(parameters, self.INPUTS, context)
        images = [RasterStaging(layer, None, transforms) for layer in layers if isinstance(layer, QgsRasterLayer)]
        given = {
            "size": self.parameterAsEnumString(parameters, self.SIZE, context),
            **self.network_options(parameters, context),
        }
        if prior := self.parameterAsString(parameters, self.START_FROM, context).strip():
            given["start_from"] = prior
        return JobRequest(given, layers={"inputs": images}, outputs={self.OUTPUT: "output", self.REPORT: "report"})
