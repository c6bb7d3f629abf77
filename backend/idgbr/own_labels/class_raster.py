"""A class raster as labels: on the grid of an image, in blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Ints32, Mask
from idgbr.own_labels.rasterize import NONE, Window
from idgbr.raster.rows import RowReader, strip_rows

#: Blocks along the longer side of a raster, and the smallest side of a block in px.
_BLOCKS, _SMALLEST = 16, 64


class RasterGrid:
    """Labels of a class raster: all pixels of a class in a square block are one label. See `LabelGrid`.

    `codes` is a raster on the grid of the image, `index` the index of the class of each of its values from 1 on; ground
    with other values has no label. `class_of` is the index of the class of each label, (n,).
    """

    def __init__(self, codes: RowReader, index: Sequence[int]) -> None:
        self.height, self.width = codes.height, codes.width
        self._codes, self._index = codes, np.array([-1, *index], np.int64)
        self._side = max(-(-max(self.height, self.width) // _BLOCKS), _SMALLEST)
        count = max(index, default=-1) + 1
        shape = (-(-self.height // self._side), -(-self.width // self._side), count)
        there = np.zeros(shape, bool)
        step = strip_rows(self.width)
        for first in range(0, self.height, step):
            rows = np.arange(first, min(first + step, self.height))
            classes = self._classes(Window(first, 0, rows.size, self.width))
            row, col = np.nonzero(classes >= 0)
            there[rows[row] // self._side, col // self._side, classes[row, col]] = True
        self._numbers = np.where(there, np.cumsum(there).reshape(shape) - 1, NONE).astype(np.int32)
        self._places = np.argwhere(there)
        self.class_of: NDArray[np.int64] = self._places[:, 2]
        #: Each label is on the grid, (n,).
        self.there: Mask = np.ones(len(self._places), bool)

    def centre(self, number: int) -> tuple[float, float]:
        """Row and column of the centre of a label's block, in px."""
        row, col, _ = self._places[number]
        return (float(row) + 0.5) * self._side, (float(col) + 0.5) * self._side

    def windows(self, side: int) -> list[Window]:
        """Windows of a lattice of `side` px whose pixels may have labels."""
        blocks = self._numbers.max(axis=2, initial=NONE) >= 0
        found = []
        for row in range(0, self.height, side):
            for col in range(0, self.width, side):
                window = Window(row, col, min(side, self.height - row), min(side, self.width - col))
                rows, cols = (
                    slice(first // self._side, (first + size - 1) // self._side + 1)
                    for first, size in ((row, window.height), (col, window.width))
                )
                if blocks[rows, cols].any():
                    found.append(window)
        return found

    def labels(self, window: Window) -> Ints32:
        """Number of the label of each pixel of a window, (height, width); `NONE` without one."""
        classes = self._classes(window)
        rows = np.arange(window.row, window.row + window.height)[:, None] // self._side
        cols = np.arange(window.col, window.col + window.width)[None] // self._side
        return np.where(classes >= 0, self._numbers[rows, cols, np.maximum(classes, 0)], np.int32(NONE))

    def _classes(self, window: Window) -> NDArray[np.int64]:
        """Index of the class of each pixel, (height, width); -1 without one."""
        codes = self._codes.read(window.row, window.row + window.height, window.col, window.col + window.width)
        return self._index[np.maximum(codes.astype(np.int64), 0)]
