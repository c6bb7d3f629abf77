"""Rasters and layers in memory as inputs and outputs of jobs, which read and write files.

`geopandas` and `rioxarray` are imported only if such an object is given or requested; otherwise they are not needed.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import rasterio
from rasterio.shutil import copy

from idgbr.errors import InputError, OutputError, one_line
from idgbr.layers.attributes import same_names
from idgbr.options import Parameter, Parameters, parameters_of

#: Roles of parameters that accept a raster, or a polygon layer.
_RASTERS = ("raster", "rasters", "map")
_LAYERS = ("map", "mask", "labels")
#: Name of a GeoDataFrame or DataArray in a message, e.g. "input (DataArray): has no CRS".
_CALLED = "{} ({})"

#: Names of the columns that a GeoPackage adds, which columns of a GeoDataFrame may have otherwise: fid, geom.
_UNUSUAL = {"FID": "idgbr_row_number", "GEOMETRY_NAME": "idgbr_geometry"}


class Exchange:
    """Arguments of a call as values for a job, and the job's files as the call requested them.

    Files of objects in memory are in a temporary folder until `stack` is closed.
    """

    def __init__(self, kind: type[Parameters], stack: ExitStack) -> None:
        self._parameters = {parameter.name: parameter for parameter in parameters_of(kind)}
        self._stack = stack
        self._folder: Path | None = None
        self._writes: list[Callable[[], None]] = []
        self._staged: dict[str, dict[str, str]] = {}
        self._reads: dict[str, Callable[[str], Any]] = {}

    def plain(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as text and numbers; nothing is written yet. Raises InputError for unusable ones."""
        given = dict(values)
        for name, parameter in self._parameters.items():
            role = parameter.option.role
            if role == "polygons":
                given[name] = self._polygons(name, values.get(name))
            elif role in ("output raster", "lines") and isinstance(values.get(name), bool):
                output = self._raster_output if role == "output raster" else self._lines
                given[name] = output(name) if values[name] else None
            elif name in given:
                given[name] = self._plain(parameter, values[name])
        return given

    def write_inputs(self) -> None:
        """Write the given objects in memory. Raises InputError for one that cannot be written."""
        for write in self._writes:
            write()

    def staged(self) -> dict[str, Any]:
        """Names of the written files for the job's messages."""
        return {"staged": self._staged} if self._staged else {}

    def read_outputs(self, outputs: Mapping[str, str]) -> dict[str, Any]:
        """The outputs by name: paths, or objects in memory on request."""
        return {name: self._reads.get(name, str)(path) for name, path in outputs.items()}

    def _plain(self, parameter: Parameter, value: Any) -> Any:
        """A value as text, number or tuple."""
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        if parameter.option.role == "rasters" and isinstance(value, list | tuple):
            return "\n".join(str(self._plain(parameter, item)) for item in value)
        if parameter.option.role:
            return self._file(parameter, value)
        if isinstance(value, date):
            return value.strftime("%Y-%m-%d")
        if hasattr(value, "to_wkt"):  # a CRS of pyproj or rasterio
            return value.to_wkt()
        return value.tolist() if hasattr(value, "tolist") else value  # numbers and arrays of NumPy

    def _file(self, parameter: Parameter, value: Any) -> Any:
        """The path of an object that is a raster or a layer; anything else is returned unchanged."""
        name, role = parameter.name, parameter.option.role
        package = type(value).__module__.split(".")[0]
        if package == "rasterio" and hasattr(value, "dataset_mask"):
            if role not in _RASTERS:
                raise InputError(f"{name}: got a raster; give a polygon layer.")
            return self._dataset(name, value)
        if package == "xarray":
            if role not in ("raster", "map"):
                raise InputError(f"{name}: got a {type(value).__name__}; give paths.")
            return self._data_array(name, value)
        if package == "geopandas":
            if role not in _LAYERS:
                raise InputError(f"{name}: got a {type(value).__name__}; give a raster.")
            return self._frame(name, value)
        return value

    def _dataset(self, name: str, dataset: Any) -> str:
        """The path of an open dataset; one without a file, such as a WarpedVRT, is copied."""
        if dataset.closed:
            raise InputError(f"{name}: the dataset {dataset.name} is closed; open it again, or give its path.")
        if dataset.mode != "r":
            raise InputError(f"{name}: the dataset {dataset.name} is open for writing; close it, and give its path.")
        if type(dataset).__name__ != "WarpedVRT":
            return str(dataset.name)
        path = self._new(name, "WarpedVRT", ".tif")

        def write() -> None:
            copy(dataset, path, driver="GTiff", tiled=True, BIGTIFF="IF_SAFER")
            with rasterio.open(path, "r+") as copied:
                copied.update_tags(**dataset.src_dataset.tags())  # names of classes, which a WarpedVRT drops

        self._writes.append(write)
        return path

    def _data_array(self, name: str, array: Any) -> str:
        """The path of a GeoTIFF of a DataArray (band, y, x) or (y, x)."""
        called = _CALLED.format(name, type(array).__name__)
        if type(array).__name__ != "DataArray":
            raise InputError(f"{called}: give one of its variables, a DataArray.")
        _require("rioxarray", called)
        if array.rio.crs is None:
            raise InputError(f"{called}: has no CRS; give it one with .rio.write_crs(...).")
        path = self._new(name, type(array).__name__, ".tif")

        def write() -> None:
            try:
                array.rio.to_raster(path, tiled=True, windowed=True, BIGTIFF="IF_SAFER")
            except Exception as error:
                reason = one_line(error, None)
                raise InputError(f"{called}: cannot be written as a GeoTIFF ({reason}); give a path.") from error

        self._writes.append(write)
        return path

    def _frame(self, name: str, frame: Any) -> str:
        """The path of a GeoPackage of a GeoDataFrame."""
        called = _CALLED.format(name, type(frame).__name__)
        if type(frame).__name__ != "GeoDataFrame":
            raise InputError(f"{called}: give a GeoDataFrame.")
        if frame.crs is None:
            raise InputError(f"{called}: has no CRS; give it one with .set_crs(...).")
        columns = [str(name) for name in frame.columns if name != frame.geometry.name]
        if same := same_names(columns):
            raise InputError(
                f"{called}: the columns {' and '.join(map(repr, same))} differ at most in case; rename one."
            )
        path = self._new(name, type(frame).__name__, ".gpkg")

        def write() -> None:
            try:
                named = frame.rename_geometry(_UNUSUAL["GEOMETRY_NAME"]).rename(columns=str)
                named.to_file(path, driver="GPKG", engine="pyogrio", index=False, **_UNUSUAL)
            except Exception as error:
                reason = one_line(error, None)
                raise InputError(f"{called}: cannot be written as a layer ({reason}); give a path.") from error

        self._writes.append(write)
        return path

    def _polygons(self, name: str, value: Any) -> Any:
        """The path of the polygons; without one, they are read back as a GeoDataFrame."""
        if value is not None:
            return os.fspath(value) if isinstance(value, os.PathLike) else value
        return self._layer("polygons", name)

    def _lines(self, name: str) -> str:
        """The path of lines to read back as a GeoDataFrame."""
        return self._layer(name.removeprefix("output_"), name)

    def _layer(self, output: str, name: str) -> str:
        """The path of a layer to read back as a GeoDataFrame."""
        geopandas = _require("geopandas", name, OutputError)

        def read(path: str) -> Any:
            return geopandas.read_file(path, layer=output, engine="pyogrio")

        self._reads[output] = read
        return str(self._temporary() / f"{output}.gpkg")

    def _raster_output(self, name: str) -> str:
        """The path of a raster to read back as a DataArray."""
        rioxarray = _require("rioxarray", name, OutputError)
        output = name.removeprefix("output_")

        def read(path: str) -> Any:
            opened = rioxarray.open_rasterio(path, masked=output != "classes")
            with opened as array:
                return array.squeeze("band", drop=True).load().rename(output)

        self._reads[output] = read
        return str(self._temporary() / f"{name}.tif")

    def _new(self, name: str, kind: str, suffix: str) -> str:
        """The path of a file for an input."""
        path = str(self._temporary() / f"{name}{suffix}")
        self._staged[path] = {"layer": _CALLED.format(name, kind)}
        return path

    def _temporary(self) -> Path:
        if self._folder is None:
            self._folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="idgbr_")))
        return self._folder


def _require(package: str, what: str, error: type[InputError | OutputError] = InputError) -> Any:
    """An optional package. Raises `error` if it is not installed."""
    try:
        return importlib.import_module(package)
    except ImportError:
        raise error(f"{what}: needs the package {package}; install it, or give a path.") from None
