"""Runs the remaining stages of a job, here or on a cluster, while a consumer thread reads the rows of the last one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from idgbr.arrays import Bytes
from idgbr.checkpoint.job_folder import JobFolder
from idgbr.engines.devices import Device, choose_device
from idgbr.errors import ClusterError
from idgbr.monitor import LOOK_S, Monitor, Relay, listening
from idgbr.pipeline.executor import Run
from idgbr.pipeline.stage import AnyStage, FollowingStage, StagedJob, Step, TiledStage
from idgbr.process import release_memory
from idgbr.spans import span
from idgbr.tiling.row_store import ResultRows

Found = TypeVar("Found")


class Local:
    """Computes tiles in this process, one after the other."""

    in_spans = False

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor

    def device(self, wanted: str, job_px: int | None = None) -> Device:
        """See `idgbr.pipeline.executor.Executor`, here and below."""
        return choose_device(wanted, self._monitor, job_px)

    def fill(self, run: Run, stage: TiledStage[Any], done: int, tell: Callable[[int], None]) -> None:  # noqa: ARG002
        """Fill the file of a stage after the rows in the journal, with smaller tiles if memory runs out."""
        monitor = run.job.monitor

        def fill() -> None:
            with _Filling(stage, run.folder, monitor, tell) as filling:
                filling.fill()

        stage.within_memory(monitor, fill)

    def label_noise(self, run: Run) -> float:
        """Label noise of the map that the job refines."""
        return cast(LabelledJob, run.job).estimate_label_noise(run.job.monitor)


class LabelledJob(StagedJob, Protocol):
    """A job that refines a given map."""

    def estimate_label_noise(self, monitor: Monitor) -> float:
        """Label noise of the map."""
        ...


@contextmanager
def in_this_process(address: str | None, monitor: Monitor) -> Iterator[Local]:
    """The executor of jobs without a cluster. Raises ClusterError if a cluster is requested."""
    if address:
        raise ClusterError(f"{address}: this job was started without access to clusters; run it without the cluster.")
    yield Local(monitor)


def run_stages(run: Run, stages: Sequence[AnyStage], tell: Callable[[int], None]) -> None:
    """Fill the files of all stages, each after the rows that an earlier run has finished.

    The run's executor computes the tiles. Stages without tiles follow the previous stage in this process. `tell` is
    called with the number of rows of the last stage whenever it grows.
    """
    job, folder = run.job, run.folder
    _forget_lost(folder, stages)
    with ExitStack() as stack:
        tells: dict[str, Callable[[int], None]] = {}
        after = tell
        for stage in reversed(stages):
            tells[stage.name] = after
            if isinstance(stage, FollowingStage):
                filling = stack.enter_context(_Filling(stage, folder, job.monitor, after))
                after = partial(_follow, stage, filling)
            else:
                after = _nobody
        for number, stage in enumerate(stages):
            if isinstance(stage, FollowingStage):
                continue
            done, told = folder.rows_done(stage.name, stage.path, stage.row_bytes), tells[stage.name]
            if done >= stage.height:
                told(done)
                continue
            if number == 0:
                job.begin()
            run.executor.fill(run, stage, done, told)


def _forget_lost(folder: JobFolder, stages: Sequence[AnyStage]) -> None:
    """If rows of the last stage were lost, forget all rows: what they were made of may have been freed."""
    last = stages[-1]
    noted = int((folder.journal.last(last.name) or {}).get("done", 0))
    if folder.rows_done(last.name, last.path, last.row_bytes) < noted:
        for stage in stages:
            stage.path.unlink(missing_ok=True)


def run_at_once(stages: Sequence[AnyStage], monitor: Monitor) -> Bytes:
    """Run the stages of a small image in turn, without a journal; returns the classes (H, W) of the last one."""
    for stage in stages:
        fill = partial(_fill_at_once, stage, monitor)
        stage.within_memory(monitor, fill) if isinstance(stage, TiledStage) else fill()
    last = stages[-1]
    with last.open(last.path, last.height) as rows:
        assert isinstance(rows, ResultRows)
        return rows.classes(0, last.height)


def _fill_at_once(stage: AnyStage, monitor: Monitor) -> None:
    with stage.open(stage.path) as into:
        for _ in stage.run(into, monitor):
            pass


def _nobody(rows: int) -> None:
    """Ignore the number of rows of a stage."""


def _follow(stage: FollowingStage[Any], filling: _Filling, rows: int) -> None:
    """Compute the rows of a stage that the first rows of the previous one allow."""
    filling.fill(lambda done: stage.rests_on(min(done + stage.step_rows, stage.height)) <= rows)


class _Filling(AbstractContextManager["_Filling"]):
    """A stage's file, filled here after its finished rows; `tell` is called with the number of its rows."""

    def __init__(self, stage: AnyStage, folder: JobFolder, monitor: Monitor, tell: Callable[[int], None]) -> None:
        self._stage, self._journal, self._tell = stage, folder.journal, tell
        self.rows = folder.rows_done(stage.name, stage.path, stage.row_bytes)
        before = (self._journal.last(stage.name) or {}) if self.rows else {}
        self._changed, self._crowded = int(before.get("changed", 0)), int(before.get("crowded", 0))
        self._last = self.rows
        self._file = ExitStack()
        self._steps: Iterator[Step] = iter(())
        if self.rows < stage.height:
            into = stage.open(stage.path, self.rows)
            self._file.enter_context(into)
            self._steps = stage.run(into, monitor, self.rows)
        if isinstance(self._steps, Generator):
            self._file.callback(self._steps.close)  # and what it reads

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def fill(self, possible: Callable[[int], bool] = lambda _: True) -> None:
        """Fill as many rows as possible after the finished ones."""
        self._tell(self.rows)
        while possible(self.rows):
            with span(f"stage {self._stage.name}"):
                step = next(self._steps, None)
            if step is None:
                return
            self._changed += step.changed
            self._crowded += step.crowded
            self.rows = step.rows
            self._journal.record(
                self._stage.name, step.rows, self._stage.height, [self._stage.path],
                changed=self._changed, crowded=self._crowded,
            )  # fmt: skip
            self._free()
            if isinstance(self._stage, TiledStage):
                release_memory()  # of a row of tiles; another thread may need it in other pieces
            self._tell(step.rows)

    def _free(self) -> None:
        """Free what rows on the disk do not need: those of the last record but one, because the last may be torn."""
        last = int((self._journal.last(self._stage.name) or {}).get("done", 0))
        if last > self._last:
            self._stage.free(self._last)
            self._last = last


