"""A polygon layer burnt onto the grid of an image: which feature lies on which pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.enums import MergeAlg
from rasterio.transform import Affine

from idgbr.classes import ClassInfo
from idgbr.coarse_map.gaps import SLIVER_PX, beside_two, context, narrow
from idgbr.coarse_map.raw_map import GAP, UNCOVERED, RawMap, ordered
from idgbr.errors import InputError
from idgbr.monitor import Monitor, check_cancelled
from idgbr.raster.class_table import PALETTE, unnamed
from idgbr.raster.grid import Grid
from idgbr.raster.polygons import LayerReference, Shapes, read_polygons
from idgbr.raster.strips import strips
from idgbr.raster.waiting import awaited
from idgbr.raster.write import RowWriter

Ints = NDArray[np.int32]


def raw_map_of_polygons(
    layer: LayerReference, class_field: str | None, grid: Grid, work: Path, monitor: Monitor
) -> RawMap:
    """Burn the layer on `grid` into a raster in the folder `work`, with the number of the feature + 1 as code.

    Where features overlap, the smaller one is on top. Features whose class is null are left out. Raises InputError if
    the field cannot be used or nothing lies on the grid.
    """
    shapes, columns = read_polygons(layer, grid, monitor, [class_field] if class_field else [])
    if class_field and class_field not in columns:
        raise InputError(f"{layer}: has no field {class_field!r}; name one of its fields, or none.")
    stack = _Stack.of(shapes, grid)
    if not stack.order.size:
        raise InputError(f"{layer}: does not overlap the image or the extent; check its CRS, or choose another extent.")
    if class_field:
        classes, class_of = _classes(columns[class_field], stack, layer, class_field, monitor)
        stack = stack.with_class(columns[class_field])
    else:
        classes, class_of = [ClassInfo(1, "object", PALETTE[0])], np.zeros(len(shapes), np.uint8)
    pixels = np.zeros(len(shapes) + 1, np.int64)
    overlaps = gaps = shared = bare = 0
    margin = context(SLIVER_PX)
    target = work / "coarse_codes.tif"
    with RowWriter(target, grid, "int32", None) as out:
        for first, last in strips(grid):
            monitor.check()
            top, bottom = max(first - margin, 0), min(last + margin, grid.height)
            codes = stack.burn(top, bottom)
            codes[narrow(codes == UNCOVERED, SLIVER_PX) & beside_two(codes, SLIVER_PX)] = GAP
            outline = _outline(codes[first - top : last - top + 1])
            codes = codes[first - top : last - top]
            out.write(first, codes)
            overlaps += stack.overlaps(first, last)
            pixels += np.bincount(np.maximum(codes, 0).ravel(), minlength=pixels.size)
            gaps += int(np.count_nonzero(codes == GAP))
            shared, bare = shared + outline[0], bare + outline[1]
            monitor.progress("read", last, grid.height)
    lost = int(np.count_nonzero(pixels[1:][stack.order] == 0))
    if lost:
        monitor.warn(f"{layer}: {lost} polygons cover no middle of a pixel, or lie under others, and are left out.")
    return RawMap(target, classes, class_of, pixels[1:], bare >= shared, gaps, overlaps, layer)


def _has_class(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Which values of a class field are none of null and nan."""
    return np.array([v is not None and v == v for v in values], bool)  # noqa: PLR0124 (nan is not itself)


