"""The plugin's settings: one group of QgsSettings, each overridable by an environment variable for headless use."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from qgis.core import QgsSettings

from idgbr_qgis.core.errors import BackendMissingError
from idgbr_qgis.core.paths import BACKEND, ROOT
from idgbr_qgis.core.setup.state import Problem, data_folder, find_environment, problem_of
from idgbr_qgis.core.translation import tr

GROUP = "idgbr"
_REQUIREMENTS = BACKEND / "requirements"
DEFAULT_DEVICE = "auto"


def _read(name: str) -> str:
    """Value of a setting as text; the environment variable IDGBR_<NAME> goes first."""
    return os.environ.get(f"IDGBR_{name.upper()}") or str(QgsSettings().value(f"{GROUP}/{name}", "") or "")


def _write(name: str, value: str) -> None:
    settings = QgsSettings()
    if value:
        settings.setValue(f"{GROUP}/{name}", value)
    else:
        settings.remove(f"{GROUP}/{name}")


def backend_python() -> str:
    """Python of the backend's environment; empty where it is not configured."""
    return _read("backend_python")


def set_backend_python(path: str) -> None:
    """Set the Python of the backend's environment."""
    _write("backend_python", path.strip())


def backend_command() -> list[str]:
    """A full command that starts the worker, such as `ssh host idgbr worker`; empty where it is not configured."""
    text = _read("backend_command")
    return parse_command(text) if text else []


def parse_command(text: str) -> list[str]:
    """Read a command written as a JSON list; raises `BackendMissingError` for anything else."""
    try:
        command = json.loads(text)
    except ValueError:
        command = None
    if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
        raise BackendMissingError(
            tr('The backend command must be a JSON list of strings, such as ["ssh", "host", "idgbr", "worker"].')
        )
    return command


def set_backend_command(command: list[str]) -> None:
    """Set the full command that starts the worker; empty to use the backend's Python."""
    _write("backend_command", json.dumps(command) if command else "")


def device() -> str:
    """Device that the algorithms offer first."""
    return _read("device") or DEFAULT_DEVICE


def set_device(name: str) -> None:
    """Set the device that the algorithms offer first."""
    _write("device", name.strip())


def checkout_python() -> Path | None:
    """The Python that `make setup` puts into a checkout of the repository, where there is one."""
    for path in (ROOT / ".venv" / "bin" / "python", ROOT / ".venv" / "Scripts" / "python.exe"):
        if path.exists():
            return path
    return None


def worker_python() -> str:
    """The Python that the worker is started with: of the settings, a checkout or the set-up; empty without any."""
    return backend_python() or str(checkout_python() or find_environment(data_folder(), _REQUIREMENTS) or "")


def backend_problem() -> Problem | None:
    """What is wrong with the environment that the set-up made, if anything; looks at files only."""
    python = worker_python()
    return problem_of(Path(python), _REQUIREMENTS) if python and not backend_command() else None


def worker_command(python: str | None = None, command: list[str] | None = None) -> list[str]:
    """Program and arguments that start the worker; raises `BackendMissingError` with the remedy.

    The arguments stand for the settings of the same names, where given.
    """
    if command := backend_command() if command is None else command:
        if shutil.which(command[0]) is None:
            text = tr("The backend command {program} was not found; correct it in Settings ▸ Options ▸ IDGBR.")
            raise BackendMissingError(text.format(program=command[0]))
        return command
    python = python or worker_python()
    if not python:
        raise BackendMissingError(tr("The IDGBR backend is not set up: choose Plugins ▸ IDGBR ▸ Set up backend…."))
    if (problem := problem_of(Path(python))) is not None:
        again = tr("Set it up again: Plugins ▸ IDGBR ▸ Set up backend….")
        raise BackendMissingError(f"{tr(problem.value)} {again}")
    if shutil.which(python) is None:
        text = tr(
            "The backend's Python {path} was not found; choose it in Settings ▸ Options ▸ IDGBR, or set the backend up "
            "again: Plugins ▸ IDGBR ▸ Set up backend…."
        )
        raise BackendMissingError(text.format(path=python))
    return [python, "-m", "idgbr", "worker"]
