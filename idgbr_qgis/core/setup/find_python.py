"""Finds Pythons that an environment can be based on. Nothing is ever installed into them."""

from __future__ import annotations

import glob
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from idgbr_qgis.core.setup.processes import ask

OLDEST = (3, 10)
#: Minor versions that the requirements are locked and tested for, the best first.
TESTED = (12, 11, 13, 10)
#: The version that uv fetches where there is no Python.
UV_PYTHON = "3.12"

_PROBE = """
import importlib.util, json, os, platform, struct, sys
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "base": getattr(sys, "_base_executable", None) or sys.executable,
    "bits": struct.calcsize("P") * 8,
    "system": sys.platform,
    "machine": platform.machine(),
    "os_name": os.name,
    "implementation": sys.implementation.name,
    "venv": all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip")),
}))
"""


@dataclass(frozen=True)
class Python:
    """An interpreter: whether it can make environments by itself, and whether QGIS brought it."""

    path: str
    version: tuple[int, int, int]
    system: str
    machine: str
    os_name: str
    has_venv: bool
    of_qgis: bool = False

    @property
    def title(self) -> str:
        """Version and path."""
        return f"Python {'.'.join(map(str, self.version))} – {self.path}"

    @property
    def tested(self) -> bool:
        """Whether the requirements were locked for this version."""
        return self.version[0] == OLDEST[0] and self.version[1] in TESTED


def probe(path: str | Path, *, of_qgis: bool = False) -> Python | None:
    """Look at an interpreter; None where it cannot be used. Of an environment, what it is based on counts."""
    # -I: neither variables nor the user's packages take part. A shop's stub on Windows fails here, too.
    answer = ask([str(path), "-I", "-c", _PROBE])
    try:
        said = json.loads(answer or "")
        version = tuple(int(part) for part in said["version"])
        if version[:2] < OLDEST or said["bits"] != 64 or said["implementation"] != "cpython":
            return None
        return Python(
            str(said["base"]),
            (version[0], version[1], version[2]),
            str(said["system"]),
            str(said["machine"]),
            str(said["os_name"]),
            bool(said["venv"]),
            of_qgis,
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def this_system(version: str) -> Python:
    """A Python of a version yet to be fetched for this system."""
    major, minor = (int(part) for part in version.split("."))
    return Python("", (major, minor, 0), sys.platform, platform.machine(), os.name, has_venv=True)


def find_pythons() -> list[Python]:
    """All that can be found, the best first: of a tested version, able to make environments, not QGIS's own.

    QGIS's own goes last, since an update of QGIS takes it away.
    """
    found: dict[str, Python] = {}
    seen: set[str] = set()
    for path, of_qgis in (*((p, False) for p in _candidates()), *((p, True) for p in _qgis_candidates())):
        if not os.access(path, os.X_OK) or (resolved := os.path.realpath(path)) in seen:
            continue
        seen.add(resolved)
        python = probe(path, of_qgis=of_qgis)
        if python is not None:
            found.setdefault(os.path.realpath(python.path), python)
    can_make = find_uv() is not None
    return sorted(found.values(), key=lambda python: _rank(python, can_make))


def find_uv() -> str | None:
    """The program uv, on the PATH or where its installer puts it."""
    places = [Path.home() / ".local" / "bin", Path.home() / ".cargo" / "bin", Path("/opt/homebrew/bin")]
    return shutil.which("uv") or shutil.which("uv", path=os.pathsep.join(map(str, places)))


def _rank(python: Python, uv: bool) -> tuple[bool, bool, bool, int]:
    minor = python.version[1]
    order = TESTED.index(minor) if python.tested else len(TESTED) + minor
    return (not python.tested, not (python.has_venv or uv), python.of_qgis, order)


def _candidates() -> Iterator[str]:
    """Paths where Pythons usually are, on the PATH first."""
    names = [f"python3.{minor}" for minor in TESTED] + ["python3", "python"]
    yield from filter(None, map(shutil.which, names))
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        programs = os.environ.get("PROGRAMFILES", r"C:\Program Files")
        patterns = [rf"{local}\Programs\Python\Python3*\python.exe", rf"{programs}\Python3*\python.exe"]
        yield from (line.split()[-1] for line in (ask(["py", "-0p"]) or "").splitlines() if line.strip())
    else:
        patterns = [
            *(f"{folder}/python3.1?" for folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")),
            "/Library/Frameworks/Python.framework/Versions/3.1?/bin/python3",
            f"{home}/.pyenv/versions/3.1*/bin/python",
            *(f"{home}/{name}/bin/python" for name in ("miniforge3", "miniconda3", "mambaforge")),
        ]
    yield from _matches(patterns)
    uv = find_uv()
    if uv is not None:
        listed = ask([uv, "python", "list", "--only-installed", "--output-format", "json"])
        yield from (str(entry["path"]) for entry in _json_list(listed) if entry.get("path"))


def _qgis_candidates() -> Iterator[str]:
    """The interpreter that QGIS brings on Windows and macOS; on Linux it is the system's."""
    # Inside QGIS sys.executable is QGIS itself, but the prefix is that of its Python.
    prefixes = [sys.base_exec_prefix, sys.base_prefix]
    if sys.platform == "win32":
        root = os.environ.get("OSGEO4W_ROOT", "")
        patterns = [rf"{prefix}\python.exe" for prefix in prefixes]
        patterns += [rf"{root}\apps\Python3*\python.exe"] if root else []
        programs = os.environ.get("PROGRAMFILES", r"C:\Program Files")
        patterns += [rf"{programs}\QGIS*\apps\Python3*\python.exe"]
    elif sys.platform == "darwin":
        patterns = [f"{prefix}/bin/python3" for prefix in prefixes]
        patterns += [
            "/Applications/QGIS*.app/Contents/MacOS/bin/python3",
            "/Applications/QGIS*.app/Contents/MacOS/python3*",
        ]
    else:
        patterns = []
    yield from _matches(patterns)


def _matches(patterns: list[str]) -> Iterator[str]:
    for pattern in patterns:
        # glob, as pathlib takes no absolute patterns.
        yield from sorted(glob.glob(pattern), reverse=True)  # noqa: PTH207


def _json_list(text: str | None) -> list[dict[str, object]]:
    try:
        value = json.loads(text or "")
    except ValueError:
        return []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
