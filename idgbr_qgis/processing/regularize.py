"""`idgbr:regularize`: regular outlines for a polygon layer of any origin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorDestination,
)

from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.base import IdgbrAlgorithm


class RegularizeAlgorithm(IdgbrAlgorithm):
    """Gives the polygons of a layer regular outlines; neighbours keep their shared walls."""

    JOB = "regularize"
    METHOD = "METHOD"
    TOLERANCE = "TOLERANCE"
    REGULARIZED = "REGULARIZED"
    FIGURES: ClassVar[dict[str, str]] = {IdgbrAlgorithm.POLYGONS: "polygons", REGULARIZED: "regularized"}

    def name(self) -> str:
        """Id within the provider; never changes."""
        return "regularize"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Regularize polygons")

    def tags(self) -> list[str]:
        """Words the toolbox finds it by."""
        return tr("square,orthogonalize,right angles,buildings,footprints,outlines,circles,silos,simplify").split(",")

    def shortDescription(self) -> str:
        """One line for tooltips."""
        return tr("Gives buildings of any polygon layer regular outlines; neighbours keep their shared walls.")

    def shortHelpString(self) -> str:
        """What the algorithm does."""
        return tr(
            "Gives the polygons of a layer from any tool regular outlines, such as right angles for buildings. Each "
            "object has its own main directions, several for wings, weighed against those of its neighbours. "
            "Courtyards follow. Walls that two polygons share stay shared. No outline moves farther than the "
            "tolerance, and one that would change too much stays as it is.\n\n"
            "Attributes are kept. Angles and distances are those on the ground, in any coordinate system. Polygons in "
            "three dimensions are written in two.\n\n"
            "The IDGBR backend does the work in a separate process. Set it up in Settings ▸ Options ▸ IDGBR."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare the parameters."""
        self.add(
            QgsProcessingParameterFeatureSource(self.INPUT, tr("Polygons"), [Qgis.ProcessingSourceType.VectorPolygon]),
            tr("Polygon layer of any origin. If only its selected features are used, the others are left out."),
        )
        methods = list(self.OUTLINES[1:])
        self.add(
            QgsProcessingParameterEnum(
                self.METHOD, tr("Method"), methods, False, "auto", False, usesStaticStrings=True
            ),
            tr(
                "Right angles, right angles and diagonals, circles for tanks and silos, or auto, the shape that fits "
                "each object."
            ),
        )
        tolerance = QgsProcessingParameterNumber(
            self.TOLERANCE, tr("Tolerance (m)"), Qgis.ProcessingNumberParameterType.Double, 1.0, False, 0.01, 100.0
        )
        tolerance.setMetadata({"widget_wrapper": {"decimals": 2}})
        self.add(
            tolerance,
            tr("How far an outline may move. Walls shorter than three quarters of it are removed."),
        )
        self.add(
            QgsProcessingParameterVectorDestination(
                self.OUTPUT, tr("Regular polygons"), Qgis.ProcessingSourceType.VectorPolygon
            ),
            tr("The same features with regular outlines, in any format that the plugin writes."),
        )
        self.addOutput(QgsProcessingOutputNumber(self.POLYGONS, tr("Number of polygons")))
        self.addOutput(QgsProcessingOutputNumber(self.REGULARIZED, tr("Polygons with a new outline")))

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request."""
        _, staging = self.staged_map(parameters, self.INPUT, context)
        return JobRequest(
            {
                "method": self.parameterAsEnumString(parameters, self.METHOD, context),
                "tolerance": self.parameterAsDouble(parameters, self.TOLERANCE, context),
            },
            layers={"input": staging},
            outputs={self.OUTPUT: "output"},
        )

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:  # noqa: ARG002
        """The layer has the style that QGIS gives it."""
        return {}
