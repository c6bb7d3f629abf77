"""Carries out a plan: environment, packages, check; all under a temporary name, put in place at the end."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from idgbr_qgis.core.setup.failures import Kind, SetupError, classify, from_os_error
from idgbr_qgis.core.setup.find_python import UV_PYTHON, Python, probe
from idgbr_qgis.core.setup.lock import locked
from idgbr_qgis.core.setup.plan import Plan
from idgbr_qgis.core.setup.processes import Cancelled, run
from idgbr_qgis.core.setup.state import UNFINISHED, python_of, write_record
from idgbr_qgis.core.setup.wheels import Downloader, folder_mb, require_wheels

LOG = "setup.log"
#: Least time between two looks at how large the environment is.
_LOOK_S = 1.0


class Stage(Enum):
    """Parts of a set-up, in order."""

    ENVIRONMENT = "Creating the environment"
    DOWNLOAD = "Downloading"
    INSTALL = "Installing"
    CHECK = "Starting the backend for the first time"


@dataclass(frozen=True)
class Progress:
    """How far a stage is, in megabytes where these are counted."""

    stage: Stage
    done_mb: float = 0.0
    total_mb: float = 0.0
    package: str = ""


@dataclass(frozen=True)
class Outcome:
    """What was set up: the environment's Python, what the backend said about itself, and doubts."""

    python: Path
    report: dict[str, Any]
    warnings: tuple[str, ...] = ()


OnProgress = Callable[[Progress], None]


def set_up(plan: Plan, on_progress: OnProgress, cancelled: Cancelled) -> Outcome:
    """Make the environment; raises `SetupError`. What was there stays in use until the new one is whole."""
    try:
        with locked(plan.folder):
            plan.check()
            return _Installer(plan, on_progress, cancelled).run()
    except OSError as error:
        raise from_os_error(error) from error


def download_wheels(plan: Plan, folder: Path, on_progress: OnProgress, cancelled: Cancelled) -> None:
    """Fill a folder of wheels for a computer without a network, of the same system and Python."""
    try:
        with locked(plan.folder):
            _Installer(plan, on_progress, cancelled).download(folder)
    except OSError as error:
        raise from_os_error(error) from error


def read_log(folder: Path) -> str:
    """The log of the last set-up in a data folder."""
    try:
        return (folder / LOG).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


