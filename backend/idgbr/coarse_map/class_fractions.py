"""Class fractions: a class map on a coarser grid, as the fraction of each pixel's area that each class covers."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array
from idgbr.classes import NODATA_CLASS
from idgbr.raster.rows import RowReader

#: Coarse columns that are computed at a time.
_COLUMNS = 512


class Cut(NamedTuple):
    """Pixels [first, last) of an axis resampled from `total` to `length` pixels, and their bounds on the old one."""

    first: int
    last: int
    edges: NDArray[np.float64]

    @staticmethod
    def of(first: int, last: int, length: int, total: int) -> Cut:
        """Pixels [first, last) of the axis with `length` pixels, on the one with `total` pixels."""
        edges = np.arange(first, last + 1) * (total / length)
        start = math.floor(edges[0])
        return Cut(start, min(math.ceil(edges[-1]), total), edges - start)


def class_shares(labels: RowReader, classes: int, size: tuple[int, int], first: int, last: int) -> Array:
    """Fractions (classes, rows, width) in rows [first, last) of a grid of `size` (height, width) over the same area.

    Ground without a class counts in equal parts for all of them.
    """
    height, width = size
    out = np.empty((classes, last - first, width), np.float32)
    rows = Cut.of(first, last, height, labels.height)
    for left in range(0, width, _COLUMNS):
        right = min(left + _COLUMNS, width)
        cols = Cut.of(left, right, width, labels.width)
        part = labels.read(rows.first, rows.last, cols.first, cols.last)
        one_hot = (part == np.arange(classes)[:, None, None]).astype(np.float32)
        one_hot[:, part == NODATA_CLASS] = 1 / classes
        out[:, :, left:right] = _means(_means(one_hot, rows.edges, 1), cols.edges, 2)
    return out


def _means(values: Array, edges: NDArray[np.float64], axis: int) -> Array:
    """Means of `values`, which are constant over each pixel, between edges (in pixels) along an axis."""
    length = values.shape[axis]
    before = np.zeros_like(np.take(values, [0], axis))
    total = np.concatenate([before, np.cumsum(values, axis, dtype=np.float64)], axis)
    low = np.minimum(edges.astype(np.int64), length)
    shape = [1, 1, 1]
    shape[axis] = -1
    part = (edges - low).reshape(shape)
    at = np.take(total, low, axis) + part * np.take(values, np.minimum(low, length - 1), axis)
    means: Array = (np.diff(at, axis=axis) / (edges[1] - edges[0])).astype(np.float32)
    return means
