"""The codes of class maps, rasters and layers alike: integers of up to 64 bits, at most 255 different ones."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile
from rasterio.windows import Window

from idgbr.arrays import Mask
from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.monitor import check_cancelled
from idgbr.raster.bands import data_bands
from idgbr.raster.class_table import PALETTE, unnamed_class
from idgbr.raster.georeferencing import grid_of, in_place, place_notes
from idgbr.raster.open_dataset import open_named, pages_note, reason
from idgbr.raster.rows import strips
from idgbr.raster.scaling import apply_scaling
from idgbr.raster.validity import Validity, with_numbers
from idgbr.raster.writer import RowWriter

Values = NDArray[Any]
Result = TypeVar("Result")
#: Most classes of a map, so that an index and "none" fit into a byte.
MAX_CLASSES = 255
#: Types with codes that a 64-bit float cannot hold exactly; GDAL's warper computes in such floats.
WIDE = ("int64", "uint64")
#: Largest code that it holds exactly.
EXACT = 2**53
#: A confidence of 1, rounded.
_MOST_CONFIDENCE = 1.001
#: Counting stops at this number of different values.
COUNTED = 1 << 16


def too_many(name: object, count: int) -> str:
    """Message about a map with too many classes."""
    counted = str(count) if count <= COUNTED else f"more than {COUNTED}"
    return f"{name}: has {counted} classes, {MAX_CLASSES} at most are read; merge some, or choose a classification."


def class_band(dataset: DatasetReader, name: object) -> int:
    """The data band of a class or confidence raster, from 1 on. Raises InputError if it has several."""
    bands = data_bands(dataset.colorinterp)
    if len(bands) != 1:
        raise InputError(f"{name}: has {len(bands)} bands, a class or confidence raster has one; extract it first.")
    if dataset.dtypes[bands[0] - 1].startswith("complex"):
        raise InputError(f"{name}: holds complex numbers, a class raster holds integers; choose another raster.")
    return bands[0]


def open_classes(text: str, what: str = "the raster", *, units: bool = True) -> tuple[DatasetReader, list[str]]:
    """Open a class or confidence raster where QGIS shows it; also returns notes, including those on `units` if wanted.

    Raises InputError, JobCancelled.
    """
    opened = open_named(text, what)
    pages = pages_note(opened, text)
    dataset, mask_note = with_mask(opened, text)
    dataset, scale_note = apply_scaling(dataset)
    placed = in_place(dataset, text, Resampling.nearest)
    if placed is not dataset:
        try:
            _check_exact(dataset, text)
        except BaseException:
            placed.close()
            raise
    notes = [f"{text}: {note}" for note in (mask_note, scale_note) if note]
    return placed, [*pages, *notes, *place_notes(placed, text, units=units)]


def _check_exact(dataset: DatasetReader, name: object) -> None:
    """Raise InputError for codes that GDAL's warper would round, if a raster has to be warped."""
    band = data_bands(dataset.colorinterp)[0]
    if dataset.dtypes[band - 1] not in WIDE:
        return
    validity, what = Validity(dataset), "ground control points" if dataset.gcps[0] else "RPCs"
    for first, last in strips(grid_of(dataset)):
        check_cancelled()
        values, known = _reported(dataset, name, partial(read_codes, dataset, validity, band), first, last)
        wrong = values[known & ((values > EXACT) | (values < -EXACT))]
        if wrong.size:
            raise InputError(
                f"{name}: only {what} locate it, and codes such as {wrong[0]} would be rounded in the warp; "
                "reclassify it to smaller codes first."
            )


def with_mask(dataset: DatasetReader, name: object) -> tuple[DatasetReader, str]:
    """A class or confidence raster; an undeclared mask in its second band becomes an alpha band.

    Such a band has no declared meaning and only the values 0 and 255, or 0 and the highest value of its type. The given
    raster is closed then. Others are returned unchanged. Also returns notes. Raises InputError, JobCancelled.
    """
    bands = data_bands(dataset.colorinterp)
    if len(bands) != 2 or dataset.count != 2 or dataset.colorinterp[1] != ColorInterp.undefined:
        return dataset, ""
    kind = np.dtype(dataset.dtypes[1])
    if kind.kind not in "iu" or not _is_mask(dataset, {0, 255, int(np.iinfo(kind).max)}, name):
        return dataset, ""
    with dataset, MemoryFile(ext=".vrt") as file:
        rasterio.shutil.copy(dataset, file.name, driver="VRT")
        root = ET.fromstring(file.read())  # noqa: S314 # nosec B314 (GDAL wrote it)
    band = root.findall("VRTRasterBand")[1]
    for element in band.findall("ColorInterp"):
        band.remove(element)
    meaning = ET.Element("ColorInterp")
    meaning.text = "Alpha"
    band.insert(0, meaning)
    declared = rasterio.open(ET.tostring(root, encoding="unicode"))
    return declared, "its second band has only 0 and its highest value, so it is used as a mask."


def _is_mask(dataset: DatasetReader, allowed: set[int], name: object) -> bool:
    """Whether the second band has only 0 and at most one of the `allowed` values."""
    found: set[int] = set()
    for first, last in strips(grid_of(dataset)):
        check_cancelled()
        values = _reported(dataset, name, lambda window: dataset.read(2, window=window), first, last)
        found |= set(unique_codes(values, np.ones(values.shape, bool), name))
        if not found <= allowed or len(found) > 2:
            return False
    return len(found - {0}) <= 1


def _reported(
    dataset: DatasetReader, name: object, read: Callable[[Window], Result], first: int, last: int
) -> Result:  # fmt: skip
    """The result of `read` for rows [first, last). Raises InputError."""
    try:
        return read(Window(0, first, dataset.width, last - first))
    except RasterioError as error:
        raise InputError(f"{name}: cannot be read ({reason(error)}); check that the file is complete.") from error