def _classes(
    values: NDArray[np.generic], stack: _Stack, layer: LayerReference, field: str, monitor: Monitor
) -> tuple[list[ClassInfo], NDArray[np.uint8]]:
    """Classes of the features on the grid, and the index of each feature's class."""
    used = np.zeros(len(values), bool)
    used[stack.order] = True
    named = used & _has_class(values)
    found, inverse = np.unique(values[named], return_inverse=True)
    if not found.size:
        raise InputError(f"{layer}: the field {field!r} is empty throughout; choose another class field.")
    unnamed_features = np.count_nonzero(used & ~named)
    if unnamed_features:
        monitor.warn(f"{layer}: {unnamed_features} features without a class in {field!r} are left out.")
    if values.dtype == object:
        infos = [ClassInfo(i, str(v), PALETTE[i % len(PALETTE)]) for i, v in enumerate(found, start=1)]
    elif np.issubdtype(values.dtype, np.number) and (found == np.rint(found)).all():
        infos = [unnamed(int(v)) for v in found]
    else:
        raise InputError(f"{layer}: the field {field!r} holds neither texts nor integers; choose another class field.")
    classes, places = ordered(infos, layer)
    class_of = np.zeros(len(values), np.uint8)
    class_of[named] = places[inverse]
    return classes, class_of


@dataclass(frozen=True)
class _Stack:
    """Shapes in the order of drawing, the last one on top, with the grid rows that they reach."""

    shapes: Shapes
    order: NDArray[np.int64]
    rows: NDArray[np.float64]
    grid: Grid

    @staticmethod
    def of(shapes: Shapes, grid: Grid) -> _Stack:
        """Take the shapes on the grid, the largest at the bottom."""
        xmin, ymin, xmax, ymax = shapely.bounds(shapes).T
        cols, rows = ~grid.transform * (np.stack((xmin, xmin, xmax, xmax)), np.stack((ymin, ymax, ymin, ymax)))
        low, high = rows.min(axis=0), rows.max(axis=0)
        there = ~shapely.is_missing(shapes) & (low < grid.height) & (high > 0)
        there &= (cols.min(axis=0) < grid.width) & (cols.max(axis=0) > 0)
        index = np.flatnonzero(there)
        order = index[np.argsort(-shapely.area(shapes[index]), kind="stable")]
        return _Stack(shapes, order, np.stack((low, high), axis=1), grid)

    def with_class(self, values: NDArray[np.generic]) -> _Stack:
        """The stack of the shapes alone that have a class."""
        return replace(self, order=self.order[_has_class(values)[self.order]])

    def _within(self, first: int, last: int) -> NDArray[np.int64]:
        low, high = self.rows[self.order].T
        there: NDArray[np.int64] = self.order[(low < last) & (high > first)]
        return there

    def burn(self, first: int, last: int) -> Ints:
        """Number + 1 of the uppermost shape at the middle of the pixels of rows [first, last), 0 for none."""
        return self._rasterize([(self.shapes[i], int(i) + 1) for i in self._within(first, last)], first, last)

    def overlaps(self, first: int, last: int) -> int:
        """Pixels of rows [first, last) that more than one shape covers."""
        shapes = [(self.shapes[i], 1) for i in self._within(first, last)]
        return int(np.count_nonzero(self._rasterize(shapes, first, last, merge_alg=MergeAlg.add) > 1))

    def _rasterize(self, shapes: list[tuple[shapely.Geometry, int]], first: int, last: int, **options: object) -> Ints:
        shape = (last - first, self.grid.width)
        if not shapes:
            return np.zeros(shape, np.int32)
        transform = self.grid.transform * Affine.translation(0, first)
        burn = partial(rasterio.features.rasterize, shapes, shape, transform=transform, dtype="int32", **options)
        burnt: Ints = awaited(burn, check_cancelled)
        return burnt


def _outline(codes: Ints) -> tuple[int, int]:
    """Pixel sides between two features, and between a feature and uncovered ground; the last row is looked at only."""
    shared = bare = 0
    for a, b in ((codes[:-1, 1:], codes[:-1, :-1]), (codes[1:], codes[:-1])):
        shared += int(np.count_nonzero((a > 0) & (b > 0) & (a != b)))
        bare += int(np.count_nonzero(((a > 0) & (b == UNCOVERED)) | ((b > 0) & (a == UNCOVERED))))
    return shared, bare
