"""Versions of what maps are read, placed and computed with, by library: most "works here" are told by these."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any


def version_lines() -> list[str]:
    """Lines of the header of a test run: of the libraries that this Python has, in whatever suite it runs."""
    lines = {
        "GDAL": _gdal(),
        "PROJ": _proj(),
        "engines": _installed("openvino", "onnxruntime", "onnxruntime-gpu", "torch"),
        "QGIS": _qgis(),
    }
    return [f"{name}: {text}" for name, found in lines.items() if (text := ", ".join(found))]


def _gdal() -> Iterator[str]:
    if rasterio := _module("rasterio"):
        yield f"{rasterio.__gdal_version__} in rasterio {rasterio.__version__}"
    if pyogrio := _module("pyogrio"):
        yield f"{pyogrio.__gdal_version_string__} in pyogrio {pyogrio.__version__}"
    if gdal := _module("osgeo.gdal"):
        yield f"{gdal.VersionInfo('RELEASE_NAME')} in QGIS"


def _proj() -> Iterator[str]:
    if rasterio := _module("rasterio"):
        yield f"{rasterio.__proj_version__} in rasterio"
    if pyproj := _module("pyproj"):
        yield f"{pyproj.__proj_version__} in pyproj {pyproj.__version__}"
    if (pyogrio := _module("pyogrio")) and (found := _proj_of_database(Path(pyogrio.__file__).with_name("proj_data"))):
        yield f"{found} in pyogrio"
    if osr := _module("osgeo.osr"):
        parts = osr.GetPROJVersionMajor(), osr.GetPROJVersionMinor(), osr.GetPROJVersionMicro()
        yield f"{'.'.join(map(str, parts))} in QGIS"


def _proj_of_database(folder: Path) -> str:
    """pyogrio does not say which PROJ it is linked with; the database in its wheel does."""
    if not (path := folder / "proj.db").is_file():
        return ""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
        (found,) = base.execute("SELECT value FROM metadata WHERE key = 'PROJ.VERSION'").fetchone()
    return str(found)


def _installed(*packages: str) -> Iterator[str]:
    """Names and versions, without an import: engines take a second."""
    for package in packages:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            continue


def _qgis() -> Iterator[str]:
    if core := _module("qgis.core"):
        yield core.Qgis.version()


def _module(name: str) -> Any:
    """A module, or None where it is not installed, or does not load."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a PROJ without its database, which the tests that need it tell
            return import_module(name)
    except ImportError:
        return None
