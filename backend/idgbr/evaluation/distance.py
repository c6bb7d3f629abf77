"""Distances to a boundary, exact up to a reach: all that boundary measures need, at a fraction of a full transform."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


@njit(cache=True, nogil=True)
def _squared_in_column(edge: Mask, step: float, far: float) -> Floats:
    """Squared distance to the nearest edge pixel of the same column, `far` where it is out of reach."""
    height, width = edge.shape
    rows = np.full((height, width), height + 1, np.int32)
    for row in range(height):
        for col in range(width):
            if edge[row, col]:
                rows[row, col] = 0
            elif row and rows[row - 1, col] <= height:
                rows[row, col] = rows[row - 1, col] + 1
    for row in range(height - 2, -1, -1):
        for col in range(width):
            rows[row, col] = min(rows[row, col], rows[row + 1, col] + 1)
    squared = np.empty((height, width), np.float32)
    for row in range(height):
        for col in range(width):
            distance = rows[row, col] * step
            squared[row, col] = distance * distance if rows[row, col] <= height else far
            squared[row, col] = min(squared[row, col], far)
    return squared


@njit(cache=True, nogil=True)
def _along_rows(squared: Floats, step: float, reach: float) -> Floats:
    """Distances from the squared ones by column; infinite beyond the reach."""
    height, width = squared.shape
    limit = np.float32(reach * reach * 1.000001)
    widest = int(reach / step + 1e-6)
    out = np.empty((height, width), np.float32)
    for row in range(height):
        line = squared[row]
        for col in range(width):
            best = line[col]
            for offset in range(1, widest + 1):
                across = np.float32(offset * step) * np.float32(offset * step)
                if across >= best:
                    break
                if col >= offset:
                    best = min(best, across + line[col - offset])
                if col + offset < width:
                    best = min(best, across + line[col + offset])
            out[row, col] = np.sqrt(best) if best <= limit else np.inf
    return out


def distances_within(edge: Mask, reach: float, sampling: tuple[float, float] = (1.0, 1.0)) -> Floats:
    """Euclidean distance of each pixel (H, W) to the nearest True of `edge`; infinite where it exceeds `reach`.

    Args:
        edge: Boundary pixels, (H, W).
        reach: Largest distance of interest, in the unit of `sampling`.
        sampling: Height and width of a pixel; distances come in this unit.
    """
    far = float(reach) ** 2 * 4 + 1
    down, across = sampling
    distances: Floats = _along_rows(
        _squared_in_column(np.ascontiguousarray(edge), float(down), far), float(across), float(reach)
    )
    return distances
