"""The journal of a job: one checksummed line for each finished part; a stopped job resumes from it (docs/design.md).

It is a file of lines instead of an SQLite database, because SQLite's locks are not reliable on network shares.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from idgbr.errors import OutputError
from idgbr.monitor import check_cancelled, run_cancellable

NAME = "journal.jsonl"
#: Least time between two lines of a stage. Each waits until its data is on disk.
SYNC_INTERVAL_S = 2.0
#: How long a cancelled job waits for the disk to save a last line.
_PATIENCE_S = 1.0


class Journal:
    """Lines of `checksum record`, only ever appended. A line torn by a power cut is removed on opening."""

    def __init__(self, path: Path, began: float) -> None:
        """Open or create the journal of a run that began at `began` (`time.monotonic`). Raises OutputError."""
        self.path, self._began = path, began
        self._last: dict[str, dict[str, Any]] = {}
        self._pending: dict[str, tuple[dict[str, Any], Sequence[Path]]] = {}
        self._synced = time.monotonic()
        try:
            self._file = path.open("a+b")
            records, sound = read_records(path)
            self._file.truncate(sound)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror}); check space and rights.") from error
        for record in records:
            self._last[record["stage"]] = record
        self._before_s = float(records[-1]["elapsed_s"]) if records else 0.0

    def last(self, stage: str) -> dict[str, Any] | None:
        """The last record of a stage, None if there is none."""
        return self._last.get(stage)

    @property
    def elapsed_s(self) -> float:
        """Time of the job, in this run and the runs that it resumes."""
        return self._before_s + time.monotonic() - self._began

    @property
    def empty(self) -> bool:
        """Whether nothing is finished yet."""
        return not self._last

    def record(self, stage: str, done: int, total: int, files: Sequence[Path] = (), **values: Any) -> None:
        """Note that `done` of `total` units of a stage are in `files`: the last one at once, others from time to time.

        Raises OutputError, and JobCancelled instead of a long wait for the disk.
        """
        elapsed_s = round(self.elapsed_s, 2)
        self._pending.pop(stage, None)  # so that the newest record comes last
        self._pending[stage] = (
            {"stage": stage, "done": done, "total": total, "elapsed_s": elapsed_s, **values},
            files,
        )
        if done >= total or time.monotonic() - self._synced >= SYNC_INTERVAL_S:
            until = time.monotonic() + _PATIENCE_S
            self.flush(lambda: check_cancelled() if time.monotonic() > until else None)

    def flush(self, check: Callable[[], None] = lambda: None) -> None:
        """Write pending lines. Raises OutputError, and what `check` raises while waiting for the disk."""
        if not self._pending:
            return
        pending, self._pending = list(self._pending.values()), {}
        try:
            for path in dict.fromkeys(path for _, files in pending for path in files):
                run_cancellable(partial(sync, path), check)
            self._file.write(b"".join(_line(record) for record, _ in pending))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written ({error.strerror}); free disk space.") from error
        self._last |= {record["stage"]: record for record, _ in pending}
        self._synced = time.monotonic()

    def close(self) -> None:
        """Close the journal. Raises OutputError if its last line cannot be written."""
        try:
            self.flush()
        finally:
            try:
                self._file.close()
            except OSError as error:
                raise OutputError(f"{self.path}: cannot be written ({error.strerror}); free disk space.") from error


def sync(path: Path) -> None:
    """Wait until a file's content is on disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def read_records(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Records up to the first torn or damaged line, and the length in bytes of the intact part."""
    records: list[dict[str, Any]] = []
    sound = 0
    for line in path.read_bytes().splitlines(keepends=True):
        checksum, _, text = line.rstrip(b"\n").partition(b" ")
        if not line.endswith(b"\n") or checksum != _checksum(text):
            break
        records.append(json.loads(text))
        sound += len(line)
    return records, sound


def _line(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, separators=(",", ":")).encode()
    return _checksum(text) + b" " + text + b"\n"


def _checksum(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)
