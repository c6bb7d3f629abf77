"""Examines an installation: versions, engines, devices, models, GDAL and PROJ, disk; gives a remedy for each fault."""

from __future__ import annotations

import logging
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Literal

import platformdirs
from rich.console import Console

from idgbr import __version__
from idgbr.console import table_text
from idgbr.errors import one_line

log = logging.getLogger(__name__)

State = Literal["ok", "warning", "error"]

#: Below this, a job on a large raster may fill the disk with its block files.
LOW_DISK_GB = 5
#: Below this, there is no room even for small blocks and one model.
LOW_MEMORY_GB = 2
_LOCKED = Path(__file__).resolve().parents[2] / "requirements" / "run-cpu.txt"
INSTALL = f"install the locked versions: {sys.executable} -m pip install -r {_LOCKED}"
DRIVERS = ("GPKG", "ESRI Shapefile", "GeoJSON", "FlatGeobuf")


@dataclass(frozen=True)
class Check:
    """One check: its result, and the remedy for a fault."""

    name: str
    state: State
    found: str
    remedy: str = ""


@dataclass
class Report:
    """All checks."""

    checks: list[Check] = field(default_factory=list)
    devices: list[dict[str, Any]] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Whether jobs can run."""
        return not any(check.state == "error" for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """The report for `--json`."""
        return {"version": __version__, "healthy": self.healthy, **asdict(self)}


def examine(*, trial: bool = False) -> Report:
    """Run all checks, with `trial` also a small job. An unexpected failure of one becomes an error in the report."""
    report = Report()
    parts: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("system", _system),
        ("packages", _packages),
        ("engines", _engines),
        ("GDAL", _gdal),
        ("PROJ", _proj),
        ("devices", lambda: _devices(report)),
        ("models", lambda: _models(report)),
        ("disk", _disk),
    ]
    if trial:
        parts.append(("trial run", _trial))
    for name, part in parts:
        try:
            report.checks.extend(part())
        except Exception as error:  # the point is to find out what fails
            log.exception("doctor: %s", name)
            found = one_line(f"{type(error).__name__}: {error}")
            report.checks.append(
                Check(name, "error", found, "create the backend's environment again from its lock file")
            )
    return report


def _system() -> Iterator[Check]:
    import psutil

    yield Check("idgbr", "ok", f"{__version__} in {Path(__file__).parents[1]}")
    yield Check("Python", "ok", f"{platform.python_version()} ({sys.executable}), {platform.platform()}")
    memory = psutil.virtual_memory()
    free = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"
    if memory.available < LOW_MEMORY_GB * 2**30:
        yield Check("memory", "warning", free, "close other programs before running a job")
    else:
        yield Check("memory", "ok", free)


def _packages() -> Iterator[Check]:
    """Versions of the backend's requirements; those of the base set if there is no package metadata."""
    try:
        required = [_name(line) for line in requires("idgbr") or [] if "extra ==" not in line]
    except PackageNotFoundError:
        required = ["numpy", "rasterio", "shapely", "pyogrio", "pyproj", "numba", "scipy", "platformdirs", "psutil"]
    found = {name: _version(name) for name in sorted(required)}
    listed = ", ".join(f"{name} {number}" for name, number in found.items() if number)
    missing = [name for name, number in found.items() if number is None]
    yield Check("packages", "ok", listed)
    for name in missing:
        yield Check(name, "error", "not installed", INSTALL)


