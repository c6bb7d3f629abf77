"""Locates the errors: a reduced error map, and windows ranked by their number of wrong pixels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from idgbr.classes import NODATA_CLASS
from idgbr.evaluation.class_matching import Indices
from idgbr.raster.grid import Grid

#: Side of the ranked windows, in pixels.
WINDOW = 256
#: Longest side of the error map, in pixels.
MAP_SIDE = 1000
#: Kinds of pixels of error maps.
UNSCORED, RIGHT, MISSED, FALSE, CONFUSED = range(5)
KINDS = 5


def error_kinds(predicted: Indices, truth: Indices, background: int | None) -> NDArray[np.uint8]:
    """Kind of each pixel (H, W): unscored, right, missed (background or no class), false, or another class."""
    kinds = np.full(truth.shape, CONFUSED, np.uint8)
    if background is not None:
        kinds[truth == background] = FALSE
        kinds[predicted == background] = MISSED
    kinds[predicted == truth] = RIGHT
    kinds[truth == NODATA_CLASS] = UNSCORED
    return kinds


@dataclass(frozen=True)
class Place:
    """A window with its errors: origin on the grid, number of wrong and of scored pixels."""

    row: int
    col: int
    wrong: int
    scored: int


@dataclass
class ErrorMap:
    """Errors collected over blocks: by reduced pixel for a picture, by window for a ranking.

    `factor` is grid pixels per reduced pixel; `pixels` (height, width, kinds) counts grid pixels of each kind; `truth`
    has the class at the middle of each reduced pixel.
    """

    grid: Grid
    background: int | None
    factor: int = field(init=False)
    pixels: NDArray[np.int32] = field(init=False)
    truth: Indices = field(init=False)
    windows: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        height, width = self.grid.height, self.grid.width
        self.factor = max(1, math.ceil(max(height, width) / MAP_SIDE))
        self.pixels = np.zeros((*(math.ceil(side / self.factor) for side in (height, width)), KINDS), np.int32)
        self.truth = np.full(self.pixels.shape[:2], NODATA_CLASS, np.uint8)
        self.windows = np.zeros((*(math.ceil(side / WINDOW) for side in (height, width)), 2), np.int64)

    def add(self, row: int, col: int, predicted: Indices, truth: Indices) -> None:
        """Add a block whose upper left pixel is (row, col), both multiples of `WINDOW`."""
        kinds = error_kinds(predicted, truth, self.background)
        all_rows, all_cols = row + np.arange(kinds.shape[0]), col + np.arange(kinds.shape[1])
        rows, cols = all_rows // self.factor, all_cols // self.factor
        part = self.pixels[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
        cells = ((rows - rows[0])[:, None] * part.shape[1] + (cols - cols[0])[None]) * KINDS + kinds
        part += np.bincount(cells.ravel(), minlength=part.size).reshape(part.shape).astype(np.int32)
        middle = np.ix_(*(np.flatnonzero(lines % self.factor == self.factor // 2) for lines in (all_rows, all_cols)))
        self.truth[np.ix_(rows[middle[0].ravel()], cols[middle[1].ravel()])] = truth[middle]
        for top in range(0, kinds.shape[0], WINDOW):
            for left in range(0, kinds.shape[1], WINDOW):
                window = kinds[top : top + WINDOW, left : left + WINDOW]
                counts = np.count_nonzero(window > RIGHT), np.count_nonzero(window != UNSCORED)
                self.windows[(row + top) // WINDOW, (col + left) // WINDOW] = counts

    def worst(self, count: int) -> list[Place]:
        """The windows with most wrong pixels, the worst first; none without errors."""
        wrong = self.windows[..., 0].ravel()
        order = np.argsort(-wrong, kind="stable")[:count]
        across = self.windows.shape[1]
        return [
            Place(int(i) // across * WINDOW, int(i) % across * WINDOW, int(wrong[i]), int(self.windows[..., 1].flat[i]))
            for i in order
            if wrong[i]
        ]


def context_window(place: Place, grid: Grid, context: int) -> Window:
    """A place with `context` pixels on each side, moved inwards at the grid's edge; a smaller grid as a whole."""
    side = WINDOW + 2 * context
    top = max(min(place.row - context, grid.height - side), 0)
    left = max(min(place.col - context, grid.width - side), 0)
    return Window(left, top, min(side, grid.width), min(side, grid.height))


def parts(height: int, width: int, side: int) -> Iterator[tuple[slice, slice]]:
    """Slices that divide an array into squares of a side, with smaller ones at its end."""
    for row in range(0, height, side):
        for col in range(0, width, side):
            yield slice(row, min(row + side, height)), slice(col, min(col + side, width))