def unique_codes(values: Values, known: Mask, name: object) -> list[int]:
    """The codes among known values, in order.

    Integers of any type are codes. Raises InputError for fractions, and for values beyond 64 bits.
    """
    flat, there = values.ravel(), known.ravel()
    # Class maps have long runs: sorting only their first values is quick.
    begins = np.flatnonzero((flat[1:] != flat[:-1]) | (there[1:] & ~there[:-1])) + 1
    heads = np.append(0, begins) if flat.size else begins
    found = np.unique(flat[heads[there[heads]]])
    if np.issubdtype(found.dtype, np.floating):
        check_whole(found, name)
    return [int(value) for value in found]


def check_whole(found: Values, name: object) -> None:
    """Raise InputError unless floats, except nan, are integers within 64 bits."""
    found = found[~np.isnan(found)]
    fractions = found[found != np.rint(found)]
    if fractions.size:
        raise InputError(
            f"{name}: holds fractions such as {fractions[0]:g}, a class raster holds integers; reclassify it first."
        )
    large = found[np.abs(found) >= 2.0**63]
    if large.size:
        raise InputError(
            f"{name}: holds {large[0]:g}, which is no class code of up to 64 bits; declare it as nodata, or reclassify "
            "the raster."
        )


def check_confidence(values: Values, known: Mask, name: object) -> None:
    """Raise InputError unless the known values are confidences of 0 to 1, up to rounding."""
    found = values[known]
    wrong = found[(found < 0) | (found > _MOST_CONFIDENCE)]
    if wrong.size:
        raise InputError(
            f"{name}: holds {wrong[0]:g}, a confidence raster holds 0 to 1; rescale it, or declare it as nodata."
        )


def find_codes(parts: Iterable[tuple[Values, Mask]], name: object) -> list[int]:
    """The codes that occur in parts of a raster, in order. Raises InputError if they are invalid or too many."""
    found: set[int] = set()
    for values, known in parts:
        found.update(unique_codes(values, known, name))
        if len(found) > COUNTED:
            break
    if len(found) > MAX_CLASSES:
        raise InputError(too_many(name, len(found)))
    return sorted(found)


def indices(values: Values, known: Mask, codes: Sequence[int]) -> NDArray[np.uint8]:
    """Index of each value in `codes`, which are sorted and contain all known values; else `NODATA_CLASS`."""
    keys = np.array(codes, values.dtype)
    found: NDArray[np.uint8]
    if values.dtype.itemsize <= 2 and values.dtype.kind in "iu":
        unsigned = f"u{values.dtype.itemsize}"
        table = np.zeros(1 << (8 * values.dtype.itemsize), np.uint8)
        table[keys.view(unsigned)] = np.arange(keys.size)
        found = table.take(np.ascontiguousarray(values).view(unsigned))
    else:
        found = np.searchsorted(keys, values).astype(np.uint8)
    np.putmask(found, ~known, NODATA_CLASS)
    return found


def read_codes(dataset: DatasetReader, validity: Validity, band: int, window: Window) -> tuple[Values, Mask]:
    """Values of a window and where they are valid, (H, W). Raises RasterioError."""
    values = dataset.read(band, window=window)
    if validity.by_nodata_alone and values.dtype.kind in "iu" and values.dtype.itemsize <= 4:
        nodata = validity.nodata
        if nodata is not None and float(nodata).is_integer():
            return values, values != int(nodata)  # as GDAL compares, in less time
    known = validity.read(dataset, [band], window, values.shape)
    return values, with_numbers(values[None], known)


def write_indices(dataset: DatasetReader, band: int, path: Path, name: object) -> list[int]:
    """Write a raster of the indices of all codes that occur, and return the codes; nodata is `NODATA_CLASS`.

    GDAL's warper keeps these indices, but would round wide codes. Raises InputError, JobCancelled.
    """
    grid, validity = grid_of(dataset), Validity(dataset)

    def parts() -> Iterable[tuple[int, Values, Mask]]:
        for first, last in strips(grid):
            check_cancelled()
            read = partial(read_codes, dataset, validity, band)
            yield first, *_reported(dataset, name, read, first, last)

    codes = find_codes((part[1:] for part in parts()), name)
    with RowWriter(path, grid, "uint8", NODATA_CLASS) as out:
        for first, values, known in parts():
            out.write(first, indices(values, known, codes))
    return codes


def field_classes(values: Values, name: object, field: str) -> list[ClassInfo]:
    """Classes of the values of a layer's field, in order: texts are numbered from 1 on, booleans are 0 and 1.

    Raises InputError for values that are not classes, and for too many of them.
    """
    if len(values) > MAX_CLASSES:
        raise InputError(too_many(f"{name}: the field {field!r}", len(values)))
    if values.dtype == object:
        return [ClassInfo(i, str(v), PALETTE[i % len(PALETTE)]) for i, v in enumerate(values, start=1)]
    if values.dtype == bool:
        return [ClassInfo(int(v), str(bool(v)).lower(), PALETTE[int(v)]) for v in values]
    if not np.issubdtype(values.dtype, np.number):
        raise InputError(f"{name}: the field {field!r} holds neither texts nor integers; choose another class field.")
    if np.issubdtype(values.dtype, np.floating):
        wrong = values[(values != np.rint(values)) | (np.abs(values) >= 2.0**63)]
        if wrong.size:
            raise InputError(
                f"{name}: the field {field!r} holds numbers such as {wrong[0]:g}, neither texts nor integers; choose "
                "another class field."
            )
    return [unnamed_class(int(v)) for v in values]
