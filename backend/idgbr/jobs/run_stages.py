"""Run what is left of a job's stages, here or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from idgbr.cluster.scheduler import Cluster
from idgbr.jobs.job_folder import JobFolder
from idgbr.jobs.stages import Stage, StagedJob
from idgbr.monitor import Monitor

Network = TypeVar("Network")


def run_stages(
    job: StagedJob, stages: Sequence[Stage], folder: JobFolder, cluster: Cluster | None, order: dict[str, Any],
    tell: Callable[[int], None],
) -> None:  # fmt: skip
    """Fill the files of all stages, each after the rows that an earlier run has finished.

    On a cluster, workers that are given the `order` (see `idgbr.cluster.tasks`) do all that is done in tiles. `tell` is
    called with the number of rows that the last stage has, whenever it has more.
    """
    for stage in stages:
        told = tell if stage is stages[-1] else _nobody
        done = folder.rows_done(stage.name, stage.path, stage.row_bytes)
        told(done)
        if done >= stage.height:
            continue
        if stage is stages[0]:
            job.begin()
        if cluster and stage.tiling:
            cluster.run(job, stage, done, folder, order, told)
        else:
            _run_here(stage, done, folder, job.monitor, told)


def _nobody(rows: int) -> None:
    """Tell nobody how many rows a stage has."""


def _run_here(stage: Stage, done: int, folder: JobFolder, monitor: Monitor, tell: Callable[[int], None]) -> None:
    """Fill a stage's file here, after the rows that are done."""
    journal = folder.journal
    before = (journal.last(stage.name) or {}) if done else {}
    changed, crowded = int(before.get("changed", 0)), int(before.get("crowded", 0))
    with stage.open(stage.path, done) as into:
        for step in stage.run(into, monitor, done):
            changed += step.changed
            crowded += step.crowded
            journal.record(stage.name, step.rows, stage.height, [stage.path], changed=changed, crowded=crowded)
            tell(step.rows)


class OneNetwork:
    """Holds the network that was asked for last alone: each takes up to gigabytes, and stages follow each other."""

    def __init__(self) -> None:
        self._held: tuple[Callable[[], Any], Any] | None = None

    def loader(self, load: Callable[[], Network]) -> Callable[[], Network]:
        """What gives the network that `load` makes, and lets go of any other."""

        def loaded() -> Network:
            if self._held is None or self._held[0] is not load:
                self._held = None  # before the other is loaded, so that both are never in memory
                self._held = load, load()
            network: Network = self._held[1]
            return network

        return loaded