def _name(requirement: str) -> str:
    """The package's name in a requirement such as `numpy>=2.1; extra == "x"`."""
    end = next((i for i, char in enumerate(requirement) if not (char.isalnum() or char in "-_.")), len(requirement))
    return requirement[:end]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _engines() -> Iterator[Check]:
    if _version("onnxruntime") and _version("onnxruntime-gpu"):
        remedy = "remove both, then install again from one of run-cpu.txt and run-cuda.txt"
        yield Check("ONNX Runtime", "error", "onnxruntime and onnxruntime-gpu overwrite each other", remedy)
    try:
        import onnxruntime

        yield Check(
            "ONNX Runtime", "ok", f"{onnxruntime.__version__}: {', '.join(onnxruntime.get_available_providers())}"
        )
    except ImportError as error:
        yield Check("ONNX Runtime", "error", one_line(error), INSTALL)
    try:
        import openvino

        core = openvino.Core()
        able = [a for a in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") if a in ("FP32", "BF16", "FP16")]
        yield Check("OpenVINO", "ok", f"{_version('openvino')}: CPU computes in {', '.join(able)}")
    except (ImportError, RuntimeError) as error:
        yield Check("OpenVINO", "warning", one_line(error), f"jobs on the CPU run in ONNX Runtime; {INSTALL}")
    torch = _version("torch")
    yield Check("torch", "ok", torch or "not installed; only training needs it (make setup-train)")


def _gdal() -> Iterator[Check]:
    import pyogrio
    import rasterio
    from rasterio.drivers import raster_driver_extensions

    yield Check("GDAL", "ok", f"{rasterio.__gdal_version__} in rasterio, {pyogrio.__gdal_version_string__} in pyogrio")
    writable = pyogrio.list_drivers(write=True)
    missing = [driver for driver in DRIVERS if driver not in writable]
    if "GTiff" not in raster_driver_extensions().values():
        missing.append("GTiff")
    if missing:
        yield Check("GDAL drivers", "error", f"missing: {', '.join(missing)}", "install rasterio and pyogrio again")


def _proj() -> Iterator[Check]:
    """Whether each of the three copies of PROJ finds its database: a foreign one is the most common fault."""
    import pyproj
    from rasterio.crs import CRS

    foreign = [f"{name}={os.environ[name]}" for name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA") if os.environ.get(name)]
    remedy = f"unset {' and '.join(foreign)}" if foreign else "install rasterio, pyogrio and pyproj again"
    try:
        CRS.from_epsg(32633)
        to_utm = pyproj.Transformer.from_crs(4326, 32633, always_xy=True)
        east, north = to_utm.transform(15.0, 0.0)
    except (ValueError, RuntimeError) as error:  # CRSError of rasterio and of pyproj
        yield Check("PROJ", "error", one_line(error), remedy)
        return
    if abs(east - 500_000) > 1e-3 or abs(north) > 1e-3:
        yield Check("PROJ", "error", f"15° E on the equator lands at {east:.3f}, {north:.3f} in UTM 33", remedy)
        return
    yield Check("PROJ", "ok", f"{pyproj.proj_version_str}, database in {pyproj.datadir.get_data_dir()}")
    if foreign:
        yield Check("PROJ", "warning", f"set from outside: {', '.join(foreign)}", f"{remedy} if a CRS is refused")


def _devices(report: Report) -> Iterator[Check]:
    from idgbr.engines.devices import list_devices

    for device in list_devices():
        report.devices.append(asdict(device))
        found = f"{device.name}, {device.free_memory_mb} MiB free, {device.engine}"
        if device.problem:
            yield Check(device.id, "warning", found, device.problem)
        else:
            yield Check(device.id, "ok", found)


def model_states() -> list[dict[str, Any]]:
    """Each model: the summary of its card, its folder, its problem (None: every sha256 is right)."""
    from idgbr.models.registry import list_models

    return [entry.summary() for entry in list_models()]


def _models(report: Report) -> Iterator[Check]:
    report.models = model_states()
    for model in report.models:
        if model["problem"]:
            yield Check(f"model {model['id']}", "error", model["problem"], "install the model again")
        else:
            found = f"{model['kind']}, version {model.get('version', '?')}, sha256 right, {model['folder']}"
            yield Check(f"model {model['id']}", "ok", found)
    for kind in ("coarse", "refiner"):
        if not any(m["kind"] == kind for m in report.models):
            remedy = "install the plugin again, or set IDGBR_MODELS to the folder of your models"
            yield Check("models", "warning", f"no {kind} model was found", remedy)


def _disk() -> Iterator[Check]:
    data = Path(platformdirs.user_data_dir("idgbr", appauthor=False))
    existing = next(folder for folder in (data, *data.parents) if folder.exists())
    for name, folder in (("temporary files", Path(tempfile.gettempdir())), ("user data", existing)):
        free = shutil.disk_usage(folder).free / 2**30
        found = f"{free:.1f} GiB free in {folder}"
        if free < LOW_DISK_GB:
            yield Check(name, "warning", found, "free some space, or point TMPDIR to a larger disk")
        else:
            yield Check(name, "ok", found)


def _trial() -> Iterator[Check]:
    from idgbr.cli.trial_run import trial_run

    began = time.monotonic()
    count = trial_run()
    yield Check("trial run", "ok", f"from image to {count} polygons in {time.monotonic() - began:.0f} s")


def show_report(report: Report) -> None:
    """Print a report as a table, then the remedies."""
    console = Console(soft_wrap=True, highlight=False)
    marks = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "error": "[red]error[/]"}
    for check in report.checks:
        console.print(f"{marks[check.state]:<20}", end=" ")
        console.print(f"{check.name}: {check.found}", markup=False)
        if check.remedy:
            console.print(f"        → {check.remedy}", markup=False)
    wrong = sum(check.state == "error" for check in report.checks)
    console.print(
        "Everything that jobs need is installed." if report.healthy else f"{wrong} error(s); see the remedies above."
    )


def show_models(models: list[dict[str, Any]]) -> None:
    """Print models as a table."""
    if not models:
        sys.stdout.write("No models found; set IDGBR_MODELS to their folder.\n")
        return
    rows = [
        {
            "model": model["id"],
            "kind": model["kind"],
            "version": model.get("version", "?"),
            "pixel size (m)": "{}-{}".format(*model.get("gsd_range_m", "??")),
            "classes": ", ".join(c["name"] for c in model.get("classes", [])),
            "files": model["problem"] or "sha256 right",
        }
        for model in models
    ]
    sys.stdout.write(table_text(rows))
