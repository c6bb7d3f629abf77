"""Opens rasters by user-given names, tells them from layers, and explains failures."""

from __future__ import annotations

import json
from contextlib import suppress

import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from idgbr.errors import InputError
from idgbr.paths import GdalName, archive_files, input_name, several_text, split_layer
from idgbr.raster.remote import is_remote, set_gdal_options

#: Files beside a raster that GDAL opens as rasters, too.
_BESIDE = (".ovr", ".msk")
#: Endings of layers: an archive with one is no raster.
_LAYERS = (".shp", ".gpkg", ".geojson", ".fgb", ".kml", ".gml", ".tab", ".mif", ".parquet")


def raster_name(text: str, what: str) -> GdalName:
    """GDAL's name for the raster named `text`; for an archive of several files, that of the only raster in it.

    `what` describes it in messages. Raises InputError if there is no such file, or if the archive holds several.
    """
    name = input_name(text, what)
    files = archive_files(name)
    if len(files) < 2 or _opens(name):
        return name
    rasters = [file for file in files if not file.lower().endswith(_BESIDE) and _opens(file)]
    if len(rasters) > 1:
        raise InputError(several_text(text, "rasters", rasters))
    return rasters[0] if rasters else name


def open_named(text: str, what: str = "the raster") -> DatasetReader:
    """Open the raster named `text`, a path, address or connection string; `what` describes it in messages.

    Raises InputError if it does not exist, is not a raster, or is a container of several.
    """
    name = raster_name(text, what)
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
    raise InputError(several_text(text, "rasters", dataset.subdatasets))


def pages_note(dataset: DatasetReader, text: str) -> list[str]:
    """A note on a file that holds more rasters than the one that GDAL opens for its name, such as a TIFF of pages.

    Remote files are not searched for them, which would take more requests.
    """
    inner = dataset.subdatasets if dataset.count and not is_remote(dataset.name) else []
    if len(inner) < 2:
        return []
    return [f"{text}: holds {len(inner)} rasters; the first is read, the next one is {inner[1]}."]


def is_raster(text: str, what: str) -> bool:
    """Whether `text` names a raster, not a layer. Raises InputError if there is no such file."""
    path, layer = split_layer(text)
    name = input_name(path, what)
    if layer:
        return False
    files = archive_files(name)
    return _opens(name) or (not any(file.lower().endswith(_LAYERS) for file in files) and any(map(_opens, files)))


def _opens(name: str) -> bool:
    """Whether GDAL opens a name as a raster, or as a container of rasters."""
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
