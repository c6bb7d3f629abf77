"""The crack lattice of a class raster: where classes meet, and the clearance around each corner.

Corners are lattice points (row, col); corner (r, c) is the top left of pixel (r, c). A *crack* is the unit edge
between two pixels of different classes. Directions are 0 north, 1 east, 2 south, 3 west; a crack is walked with the
lower code on its left. Terms: docs/glossary.md#polygons.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Codes

#: Codes of the window of pixels: outside the raster, no polygon (background, nodata), first class.
OUTSIDE, VOID, FIRST_CLASS = 0, 1, 2
#: Bit of a corner that ends arcs: three or four cracks, or a corner of the raster.
NODE = np.uint8(16)


@njit(cache=True, nogil=True)
def corner_bits(window: Codes) -> Bytes:
    """Find the cracks at each corner of a window of pixels: bit d for a crack in direction d, `NODE` for nodes.

    Args:
        window: Codes of the pixels, (rows, cols).

    Returns:
        Bits of the corners inside the window, (rows + 1, cols + 1); those on the rim of the window are 0.
    """
    rows, cols = window.shape
    bits = np.zeros((rows + 1, cols + 1), np.uint8)
    for r in range(1, rows):
        for c in range(1, cols):
            nw, ne = window[r - 1, c - 1], window[r - 1, c]
            sw, se = window[r, c - 1], window[r, c]
            if nw == ne and nw == sw and nw == se:
                continue
            north, east, south, west = nw != ne, ne != se, sw != se, nw != sw
            b = north * 1 + east * 2 + south * 4 + west * 8
            inside = (nw != 0) + (ne != 0) + (sw != 0) + (se != 0)
            if north + east + south + west > 2 or inside == 1:
                b += 16
            bits[r, c] = b
    return bits


@njit(cache=True, nogil=True, inline="always")
def next_direction(bits: int, arrived: int) -> int:
    """Direction in which an arc leaves a corner of two cracks after arriving in direction `arrived`."""
    rest = bits & 15 & ~(1 << ((arrived + 2) & 3))
    if rest & 1:
        return 0
    if rest & 2:
        return 1
    return 2 if rest & 4 else 3


@njit(cache=True, nogil=True)
def _walk_in_ball(bits: Bytes, r0: int, c0: int, direction: int, radius: int) -> tuple[int, bool]:
    """Count corners of an arc from (r0, c0) until it leaves the ball or meets a node; True if it returns."""
    r, c = r0, c0
    count = 0
    while True:
        r += (direction == 2) - (direction == 0)
        c += (direction == 1) - (direction == 3)
        if r == r0 and c == c0:
            return count, True
        if abs(r - r0) > radius or abs(c - c0) > radius or bits[r, c] & 16:
            return count, False
        count += 1
        direction = next_direction(bits[r, c], direction)


@njit(cache=True, nogil=True)
def clearance(bits: Bytes, r: int, c: int, most: int) -> int:
    """Chebyshev distance from a corner of two cracks to the nearest corner of another stretch, at most `most` + 1.

    A corner belongs to the same stretch if the arc reaches it without leaving the ball of that radius. Squares of half
    this size around the corners of different stretches do not overlap. So an arc that stays in its own squares crosses
    no other arc.
    """
    for radius in range(1, most + 1):
        active = 0
        for i in range(r - radius, r + radius + 1):
            for j in range(c - radius, c + radius + 1):
                active += bits[i, j] != 0
        b = bits[r, c]
        first = 0 if b & 1 else (1 if b & 2 else 2)
        same, returned = _walk_in_ball(bits, r, c, first, radius)
        if not returned:
            same += _walk_in_ball(bits, r, c, next_direction(b, (first + 2) & 3), radius)[0]
        if active != same + 1:
            return radius
    return most + 1
