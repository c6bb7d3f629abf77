"""The queue of jobs: each is a task of QGIS's task manager, and one runs at a time, for they share one device."""

from __future__ import annotations

from enum import Enum
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProject,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from idgbr_qgis.core.errors import BackendMissingError, PluginError
from idgbr_qgis.core.job_feedback import JobFeedback
from idgbr_qgis.core.translation import tr


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(QObject):
    """One run of an algorithm in the background; made on the main thread, where its layers are read."""

    #: State, progress or stage have changed.
    changed = pyqtSignal()

    def __init__(self, title: str, algorithm_id: str, parameters: dict[str, Any], project: QgsProject) -> None:
        super().__init__()
        self.title = title
        self.algorithm_id = algorithm_id
        self.parameters = parameters
        self.state = JobState.WAITING
        self.progress = 0.0
        self.stage = tr("Waiting")
        self.results: dict[str, Any] = {}
        #: The project the results belong to was closed while the job ran.
        self.project_closed = False
        # QGIS keeps references only: both must live as long as the task.
        self.feedback = JobFeedback()
        self.context = QgsProcessingContext()
        self.context.setProject(project)
        self.context.setFeedback(self.feedback)
        self.task = self._make_task()
        self.feedback.progressChanged.connect(self._set_progress)
        self.feedback.stage.connect(self._set_stage)

    @property
    def over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)

    def error(self) -> PluginError:
        """Why it failed."""
        return self.feedback.failure or PluginError(self.feedback.error or tr("The job failed; its log says more."))

    def cancel(self) -> None:
        """Ask it to stop; a job that waits is dropped."""
        self.stage = tr("Cancelling…")
        self.task.cancel()
        self.changed.emit()

    def log(self) -> str:
        """All it has said."""
        text = self.feedback.textLog().strip()
        details = self.feedback.failure.details if self.feedback.failure is not None else ""
        return text if details in text else f"{text}\n\n{details}"

    def _make_task(self) -> QgsProcessingAlgRunnerTask:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(self.algorithm_id)
        if algorithm is None:
            raise PluginError(
                tr("The algorithm {name} is not there; enable IDGBR in the plugin manager.").format(
                    name=self.algorithm_id
                )
            )
        able, reason = algorithm.canExecute()
        if not able:
            raise BackendMissingError(reason)
        fine, reason = algorithm.checkParameterValues(self.parameters, self.context)
        if not fine:
            raise PluginError(reason)
        # The task copies the algorithm and lets it read its layers at once, on this thread.
        task = QgsProcessingAlgRunnerTask(
            algorithm, self.parameters, self.context, self.feedback, QgsTask.Flag.CanCancel
        )
        task.setDescription(f"IDGBR: {self.title}")
        if task.isCanceled():
            raise self.error()
        return task

    def _set_progress(self, percent: float) -> None:
        self.progress = percent
        self.changed.emit()

    def _set_stage(self, text: str) -> None:
        if not self.task.isCanceled():
            self.stage = text
            self.changed.emit()


class JobQueue(QObject):
    """Jobs that run one after another."""

    #: A job was added.
    added = pyqtSignal(Job)
    #: A job has ended.
    ended = pyqtSignal(Job)

    def __init__(self, project: QgsProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._jobs: list[Job] = []
        project.cleared.connect(self._project_cleared)

    @property
    def jobs(self) -> list[Job]:
        """Jobs that run or wait, in their order."""
        return list(self._jobs)

    def add(self, title: str, algorithm_id: str, parameters: dict[str, Any]) -> Job:
        """Queue a job; raises `PluginError` where its parameters, its layers or the backend are at fault."""
        job = Job(title, algorithm_id, parameters, self._project)
        job.task.executed.connect(lambda fine, results: self._executed(job, fine, results))
        job.task.taskTerminated.connect(lambda: self._end(job, JobState.CANCELLED))
        self._jobs.append(job)
        # Waiting jobs are tasks too, held: QGIS shows them, asks about them when it is closed, and can cancel all.
        job.task.hold()
        QgsApplication.taskManager().addTask(job.task)
        self.added.emit(job)
        self._start_next()
        return job

    def cancel_all(self) -> None:
        """Stop all jobs, those that wait first, so that none of them begins."""
        for job in reversed(self.jobs):
            job.cancel()

    def _start_next(self) -> None:
        if self._jobs and self._jobs[0].state is JobState.WAITING:
            job = self._jobs[0]
            job.state, job.stage = JobState.RUNNING, tr("Starting the backend…")
            job.changed.emit()
            job.task.unhold()

    def _executed(self, job: Job, fine: bool, results: dict[str, Any]) -> None:
        job.results = results
        failed = JobState.CANCELLED if job.feedback.isCanceled() or job.task.isCanceled() else JobState.FAILED
        self._end(job, JobState.DONE if fine else failed)

    def _end(self, job: Job, state: JobState) -> None:
        if job.over:
            return  # both signals may come
        job.state = state
        self._jobs.remove(job)
        job.changed.emit()
        self.ended.emit(job)
        self._start_next()

    def _project_cleared(self) -> None:
        for job in self._jobs:
            job.project_closed = True
