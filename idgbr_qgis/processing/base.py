"""Base of all algorithms: stage the layers, run one job in the worker, style the results."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsLayerMetadata,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtGui import QIcon

from idgbr_qgis.core import settings
from idgbr_qgis.core.destinations import destination, destination_text, is_file, load_as
from idgbr_qgis.core.errors import BackendLostError, PluginError
from idgbr_qgis.core.job_feedback import JobFeedback
from idgbr_qgis.core.job_request import JobRequest
from idgbr_qgis.core.paths import BACKEND, ICON
from idgbr_qgis.core.staging import origin_of, write_staged
from idgbr_qgis.core.translation import tr
from idgbr_qgis.processing.shared_parameters import SharedParameters
from idgbr_qgis.processing.styling import Styler

HELP_URL = "https://github.com/idgbr/idgbr-qgis/blob/main/docs/algorithms.md"


class IdgbrAlgorithm(SharedParameters):
    """One job of the backend as a Processing algorithm."""

    #: Numbers among the outputs, by the name of the job's figure.
    FIGURES: ClassVar[dict[str, str]] = {SharedParameters.POLYGONS: "polygons"}
    #: Name of the job in the protocol.
    JOB = ""
    #: Share of the progress bar of each stage of the job, in per cent: where it begins and ends.
    STAGES: ClassVar[dict[str, tuple[float, float]]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._request = JobRequest({})
        self._command: list[str] = []
        self._paths: dict[str, str] = {}
        self._summary: dict[str, Any] = {}
        self._metadata = QgsLayerMetadata()

    def stage(self, parameters: dict[str, Any], context: QgsProcessingContext) -> JobRequest:
        """Turn the parameters into a request; called on the main thread."""
        raise NotImplementedError

    def styles(self, summary: dict[str, Any]) -> dict[str, Callable[[QgsMapLayer], None]]:
        """What styles the outputs once they are loaded, by output name."""
        raise NotImplementedError

    def createInstance(self) -> IdgbrAlgorithm:
        """Make a new algorithm, as each run has its own."""
        return type(self)()

    def group(self) -> str:
        """Group in the toolbox."""
        return tr("Segmentation")

    def groupId(self) -> str:
        """Id of the group; never changes."""
        return "segmentation"

    def helpUrl(self) -> str:
        """Page of the documentation."""
        return f"{HELP_URL}#{self.name()}"

    def icon(self) -> QIcon:
        """Icon in the toolbox."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        """Icon in the model designer."""
        return str(ICON)

    def canExecute(self) -> tuple[bool, str]:
        """Tell where the backend is missing and how to set it up; looks at paths only, as it is asked often."""
        try:
            settings.worker_command()
        except PluginError as error:
            return False, str(error)
        return True, ""

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Find outputs of formats that the backend does not write."""
        fine, message = super().checkParameterValues(parameters, context)
        for output in self.destinationParameterDefinitions():
            value = parameters.get(output.name())
            if fine and value is not None:
                fine, message = self.provider().isSupportedOutputValue(value, output, context)
            if fine and value is not None and not is_file(destination_text(value)):
                text = tr("{output}: the backend writes files and GeoPackage layers, but no tables of other databases.")
                fine, message = False, text.format(output=output.description())
        return fine, message

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Do what needs the main thread: read settings and layers."""
        try:
            self._command = settings.worker_command()
            self._request = self.stage(parameters, context)
        except PluginError as error:
            raise _exception(error, feedback) from error
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Run the job in a worker, in the algorithm's thread."""
        # Imported when they are needed, as QGIS imports all algorithms when it starts.
        from idgbr_qgis.core.backend_client import BackendClient
        from idgbr_qgis.core.environment import worker_environment
        from idgbr_qgis.processing.feedback import FeedbackListener

        request = self._request
        paths = self.output_paths(parameters, request.outputs, context)
        job = request.parameters | {request.outputs[name]: destination(path) for name, path in paths.items()}
        listener = FeedbackListener(feedback, self.STAGES)
        try:
            with tempfile.TemporaryDirectory(prefix="idgbr_", ignore_cleanup_errors=True) as folder:
                job |= write_staged(request.layers, Path(folder), feedback)
                with BackendClient(self._command, worker_environment(BACKEND), listener) as client:
                    feedback.pushDebugInfo(tr("IDGBR backend {version}.").format(version=client.info.version))
                    result = client.run_job(self.JOB, job)
                    version = client.info.version
        except PluginError as error:
            if self.RESUMES and isinstance(error, BackendLostError):
                text = tr("Run the same algorithm again, with the same parameters and outputs, to resume it.")
                feedback.pushInfo(text)
            raise _exception(error, feedback) from error
        self._summary = result["summary"] if isinstance(result.get("summary"), dict) else {}
        written = result["outputs"] if isinstance(result.get("outputs"), dict) else {}
        for name, asked in list(paths.items()):
            # A layer is loaded by its name where its file holds others.
            named = str(written.get(name, ""))
            paths[name] = named if "|layername=" in named else destination(asked)
            load_as(context, asked, paths[name])
        self._paths = paths
        self._record(version, feedback)
        return paths | {output: self._summary.get(figure) for output, figure in self.FIGURES.items()}

    def postProcessAlgorithm(
        self,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Let the layers that will be loaded be styled, and say what made them."""
        from idgbr_qgis.core.results import dress

        for name, style in self.styles(self._summary).items():
            path = self._paths.get(name)
            if path and context.willLoadLayerOnCompletion(path):
                styler = Styler(style, partial(dress, metadata=self._metadata))
                context.layerToLoadOnCompletionDetails(path).setPostProcessor(styler)
        return {}

    def _record(self, backend_version: str, feedback: QgsProcessingFeedback) -> None:
        """Write into the results what made them; keep how fast it was."""
        from idgbr_qgis.core.estimate import remember_speed
        from idgbr_qgis.core.results import RunRecord, write_metadata

        request = self._request
        inputs = {name: origin_of(layer) for name, layer in request.layers.items()}
        record = RunRecord(self.id(), backend_version, inputs, request.parameters, self._summary)
        self._metadata = record.metadata()
        for path in self._paths.values():
            if problem := write_metadata(path, self._metadata):
                text = tr("The metadata of {path} could not be written: {reason}")
                feedback.pushWarning(text.format(path=path, reason=problem))
        remember_speed(self.JOB, request.parameters, self._summary)


def _exception(error: PluginError, feedback: QgsProcessingFeedback) -> QgsProcessingException:
    if error.details:
        feedback.pushDebugInfo(error.details)
    if isinstance(feedback, JobFeedback):
        feedback.failure = error
    return QgsProcessingException(str(error))
