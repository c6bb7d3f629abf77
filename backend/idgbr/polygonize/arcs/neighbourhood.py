"""Directions of the walls in the neighbourhood of an arc, and the arcs that wait until these are known.

The raster is divided into square cells. Each edge of a plainly fitted line votes in its cell. The neighbourhood of an
arc is the cell of its middle and the eight around it. An arc waits until all arcs that may vote there are complete. So
the result does not depend on strips. Memory holds some rows of cells, and the arcs that wait.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Floats, Ints, Mask
from idgbr.polygonize.arcs.corridor import decode
from idgbr.polygonize.arcs.directions import BINS, vote
from idgbr.polygonize.arcs.fit import FitOptions, Surroundings, fit_line, pixel_shapes
from idgbr.polygonize.arcs.trace import Pieces

#: Arcs higher than this many cells neither vote nor have a neighbourhood.
HIGHEST = 2
#: Rows of cells that may still be needed above the next row of the raster.
KEPT = 8


def lag(cell: int) -> int:
    """Number of rows below an arc that must be traced before its neighbourhood is known; `cell` px is a cell's side."""
    return (2 + HIGHEST) * cell


class Neighbourhood:
    """The votes by cell, and the complete arcs that wait for them."""

    def __init__(self, width: int, options: FitOptions) -> None:
        """Start at the first row of a raster with `width` columns."""
        self._options, self._cell = options, options.cell
        self._votes = np.zeros((0, width // self._cell + 3, BINS), np.int64)
        #: Row of cells of the first row of votes; as for columns, the first cell is outside of the raster.
        self._first = -1
        self.waiting = Pieces.none()
        self._extents = np.zeros((0, 4), np.int64)

    def add(self, complete: Pieces) -> None:
        """Let complete arcs vote, and wait."""
        extents = _extents(complete.steps, complete.offsets, complete.ends[:, :2])
        voting = complete.select(self._is_small(extents))
        if voting.ring.size:
            bottom = int(extents[:, 1].max()) // self._cell
            self._grow(bottom)
            _count_votes(
                self._votes, self._first, voting.steps, voting.offsets, voting.ends[:, :2], voting.ring,
                self._options.plain, pixel_shapes(voting, self._options), self._cell,
            )  # fmt: skip
        self.waiting = self.waiting.plus(complete)
        self._extents = np.concatenate((self._extents, extents))

    def take(self, row: int | None) -> tuple[Pieces, Surroundings]:
        """The arcs whose neighbourhood is known if all rows above `row` are traced; None: all arcs."""
        ready = np.ones(len(self._extents), np.bool_)
        if row is not None:
            ready = self._extents[:, 1] + lag(self._cell) < row
        taken, extents = self.waiting.select(ready), self._extents[ready]
        surroundings = self._surroundings(extents)
        self.waiting, self._extents = self.waiting.select(~ready), self._extents[~ready]
        if row is not None:
            done = max(row // self._cell - KEPT - self._first, 0)
            if done:
                self._votes, self._first = self._votes[done:].copy(), self._first + done
        return taken, surroundings

    def _is_small(self, extents: Ints) -> Mask:
        small: Mask = extents[:, 1] - extents[:, 0] <= HIGHEST * self._cell
        return small

    def _grow(self, last: int) -> None:
        """Add rows of cells up to the one below row `last`."""
        missing = last + 2 - self._first - len(self._votes)
        if missing > 0:
            self._votes = np.concatenate((self._votes, np.zeros((missing, *self._votes.shape[1:]), np.int64)))

    def _surroundings(self, extents: Ints) -> Surroundings:
        """The sums of the votes in the cells around the middle of each arc."""
        small = self._is_small(extents)
        if not small.any():
            return Surroundings.none(len(extents))
        self._grow(int(extents[small, 1].max()) // self._cell)
        rows = (extents[small, 0] + extents[small, 1]) // 2 // self._cell - self._first
        cols = (extents[small, 2] + extents[small, 3]) // 2 // self._cell + 1
        width = self._votes.shape[1]
        cells, places = np.unique(rows * width + cols, return_inverse=True)
        sums = np.zeros((cells.size + 1, BINS), np.int64)
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                sums[:-1] += self._votes[cells // width + down, cells % width + right]
        which = np.full(len(extents), cells.size)
        which[small] = places
        return Surroundings(sums, which)


@njit(cache=True, nogil=True)
def _extents(steps: Bytes, offsets: Ints, starts: Ints) -> Ints:
    """First and last row, first and last column of the corners of each arc, (n, 4)."""
    out = np.empty((offsets.size - 1, 4), np.int64)
    for i in range(offsets.size - 1):
        y, x = starts[i, 0], starts[i, 1]
        top, bottom, left, right = y, y, x, x
        for k in range(offsets[i], offsets[i + 1]):
            d = steps[k] & 3
            x += (d == 1) - (d == 3)
            y += (d == 2) - (d == 0)
            top, bottom, left, right = min(top, y), max(bottom, y), min(left, x), max(right, x)
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = top, bottom, left, right
    return out


@njit(cache=True, nogil=True)
def _count_votes(
    votes: Ints, first: int, steps: Bytes, offsets: Ints, starts: Ints, ring: Mask, tolerance: float, ground: Floats,
    cell: int,
) -> None:  # fmt: skip
    """Add the vote of each edge to the cell of its first corner; `votes` is (rows, cols, BINS)."""
    for i in range(offsets.size - 1):
        arc = steps[offsets[i] : offsets[i + 1]]
        x, y, direction, room = decode(arc, starts[i, 0], starts[i, 1], ring[i])
        corners, vx, vy = fit_line(x, y, direction, room, ring[i], tolerance)
        for k in range(corners.size - 1):
            ex, ey = vx[k + 1] - vx[k], vy[k + 1] - vy[k]
            place = votes[y[corners[k]] // cell - first, x[corners[k]] // cell + 1]
            vote(place, ground[i, 0, 0] * ex + ground[i, 0, 1] * ey, ground[i, 1, 0] * ex + ground[i, 1, 1] * ey)
