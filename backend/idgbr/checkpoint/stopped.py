"""Stopped jobs: what their folders contain, how to resume them, how to remove them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from idgbr.checkpoint import job_folder, journal
from idgbr.checkpoint.job_folder import (
    DESCRIPTION,
    SUFFIX,
    folder_of,
    has_progress,
    progress_text,
    read_description,
    size_bytes,
)
from idgbr.checkpoint.lock import Lock, holder
from idgbr.errors import InputError
from idgbr.options import command_line
from idgbr.parameters import PARAMETERS
from idgbr.paths import layer_output


@dataclass(frozen=True)
class StoppedJob:
    """A job folder: its output, its progress and age, its size, and its command line.

    `running` describes the job that is working in it, None if there is none.
    """

    folder: Path
    output: Path
    job: str
    progress: str
    age_s: float
    size_bytes: int
    command: str
    running: str | None

    def row(self) -> dict[str, Any]:
        """Information for lists in clients."""
        return {
            "output": str(self.output),
            "progress": f"{self.progress}, running" if self.running else self.progress,
            "age": _age_text(self.age_s),
            "size": f"{self.size_bytes / (1 << 20):.1f} MiB",
            "command": self.command,
        }


def stopped_jobs(places: Iterable[Path]) -> list[StoppedJob]:
    """The jobs of `places`, each an output or a folder of outputs; without any, those that this user ran.

    The newest comes first. Raises InputError for a place that is neither a folder nor has a job.
    """
    given = list(places)
    found: list[Path] = []
    for place in given:
        if place.is_dir() and not _is_job(place):
            found += filter(_is_job, place.glob(f".*{SUFFIX}"))
        else:
            found.append(stopped_job(place).folder)
    if not given:
        found = [folder for folder in job_folder.recent_folders() if _is_job(folder)]
    return sorted((_kept(folder.resolve()) for folder in found), key=lambda job: job.age_s)


def stopped_job(output: Path) -> StoppedJob:
    """The job that writes `output`, or whose folder it is. Raises InputError if there is none."""
    for folder in (folder_of(layer_output(str(output)).path), output):
        if _is_job(folder):
            return _kept(folder.resolve())
    raise InputError(f"{output}: there is no stopped job; `idgbr jobs list` lists all stopped jobs.")


def arguments_of(job: StoppedJob) -> tuple[str, dict[str, Any]]:
    """Name and parameters of a stopped job, to run it again in its folder.

    Raises InputError if it cannot resume.
    """
    description = read_description(job.folder)
    parameters = description.get("parameters")
    if not isinstance(parameters, dict):
        raise InputError(f"{job.folder / DESCRIPTION}: is damaged; run the job itself again.")
    began_in = Path(str(description.get("folder", "")))
    try:
        os.chdir(began_in)  # relative paths among the parameters begin there
    except OSError as error:
        raise InputError(f"{began_in}: cannot be entered ({error.strerror}); run the job itself again.") from error
    return job.job, parameters | {"resume": True}


def remove(job: StoppedJob) -> None:
    """Remove a job's folder. Raises OutputError if the job is running."""
    with Lock(job.folder, job.output) as lock:
        lock.remove_folder()
    job_folder.forget(job.folder)


def _is_job(folder: Path) -> bool:
    return folder.is_dir() and ((folder / DESCRIPTION).exists() or holder(folder) is not None or has_progress(folder))


def _kept(folder: Path) -> StoppedJob:
    description = read_description(folder)
    changed = [p.stat().st_mtime for p in (folder / journal.NAME, folder / DESCRIPTION) if p.exists()]
    name = str(description.get("job", "job"))
    parameters = description.get("parameters")
    return StoppedJob(
        folder,
        folder.with_name(folder.name[1 : -len(SUFFIX)]),
        name,
        progress_text(folder),
        max(time.time() - max(changed, default=folder.stat().st_mtime), 0.0),
        size_bytes(folder),
        command_line(PARAMETERS[name], parameters) if name in PARAMETERS and isinstance(parameters, dict) else "",
        holder(folder),
    )


def _age_text(seconds: float) -> str:
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
