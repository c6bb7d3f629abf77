"""A job that ends itself as `kill -9` does at a given progress; what a process of the tests runs."""

from __future__ import annotations

import os
import signal
from typing import Any

import idgbr.jobs.refine
import idgbr.jobs.segment
from idgbr.checkpoint import journal
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import Shifting


class Killer(Monitor):
    """Kills the process once a stage is so far; in the last stage, when the first file is being written."""

    def __init__(self, stage: str, done: int) -> None:
        super().__init__()
        self._stage, self._done = stage, done
        self._armed = False

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        if (stage, done) == (self._stage, self._done):
            if stage != "write":
                os.kill(os.getpid(), signal.SIGKILL)
            self._armed = True

    def check(self) -> None:
        if self._armed:
            os.kill(os.getpid(), signal.SIGKILL)


def run_until_killed(job: str, parameters: dict[str, Any], stage: str, done: int) -> None:
    """Run a job that does not end."""
    journal.SYNC_INTERVAL_S = 0
    for module in (idgbr.jobs.refine, idgbr.jobs.segment):
        module.Refiner = Shifting  # type: ignore[misc, assignment]
    run_job(job, parameters, Killer(stage, done))
