"""The queue: jobs one after another, with their errors, logs and cancels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer

from idgbr_qgis.core.errors import BackendError, BackendLostError, BackendMissingError, PluginError
from idgbr_qgis.core.jobs_queue import Job, JobQueue, JobState
from idgbr_qgis.processing.provider import IdgbrProvider
from tests.plugin.waiting import wait_until

Backend = Callable[..., None]


class Jobs:
    """A queue and what it said."""

    def __init__(self, image: QgsRasterLayer, folder: Path) -> None:
        self.queue = JobQueue(QgsProject.instance())
        self.image, self.folder = image, folder
        self.ended: list[Job] = []
        self.queue.ended.connect(self.ended.append)

    def add(self, name: str = "out", **parameters: Any) -> Job:
        output = str(self.folder / f"{name}.gpkg")
        return self.queue.add(name, "idgbr:segment", {"INPUT": self.image, "OUTPUT": output, **parameters})

    def wait(self, jobs: int = 1) -> None:
        wait_until(lambda: len(self.ended) >= jobs)


@pytest.fixture
def jobs(provider: IdgbrProvider, image: QgsRasterLayer, tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(image, tmp_path)
    yield jobs
    jobs.queue.cancel_all()
    wait_until(lambda: not QgsApplication.taskManager().countActiveTasks())


def test_jobs_run_one_after_another(jobs: Jobs, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    first, second = jobs.add("first"), jobs.add("second")
    assert (first.state, second.state) == (JobState.RUNNING, JobState.WAITING)
    states = []
    jobs.queue.ended.connect(lambda job: states.append((job.title, second.state)))
    jobs.wait(2)
    assert [job.state for job in jobs.ended] == [JobState.DONE, JobState.DONE]
    assert states == [("first", JobState.WAITING), ("second", JobState.DONE)]
    assert first.results["POLYGONS"] == 1
    assert jobs.queue.jobs == []


def test_tasks_are_in_qgis_task_manager_under_their_titles(jobs: Jobs, backend: Backend, tmp_path: Path) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    jobs.add("first")
    jobs.add("second")
    titles = {task.description() for task in QgsApplication.taskManager().tasks()}
    assert {"IDGBR: first", "IDGBR: second"} <= titles
    assert QgsApplication.taskManager().countActiveTasks() >= 1, "QGIS asks before it closes"


def test_cancelling_all_as_qgis_does_when_closing_starts_none(jobs: Jobs, backend: Backend, tmp_path: Path) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    first, second = jobs.add("first"), jobs.add("second")
    wait_until(lambda: first.stage == "Segmenting…")
    QgsApplication.taskManager().cancelAll()
    jobs.wait(2)
    assert {first.state, second.state} == {JobState.CANCELLED}
    assert second.progress == 0
    assert (tmp_path / "mark").read_text() == "obeyed"


def test_waiting_job_is_dropped_and_the_next_goes_on(jobs: Jobs, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    first, second, third = (jobs.add(name) for name in ("first", "second", "third"))
    second.cancel()
    jobs.wait(3)
    assert [job.state for job in (first, second, third)] == [JobState.DONE, JobState.CANCELLED, JobState.DONE]


def test_lost_worker_leaves_its_log_and_the_next_job_has_a_new_one(
    jobs: Jobs, backend: Backend, tmp_path: Path
) -> None:
    backend("killed")
    lost = jobs.add("lost")
    backend("writes", tmp_path / "job.json")
    good = jobs.add("good")
    jobs.wait(2)
    assert isinstance(lost.error(), BackendLostError)
    assert "an engine says something" in lost.log()
    assert (lost.state, good.state) == (JobState.FAILED, JobState.DONE)


def test_refusal_of_the_backend_is_its_words(jobs: Jobs, backend: Backend) -> None:
    backend("fails")
    job = jobs.add()
    jobs.wait()
    assert job.state is JobState.FAILED
    assert isinstance(job.error(), BackendError)
    assert "wants 3; choose another model" in str(job.error())


def test_missing_backend_and_wrong_parameters_are_told_at_once(
    jobs: Jobs, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDGBR_BACKEND_COMMAND", '["no-such-program"]')
    with pytest.raises(BackendMissingError, match="no-such-program was not found"):
        jobs.add()
    backend("silent")
    with pytest.raises(PluginError, match="There is no model"):
        jobs.add(MODEL="/no/model")
    with pytest.raises(PluginError, match="does not overlap"):
        jobs.add(EXTENT="0,1,0,1 [EPSG:32632]")
    assert not jobs.queue.jobs


def test_layer_may_go_while_its_jobs_wait_and_run(
    jobs: Jobs, backend: Backend, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    layer = QgsRasterLayer(str(make_raster("other.tif")), "other")
    QgsProject.instance().addMapLayer(layer)
    for name in ("first", "second"):
        jobs.add(name, INPUT=layer.id())
    QgsProject.instance().removeMapLayer(layer.id())
    jobs.wait(2)
    assert [job.state for job in jobs.ended] == [JobState.DONE, JobState.DONE]


def test_closed_project_is_remembered(jobs: Jobs, backend: Backend, tmp_path: Path) -> None:
    backend("writes", tmp_path / "job.json")
    before = jobs.add("before")
    QgsProject.instance().clear()
    after = jobs.add("after")
    jobs.wait(2)
    assert before.project_closed
    assert not after.project_closed
