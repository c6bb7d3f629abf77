"""Monitor: how a job reports progress and learns of a cancel, also while it waits for a blocking call.

The command line and the worker each subclass `Monitor`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from idgbr.errors import JobCancelled

Result = TypeVar("Result")
#: Interval at which a wait checks for a cancel, in s.
LOOK_S = 0.1

log = logging.getLogger(__name__)


class Monitor:
    """Receives progress and messages of one job and has its cancel flag. Thread-safe; silent by default.

    Jobs call `check` at every tile and refinement step, so that a cancel takes effect within about a second.
    """

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Report that `done` of `total` units of `stage` are finished (same unit, any scale)."""

    def info(self, message: str) -> None:
        """Tell the user a fact about the run (device chosen, resampling, empty result)."""
        log.info(message)

    def warn(self, message: str) -> None:
        """Tell the user about a fallback or a reservation."""
        log.warning(message)

    def cancel(self) -> None:
        """Ask the job to stop; may be called from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether a cancel was requested."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise `JobCancelled` if a cancel was requested."""
        if self._cancelled.is_set():
            raise JobCancelled


class Relay(Monitor):
    """Passes everything on to another monitor; subclasses override parts."""

    def __init__(self, outer: Monitor) -> None:
        super().__init__()
        self._outer = outer

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """See `Monitor`."""
        self._outer.progress(stage, done, total, message)

    def info(self, message: str) -> None:
        """See `Monitor`."""
        self._outer.info(message)

    def warn(self, message: str) -> None:
        """See `Monitor`."""
        self._outer.warn(message)

    def cancel(self) -> None:
        """See `Monitor`."""
        self._outer.cancel()

    @property
    def cancelled(self) -> bool:
        """See `Monitor`."""
        return self._outer.cancelled

    def check(self) -> None:
        """See `Monitor`."""
        self._outer.check()


_listening: ContextVar[Monitor | None] = ContextVar("listening", default=None)


@contextmanager
def listening(monitor: Monitor) -> Iterator[None]:
    """Context of a job in this thread: `check_cancelled` asks its monitor."""
    before = _listening.set(monitor)
    try:
        yield
    finally:
        _listening.reset(before)


def check_cancelled() -> None:
    """Raise `JobCancelled` if this thread's job was cancelled; for deep code without a monitor."""
    if monitor := _listening.get():
        monitor.check()


def run_cancellable(call: Callable[[], Result], check: Callable[[], None]) -> Result:
    """The result or error of `call`, run in a thread; if `check` raises meanwhile, the call is abandoned."""
    found: list[Result] = []
    failed: list[BaseException] = []
    ended = threading.Event()

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:  # noqa: BLE001 (it is raised where it is waited for)
            failed.append(error)
        ended.set()

    check()
    # A daemon, so that the program can exit before the network answers.
    threading.Thread(target=run, name="waiting", daemon=True).start()
    while not ended.wait(LOOK_S):
        check()
    if failed:
        raise failed[0]
    return found[0]


def pause(seconds: float, check: Callable[[], None]) -> None:
    """Wait for some seconds, or until `check` raises."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        check()
        time.sleep(min(left, LOOK_S))
