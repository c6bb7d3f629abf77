"""Computes a refined map from a coarse one: each pixel takes over a mixture of the classes around it.

The network does not know classes. For each pixel it gives weights to `OFFSETS`, places up to `REACH` px away. The
pixel's new class probabilities are the weighted mean of the old ones at these places. Moving a boundary means copying
from one side of it. So the network serves any list of classes, a class can only spread from where it is, and a weight
of 1 at the pixel itself keeps a perfect map. Its input does not name classes either: `relations` tell whether
neighbours are of one class.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

import numba
import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array
from idgbr.models.devices import cpu_threads
from idgbr.refiner.bridge import CODE_BITS
from idgbr.refiner.neighbours import OFFSETS, RELATED


@numba.njit(cache=True, nogil=True)
def relations(codes: Array) -> Array:
    """Relation of each pixel to its `RELATED` neighbours: inner product of their codes over 4; (12, H, W) in −1…1.

    codes (4, H, W). Swapping or flipping bits does not change it. Edge pixels are repeated beyond the edge.
    """
    _, height, width = codes.shape
    out = np.empty((len(RELATED), height, width), np.float32)
    for n in range(len(RELATED)):
        down, right = RELATED[n]
        for row in range(height):
            other_row = min(row + down, height - 1)
            for col in range(width):
                other_col = min(max(col + right, 0), width - 1)
                total = np.float32(0)
                for b in range(CODE_BITS):
                    total += codes[b, row, col] * codes[b, other_row, other_col]
                out[n, row, col] = total * np.float32(1 / CODE_BITS)
    return out


def transport(weights: Array, source: Array, where: NDArray[np.bool_]) -> Array:
    """Class probabilities (K, H, W) after each pixel of `where` (H, W) has taken over a mixture of those around it.

    weights (H/2, W/2, 4·33): logits of the `OFFSETS` for the upper left, upper right, lower left and lower right pixel
    of each square of four; what follows these is left alone. source (K, H, W): the probabilities that are mixed;
    kept outside `where`.
    """
    # Classes of a pixel are stored side by side, because they are read together: half the time of separate planes.
    by_pixel = np.ascontiguousarray(np.moveaxis(source, 0, 2))
    out = by_pixel.copy()
    strips = np.linspace(0, len(by_pixel), cpu_threads() + 1).astype(int)
    list(_threads().map(lambda rows: _transport_rows(weights, by_pixel, where, out, *rows), pairwise(strips)))
    return np.ascontiguousarray(np.moveaxis(out, 2, 0))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cpu_threads(), "transport")


@numba.njit(cache=True, nogil=True)
def _transport_rows(weights: Array, source: Array, where: NDArray[np.bool_], out: Array, begin: int, end: int) -> None:
    """Rows `begin` to `end` of `transport` into `out`; `source` and `out` are (H, W, K)."""
    height, width, classes = source.shape
    places = len(OFFSETS)
    share = np.empty(places, np.float32)
    mixed = np.empty(classes, np.float32)
    for row in range(begin, end):
        for col in range(width):
            if not where[row, col]:
                continue
            logits = weights[row // 2, col // 2]
            first = ((row % 2) * 2 + col % 2) * places
            best = logits[first]
            for j in range(1, places):
                best = max(best, logits[first + j])
            total = np.float32(0)
            for j in range(places):
                share[j] = np.exp(logits[first + j] - best)
                total += share[j]
            mixed[:] = 0
            for j in range(places):
                from_row = min(max(row + OFFSETS[j, 0], 0), height - 1)
                from_col = min(max(col + OFFSETS[j, 1], 0), width - 1)
                for k in range(classes):
                    mixed[k] += share[j] * source[from_row, from_col, k]
            for k in range(classes):
                out[row, col, k] = mixed[k] / total
