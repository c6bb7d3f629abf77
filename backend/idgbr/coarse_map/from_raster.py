"""A class raster of any grid, CRS and resolution as indices on the grid of an image, by nearest pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.coarse_map.raw_map import MAX_CLASSES, UNCOVERED, RawMap, ordered, too_many
from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.raster.aligned import aligned_view, read_aligned
from idgbr.raster.class_table import class_infos, read_class_table
from idgbr.raster.grid import Grid
from idgbr.raster.place import in_place, place_notes
from idgbr.raster.strips import strips
from idgbr.raster.write import RowWriter


def raw_map_of_raster(path: str, grid: Grid, work: Path, monitor: Monitor) -> RawMap:
    """Write the raster at `path` on `grid` into the folder `work`, with values as codes in order of appearance.

    Raises InputError for what is no class raster: several bands, fractions, more than 255 classes.
    """
    with in_place(rasterio.open(path), path, Resampling.nearest) as dataset:
        for note in place_notes(dataset, path, units=False):
            monitor.info(note)
        _check_bands(dataset, path)
        table = read_class_table(dataset, Path(path))
        codes: dict[int, int] = {}
        counts = np.zeros(1, np.int64)
        target = work / "coarse_codes.tif"
        with _aligned(dataset, path, grid, monitor) as aligned, RowWriter(target, grid, "int32", None) as out:
            for first, last in strips(grid):
                monitor.check()
                rows = _codes(*_read(aligned, path, first, last), codes, path)
                out.write(first, rows)
                found = np.bincount(rows.ravel(), minlength=len(codes) + 1)
                found[: counts.size] += counts
                counts = found
                monitor.progress("read", last, grid.height)
        nodata = dataset.nodata
    classes, class_of = ordered(class_infos(codes, table), path)
    whole = nodata is not None and np.isfinite(nodata) and float(nodata).is_integer()
    return RawMap(
        target, classes, class_of, counts[1:], bare=False, nodata=int(nodata) if whole else None,
        legend=list(table.values()),
    )  # fmt: skip


def _check_bands(dataset: DatasetReader, path: str) -> None:
    count = sum(meaning != ColorInterp.alpha for meaning in dataset.colorinterp)
    if count != 1:
        raise InputError(f"{path}: has {count} bands, a class raster has one; extract the band that holds classes.")
    if dataset.dtypes[0].startswith("complex"):
        raise InputError(f"{path}: holds complex numbers, a class raster holds integers; choose another raster.")


def _aligned(dataset: DatasetReader, path: str, grid: Grid, monitor: Monitor) -> WarpedVRT:
    """A view of the raster on the grid: band 1 its values, band 2 above 0 where there are any."""
    if dataset.crs is None and grid.crs is not None:
        monitor.warn(f"{path}: names no CRS; it is taken to be in the CRS of the image.")
    try:
        return aligned_view(dataset, grid)
    except RasterioError as error:
        raise InputError(f"{path}: cannot be aligned with the image ({error}); check its CRS.") from error


def _read(aligned: WarpedVRT, path: str, first: int, last: int) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Values and where they are known, (rows, width)."""
    window = Window(0, first, aligned.width, last - first)
    values, known = read_aligned(aligned, path, window)
    if np.issubdtype(values.dtype, np.floating):
        fractions = known & (values != np.rint(np.where(known, values, 0)))
        if fractions.any():
            raise InputError(
                f"{path}: holds fractions such as {values[fractions][0]:g}, a class raster holds integers; "
                "reclassify it first."
            )
    return values, known


def _codes(
    values: NDArray[np.generic], known: NDArray[np.bool_], codes: dict[int, int], path: str
) -> NDArray[np.int32]:
    """Code of each value (rows, width); those of new values are added to `codes`."""
    found, inverse = np.unique(values[known], return_inverse=True)
    for value in found:
        codes.setdefault(int(value), len(codes) + 1)
    if len(codes) > MAX_CLASSES:
        raise InputError(too_many(path))
    out = np.full(values.shape, UNCOVERED, np.int32)
    out[known] = np.array([codes[int(value)] for value in found], np.int32)[inverse]
    return out
