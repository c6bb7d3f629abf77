"""Reads a class raster of any grid, CRS and resolution as codes on the grid of an image, by nearest neighbour."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.classes import NODATA_CLASS
from idgbr.coarse_map.raw_map import UNCOVERED, RawMap, order_classes
from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.raster.class_table import NONE, NONE_NOTE, class_infos, read_class_table
from idgbr.raster.class_values import (
    COUNTED,
    MAX_CLASSES,
    WIDE,
    class_band,
    indices,
    open_classes,
    too_many,
    unique_codes,
    write_indices,
)
from idgbr.raster.grid import Grid
from idgbr.raster.open_dataset import reason
from idgbr.raster.rows import strips
from idgbr.raster.validity import BEYOND, Validity
from idgbr.raster.warp import aligned_view, read_aligned
from idgbr.raster.writer import RowWriter


def raw_map_of_raster(path: str, grid: Grid, work: Path, monitor: Monitor) -> RawMap:
    """Write the raster at `path` on `grid` into the folder `work`; values get codes in order of appearance.

    Raises InputError if it is not a class raster: several bands, fractions, more than 255 classes.
    """
    with ExitStack() as opened:
        dataset, notes = open_classes(path, "the coarse map", units=False)
        opened.enter_context(dataset)
        for note in notes:
            monitor.info(note)
        band = class_band(dataset, path)
        table = read_class_table(dataset, Path(path), band)
        codes: dict[int, int] = {}
        counts = np.zeros(1, np.int64)
        target = work / "coarse_codes.tif"
        read_from, wide = dataset, None
        if dataset.dtypes[band - 1] in WIDE:
            wide = write_indices(dataset, band, work / "coarse_wide.tif", path)
            read_from = opened.enter_context(rasterio.open(work / "coarse_wide.tif"))
        with _aligned(read_from, path, grid, monitor) as aligned, RowWriter(target, grid, "int32", None) as out:
            for first, last in strips(grid):
                monitor.check()
                window = Window(0, first, aligned.width, last - first)
                rows = _codes(*read_aligned(aligned, path, window), codes, path)
                monitor.progress("read", last, grid.height)
                if len(codes) > MAX_CLASSES:
                    continue  # to count them
                out.write(first, rows)
                found = np.bincount(rows.ravel(), minlength=len(codes) + 1)
                found[: counts.size] += counts
                counts = found
        nodata, limited, why = dataset.nodata, Validity(dataset).limited, _reason(dataset)
    if len(codes) > MAX_CLASSES:
        raise InputError(too_many(path, len(codes)))
    values = codes if wide is None else [wide[place] for place in codes]
    infos = class_infos(values, table, declared=limited)
    if NONE in infos:
        monitor.info(f"{path}: {NONE_NOTE}")
    classes, class_of = order_classes(infos, path)
    whole = nodata is not None and np.isfinite(nodata) and float(nodata).is_integer()
    return RawMap(
        target, classes, class_of, counts[1:], bare=False, nodata=int(nodata) if whole else None,
        legend=list(table.values()), reason=why,
    )  # fmt: skip


def _reason(dataset: DatasetReader) -> str:
    """The reason why ground has no class, as text."""
    validity = Validity(dataset)
    inner = validity.reason.removesuffix(BEYOND)
    return f"{inner}{BEYOND}" if validity.limited else "beyond the raster, or no number"


def _aligned(dataset: DatasetReader, path: str, grid: Grid, monitor: Monitor) -> WarpedVRT:
    """A view of the raster on the grid: band 1 has the values, band 2 is above 0 where they are valid."""
    if dataset.crs is None and grid.crs is not None:
        monitor.warn(f"{path}: has no CRS; it is assumed to be in the CRS of the image.")
    try:
        return aligned_view(dataset, grid)
    except RasterioError as error:
        raise InputError(f"{path}: cannot be aligned with the image ({reason(error)}); check its CRS.") from error


def _codes(
    values: NDArray[np.generic], known: NDArray[np.bool_], codes: dict[int, int], path: str
) -> NDArray[np.int32]:
    """Code of each value (rows, width); new values are added to `codes`. Raises InputError."""
    found = unique_codes(values, known, path)
    for value in found:
        codes.setdefault(value, len(codes) + 1)
    out = np.full(values.shape, UNCOVERED, np.int32)
    if len(codes) > COUNTED:
        raise InputError(too_many(path, len(codes)))
    if len(codes) <= MAX_CLASSES:
        table = np.array([*(codes[value] for value in found), *[UNCOVERED] * (NODATA_CLASS + 1 - len(found))], np.int32)
        out = table[indices(values, known, found)]
    return out
