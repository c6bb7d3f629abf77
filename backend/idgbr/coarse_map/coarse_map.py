"""Reads coarse maps: aligned with the image, with a decision on ground without a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.coarse_map.from_polygons import raw_map_of_polygons
from idgbr.coarse_map.from_raster import raw_map_of_raster
from idgbr.coarse_map.gaps import FILLED_PX, SLIVER_PX, close_gaps, context_rows
from idgbr.coarse_map.raw_map import GAP, RawMap, order_classes
from idgbr.errors import InputError
from idgbr.layers.polygons import LayerReference, find_layer
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.open_dataset import is_raster
from idgbr.raster.rows import RowReader, strips
from idgbr.raster.validity import tell_missing
from idgbr.raster.writer import RowWriter


@dataclass(frozen=True)
class CoarseMap:
    """A classification on an image's grid.

    `path` is a uint8 raster of indices into `classes`, whose `id` is the value in the user's map; `NODATA_CLASS` is
    unclassified. `legend` has all classes that the map names, even if they do not occur. `objects_path` is an int32
    raster of the feature's number in `layer` + 1 on each pixel, 0 or less for none. `object_pixels` and
    `object_classes` give the number of pixels and the class index of each feature. All three are None for a raster.
    """

    path: Path
    classes: list[ClassInfo]
    legend: Sequence[ClassInfo]
    nodata: int | None
    unclassified_pixels: int
    gap_pixels: int
    filled_pixels: int
    overlap_pixels: int
    layer: LayerReference | None = None
    objects_path: Path | None = None
    object_pixels: NDArray[np.int64] | None = None
    object_classes: NDArray[np.uint8] | None = None

    @property
    def indexed(self) -> list[ClassInfo]:
        """The classes with their indices as ids."""
        return [replace(info, id=index) for index, info in enumerate(self.classes)]


def read_coarse_map(
    text: str, class_field: str | None, background: str, fill_gaps: bool, grid: Grid, work: Path, monitor: Monitor
) -> CoarseMap:
    """Read a class raster or polygon layer onto `grid`; working files go to the folder `work`.

    With `background` "yes", ground without a class becomes a class; with "no", it stays unclassified. With "auto", it
    becomes a class if the polygons are single objects, not a coverage. With `fill_gaps`, gaps get the class beside
    them. Raises InputError, which names the file and the remedy.
    """
    layer = None if is_raster(text, "the coarse map") else find_layer(text)
    if layer is None:
        if class_field:
            monitor.warn(f"{text} is a raster; the class field {class_field!r} is not used.")
        raw = raw_map_of_raster(text, grid, work, monitor)
    else:
        raw = raw_map_of_polygons(layer, class_field, grid, work, monitor)
    if not raw.pixels.any():
        raise InputError(
            f"{text}: does not overlap the image or the extent, or has only nodata there; check its CRS, or choose "
            "another extent."
        )
    coarse = _indexed(raw, text, background, fill_gaps, grid, work, monitor)
    if layer is None:
        then = "it stays so"
        tell_missing(text, coarse.unclassified_pixels, grid.pixels, raw.reason, then, monitor, "class")
    _report(coarse, text, fill_gaps, monitor)
    return coarse


def _indexed(
    raw: RawMap, name: str, background: str, fill_gaps: bool, grid: Grid, work: Path, monitor: Monitor
) -> CoarseMap:
    """Turn codes into indices of classes; uncovered ground becomes a class or not, gaps are filled or not."""
    # Polygons of one class can only move against the ground around them.
    bare = background == "yes" or (
        background == "auto" and raw.layer is not None and (raw.bare or len(raw.classes) == 1)
    )
    index = raw.class_of
    classes = raw.classes
    none = NODATA_CLASS
    if bare:
        classes, places = order_classes([*raw.classes, background_info({c.id for c in raw.classes})], name)
        index, none = places[raw.class_of], int(places[-1])
    table = np.concatenate(([NODATA_CLASS, none], index)).astype(np.uint8)  # by code + 1: gap, uncovered, codes
    width = SLIVER_PX if bare else FILLED_PX
    context = context_rows(width) if fill_gaps else 0
    path = work / "coarse.tif"
    unclassified = filled_pixels = 0
    with RowReader(raw.path) as codes, RowWriter(path, grid, "uint8", NODATA_CLASS) as out:
        for first, last in strips(grid):
            monitor.check()
            top = max(first - context, 0)
            before = table[codes.read(top, min(last + context, grid.height)).astype(np.int64) - GAP]
            rows = slice(first - top, last - top)
            labels = (close_gaps(before, NODATA_CLASS, width) if fill_gaps else before)[rows]
            out.write(first, labels)
            missing = int(np.count_nonzero(labels == NODATA_CLASS))
            filled_pixels += int(np.count_nonzero(before[rows] == NODATA_CLASS)) - missing
            unclassified += missing
    if raw.layer is None:
        raw.path.unlink()
    gaps = raw.gap_pixels if bare else unclassified + filled_pixels
    polygons = raw.layer is not None
    return CoarseMap(
        path, classes, raw.legend, raw.nodata, unclassified, gaps, filled_pixels, raw.overlap_pixels, raw.layer,
        raw.path if polygons else None, raw.pixels if polygons else None, index if polygons else None,
    )  # fmt: skip


def background_info(values: set[int]) -> ClassInfo:
    """The class of ground without a class; its id is the lowest number from 0 up that no class has."""
    free = next(v for v in range(len(values) + 1) if v not in values)
    return ClassInfo(free, "background", (235, 235, 235), background=True)


def _report(coarse: CoarseMap, name: str, fill_gaps: bool, monitor: Monitor) -> None:
    """Report overlaps, gaps, and a map in which nothing can move."""
    if coarse.overlap_pixels:
        monitor.warn(f"{name}: polygons overlap on {coarse.overlap_pixels} pixels; the smaller one counts there.")
    if coarse.gap_pixels and coarse.layer is not None and not fill_gaps:
        monitor.warn(
            f"{name}: gaps of {coarse.gap_pixels} pixels have no class and stay so; fill_gaps gives narrow ones the "
            "class beside them."
        )
    if coarse.filled_pixels:
        monitor.info(f"{name}: {coarse.filled_pixels} pixels of gaps were given the class beside them.")
    if len(coarse.classes) == 1:
        monitor.warn(
            f"{name}: has only one class here, so no boundary can move; background=yes makes a class of the ground "
            "around it."
        )
