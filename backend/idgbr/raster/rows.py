"""A job's own rasters, read back by rows, and the strips of a grid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from idgbr.raster.grid import Grid

#: Pixels of a strip: a pass holds a few times that in memory.
STRIP_PIXELS = 4 << 20


def strip_rows(width: int) -> int:
    """Rows of a strip with a number of columns."""
    return min(max(STRIP_PIXELS // width, 32), 1024)


def strips(grid: Grid) -> Iterator[tuple[int, int]]:
    """First and last row (exclusive) of the strips of a grid."""
    step = strip_rows(grid.width)
    for first in range(0, grid.height, step):
        yield first, min(first + step, grid.height)


class RowReader:
    """Reads rows of a single-band raster that this job wrote; a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._dataset = rasterio.open(path)
        self.height, self.width = self._dataset.shape

    def __enter__(self) -> RowReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()

    def read(self, first: int, last: int, left: int = 0, right: int | None = None) -> NDArray[np.generic]:
        """Rows [first, last) and columns [left, right), (rows, columns), in the file's type."""
        window = Window(left, first, (self.width if right is None else right) - left, last - first)
        values: NDArray[np.generic] = self._dataset.read(1, window=window)
        return values
