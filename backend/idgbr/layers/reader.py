"""Reads the features of a vector layer in batches; GDAL releases the interpreter lock meanwhile."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from idgbr.errors import InputError
from idgbr.layers.arrow import CArray, CSchema, stream_of
from idgbr.layers.geometries import curves
from idgbr.layers.geometries.surfaces import (
    COLLECTION,
    footprint,
    is_surface,
    may_be_surface,
    surface_layers,
    surface_view,
)
from idgbr.layers.geometries.wkb import kinds_of
from idgbr.layers.geoparquet import is_parquet, parquet_layer
from idgbr.layers.ogr import pyogrio, raw
from idgbr.layers.table_encoding import UNSTATED, table_encoding
from idgbr.monitor import check_cancelled, run_cancellable
from idgbr.paths import gdal_name

Values = NDArray[Any]
#: Features in memory at a time.
BATCH = 10_000
#: Errors of GDAL and pyogrio for an unreadable layer.
READ_ERRORS = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError, OSError,
)  # fmt: skip

# Measures are not used.
warnings.filterwarnings("ignore", r"Measured \(M\) geometry types are not supported")
# GDAL's own stream for FlatGeobuf mixes up features if some have no geometry.
pyogrio.set_gdal_config_options({"OGR_FLATGEOBUF_STREAM_BASE_IMPL": True})

_Pointer = ctypes.c_void_p
_FETCH = ctypes.CFUNCTYPE(ctypes.c_int, _Pointer, _Pointer)
_MESSAGE = ctypes.CFUNCTYPE(ctypes.c_char_p, _Pointer)
_RELEASE = ctypes.CFUNCTYPE(None, _Pointer)
#: Arrow's fixed-width formats and numpy's types; dates and times differ in the text after a "t".
_NUMBERS = {
    "c": "i1", "C": "u1", "s": "i2", "S": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8", "f": "f4", "g": "f8",
    "tdD": "M8[D]", "tss": "M8[s]", "tsm": "M8[ms]", "tsu": "M8[us]", "tsn": "M8[ns]", "tts": "m8[s]", "ttm": "m8[ms]",
}  # fmt: skip
_TEXTS, _BYTES, _LISTS = ("u", "U"), ("z", "Z"), ("+l", "+L")
#: Arrow's time formats with 4 bytes; the others have 8.
_SHORT_TIMES = ("tdD", "tts", "ttm")
_ID = "OGC_FID"


@dataclass(frozen=True)
class Batch:
    """Some features: their geometries as WKB, None for none, and the values of fields by name.

    Null is None, nan or not-a-time; integers and booleans with nulls are masked arrays. Arcs are straightened. Surfaces
    in space are replaced by their footprint. `surfaces` and `arcs` are the numbers of features with them.
    """

    wkb: Values
    columns: dict[str, Values]
    surfaces: int = 0
    arcs: int = 0


@dataclass(frozen=True)
class LayerInfo:
    """Metadata of a layer, before its features are read; `crs` is None if unknown.

    `source` is the name for pyogrio, with the `encoding` of texts if the file does not declare it; `word` is a note for
    the user.
    """

    fields: list[str]
    features: int
    crs: str | None
    source: str
    encoding: str | None = None
    word: str = ""


def layer_info(path: str, layer: str) -> LayerInfo:
    """Inspect a layer; text formats are read as a whole for that. Raises InputError."""
    if is_parquet(path):
        known = parquet_layer(path)
        return LayerInfo(known.fields, known.features, known.crs, path)
    try:
        try:
            return _look(path, layer)
        except pyogrio.errors.GeometryError:
            return _look(surface_view(path, layer), layer)
    except READ_ERRORS as error:
        raise unreadable(path) from error


def _look(source: str, layer: str) -> LayerInfo:
    def look(encoding: str | None = None) -> dict[str, Any]:
        read = partial(pyogrio.read_info, gdal_name(source), layer=layer, encoding=encoding, force_feature_count=True)
        found: dict[str, Any] = run_cancellable(read, check_cancelled)
        return found

    try:
        found = look()
    except UnicodeDecodeError:  # names of fields that are not what the file says
        found = look(UNSTATED)
    shapefile = found["driver"] == "ESRI Shapefile"
    table = table_encoding(source, layer, str(found["encoding"])) if shapefile else None
    encoding, word = (table.name, table.word) if table else (None, "")
    if table:
        found = look(encoding)
    fields = [str(name) for name in found["fields"]]
    return LayerInfo(fields, int(found["features"]), found["crs"] or None, source, encoding, word)


def layer_names(path: str) -> list[str]:
    """Names of the layers of a file that have geometries. Raises InputError."""
    if is_parquet(path):
        return [Path(parquet_layer(path).path).stem]
    try:
        layers = run_cancellable(partial(pyogrio.list_layers, gdal_name(path)), check_cancelled)
    except pyogrio.errors.GeometryError:
        return surface_layers(path)
    except READ_ERRORS as error:
        raise unreadable(path) from error
    return [str(name) for name, kind in layers if kind is not None]


class UnreadableLayerError(InputError):
    """A file that is not a layer."""


def unreadable(name: str) -> InputError:
    """The error for a file that is not a layer, or not a complete one."""
    path = Path(name)
    if path.suffix.lower() == ".shp" and path.is_file() and not path.with_suffix(path.suffix[:-1] + "x").exists():
        part = path.with_suffix(".shx").name
        return InputError(f"{name}: {part} is missing beside it; get all parts of the shapefile.")
    return UnreadableLayerError(f"{name}: cannot be read as a vector layer; choose a polygon layer.")


def layer_batches(
    path: str, layer: str, columns: Sequence[str] | None = None, info: LayerInfo | None = None
) -> Iterator[Batch]:
    """Read a layer in the order of its features, with the fields `columns`, or all; `info` is its known metadata.

    Raises InputError, and JobCancelled while GDAL works.
    """
    if is_parquet(path):
        yield from _parquet_batches(path, columns)
        return
    try:
        yield from _Reader(info.source if info else path, layer, columns, info.encoding if info else None).batches()
    except READ_ERRORS as error:
        raise unreadable(path) from error


def _parquet_batches(path: str, columns: Sequence[str] | None) -> Iterator[Batch]:
    layer = parquet_layer(path)
    names = layer.fields if columns is None else list(columns)
    reader = layer.stream(names, BATCH, geometry=True)
    held = _Held(nullcontext(), reader.__arrow_c_stream__())
    try:
        while (parts := run_cancellable(held.next, check_cancelled)) is not None:
            wkb = parts.pop(layer.geometry)
            yield _batch(wkb, {name: parts[name] for name in names})
    except OSError as error:
        raise unreadable(path) from error


def _batch(wkb: Values, columns: dict[str, Values], arcs: int = 0) -> Batch:
    """A batch of geometries without arcs, except in collections."""
    kinds = kinds_of(wkb)
    for i in np.flatnonzero(kinds == COLLECTION):
        wkb[i] = curves.straighten(wkb[i])
    surfaces = [i for i in np.flatnonzero(may_be_surface(kinds)) if is_surface(wkb[i])]
    wkb[surfaces] = [footprint(wkb[i]) for i in surfaces]
    return Batch(wkb, columns, len(surfaces), arcs)


class _Reader:
    """One pass over a layer."""

    def __init__(self, path: str, layer: str, columns: Sequence[str] | None, encoding: str | None) -> None:
        self._path, self._layer, self._encoding = path, layer, encoding
        self._columns = None if columns is None else list(columns)

    def _open(self) -> tuple[dict[str, Any], Any]:
        self._opened = raw.open_arrow(
            gdal_name(self._path), layer=self._layer, columns=self._columns, encoding=self._encoding, batch_size=BATCH,
            use_pyarrow=False, return_fids=True,
        )  # fmt: skip
        meta, source = run_cancellable(self._opened.__enter__, check_cancelled)
        return meta, source

    def batches(self) -> Iterator[Batch]:
        try:
            meta, source = self._open()
        except pyogrio.errors.GeometryError:
            self._path = surface_view(self._path, self._layer)
            meta, source = self._open()
        held = _Held(self._opened, source.__arrow_c_stream__())
        # After a cancel, GDAL may still be reading; the last owner of the stream closes the layer.
        geometry = meta["geometry_name"] or "wkb_geometry"
        names = [str(name) for name in meta["fields"]]
        while (parts := run_cancellable(held.next, check_cancelled)) is not None:
            wkb = parts.pop(geometry, None)
            ids = parts.pop(meta["fid_column"] or _ID, None)
            if wkb is None:
                wkb = np.full(len(next(iter(parts.values()), ids if ids is not None else [])), None, object)
            kinds = kinds_of(wkb)
            wkb[kinds == 0] = None
            arcs = self._make_straight(wkb, ids, kinds)
            yield _batch(wkb, {name: parts[name] for name in names}, arcs)

    def _make_straight(self, wkb: Values, ids: Values | None, kinds: NDArray[np.int64]) -> int:
        """Turn arcs into straight lines; returns the number of features with arcs."""
        curved = np.flatnonzero((kinds >= curves.FIRST) & (kinds <= curves.LAST))
        if curved.size and ids is not None:
            read = partial(
                raw.read, gdal_name(self._path), layer=self._layer, columns=[], fids=ids[curved], force_2d=True
            )
            wkb[curved] = run_cancellable(read, check_cancelled)[2]
        return curved.size


class _Held:
    """An open stream, and the objects to keep alive and to close with it."""

    def __init__(self, opened: Any, capsule: object) -> None:
        self._opened, self._capsule = opened, capsule
        self._stream = stream_of(capsule)
        self._fetch = _FETCH(self._stream.next)
        self._schema = CSchema()
        status = _FETCH(self._stream.schema)(ctypes.addressof(self._stream), ctypes.addressof(self._schema))
        if status:
            raise OSError(status, self._message())

    def next(self) -> dict[str, Values] | None:
        """Columns of the next batch by name; None at the end."""
        array = CArray()
        status = self._fetch(ctypes.addressof(self._stream), ctypes.addressof(array))
        if status:
            raise OSError(status, self._message())
        if not array.release:
            return None
        try:
            return {
                _text(child.name): _values(child, part)
                for child, part in zip(_children(self._schema, CSchema), _children(array, CArray), strict=True)
            }
        finally:
            _RELEASE(array.release)(ctypes.addressof(array))

    def _message(self) -> str:
        text = _MESSAGE(self._stream.error)(ctypes.addressof(self._stream)) if self._stream.error else None
        return text.decode(errors="replace") if text else "the layer cannot be read"

    def __del__(self) -> None:
        if getattr(self, "_schema", None) and self._schema.release:
            _RELEASE(self._schema.release)(ctypes.addressof(self._schema))
        self._capsule = None
        self._opened.__exit__(None, None, None)


def _children(parent: Any, kind: Any) -> list[Any]:
    pointers = (_Pointer * parent.count).from_address(parent.children) if parent.count else []
    return [kind.at(address) for address in pointers]


def _values(schema: Any, array: Any) -> Values:
    """An Arrow array as numpy: numbers (masked, or nan, for null), or objects (None for null)."""
    form = schema.format.decode()
    count, offset = array.length, array.offset
    known = _bits(_buffer(array, 0), count, offset) if array.nulls and _buffer(array, 0) else np.ones(count, bool)
    kind = _NUMBERS.get(form.partition(":")[0] if form.startswith("ts") else form)
    if form == "b":
        return _nullable(_bits(_buffer(array, 1), count, offset), known)
    if kind is not None:
        stored = "i4" if form in _SHORT_TIMES else kind
        width = np.dtype(stored).itemsize
        numbers = np.frombuffer(_copied(_buffer(array, 1), offset * width, count * width), stored)
        return _nullable(numbers.astype(kind), known)
    out = np.full(count, None, object)
    if form in (*_TEXTS, *_BYTES, *_LISTS):
        wide = np.dtype("i8" if form in ("U", "Z", "+L") else "i4")
        ends = np.frombuffer(_copied(_buffer(array, 1), offset * wide.itemsize, (count + 1) * wide.itemsize), wide)
        if form in _LISTS:
            items = _values(_children(schema, CSchema)[0], _children(array, CArray)[0])
            found: list[Any] = [items[a:b].tolist() for a, b in pairwise(ends)]
        else:
            first = int(ends[0]) if count else 0
            data = _copied(_buffer(array, 2), first, int(ends[-1]) - first) if count else b""
            places = (ends - first).tolist()
            found = [data[a:b] for a, b in pairwise(places)]
            if form in _TEXTS:
                found = [_text(text) for text in found]
        for i in np.flatnonzero(known):
            out[i] = found[i]
        return out
    # Other types are neither classes nor texts.
    return np.zeros(count, "V1")


def _text(text: bytes) -> str:
    """A text from a file that may not be valid UTF-8."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode(UNSTATED)


def _nullable(values: Values, known: NDArray[np.bool_]) -> Values:
    """Values with nan, or not-a-time, for null; a masked array for integers, because floats cannot hold all of them."""
    if known.all():
        return values
    if values.dtype.kind in "mM":
        return np.where(known, values, np.array("NaT", values.dtype))
    if values.dtype.kind == "f":
        return np.where(known, values, np.array(np.nan, values.dtype))
    return np.ma.array(values, mask=~known)


def _buffer(array: Any, index: int) -> int | None:
    address: int | None = (_Pointer * array.buffer_count).from_address(array.buffers)[index]
    return address


def _copied(address: int | None, first: int, size: int) -> bytes:
    return ctypes.string_at(address + first, size) if address and size > 0 else b""


def _bits(address: int | None, count: int, offset: int) -> NDArray[np.bool_]:
    packed = np.frombuffer(_copied(address, 0, (offset + count + 7) // 8), np.uint8)
    return np.unpackbits(packed, bitorder="little")[offset : offset + count].astype(bool)
