"""What the algorithms that compare images of several dates share: how a change is looked for."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm


class ChangeAlgorithm(IdgbrAlgorithm):
    """Compares images with a change model."""

    RESUMES = True
    MODEL = "MODEL"
    THRESHOLD = "THRESHOLD"
    REFINE = "REFINE"
    ALIGN = "ALIGN"

    def add_change_parameters(self) -> None:
        """Add the extent, and how a change is looked for."""
        self.add(
            QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
            tr("Area to compare, in any coordinate system; empty for the whole image."),
        )
        self.add(
            QgsProcessingParameterString(self.MODEL, tr("Model"), "change"),
            tr("Id of a change model (change), or its folder."),
        )
        self.add(
            QgsProcessingParameterNumber(
                self.THRESHOLD, tr("Threshold"), Qgis.ProcessingNumberParameterType.Double, 0.0, False, 0.0, 0.99
            ),
            tr(
                "Lowest probability at which a pixel counts as changed. A lower threshold finds more changes, but "
                "also more false ones. 0: the threshold of the model."
            ),
        )
        self.add(
            QgsProcessingParameterBoolean(self.REFINE, tr("Refine boundaries"), True),
            tr("Refine boundaries with the diffusion refiner, in the image in which the building stands."),
        )
        self.add(
            QgsProcessingParameterBoolean(self.ALIGN, tr("Align images"), False),
            tr("Correct the shift between the images, if it can be measured reliably."),
        )

    def change_options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Values of how a change is looked for, of the refiner and of the step from pixels to polygons."""
        return {
            **self.vector_options(parameters, context),
            **self.refiner_options(parameters, context),
            "model": self.parameterAsString(parameters, self.MODEL, context).strip(),
            "threshold": self.parameterAsDouble(parameters, self.THRESHOLD, context),
            "refine": self.parameterAsBoolean(parameters, self.REFINE, context),
            "align": self.parameterAsBoolean(parameters, self.ALIGN, context),
        }

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find outputs of other formats, and a model that is not there."""
        fine, message = super().checkParameterValues(parameters, context)
        return self.check_model(parameters, context) if fine else (fine, message)
