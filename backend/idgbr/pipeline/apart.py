"""A job never overwrites its own inputs, under any name."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from rasterio.errors import RasterioError

from idgbr.errors import InputError, OutputError
from idgbr.exported import Staged
from idgbr.layers.geopackage.transaction import is_geopackage
from idgbr.layers.polygons import find_layer
from idgbr.layers.reader import layer_batches, layer_info, layer_names
from idgbr.layers.replace import SHAPEFILE_PARTS
from idgbr.layers.writer import FORMATS
from idgbr.paths import (
    LayerOutput,
    container,
    file_output,
    gdal_name,
    is_connection,
    layer_output,
    on_disk,
    split_layer,
)
from idgbr.raster.open_dataset import open_raster
from idgbr.raster.remote import is_remote

#: Files of these formats refer to no other files.
_SINGLE = {".tif", ".tiff", *FORMATS}
#: First bytes of virtual rasters and layers, and the elements that name their sources.
_VIRTUAL = (b"<VRTDataset", b"<OGRVRTDataSource", b"<GDALTileIndexDataset")
_SOURCES = ("SourceFilename", "SourceDataset", "SrcDataSource", "IndexDataset")
#: Outputs that are layers.
_LAYERS = ("output", "output_shifts")
#: GDAL's tile indexes: the prefix and the endings of such layers, and the field with the names of the rasters.
_INDEX, _INDEX_ENDS, _LOCATION = "GTI:", (".gti.gpkg", ".gti.fgb", ".gti.parquet"), "location"
#: Parameter that may name a folder of images; the result may be in the same folder.
_FOLDER_OF_IMAGES = "rasters"
_START = 512


class _Read(NamedTuple):
    """A file on disk that a job reads, and the text that names the layer in it."""

    file: Path
    text: str


def check_apart(parameters: Mapping[str, Any], staged: Mapping[str, Staged] | None = None) -> None:
    """Raise OutputError if an output of a job would replace one of its inputs.

    `staged` are input files made from layers; the sources of these layers count as inputs. So do the sources of virtual
    rasters and layers, and the tiles of an index. A layer may be written to the GeoPackage from which another layer is
    read.
    """
    texts = {name: value for name, value in parameters.items() if isinstance(value, str)}
    named = {name: texts.pop(name) for name in list(texts) if name.startswith("output") or name == "report"}
    outputs = {text: _output(name, text) for name, text in named.items()}
    for name, text in texts.items():
        lines = [line for line in dict.fromkeys((text, *text.splitlines())) if line]
        lines += [source for line in lines for source in (staged or {}).get(line, Staged("")).sources]
        reads = [read for line in lines for read in _reads(line, folder=name != _FOLDER_OF_IMAGES, seen=set())]
        for (output, target), read in product(outputs.items(), reads):
            if any(_same(file, read.file) for file in _written(target)) and not _is_other_layer(target, read):
                raise OutputError(f"{output}: is what the job reads ({name}); choose another name for the output.")


def _output(name: str, text: str) -> LayerOutput:
    return layer_output(text) if name in _LAYERS else LayerOutput(file_output(text), "")


def _written(target: LayerOutput) -> Iterator[Path]:
    """The files that an output replaces."""
    yield target.path
    if target.path.suffix == ".shp":
        yield from map(target.path.with_suffix, SHAPEFILE_PARTS)


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError, ValueError):  # what is no path, or not there yet
        return one.samefile(other)
    return False


def _reads(text: str, *, folder: bool, seen: set[str]) -> Iterator[_Read]:
    """The files on disk that an input reads: its own, and those that it refers to; for a `folder`, all of its files."""
    if text in seen:
        return
    seen.add(text)
    file = _file(text)
    yield _Read(file, text)
    if folder and file.is_dir():
        layer = split_layer(text)[1].removeprefix("layername=")
        yield from (_Read(part, text) for part in file.iterdir() if layer in ("", part.stem))
    for source in _sources(text, file):
        yield from _reads(source, folder=folder, seen=seen)


def _file(text: str) -> Path:
    """The file on disk of an input."""
    path = split_layer(text)[0].removeprefix(_INDEX)
    with suppress(InputError):
        return Path(container(gdal_name(path)))
    return Path(path.strip())


def _sources(text: str, file: Path) -> list[str]:
    """The sources of a connection string, of a virtual raster or layer, or of a raster with several files."""
    if _is_index(text, file):
        return _tiles(file)
    if file.is_file():
        if file.suffix.lower() in _SINGLE:
            return []
        with suppress(OSError), file.open("rb") as content:
            start = content.read(_START)
            if any(mark in start for mark in _VIRTUAL):
                return _virtual_sources(file)
    elif not is_connection(text) or on_disk(text):
        return []
    with suppress(InputError, RasterioError):
        name = gdal_name(split_layer(text)[0])
        if not is_remote(name):
            with open_raster(name) as dataset:
                return [other for other in dataset.files if other != text]
    return []


def _is_index(text: str, file: Path) -> bool:
    return text.startswith(_INDEX) or file.name.lower().endswith(_INDEX_ENDS)


def _tiles(index: Path) -> list[str]:
    """The rasters that a tile index names; relative names are relative to the index."""
    found: set[str] = set()
    with suppress(InputError):
        for layer in layer_names(str(index)):
            if _LOCATION in layer_info(str(index), layer).fields:
                for batch in layer_batches(str(index), layer, [_LOCATION]):
                    found.update(str(name) for name in batch.columns[_LOCATION] if name)
    return [name if is_connection(name) else str(index.parent / name) for name in sorted(found)]


def _virtual_sources(file: Path) -> list[str]:
    """The sources of a virtual raster or layer in a file; layers as `path|layer`."""
    found = []
    try:
        root = ET.parse(file).getroot()  # noqa: S314 # nosec B314 (GDAL reads it likewise)
    except (ET.ParseError, OSError):
        return []
    for parent in root.iter():
        for element in parent:
            if element.tag not in _SOURCES or not element.text:
                continue
            text = element.text.strip()
            relative = any(key.lower() == "relativetovrt" and value == "1" for key, value in element.attrib.items())
            if relative and not os.path.isabs(text):  # noqa: PTH117
                text = str(file.parent / text)
            layer = parent.findtext("SrcLayer") if element.tag == "SrcDataSource" else None
            index = _INDEX if element.tag == "IndexDataset" else ""
            found.append(f"{index}{text}|{layer}" if layer else f"{index}{text}")
    return found


def _is_other_layer(target: LayerOutput, read: _Read) -> bool:
    """Whether an output is a layer of a GeoPackage from which the job reads only other layers."""
    if target.path.suffix.lower() != ".gpkg" or not is_geopackage(target.path) or _is_index(read.text, read.file):
        return False
    with suppress(InputError):
        found = find_layer(read.text)
        return _same(_file(found.path), target.path) and found.layer.lower() != target.layer.lower()
    return False
