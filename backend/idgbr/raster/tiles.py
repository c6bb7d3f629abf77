"""Tiles and their blending: cores that partition the raster, halos for context, linear ramps across the core borders.

Weights are a partition of unity that depends on absolute position alone; tiles start at multiples of the core size, so
re-runs agree. The outer half of each halo is context only and never reaches the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Tile:
    """One tile: core rows [row, row + height) and columns [col, col + width) of the grid."""

    row: int
    col: int
    height: int
    width: int


@dataclass(frozen=True)
class Tiling:
    """Tiles of `core` px over a (height, width) grid, each read with `halo` px around it (`core + 2·halo` square)."""

    height: int
    width: int
    core: int
    halo: int

    @property
    def size(self) -> int:
        """Side of what the network sees."""
        return self.core + 2 * self.halo

    @property
    def ramp(self) -> int:
        """Half-width of the blending ramp around a core border."""
        return self.halo // 2

    def rows(self, start: int = 0) -> Iterator[list[Tile]]:
        """Tiles row by row, from the one whose core begins at grid row `start` on."""
        for row in range(start, self.height, self.core):
            height = min(self.core, self.height - row)
            yield [Tile(row, col, height, min(self.core, self.width - col)) for col in range(0, self.width, self.core)]

    def start_after(self, done: int) -> int:
        """First grid row of the tiles to begin with so as to go on exactly after `done` finished rows.

        Tiles above that blend into unfinished rows are among them: they are worked on again.
        """
        finished = -(-self.height // self.core) if done >= self.height else (done + self.ramp) // self.core
        return max(finished - -(-2 * self.ramp // self.core), 0) * self.core if done else 0

    def count_from(self, start: int) -> int:
        """Number of tiles from grid row `start` on."""
        return -(-(self.height - start) // self.core) * -(-self.width // self.core)

    @property
    def count(self) -> int:
        """Number of tiles."""
        return self.count_from(0)

    def weights(self, start: int, length: int, total: int) -> tuple[int, Array]:
        """First index and weights along one axis of the tile whose core is [start, start + length) of `total`."""
        before = self.ramp if start > 0 else 0
        after = min(self.ramp, total - start - length)
        first, last = start - before, start + length + after
        position = np.arange(first, last) + 0.5
        weights = np.ones(last - first, np.float32)
        if before:
            weights = np.minimum(weights, (position - (start - before)) / (2.0 * before))
        if start + length < total:
            # The neighbour's ramp is as wide as ours even where the raster's end cuts it short.
            weights = np.minimum(weights, (start + length + self.ramp - position) / (2.0 * self.ramp))
        return first, weights.astype(np.float32)


class RowBlender:
    """Blends tile scores (K, H, W) row of tiles by row of tiles; holds one row of tiles and its ramps, no more."""

    def __init__(self, tiling: Tiling, channels: int, start: int = 0) -> None:
        """Begin with the row of tiles at grid row `start`; what blends into it from above is left out."""
        self._tiling = tiling
        self._buffer = np.zeros((channels, tiling.core + 2 * tiling.ramp, tiling.width), np.float32)
        self._base = max(start - tiling.ramp, 0)  # grid row of the buffer's first row

    def add(self, tile: Tile, scores: Array) -> None:
        """Add the scores of a tile read with its halo: (K, size, size)."""
        tiling = self._tiling
        row, by_row = tiling.weights(tile.row, tile.height, tiling.height)
        col, by_col = tiling.weights(tile.col, tile.width, tiling.width)
        top, left = row - tile.row + tiling.halo, col - tile.col + tiling.halo
        part = scores[:, top : top + len(by_row), left : left + len(by_col)]
        target = self._buffer[:, row - self._base : row - self._base + len(by_row), col : col + len(by_col)]
        target += part * (by_row[:, None] * by_col[None, :])

    def finish_row(self, last: Tile) -> tuple[int, Array]:
        """First grid row and scores (K, rows, W) of what no later tile can change; call after a row's `last` tile."""
        end = last.row + last.height
        final = end if end >= self._tiling.height else end - self._tiling.ramp
        count = final - self._base
        done = self._buffer[:, :count].copy()
        kept = self._buffer.shape[1] - count
        self._buffer[:, :kept] = self._buffer[:, count:].copy()
        self._buffer[:, kept:] = 0
        first, self._base = self._base, final
        return first, done