class _Ended(Exception):
    """The other thread has ended with an error."""


class Front:
    """Number of filled rows of a file: the producer thread advances it, the consumer thread waits for it.

    Nothing queues up between them, because the rows are in the file. If one side fails, the other fails at its next
    call; `error` is that of the first.
    """

    def __init__(self, height: int) -> None:
        self._height, self._rows = height, 0
        self._moved = threading.Condition()
        self.error: BaseException | None = None

    @property
    def filled(self) -> bool:
        """Whether all rows are filled."""
        return self._rows >= self._height

    def advance(self, rows: int) -> None:
        """Set the number of filled rows."""
        self.check()
        with self._moved:
            self._rows = rows
            self._moved.notify_all()

    def wait(self, rows: int, monitor: Monitor) -> None:
        """Wait until `rows` rows are filled. Raises JobCancelled."""
        with self._moved:
            while self._rows < rows:
                self.check()
                monitor.check()
                self._moved.wait(LOOK_S)

    def fail(self, error: BaseException) -> None:
        """End both sides."""
        with self._moved:
            if self.error is None:
                self.error = error
            self._moved.notify_all()

    def check(self) -> None:
        """Raise an error if one side has failed."""
        if self.error is not None:
            raise _Ended


class _ConsumerMonitor(Relay):
    """The consumer's monitor. It reports progress only when the producer has finished."""

    def __init__(self, outer: Monitor, front: Front) -> None:
        super().__init__(outer)
        self._front = front

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        if self._front.filled:
            super().progress(stage, done, total, message)

    def check(self) -> None:
        super().check()
        self._front.check()


def run_with_consumer(
    fill: Callable[[Front], None], read: Callable[[Front, Monitor], Found], height: int, monitor: Monitor
) -> Found:
    """The result of `read`, a consumer thread of a file of `height` rows, while `fill` fills the file in this thread.

    `read` starts with the first row. When both have ended, raises the error that came first.
    """
    front = Front(height)
    behind = _ConsumerMonitor(monitor, front)
    found: list[Found] = []

    def reading() -> None:
        try:
            with listening(behind):
                front.wait(1, behind)
                found.append(read(front, behind))
        except BaseException as error:  # noqa: BLE001 (it is raised below)
            front.fail(error)

    thread = threading.Thread(target=reading, name="consumer", daemon=True)
    thread.start()
    try:
        fill(front)
    except BaseException as error:  # noqa: BLE001 (likewise)
        front.fail(error)
    thread.join()
    if front.error is not None:
        raise front.error
    return found[0]
