"""Where the tiles of a job's stages are worked on: the interface, which the runner and a cluster implement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from idgbr.checkpoint.job_folder import JobFolder
from idgbr.models.devices import Device
from idgbr.monitor import Monitor
from idgbr.pipeline.stage import StagedJob, TiledStage


@dataclass(frozen=True)
class Run:
    """A run of a job: the job, its folder, all that its result rests on, and where its tiles are worked on."""

    job: StagedJob
    folder: JobFolder
    identity: Mapping[str, Any]
    executor: Executor


class Executor(Protocol):
    """Works on the tiles of stages, in this process or on a cluster."""

    #: Whether the tiles of a stage are worked on in spans, whose shared rows hold the scores of all classes.
    in_spans: bool

    def device(self, wanted: str) -> Device:
        """The device that models run on where `wanted` is asked for. Raises DeviceError or ClusterError."""
        ...

    def fill(self, run: Run, stage: TiledStage[Any], done: int, tell: Callable[[int], None]) -> None:
        """Fill a stage's file after the `done` rows that it has.

        `tell` is called with the number of rows that there are, whenever there are more.
        """
        ...

    def label_noise(self, run: Run) -> float:
        """How much the map that the job refines is doubted, see `idgbr.refiner.label_noise`."""
        ...


#: Gives the executor at a cluster's address, the one of this process without; closes its connection at the end.
Connect = Callable[[str | None, Monitor], AbstractContextManager[Executor]]
