"""The folder of a job beside its output: locks, its description, its journal, and all its working files.

The user's state folder has a note on each of them, so that `idgbr jobs` finds them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs

from idgbr.checkpoint import journal
from idgbr.checkpoint.journal import Journal
from idgbr.checkpoint.lock import NAME as LOCK
from idgbr.checkpoint.lock import Lock
from idgbr.errors import IdgbrError, JobCancelled, OutputError
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput

#: Notes on a folder whose disk has been away for this long are dropped.
FORGOTTEN_S = 90 * 86400.0

log = logging.getLogger(__name__)

DESCRIPTION = "job.json"
SUFFIX = ".idgbr"
#: Version of the layout of these folders; a job with another layout starts over.
VERSION = 4
_CONTINUE = "Run the same job again to resume it."


def folder_of(output: Path) -> Path:
    """The hidden folder of the job that writes `output`."""
    return output.with_name(f".{output.name}{SUFFIX}")


class JobFolder:
    """Reserves a job's outputs for it; a context manager.

    The folder is removed when the job is done, or has not finished anything worth keeping. After a cancel, an error or
    a crash, it stays, and the same job resumes from it. `path` is the folder, `target` the layer to write and `output`
    its file; `journal` exists after `begin`.
    """

    journal: Journal

    def __init__(self, target: LayerOutput, others: Iterable[Path], monitor: Monitor) -> None:
        """Prepare the folder of the job that writes the layer `target` and the files `others`."""
        self.target, self.output, self._others, self._monitor = target, target.path, list(others), monitor
        self.path = folder_of(self.output)
        self._begun, self._entered = False, time.monotonic()

    def __enter__(self) -> JobFolder:
        """Make the folder and take the locks. Raises OutputError if another job writes one of the outputs."""
        with ExitStack() as stack:
            locks = [stack.enter_context(Lock(folder_of(path), path)) for path in (self.output, *self._others)]
            self._lock, *self._other_locks = locks
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._begun:
            try:
                self.journal.close()
            except OutputError as failure:
                log.warning("%s", failure)
        for lock in self._other_locks:
            lock.remove_folder()
        # Not read again: a network share may be disconnected.
        progress = not self.journal.empty if self._begun else has_progress(self.path)
        if error is None or not progress:
            self._lock.remove_folder()
            forget(self.path)
            return
        self._lock.__exit__()
        if isinstance(error, JobCancelled):
            error.args = (f"Cancelled. {_CONTINUE}",)
        elif isinstance(error, IdgbrError) and self._begun and not str(error).endswith(_CONTINUE):
            error.args = (f"{error} {_CONTINUE}",)

    def begin(self, job: str, parameters: Mapping[str, Any], identity: Mapping[str, Any], *, resume: bool) -> None:
        """Resume from the existing content, or start over if it is of another job or not to be resumed. Reports which.

        Args:
            job: Name of the job.
            parameters: All its parameters, to run it again.
            identity: Everything that its result depends on, as JSON.
            resume: Whether to resume an earlier run.
        """
        layer = {"layer": self.target.layer} if self.target.named else {}
        wanted = json.loads(json.dumps({"job": job, "version": VERSION, **layer, **identity}))
        if has_progress(self.path):
            found = read_description(self.path).get("identity", {})
            other = sorted(key for key in {*wanted, *found} if wanted.get(key) != found.get(key))
            if not resume:
                self._monitor.info(f"{self.output}: an earlier run is not resumed; starting over.")
                self._clear()
            elif other:
                what = ", ".join(other)
                self._monitor.warn(f"{self.output}: an earlier run had another {what}; starting over.")
                self._clear()
            else:
                self._monitor.info(f"{self.output}: resuming an earlier run ({progress_text(self.path)}).")
        else:
            self._clear()
        description = {
            "job": job,
            "parameters": dict(parameters),
            "folder": str(Path.cwd()),
            "began": time.time(),
            "identity": wanted,
        }
        part = self.path / f"{DESCRIPTION}.part"
        try:
            part.write_text(json.dumps(description, indent=1), encoding="utf-8")
            journal.sync(part)
            part.replace(self.path / DESCRIPTION)
        except OSError as error:
            raise OutputError(f"{part}: cannot be written ({error.strerror}); check space and rights.") from error
        self.journal = Journal(self.path / journal.NAME, self._entered)
        self._begun = True
        remember(self.path)

    def rows_done(self, stage: str, path: Path, row_bytes: int) -> int:
        """Number of finished rows of a stage in the file `path`."""
        record = self.journal.last(stage)
        done = int(record["done"]) if record else 0
        with suppress(OSError):
            if path.stat().st_size >= done * row_bytes:
                return done
        return 0

    def part(self, output: Path) -> Path:
        """Temporary path of an output before it is published: on its own disk, under its own name."""
        return folder_of(output) / output.name

    def _clear(self) -> None:
        for item in self.path.iterdir():
            if item.is_dir():
                shutil.rmtree(item, ignore_errors=True)
            elif item.name != LOCK:
                item.unlink(missing_ok=True)


def read_description(folder: Path) -> dict[str, Any]:
    """The description of the job in the folder; empty if it cannot be read."""
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return description if isinstance(description, dict) else {}


def records_of(folder: Path) -> list[dict[str, Any]]:
    """Finished parts of the job in a folder."""
    try:
        return journal.read_records(folder / journal.NAME)[0]
    except OSError:
        return []


def has_progress(folder: Path) -> bool:
    """Whether any part of the job in a folder is finished."""
    return bool(records_of(folder))


def progress_text(folder: Path) -> str:
    """Progress of the job in a folder: its stage and per cent of it."""
    records = records_of(folder)
    if not records:
        return "just begun"
    last = records[-1]
    return f"{last['stage']} {100 * last['done'] // max(last['total'], 1)} %"


def size_bytes(folder: Path) -> int:
    """Size of the files of a folder on disk, if the system reports it; holes in files do not count."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                status = (Path(root) / name).stat()
                total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
    return total


def _notes() -> Path:
    return Path(platformdirs.user_state_dir("idgbr", appauthor=False)) / "jobs"


def _note(folder: Path) -> Path:
    # One file for each, so that jobs that start and end at the same time need no lock.
    return _notes() / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def remember(folder: Path) -> None:
    """Note a job folder; if the state folder cannot be written, the job is not listed."""
    note = _note(folder)
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(str(folder.resolve()), encoding="utf-8")


def forget(folder: Path) -> None:
    """Drop the note on a job folder."""
    with suppress(OSError):
        _note(folder).unlink(missing_ok=True)


def recent_folders() -> list[Path]:
    """Existing noted job folders, by name; notes on others are dropped."""
    folders = []
    with suppress(OSError):
        for note in sorted(_notes().iterdir()):
            folder = Path(note.read_text(encoding="utf-8"))
            # A disconnected share may come back with its jobs.
            if folder.is_dir():
                folders.append(folder)
            elif folder.parent.is_dir() or time.time() - note.stat().st_mtime > FORGOTTEN_S:
                note.unlink(missing_ok=True)
    return sorted(folders)
