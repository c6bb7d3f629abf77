"""Rasters by the names that users give them: opened, told apart from layers, and what to say where that fails."""

from __future__ import annotations

import json
from contextlib import suppress

import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from idgbr.errors import InputError
from idgbr.paths import input_name, split_layer
from idgbr.raster.remote import is_remote, set_gdal_options

#: Rasters of a container that a message lists.
_LISTED = 5


def open_named(text: str, what: str = "the raster") -> DatasetReader:
    """Open the raster that `text` names, a path, address or connection string; `what` it is, in words.

    Raises InputError for what is not there, no raster, or a container of several.
    """
    name = input_name(text, what)
    set_gdal_options()
    try:
        dataset = open_raster(name)
    except RasterioError as error:
        remedy = "check the address, the network and your rights" if is_remote(name) else "choose a raster file"
        raise InputError(f"{text}: GDAL cannot open it as a raster ({reason(error)}); {remedy}.") from error
    try:
        check_single(dataset, text)
    except InputError:
        dataset.close()
        raise
    return dataset


def open_raster(name: str) -> DatasetReader:
    """Open what `idgbr.paths.gdal_name` gives."""
    # Servers are not asked for files beside the raster, each of which would be a request in vain.
    with rasterio.Env(**({"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"} if is_remote(name) else {})):
        return rasterio.open(name)


def check_single(dataset: DatasetReader, text: str) -> None:
    """Raise InputError for a container of rasters, such as a NetCDF file, that names what is in it."""
    if dataset.count or not dataset.subdatasets:
        return
    inner = dataset.subdatasets
    more = f" and {len(inner) - _LISTED} more" if len(inner) > _LISTED else ""
    raise InputError(f"{text}: holds {len(inner)} rasters; name one of {', '.join(inner[:_LISTED])}{more}.")


def is_raster(text: str, what: str) -> bool:
    """Whether `text` names a raster rather than a layer. Raises InputError if there is no such file."""
    path, layer = split_layer(text)
    name = input_name(path, what)
    if layer:
        return False
    try:
        with open_raster(name) as dataset:
            return bool(dataset.count or dataset.subdatasets)
    except RasterioError:
        return False


def reason(error: BaseException) -> str:
    """What went wrong in GDAL, on one line; what rasterio says of it names the cause elsewhere.

    Coordinate systems that are spelled out, as PROJJSON, are called by their names.
    """
    text = str(error.__cause__ or error)
    at = -1
    while (at := text.find("{", at + 1)) >= 0:
        with suppress(ValueError):
            found, end = json.JSONDecoder().raw_decode(text, at)
            text = f"{text[:at]}{found.get('name', 'unknown')}{text[end:]}"
    return (text.splitlines() or ["unknown"])[0][:200]
