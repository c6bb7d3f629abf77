"""Locks beside outputs: two jobs never write the same file, from any window, program or computer.

The package filelock has such locks, with a sign of life and a takeover, from its release 4 on, which needs Python 3.11;
the backend supports 3.10.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import threading
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from idgbr.errors import OutputError

NAME = "lock"
#: Interval at which a lock shows that its job is alive.
BEAT_S = 30.0
#: A lock of another computer without a sign of life for this long counts as abandoned.
ABANDONED_S = 900.0
#: Start times of one process may differ by this much, because of rounding.
_SAME_START_S = 2.0
#: Jobs of this process that hold locks.
_running: set[str] = set()


@dataclass(frozen=True)
class Owner:
    """Holder of a lock: process id, the computer's name, when the process started (seconds since 1970), the job."""

    pid: int
    host: str
    started: float
    job: str

    @staticmethod
    def here() -> Owner:
        """A new job of this process."""
        return Owner(os.getpid(), socket.gethostname(), psutil.Process().create_time(), uuid.uuid4().hex)

    def runs(self) -> bool:
        """Whether the job, on this computer, is still running; the process number may have been reused."""
        if self.pid == os.getpid():
            return self.job in _running
        try:
            started: float = psutil.Process(self.pid).create_time()
        except psutil.NoSuchProcess:
            return False
        except psutil.Error:  # there, but not ours to look at
            return True
        return abs(started - self.started) < _SAME_START_S


class Lock:
    """The lock file in a folder, which is made for it; acquired on entering, released on leaving."""

    def __init__(self, folder: Path, output: Path) -> None:
        """Prepare to lock `folder`, called `output` in messages."""
        self._path, self._output, self._owner = folder / NAME, output, Owner.here()
        self._ended = threading.Event()

    def __enter__(self) -> Lock:
        """Acquire the lock, if needed from a dead process. Raises OutputError if a job holds it."""
        for _ in range(3):
            made = False
            try:
                self._path.parent.mkdir(exist_ok=True)
                with self._path.open("x", encoding="utf-8") as file:
                    made = True
                    json.dump(asdict(self._owner), file)
            except FileExistsError:
                self._take_away()
            except OSError as error:
                with contextlib.suppress(OSError):  # half a lock, on a full disk, would keep the next job out
                    if made:
                        self._path.unlink()
                    self._path.parent.rmdir()
                raise OutputError(
                    f"{self._output.parent}: cannot be written to ({error.strerror}); check the disk or choose another "
                    "folder."
                ) from error
            else:
                _running.add(self._owner.job)
                threading.Thread(target=self._beat, name="lock", daemon=True).start()
                return self
        raise OutputError(f"{self._output}: other jobs want to write it, too; wait for their end.")

    def __exit__(self, *exc: object) -> None:
        if not self._ended.is_set():
            self._end()
            with contextlib.suppress(OSError):  # the disk may be gone, or the folder hold a job's files
                self._path.unlink()
                self._path.parent.rmdir()

    def remove_folder(self) -> None:
        """Release the lock and remove its folder."""
        self._end()
        folder = self._path.parent
        # Renamed first, so that a job that starts now makes its own folder.
        gone = folder.with_name(f"{folder.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            folder = folder.replace(gone)
        shutil.rmtree(folder, ignore_errors=True)

    def _end(self) -> None:
        self._ended.set()
        _running.discard(self._owner.job)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            with contextlib.suppress(OSError):
                os.utime(self._path)

    def _take_away(self) -> None:
        """Remove the lock of a dead job. Raises OutputError if it may still be running."""
        try:
            held = self._path.read_bytes()
        except FileNotFoundError:
            return
        problem = holder(self._path.parent)
        if problem:
            raise OutputError(f"{self._output}: {problem}; wait for its end or choose another output.")
        # Renamed first: of two jobs that find the same dead lock, only one gets it.
        taken = self._path.with_name(f"{NAME}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.replace(taken)
            if taken.read_bytes() != held:  # somebody was quicker, and this is the new lock
                taken.replace(self._path)
            else:
                taken.unlink()


def holder(folder: Path) -> str | None:
    """The job that holds the lock of a folder, as text; None if there is none."""
    path = folder / NAME
    try:
        silent_s = time.time() - path.stat().st_mtime
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"its lock {path} cannot be read ({error.strerror})"
    try:
        owner = Owner(**json.loads(text))
    except (ValueError, TypeError):
        # Written by a job that is just starting, or torn by a crash.
        return "a job is about to write it" if silent_s < BEAT_S else None
    if owner.host == socket.gethostname():
        return f"another job is writing it (process {owner.pid})" if owner.runs() else None
    if silent_s > ABANDONED_S:
        return None
    return f"a job on the computer {owner.host} is writing it (last sign of life {max(silent_s, 0):.0f} s ago)"
