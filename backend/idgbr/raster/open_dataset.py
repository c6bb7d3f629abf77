"""Opens rasters by user-given names, tells them from layers, and explains failures."""

from __future__ import annotations

import json
from contextlib import suppress

import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from idgbr.errors import InputError
from idgbr.paths import input_name, split_layer
from idgbr.raster.remote import is_remote, set_gdal_options

#: Most rasters of a container in a message.
_LISTED = 5


def open_named(text: str, what: str = "the raster") -> DatasetReader:
    """Open the raster named `text`, a path, address or connection string; `what` describes it in messages.

    Raises InputError if it does not exist, is not a raster, or is a container of several.
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
    """Open a name given by `idgbr.paths.gdal_name`."""
    # No side files are requested from servers; each one would be a request in vain.
    with rasterio.Env(**({"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"} if is_remote(name) else {})):
        return rasterio.open(name)


def check_single(dataset: DatasetReader, text: str) -> None:
    """Raise InputError for a container of rasters, such as a NetCDF file; the message lists its content."""
    if dataset.count or not dataset.subdatasets:
        return
    inner = dataset.subdatasets
    more = f" and {len(inner) - _LISTED} more" if len(inner) > _LISTED else ""
    raise InputError(f"{text}: holds {len(inner)} rasters; name one of {', '.join(inner[:_LISTED])}{more}.")


def is_raster(text: str, what: str) -> bool:
    """Whether `text` names a raster, not a layer. Raises InputError if there is no such file."""
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
    """GDAL's error on one line; rasterio's own text refers to a cause elsewhere.

    Spelled-out coordinate systems (PROJJSON) are replaced by their names.
    """
    text = str(error.__cause__ or error)
    at = -1
    while (at := text.find("{", at + 1)) >= 0:
        with suppress(ValueError):
            found, end = json.JSONDecoder().raw_decode(text, at)
            text = f"{text[:at]}{found.get('name', 'unknown')}{text[end:]}"
    return (text.splitlines() or ["unknown"])[0][:200]
