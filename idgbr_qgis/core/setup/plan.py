"""What a set-up will do: where, for which device, with which Python, and how large it is."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from idgbr_qgis.core.paths import BACKEND, plugin_version
from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.find_python import UV_PYTHON, Python, find_uv, this_system
from idgbr_qgis.core.setup.network import Network
from idgbr_qgis.core.setup.processes import ask
from idgbr_qgis.core.setup.requirements import Requirement, read_requirements
from idgbr_qgis.core.setup.state import data_folder

#: Least driver for the CUDA that the newest and the older builds of ONNX Runtime are made for.
CUDA13_DRIVER = 580
CUDA12_DRIVER = 525
BUILDS = ("cpu", "cuda", "cuda12")
BUILD_TITLES = {"cpu": "CPU", "cuda": "NVIDIA GPU (CUDA 13)", "cuda12": "NVIDIA GPU (CUDA 12)"}

#: Size of what is installed, and of all that is on disk while it is, in units of the download; measured.
UNPACKED = {"cpu": 3.5, "cuda": 2.2, "cuda12": 2.1}
_SPARE_MB = 200.0
#: The interpreter that uv fetches where there is none.
_UV_PYTHON_MB = 35.0


@dataclass(frozen=True)
class Gpu:
    """An NVIDIA GPU as its driver tells; `driver` is the first number of its version."""

    name: str
    driver: int
    version: str


@dataclass(frozen=True)
class Plan:
    """All that a set-up needs to know. `python` is None where uv is to fetch one; `wheels` a folder to work offline."""

    folder: Path
    python: Python | None
    build: str = "cpu"
    gpu: Gpu | None = None
    wheels: Path | None = None
    network: Network = field(default_factory=Network)
    uv: str | None = None
    backend: Path = BACKEND
    version: str = field(default_factory=plugin_version)

    @property
    def environment(self) -> Path:
        """Folder of the finished environment."""
        return self.folder / f"env-{self.version}"

    @property
    def lock_file(self) -> Path:
        """The locked requirements of the build."""
        return self.backend / "requirements" / f"run-{self.build}.txt"

    def requirements(self) -> list[Requirement]:
        """What the Python needs, of the lock file."""
        python = self.python or this_system(UV_PYTHON)
        return [entry for entry in read_requirements(self.lock_file) if entry.wanted_for(python)]

    @property
    def download_mb(self) -> float:
        """About how much is downloaded; nothing from a folder of wheels."""
        if self.wheels is not None:
            return 0.0
        return self._wheels_mb() + (0.0 if self.python else _UV_PYTHON_MB)

    @property
    def installed_mb(self) -> float:
        """About how large the finished environment is."""
        return self._wheels_mb() * UNPACKED[self.build]

    @property
    def needed_mb(self) -> float:
        """Free space needed while it is made: packages, what is unpacked from them, and some to spare."""
        return self.download_mb + self.installed_mb + _SPARE_MB

    def check(self) -> None:
        """Raise `SetupError` for what can be known before anything is done."""
        if self.python is None and (self.uv is None or self.wheels is not None):
            raise SetupError(Kind.NO_PYTHON)
        if self.python is not None and not self.python.has_venv and self.uv is None:
            raise SetupError(Kind.NO_VENV, self.python.title)
        if self.build != "cpu" and (self.gpu is None or build_for(self.gpu, self.python) == "cpu"):
            raise SetupError(Kind.NO_DRIVER, gpu_text(self.gpu))
        free = free_mb(self.folder)
        if free < self.needed_mb:
            raise SetupError(Kind.DISK, f"{self.needed_mb:.0f} MB are needed in {self.folder}, {free:.0f} MB are free")

    def facts(self) -> dict[str, str]:
        """The plan as lines of a report."""
        return {
            "Plugin": self.version,
            "Folder": str(self.folder),
            "Free there": f"{free_mb(self.folder):.0f} MB of {self.needed_mb:.0f} MB needed",
            "Python": self.python.title if self.python else f"{UV_PYTHON}, fetched by uv",
            "uv": self.uv or "none",
            "Build": f"{self.build} – {gpu_text(self.gpu)}",
            "Packages from": str(self.wheels) if self.wheels else "the index that pip is configured for",
            "Proxy of QGIS": "set" if self.network.proxy else "none",
            "Certificates of QGIS": "set" if self.network.certificates else "none",
        }

    def _wheels_mb(self) -> float:
        return sum(requirement.size_mb for requirement in self.requirements())


def free_mb(folder: Path) -> float:
    """Free space where a folder is, or will be."""
    existing = next((place for place in (folder, *folder.parents) if place.is_dir()), Path.home())
    return shutil.disk_usage(existing).free / 1e6


def find_gpu() -> Gpu | None:
    """The first NVIDIA GPU; None without one or without its driver."""
    places = [r"C:\Windows\System32", "/usr/bin", "/usr/lib/wsl/lib"]
    tool = shutil.which("nvidia-smi") or shutil.which("nvidia-smi", path=os.pathsep.join(places))
    if tool is None:
        return None
    answer = ask([tool, "--query-gpu=name,driver_version", "--format=csv,noheader"])
    for line in (answer or "").splitlines():
        name, _, version = line.rpartition(",")
        if match := re.match(r"\s*(\d+)", version):
            return Gpu(name.strip(), int(match.group(1)), version.strip())
    return None


def build_for(gpu: Gpu | None, python: Python | None) -> str:
    """The build that suits a GPU's driver and a Python."""
    if sys.platform == "darwin" or gpu is None or gpu.driver < CUDA12_DRIVER:
        return "cpu"
    # There is no build for CUDA 13 for Python 3.10.
    if gpu.driver >= CUDA13_DRIVER and (python is None or python.version >= (3, 11)):
        return "cuda"
    return "cuda12"


def gpu_text(gpu: Gpu | None) -> str:
    """What is known of the GPU, in words."""
    if gpu is None:
        return "no NVIDIA driver was found"
    if gpu.driver < CUDA12_DRIVER:
        return f"{gpu.name}: its driver {gpu.version} is too old, {CUDA12_DRIVER} is needed"
    return f"{gpu.name}, driver {gpu.version}"


def make_plan(
    pythons: list[Python],
    folder: Path | None = None,
    build: str = "auto",
    wheels: Path | None = None,
    network: Network | None = None,
) -> Plan:
    """The plan for this computer: the best Python, and the build that suits the driver unless one is asked for."""
    uv = find_uv()
    usable = [python for python in pythons if python.has_venv or uv is not None] or pythons
    # A version that nobody tested has no wheels, as a rule: then uv fetches one that has.
    python = next((p for p in usable if p.tested), None) or (usable[0] if usable and uv is None else None)
    gpu = find_gpu()
    chosen = build_for(gpu, python) if build == "auto" else build
    return Plan(folder or data_folder(), python, chosen, gpu, wheels, network or Network(), uv)
