"""Takes jobs to the queue, their results to the project, and what goes wrong to the message bar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsMapLayer, QgsProject
from qgis.gui import QgsMapCanvas, QgsMessageBar, QgsProjectionSelectionDialog
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from idgbr_qgis.core.errors import (
    BackendError,
    BackendLostError,
    BackendMissingError,
    LayerError,
    MissingCrsError,
    ModelMissingError,
    OffMapError,
    OnlineLayerError,
    OutputPathError,
    PluginError,
)
from idgbr_qgis.core.job_plan import JobPlan, Task
from idgbr_qgis.core.jobs_queue import Job, JobQueue, JobState
from idgbr_qgis.core.protocol import ErrorCode
from idgbr_qgis.core.results import load_results
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.notices import LogDialog, notify

if TYPE_CHECKING:
    from collections.abc import Callable

    Button = tuple[str, Callable[[], object]]


class JobDesk(QObject):
    """Runs plans; every end of a job is one line for the user."""

    #: The user shall draw the area anew, or name another file.
    area_wanted = pyqtSignal()
    file_wanted = pyqtSignal()
    #: The backend shall be set up, or the models looked after.
    setup_wanted = pyqtSignal()
    models_wanted = pyqtSignal()
    #: A model for the user's own classes shall be made on an image.
    new_model_wanted = pyqtSignal(object)
    #: An algorithm shall be asked for in its own dialog, with some parameters filled in.
    dialog_wanted = pyqtSignal(str, object)
    #: Polygons of a layer shall be reviewed; of any layer, without one.
    review_wanted = pyqtSignal(object)

    def __init__(
        self,
        queue: JobQueue,
        project: QgsProject,
        canvas: QgsMapCanvas,
        bar: QgsMessageBar,
        open_settings: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.queue = queue
        self._project = project
        self._canvas = canvas
        self._bar = bar
        self._open_settings = open_settings
        self._plans: dict[Job, JobPlan] = {}
        self._names: dict[Job, str] = {}
        queue.ended.connect(self._ended)

    def start(self, plan: JobPlan) -> Job | None:
        """Queue a plan; where it cannot be, say why."""
        try:
            waiting = [path for other in self._plans.values() for path in other.paths().values()]
            plan.check(self._project, [path for path in waiting if plan.output.path])
            titles = {
                Task.SEGMENT: tr("Segment {layer}"),
                Task.REFINE: tr("Refine on {layer}"),
                Task.CHANGES: tr("Detect changes since {layer}"),
            }
            name = plan.image.name()
            job = self.queue.add(
                titles[plan.task].format(layer=name), plan.algorithm_id, plan.parameters(self._project)
            )
        except PluginError as error:
            self.report(error, lambda: self.start(plan))
            return None
        if not job.over:
            self._plans[job], self._names[job] = plan, name
        return job

    def report(self, error: PluginError, again: Callable[[], object]) -> None:
        """Say what is wrong, with the button that helps; `again` tries it once more."""
        grave = isinstance(error, BackendError | BackendLostError | BackendMissingError)
        level = Qgis.MessageLevel.Critical if grave else Qgis.MessageLevel.Warning
        buttons = self._remedies(error, again)
        if error.details:
            buttons.append((tr("Show log"), lambda: self._show_log(tr("the backend"), error.details)))
        notify(self._bar, str(error), level, *buttons)

    def warn(self, text: str) -> None:
        """Pass on a doubt of the backend's."""
        notify(self._bar, text, Qgis.MessageLevel.Info)

    def _remedies(self, error: PluginError, again: Callable[[], object]) -> list[Button]:
        """The buttons that help."""
        run_again = (tr("Run again"), again)
        settings = (tr("Settings…"), self._open_settings)
        draw = (tr("Draw an area"), self.area_wanted.emit)
        match error:
            case MissingCrsError():
                buttons = [(tr("Choose it…"), lambda: self._ask_for_crs(error.layer, again))]
            case OffMapError():
                buttons = [(tr("Zoom to it"), lambda: self._zoom_to(error.layer.id()))]
            case OutputPathError() | BackendError(kind="OutputError"):
                buttons = [(tr("Another file…"), self.file_wanted.emit)]
            case OnlineLayerError():
                buttons = [run_again, draw]
            case LayerError():
                buttons = [draw]
            case BackendMissingError() | BackendError(code=ErrorCode.PROTOCOL_VERSION):
                buttons = [(tr("Set up backend…"), self.setup_wanted.emit), settings]
            case ModelMissingError() | BackendError(kind="ModelError"):
                buttons = [(tr("Models…"), self.models_wanted.emit), run_again]
            case BackendError(kind="DeviceError" | "DeviceMemoryError"):
                buttons = [settings, run_again]
            case BackendError() | BackendLostError():
                buttons = [run_again]
            case _:
                buttons = []
        return buttons

    def _ended(self, job: Job) -> None:
        plan, name = self._plans.pop(job, None), self._names.pop(job, "")
        if plan is None:
            return
        if job.state is JobState.DONE:
            self._done(job, plan, name)
        elif job.state is JobState.FAILED:
            self._failed(job, plan)

    def _done(self, job: Job, plan: JobPlan, name: str) -> None:
        polygons = job.results.get("POLYGONS")
        found = tr("{job}: {n} polygons.").format(job=job.title, n=polygons)
        if not plan.output.load:
            path = Path(plan.output.path)
            notify(
                self._bar,
                f"{found} {path}",
                Qgis.MessageLevel.Success,
                (tr("Open"), lambda: self._load(job, name)),
            )
        elif job.project_closed:
            text = tr("{found} The project it was started in has been closed.").format(found=found)
            notify(
                self._bar,
                text,
                Qgis.MessageLevel.Info,
                (tr("Add to this project"), lambda: self._load(job, name)),
                (tr("Show log"), lambda: self._show_log(job.title, job.log())),
            )
        else:
            layers = self._load(job, name)
            buttons: list[Button] = [(tr("Show log"), lambda: self._show_log(job.title, job.log()))]
            if layers and polygons:
                layer_id = layers[0].id()
                buttons[:0] = [
                    (tr("Zoom to"), lambda: self._zoom_to(layer_id)),
                    (tr("Review…"), lambda: self.review_wanted.emit(self._project.mapLayer(layer_id))),
                ]
            notify(self._bar, found, Qgis.MessageLevel.Success, *buttons)

    def _failed(self, job: Job, plan: JobPlan) -> None:
        error = job.error()
        # What has no remedy of its own may work another time.
        buttons = self._remedies(error, lambda: self._again(plan)) or [(tr("Run again"), lambda: self._again(plan))]
        buttons.append((tr("Show log"), lambda: self._show_log(job.title, job.log())))
        notify(self._bar, f"{job.title}: {error}", Qgis.MessageLevel.Critical, *buttons)

    def _again(self, plan: JobPlan) -> None:
        """Run a plan once more, in a new worker, if its layers are still there."""
        if any(sip.isdeleted(layer) for layer in plan.layers):
            gone = tr("A layer of this job was removed; start a new job.")
            notify(self._bar, gone, Qgis.MessageLevel.Warning)
        else:
            self.start(plan)

    def _load(self, job: Job, name: str) -> list[QgsMapLayer]:
        return load_results(job.context, job.feedback, self._project, name)

    def _zoom_to(self, layer_id: str) -> None:
        layer = self._project.mapLayer(layer_id)
        if layer is not None:
            box = self._canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent())
            self._canvas.setExtent(box.buffered(0.05 * max(box.width(), box.height())))
            self._canvas.refresh()

    def _show_log(self, title: str, text: str) -> None:
        dialog = LogDialog(title, text, self._bar.window())
        dialog.show()

    def _ask_for_crs(self, layer: QgsMapLayer, again: Callable[[], object]) -> None:
        dialog = QgsProjectionSelectionDialog(self._bar.window())
        dialog.setMessage(tr("{layer} has no coordinate system. Which one is it in?").format(layer=layer.name()))
        dialog.setCrs(QgsCoordinateReferenceSystem())
        if dialog.exec() and dialog.crs().isValid():
            layer.setCrs(dialog.crs())
            again()
