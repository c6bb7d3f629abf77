"""Executor: the interface of what computes a job's tiles; the local runner and the cluster implement it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from idgbr.checkpoint.job_folder import JobFolder
from idgbr.engines.devices import Device
from idgbr.monitor import Monitor
from idgbr.pipeline.stage import StagedJob, TiledStage


@dataclass(frozen=True)
class Run:
    """A run of a job: the job, its folder, the identity that its result depends on, and the executor."""

    job: StagedJob
    folder: JobFolder
    identity: Mapping[str, Any]
    executor: Executor


class Executor(Protocol):
    """Computes the tiles of stages, in this process or on a cluster."""

    #: Whether a stage's tiles are computed in spans, so that shared rows need the scores of all classes in memory.
    in_spans: bool

    def device(self, wanted: str, job_px: int | None = None) -> Device:
        """The device for the models of a job of `job_px` pixels if `wanted` is requested.

        Raises DeviceError or ClusterError.
        """
        ...

    def fill(self, run: Run, stage: TiledStage[Any], done: int, tell: Callable[[int], None]) -> None:
        """Fill a stage's file after its first `done` rows.

        `tell` is called with the number of finished rows whenever it grows.
        """
        ...

    def label_noise(self, run: Run) -> float:
        """Label noise of the map that the job refines, see `idgbr.refiner.label_noise`."""
        ...


#: Gives the executor for the address of a cluster, or the local one for None; closes its connection at the end.
Connect = Callable[[str | None, Monitor], AbstractContextManager[Executor]]
