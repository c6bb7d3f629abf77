"""The folder of a job beside its output: locks, its description, its journal, and all its working files.

The user's state folder holds a note on each of them, so that `idgbr jobs` finds them.
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

#: A folder on a disk that has been away for so long is no longer looked for.
FORGOTTEN_S = 90 * 86400.0

log = logging.getLogger(__name__)

DESCRIPTION = "job.json"
SUFFIX = ".idgbr"
#: Layout of these folders; a job of another layout starts afresh.
VERSION = 4
_CONTINUE = "Run the same job again to go on from there."


def folder_of(output: Path) -> Path:
    """The hidden folder of the job that writes `output`."""
    return output.with_name(f".{output.name}{SUFFIX}")


class JobFolder:
    """Holds a job's outputs for it alone; use as a context manager.

    The folder goes when the job is done, or has not finished anything worth keeping. Else, after a cancel, an error or
    a crash, it stays, and the same job run again goes on from it. `path` is the folder, `target` the layer that is
    written and `output` its file; `journal` is there after `begin`.
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
        # Not read anew: a share that is away may hold it.
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
        """Go on with what is there, or start afresh: if it is of another job, or not to be resumed. Says which.

        Args:
            job: Name of the job.
            parameters: All its parameters, to run it again.
            identity: All that its result rests on, as JSON.
            resume: Whether to go on with an earlier run.
        """
        layer = {"layer": self.target.layer} if self.target.named else {}
        wanted = json.loads(json.dumps({"job": job, "version": VERSION, **layer, **identity}))
        if has_progress(self.path):
            found = read_description(self.path).get("identity", {})
            other = sorted(key for key in {*wanted, *found} if wanted.get(key) != found.get(key))
            if not resume:
                self._monitor.info(f"{self.output}: an earlier run is not resumed; starting afresh.")
                self._clear()
            elif other:
                what = ", ".join(other)
                self._monitor.warn(f"{self.output}: an earlier run had another {what}; starting afresh.")
                self._clear()
            else:
                self._monitor.info(f"{self.output}: going on with an earlier run ({progress_text(self.path)}).")
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
        """How many rows of a stage are finished, and lie in the file `path`."""
        record = self.journal.last(stage)
        done = int(record["done"]) if record else 0
        with suppress(OSError):
            if path.stat().st_size >= done * row_bytes:
                return done
        return 0

    def part(self, output: Path) -> Path:
        """Where one of the outputs is written before it is put in place: on its own disk, under its own name."""
        return folder_of(output) / output.name

    def _clear(self) -> None:
        for item in self.path.iterdir():
            if item.is_dir():
                shutil.rmtree(item, ignore_errors=True)
            elif item.name != LOCK:
                item.unlink(missing_ok=True)


def read_description(folder: Path) -> dict[str, Any]:
    """What the folder says of its job; empty if it cannot be read."""
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return description if isinstance(description, dict) else {}


def records_of(folder: Path) -> list[dict[str, Any]]:
    """What is finished of the job in a folder."""
    try:
        return journal.read_records(folder / journal.NAME)[0]
    except OSError:
        return []


def has_progress(folder: Path) -> bool:
    """Whether anything of the job in a folder is finished."""
    return bool(records_of(folder))


def progress_text(folder: Path) -> str:
    """How far the job in a folder is: its stage and per cent of it."""
    records = records_of(folder)
    if not records:
        return "just begun"
    last = records[-1]
    return f"{last['stage']} {100 * last['done'] // max(last['total'], 1)} %"


def size_bytes(folder: Path) -> int:
    """What the files of a folder take on the disk, as far as the system tells; holes in files do not count."""
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
    # A file each, so that jobs that begin and end together need no lock.
    return _notes() / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def remember(folder: Path) -> None:
    """Note a job folder; a state folder that cannot be written only means that it is not listed."""
    note = _note(folder)
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(str(folder.resolve()), encoding="utf-8")


def forget(folder: Path) -> None:
    """Drop the note on a job folder."""
    with suppress(OSError):
        _note(folder).unlink(missing_ok=True)


def recent_folders() -> list[Path]:
    """Noted job folders that are there, by name; notes on others are dropped."""
    folders = []
    with suppress(OSError):
        for note in sorted(_notes().iterdir()):
            folder = Path(note.read_text(encoding="utf-8"))
            # A share that is away may come back with its jobs.
            if folder.is_dir():
                folders.append(folder)
            elif folder.parent.is_dir() or time.time() - note.stat().st_mtime > FORGOTTEN_S:
                note.unlink(missing_ok=True)
    return sorted(folders)