class _Installer:
    def __init__(self, plan: Plan, on_progress: OnProgress, cancelled: Cancelled) -> None:
        self._plan = plan
        self._report = on_progress
        self._cancelled = cancelled
        self._part = plan.environment.with_name(plan.environment.name + UNFINISHED)
        self._log = plan.folder / LOG
        self._log.write_text(time.strftime("%Y-%m-%d %H:%M:%S\n"), encoding="utf-8")

    def run(self) -> Outcome:
        requirements = self._plan.requirements()
        kept = self._plan.folder / "wheels"
        if self._plan.wheels is not None:
            require_wheels(self._plan.wheels, requirements)
        try:
            self._make_environment()
            if self._plan.wheels is None:
                self._download(kept)
            self._install(self._plan.wheels or kept)
            report = self._check(self._part)
            version = probe(python_of(self._part))
            title = ".".join(map(str, version.version)) if version else "?"
            write_record(self._part, self._plan.version, self._plan.build, self._plan.lock_file, title)
            self._put_in_place()
        finally:
            shutil.rmtree(self._part, ignore_errors=True)
        shutil.rmtree(kept, ignore_errors=True)
        return Outcome(python_of(self._plan.environment), report, self._doubts(report))

    def download(self, folder: Path) -> None:
        try:
            self._make_environment()
            folder.mkdir(parents=True, exist_ok=True)
            self._download(folder)
        finally:
            shutil.rmtree(self._part, ignore_errors=True)

    def _make_environment(self) -> None:
        self._report(Progress(Stage.ENVIRONMENT))
        shutil.rmtree(self._part, ignore_errors=True)
        python = self._plan.python or self._fetch_python()
        if python.has_venv:
            # In two steps, as venv keeps to itself what ensurepip says of a failure.
            self._call([python.path, "-I", "-m", "venv", "--without-pip", str(self._part)], Kind.NO_VENV)
            self._call([str(python_of(self._part)), "-I", "-m", "ensurepip", "--default-pip"], Kind.NO_VENV)
            return
        if self._plan.uv is None:
            raise SetupError(Kind.NO_VENV, python.title)
        # Its pip downloads, since pip reads the user's configuration of pip; offline there is nothing to download.
        seed = [] if self._plan.wheels is not None else ["--seed"]
        self._call(
            [self._plan.uv, "venv", "--no-config", *seed, "--python", python.path, str(self._part)], Kind.NO_VENV
        )

    def _fetch_python(self) -> Python:
        """Let uv fetch an interpreter; into the data folder, so that it goes with it."""
        if self._plan.uv is None:
            raise SetupError(Kind.NO_PYTHON)
        place = self._plan.folder / "python"
        variables = {"UV_PYTHON_INSTALL_DIR": str(place)}
        self._call([self._plan.uv, "python", "install", "--no-config", UV_PYTHON], Kind.NO_PYTHON, variables)
        names = ("*/bin/python3", "*/python.exe")
        found = (probe(path) for name in names for path in sorted(place.glob(name), reverse=True))
        python = next((entry for entry in found if entry is not None), None)
        if python is None:
            raise SetupError(Kind.NO_PYTHON, f"uv left no Python in {place}")
        return python

    def _download(self, folder: Path) -> None:
        self._report(Progress(Stage.DOWNLOAD, 0.0, self._plan.download_mb))
        Downloader(
            [str(python_of(self._part)), "-m", "pip"],
            self._plan.network.variables(),
            self._cancelled,
            self._write,
            lambda done, total, name: self._report(Progress(Stage.DOWNLOAD, done, total, name)),
        ).fill(folder, self._plan.requirements())

    def _install(self, wheels: Path) -> None:
        total = self._plan.installed_mb
        self._report(Progress(Stage.INSTALL, 0.0, total))
        python = str(python_of(self._part))
        locked_file = self._part / "locked.txt"
        locked_file.write_text("\n".join(entry.text for entry in self._plan.requirements()) + "\n", encoding="utf-8")
        command = (
            [self._plan.uv, "pip", "install", "--no-config", "--no-cache", "--python", python]
            if self._plan.uv is not None
            else [python, "-m", "pip", "install", "--no-cache-dir", "--no-warn-script-location"]
        )
        command += ["--no-index", "--find-links", str(wheels), "--no-deps", "--require-hashes"]
        command += ["--only-binary", ":all:", "--requirement", str(locked_file)]
        looked = 0.0

        def look() -> None:
            nonlocal looked
            if time.monotonic() - looked > _LOOK_S:
                self._report(Progress(Stage.INSTALL, min(folder_mb(self._part), total), total))
                looked = time.monotonic()

        self._call(command, Kind.UNKNOWN, idle=look)

    def _check(self, environment: Path) -> dict[str, Any]:
        """Ask the backend's own doctor, with a small job that compiles what the first jobs of the user use."""
        self._report(Progress(Stage.CHECK))
        variables = {"PYTHONPATH": str(self._plan.backend), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [str(python_of(environment)), "-m", "idgbr", "doctor", "--run", "--json"]
        status, output = run(command, self._cancelled, self._write, variables)
        report = _last_json(output)
        if status or report is None or not report.get("healthy"):
            kind = classify(output)
            raise SetupError(Kind.LIBRARY if kind is Kind.UNKNOWN else kind, output)
        return report

    def _doubts(self, report: dict[str, Any]) -> tuple[str, ...]:
        """A GPU that was asked for and cannot be used."""
        if self._plan.build == "cpu":
            return ()
        gpus = [device for device in report.get("devices", []) if str(device.get("id", "")).startswith("cuda")]
        if any(not device.get("problem") for device in gpus):
            return ()
        reasons = [str(device["problem"]) for device in gpus] or ["no NVIDIA driver answers"]
        return (f"The GPU cannot be used: {'; '.join(reasons)}. Jobs run on the CPU.",)

    def _put_in_place(self) -> None:
        target = self._plan.environment
        old = target.with_name(target.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            # Fails on Windows while a worker runs from there; then the old one simply stays.
            target.replace(old)
        self._part.replace(target)
        shutil.rmtree(old, ignore_errors=True)

    def _call(
        self,
        command: Sequence[str],
        otherwise: Kind,
        variables: dict[str, str] | None = None,
        idle: Callable[[], None] = lambda: None,
    ) -> None:
        """Run a program that must succeed; `otherwise` is the kind of a failure that its output does not explain."""
        extra = self._plan.network.variables() | (variables or {})
        status, output = run(command, self._cancelled, self._write, extra, idle)
        if status:
            kind = classify(output, self._plan.network.proxy)
            raise SetupError(otherwise if kind is Kind.UNKNOWN else kind, output or f"exit status {status}")

    def _write(self, line: str) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _last_json(output: str) -> dict[str, Any] | None:
    """The JSON object that an output ends with, whatever was printed before it."""
    start = output.find("{") if output.startswith("{") else output.find("\n{") + 1
    try:
        value = json.loads(output[start:])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
