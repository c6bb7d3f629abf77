"""What the algorithms that train models share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm


class TrainingAlgorithm(IdgbrAlgorithm):
    """An algorithm that writes the folder of a model."""

    RESUMES = True
    BANDS = "BANDS"
    MINUTES = "MINUTES"
    BATCH = "BATCH"
    CROP = "CROP"
    SEED = "SEED"
    TITLE = "TITLE"
    #: Largest seed.
    _MOST = 2**31 - 1

    def group(self) -> str:
        """Group in the toolbox."""
        return tr("Your own models")

    def groupId(self) -> str:
        """Id of the group; never changes."""
        return "ownmodels"

    def add_network_parameters(self, steps: int, minutes: float, *, advanced: bool) -> None:
        """Add the parameters of the training of a network, with defaults for its length; `advanced` hides that."""
        integer = Qgis.ProcessingNumberParameterType.Integer
        self.add(
            QgsProcessingParameterString(self.BANDS, tr("Bands"), "", optional=True),
            tr("Bands that the network reads, from 1, such as 4,1,2. Empty: all, up to 12."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(self.STEPS, tr("Training steps"), integer, steps, False, 1),
            tr("Most training steps."),
            advanced=advanced,
        )
        self.add(
            QgsProcessingParameterNumber(
                self.MINUTES, tr("Minutes"), Qgis.ProcessingNumberParameterType.Double, minutes, False, 0.0
            ),
            tr("Most minutes of training. 0: no limit."),
            advanced=advanced,
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

    def add_folder_output(self) -> None:
        """Add the folder of the model, and its title."""
        self.add(
            QgsProcessingParameterString(self.TITLE, tr("Title"), "", optional=True),
            tr("Title of the model in lists. Empty: the name of its folder."),
        )
        self.add(
            QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Model folder")),
            tr("Folder of the model to write; its name is the id of the model."),
        )

    def network_options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Values of the parameters of the training of a network, and of the device."""
        title = self.parameterAsString(parameters, self.TITLE, context).strip()
        return {
            **({"title": title} if title else {}),
            "bands": self.parameterAsString(parameters, self.BANDS, context).strip(),
            "minutes": self.parameterAsDouble(parameters, self.MINUTES, context),
            "device": self.parameterAsString(parameters, self.DEVICE, context).strip() or settings.device(),
            **self.integers(parameters, (self.STEPS, self.BATCH, self.CROP, self.SEED), context),
        }

    def integers(
        self, parameters: dict[str, Any], names: Sequence[str], context: QgsProcessingContext
    ) -> dict[str, int]:
        """Values of parameters that are whole numbers, by their name in the job."""
        return {name.lower(): self.parameterAsInt(parameters, name, context) for name in names}

    def output_paths(
        self, parameters: dict[str, Any], outputs: dict[str, str], context: QgsProcessingContext
    ) -> dict[str, str]:
        """Path of the model folder, and of other files that are asked for."""
        paths = {name: self.parameterAsString(parameters, name, context) for name in outputs}
        return {name: path for name, path in paths.items() if path}

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:  # noqa: ARG002
        """No layer comes of it."""
        return {}
