"""Rasterizes a polygon layer onto the grid of an image: the feature of each pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.transform import Affine

from idgbr.arrays import Ints32
from idgbr.classes import ClassInfo
from idgbr.coarse_map.gaps import SLIVER_PX, between_objects, context_rows, narrow
from idgbr.coarse_map.raw_map import GAP, UNCOVERED, RawMap, order_classes
from idgbr.errors import InputError
from idgbr.layers.attributes import check_names
from idgbr.layers.polygon_store import PolygonStore
from idgbr.layers.polygons import Column, LayerReference, read_polygons
from idgbr.layers.reader import layer_info
from idgbr.monitor import Monitor
from idgbr.raster.class_table import PALETTE
from idgbr.raster.class_values import field_classes
from idgbr.raster.grid import Grid
from idgbr.raster.rows import strips
from idgbr.raster.writer import RowWriter

#: Overlapping shapes must both reach this far from the centre of a pixel, in pixels.
NEAR_MIDDLE_PX = 1 / 256


def raw_map_of_polygons(
    layer: LayerReference, class_field: str | None, grid: Grid, work: Path, monitor: Monitor
) -> RawMap:
    """Rasterize the layer on `grid` into a raster in the folder `work`; codes are the feature's number + 1.

    If features overlap, the smaller one is on top. Features with a null class are skipped. Raises InputError if the
    field cannot be used or no feature is on the grid.
    """
    info = layer_info(layer.path, layer.layer)
    check_names(layer, info.fields)
    if class_field and class_field not in info.fields:
        raise InputError(f"{layer}: has no field {class_field!r}; name one of its fields, or none.")
    if info.word:
        monitor.warn(f"{layer}: {info.word}")
    shapes, columns = read_polygons(layer, grid, monitor, [class_field] if class_field else [], work, info)
    stack = _Stack.of(shapes, grid)
    if not stack.order.size:
        raise InputError(f"{layer}: does not overlap the image or the extent; check its CRS, or choose another extent.")
    if class_field:
        classes, class_of = _classes(columns[class_field], stack, layer, class_field, monitor)
        stack = replace(stack, order=stack.order[columns[class_field].places[stack.order] >= 0])
    else:
        classes, class_of = [ClassInfo(1, "object", PALETTE[0])], np.zeros(len(shapes), np.uint8)
    pixels = np.zeros(len(shapes) + 1, np.int64)
    overlaps = gaps = shared = bare = 0
    context = context_rows(SLIVER_PX)
    target = work / "coarse_codes.tif"
    with RowWriter(target, grid, "int32", None) as out:
        for first, last in strips(grid):
            monitor.check()
            top, bottom = max(first - context, 0), min(last + context, grid.height)
            codes = stack.burn(top, bottom)
            codes[narrow(codes == UNCOVERED, SLIVER_PX) & between_objects(codes, SLIVER_PX)] = GAP
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
        monitor.warn(f"{layer}: {lost} polygons cover no pixel centre, or are covered by others, and are left out.")
    return RawMap(target, classes, class_of, pixels[1:], bare >= shared, gaps, overlaps, layer)


def _classes(
    column: Column, stack: _Stack, layer: LayerReference, field: str, monitor: Monitor
) -> tuple[list[ClassInfo], NDArray[np.uint8]]:
    """Classes of the features on the grid, and the index of each feature's class."""
    places = column.places[stack.order]
    used, inverse = np.unique(places[places >= 0], return_inverse=True)
    if not used.size:
        raise InputError(f"{layer}: the field {field!r} is empty throughout; choose another class field.")
    unnamed_features = np.count_nonzero(places < 0)
    if unnamed_features:
        monitor.warn(f"{layer}: {unnamed_features} features without a class in {field!r} are left out.")
    found = column.values[used]
    classes, indices = order_classes(field_classes(found, layer, field), layer)
    class_of = np.zeros(len(column.places), np.uint8)
    class_of[stack.order[places >= 0]] = indices[inverse]
    return classes, class_of


@dataclass(frozen=True)
class _Stack:
    """Shapes from bottom to top."""

    shapes: PolygonStore
    order: NDArray[np.int64]
    grid: Grid

    @staticmethod
    def of(shapes: PolygonStore, grid: Grid) -> _Stack:
        """Take the shapes on the grid, the largest at the bottom."""
        xmin, ymin, xmax, ymax = shapes.bounds.T
        cols, rows = ~grid.transform * (np.stack((xmin, xmin, xmax, xmax)), np.stack((ymin, ymax, ymin, ymax)))
        there = shapes.there & (rows.min(axis=0) < grid.height) & (rows.max(axis=0) > 0)
        there &= (cols.min(axis=0) < grid.width) & (cols.max(axis=0) > 0)
        index = np.flatnonzero(there)
        return _Stack(shapes, index[np.argsort(-shapes.areas[index], kind="stable")], grid)

    def burn(self, first: int, last: int, *, count: bool = False, shift: float = 0.0) -> Ints32:
        """Number + 1 of the top shape at the centre of each pixel of rows [first, last), 0 for none.

        With `count`, the number of shapes instead; with `shift`, at a place that many pixels below the centre.
        """
        transform = self.grid.transform * Affine.translation(0, first + shift)
        return self.shapes.burn(self.order, (last - first, self.grid.width), transform, count=count)

    def overlaps(self, first: int, last: int) -> int:
        """Pixels of rows [first, last) that more than one shape covers.

        GDAL gives a pixel to both shapes that share a horizontal edge through its centre. So overlaps are also checked
        a little above and below the centre.
        """
        several = self.burn(first, last, count=True) > 1
        rows = np.flatnonzero(several.any(axis=1))
        if rows.size:
            top, bottom = int(rows[0]), int(rows[-1]) + 1
            for shift in (-NEAR_MIDDLE_PX, NEAR_MIDDLE_PX):
                counts = self.burn(first + top, first + bottom, count=True, shift=shift)
                several[top:bottom] &= counts > 1
        return int(np.count_nonzero(several))


def _outline(codes: Ints32) -> tuple[int, int]:
    """Counts pixel sides between two features, and between a feature and uncovered ground; the last row is context."""
    shared = bare = 0
    for a, b in ((codes[:-1, 1:], codes[:-1, :-1]), (codes[1:], codes[:-1])):
        shared += int(np.count_nonzero((a > 0) & (b > 0) & (a != b)))
        bare += int(np.count_nonzero(((a > 0) & (b == UNCOVERED)) | ((b > 0) & (a == UNCOVERED))))
    return shared, bare
