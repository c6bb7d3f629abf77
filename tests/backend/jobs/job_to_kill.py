"""Runs a job that ends itself as `kill -9` does at a given progress; started as a script by the tests.

job_to_kill.py JOB PARAMETERS STAGE DONE
"""

from __future__ import annotations

import json
import os
import signal
import sys

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


if __name__ == "__main__":
    journal.SYNC_INTERVAL_S = 0
    for module in (idgbr.jobs.refine, idgbr.jobs.segment):
        module.Refiner = Shifting  # type: ignore[misc, assignment]
    job, parameters, stage, done = sys.argv[1:]
    run_job(job, json.loads(parameters), Killer(stage, int(done)))
