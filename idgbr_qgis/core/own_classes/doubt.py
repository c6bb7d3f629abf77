"""Where more labels would help: places at which a preview agrees least with itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Places are squares of this side, in px: what a brush covers, and larger than a ragged boundary is wide.
SIDE = 32
#: Least distance between two places, in squares.
APART = 3
MOST_PLACES = 5
#: Places that agree more than this need no labels, of 255.
AGREED = 217


def doubtful_places(agreement: NDArray[np.uint8], valid: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Middles (row, column) of the squares of least mean agreement, the worst first; a handful, apart from each other.

    `agreement` (H, W) is 255 where all votes are for one class; where `valid` (H, W) is false there is no data.
    """
    rows, columns = agreement.shape
    sums, counts = (_by_squares(values) for values in (agreement * valid.astype(np.float32), valid))
    means = np.where(counts * 2 > SIDE * SIDE, sums / np.maximum(counts, 1), np.inf)
    if min(rows, columns) < SIDE:  # no whole square
        means = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    found = []
    while len(found) < MOST_PLACES and means.min() < AGREED:
        row, column = np.unravel_index(means.argmin(), means.shape)
        # Squares at the edges are cut.
        top, left = int(row) * SIDE, int(column) * SIDE
        found.append(((top + min(top + SIDE, rows)) / 2, (left + min(left + SIDE, columns)) / 2))
        means[max(row - APART, 0) : row + APART + 1, max(column - APART, 0) : column + APART + 1] = np.inf
    return found


def _by_squares(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """Sums over squares of `SIDE`; those at the edges may be cut."""
    over_rows = np.add.reduceat(values.astype(np.float64), np.arange(0, values.shape[0], SIDE), axis=0)
    return np.add.reduceat(over_rows, np.arange(0, values.shape[1], SIDE), axis=1)
