"""A real scheduler and its workers, as processes of this machine; a monitor that does something on the way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.backend import processes
from tests.backend.jobs.stand_ins import Listener

#: What ends a wait for something that takes a second or two on an idle machine, s.
PATIENCE_S = 120.0


class Processes:
    """A scheduler and workers of this machine."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._environment, self._logs = environment, logs
        self.workers: list[BaseProcess] = []
        self.scheduler = self._start("scheduler", "scheduler", "--port", "0", "--no-dashboard")
        self.address = self._told("scheduler", r"Scheduler at:\s+(tcp://\S+)")

    def _start(self, name: str, *arguments: str) -> BaseProcess:
        log = self._logs / f"{name}.log"
        log.touch()
        command = [*arguments, "--host", "127.0.0.1"]
        return processes.start(_dask, command, log=log, environment=self._environment)

    def _told(self, name: str, pattern: str) -> str:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_S:
            if found := re.search(pattern, (self._logs / f"{name}.log").read_text()):
                return found[1]
            time.sleep(0.05)
        raise AssertionError((self._logs / f"{name}.log").read_text())

    def add_worker(self, *options: str) -> None:
        name = f"worker{len(self.workers)}"
        arguments = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--memory-limit", "0", *options)
        self.workers.append(self._start(name, "worker", self.address, *arguments))
        self._told(name, r"(Registered to:)")

    def end(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.join()


def _dask(command: list[str]) -> None:
    import_module(f"distributed.cli.dask_{command[0]}").main(command[1:])


class Meanwhile(Listener):
    """Does something when a stage is so far."""

    def __init__(self, stage: str, share: float, action: Callable[[], object]) -> None:
        super().__init__()
        self._at, self._action = (stage, share), action

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        super().progress(stage, done, total, message)
        if self._action and stage == self._at[0] and done >= self._at[1] * total:
            action, self._action = self._action, None
            action()
