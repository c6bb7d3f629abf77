"""What was set up, and whether it is still good after QGIS, Python or the plugin was updated. Starts no process."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from idgbr_qgis.core.setup.requirements import fingerprint

#: Written last: an environment without it is unfinished.
RECORD = "idgbr-environment.json"
#: Ending of the name of an environment that is being made.
UNFINISHED = ".part"


def data_folder() -> Path:
    """Where environments and models are kept, for all profiles of QGIS; `IDGBR_DATA_DIR` names another."""
    if configured := os.environ.get("IDGBR_DATA_DIR"):
        return Path(configured)
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "idgbr"


@dataclass(frozen=True)
class Record:
    """What an environment was made of; `base` is the interpreter behind its Python."""

    plugin: str
    build: str
    requirements: str
    python: str
    base: str


class Problem(Enum):
    """Why an environment is no longer good; texts are English here and translated where they are shown."""

    MISSING = "The backend's environment was removed."
    BASE_GONE = "The Python that the backend was based on was removed or replaced by another version."
    OUTDATED = "This version of the plugin needs other packages than those of the backend."
    UNFINISHED = "The set-up of the backend was interrupted."


def python_of(environment: Path) -> Path:
    """The interpreter in an environment."""
    if sys.platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def write_record(environment: Path, plugin: str, build: str, lock_file: Path, version: str) -> None:
    """Mark an environment as finished."""
    base = os.path.realpath(python_of(environment))
    record = Record(plugin, build, fingerprint(lock_file), version, base)
    text = json.dumps(asdict(record), indent=1) + "\n"
    (environment / RECORD).write_text(text, encoding="utf-8")


def read_record(environment: Path) -> Record | None:
    """What an environment was made of; None for one that this set-up did not make or finish."""
    try:
        said = json.loads((environment / RECORD).read_text(encoding="utf-8"))
        return Record(**{name: str(said[name]) for name in Record.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_environment(folder: Path, requirements: Path) -> Path | None:
    """The Python of a finished environment in the data folder: one that is good, else the newest."""
    found = [path.parent for path in folder.glob(f"env-*/{RECORD}") if not path.parent.name.endswith(UNFINISHED)]
    found.sort(key=lambda path: (path / RECORD).stat().st_mtime, reverse=True)
    pythons = [python_of(environment) for environment in found]
    good = [python for python in pythons if problem_of(python, requirements) is None]
    return next(iter(good or pythons), None)


def problem_of(python: Path, requirements: Path | None = None) -> Problem | None:
    """What is wrong with an environment, by its Python; None where all is well, or where it is the user's own.

    `requirements` is the folder of the plugin's lock files; without it, whether these changed is not looked at.
    """
    environment = python.parent.parent
    record = read_record(environment)
    if record is None:
        ours = environment.name.startswith("env-") and environment.parent.name == "idgbr"
        if ours and not environment.is_dir():
            return Problem.MISSING
        return Problem.UNFINISHED if ours and not python.exists() else None
    if not _base_is_there(environment, python, record):
        return Problem.BASE_GONE
    if requirements is None:
        return None
    lock_file = requirements / f"run-{record.build}.txt"
    if not lock_file.is_file() or fingerprint(lock_file) != record.requirements:
        return Problem.OUTDATED
    return None


def _base_is_there(environment: Path, python: Path, record: Record) -> bool:
    """Whether the interpreter behind the environment still is the one that it was made with."""
    if not python.exists():
        return False
    if sys.platform != "win32":
        # The name ends in the version: after an update of the system, python3 leads to another one.
        return os.path.realpath(python) == record.base
    # On Windows, the environment's program is a copy that starts the one in this folder.
    try:
        lines = (environment / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    home = next((line.partition("=")[2].strip() for line in lines if line.startswith("home")), "")
    return (Path(home) / "python.exe").exists()
