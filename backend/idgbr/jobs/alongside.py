"""Reading a file by rows while another thread fills it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from idgbr.monitor import LOOK_S, Monitor, Relay, listening

Found = TypeVar("Found")


class _Ended(Exception):
    """The other side has ended with an error."""


class Front:
    """How many rows of a file are filled, of how many: told by the side that fills it to the one that reads it.

    Nothing queues up between them, for the rows lie in the file. Once one side has failed, the other fails where it
    next looks here; `error` is that of the first.
    """

    def __init__(self, height: int) -> None:
        self._height, self._rows = height, 0
        self._moved = threading.Condition()
        self.error: BaseException | None = None

    @property
    def filled(self) -> bool:
        """Whether all rows are there."""
        return self._rows >= self._height

    def advance(self, rows: int) -> None:
        """Tell that so many rows are filled."""
        self.check()
        with self._moved:
            self._rows = rows
            self._moved.notify_all()

    def wait(self, rows: int, monitor: Monitor) -> None:
        """Wait until so many rows are filled. Raises JobCancelled."""
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


class _Behind(Relay):
    """The monitor of the side that reads. It reports no progress before that of the other side has come to its end."""

    def __init__(self, outer: Monitor, front: Front) -> None:
        super().__init__(outer)
        self._front = front

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        if self._front.filled:
            super().progress(stage, done, total, message)

    def check(self) -> None:
        super().check()
        self._front.check()


def alongside(
    fill: Callable[[Front], None], read: Callable[[Front, Monitor], Found], height: int, monitor: Monitor
) -> Found:
    """What `read` finds in a file of `height` rows, from a thread of its own, while `fill` fills it here.

    `read` begins once there is a first row. Raises the first error of the two, when both have ended.
    """
    front = Front(height)
    behind = _Behind(monitor, front)
    found: list[Found] = []

    def reading() -> None:
        try:
            with listening(behind):
                front.wait(1, behind)
                found.append(read(front, behind))
        except BaseException as error:  # noqa: BLE001 (it is raised below)
            front.fail(error)

    thread = threading.Thread(target=reading, name="alongside", daemon=True)
    thread.start()
    try:
        fill(front)
    except BaseException as error:  # noqa: BLE001 (likewise)
        front.fail(error)
    thread.join()
    if front.error is not None:
        raise front.error
    return found[0]
