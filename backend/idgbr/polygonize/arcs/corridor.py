"""The corridor of an arc: the room in which its fitted line may run without meeting another line.

Around each corner P of an arc is a square of half its clearance (`cracks.clearance`); squares of different stretches
of arc do not overlap. Across each crack is a *gate*: a segment through the crack's midpoint, at a right angle to it,
inside the squares of both its corners. If each vertex of a line is in the square of a corner, and the line passes the
gates between them, it stays inside its own squares. So arcs can be fitted one by one, in any order: they cross neither
each other nor themselves. Every pixel centre that a neighbour might claim stays on its side. A fitted map is therefore
a valid coverage by construction.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Floats, Ints, Ints32

#: Distance from the rim of the corridor, in pixels, so that neighbouring lines cannot touch.
MARGIN = 0.01


@njit(cache=True, nogil=True)
def decode(steps: Bytes, row: int, col: int, ring: bool) -> tuple[Ints32, Ints32, Bytes, Bytes]:
    """Read an arc's corners x, y, the direction of each crack and the clearance of each corner.

    A ring starts and ends at its first corner in raster order, for any start of the tracing.
    """
    n = steps.size
    x, y = np.empty(n + 1, np.int32), np.empty(n + 1, np.int32)
    x[0], y[0] = col, row
    best = 0
    for i in range(n):
        d = steps[i] & 3
        x[i + 1] = x[i] + (d == 1) - (d == 3)
        y[i + 1] = y[i] + (d == 2) - (d == 0)
        if y[i] < y[best] or (y[i] == y[best] and x[i] < x[best]):
            best = i
    direction, room = np.empty(n, np.uint8), np.ones(n + 1, np.uint8)
    if ring and best:
        xr, yr = np.empty(n + 1, np.int32), np.empty(n + 1, np.int32)
        for i in range(n + 1):
            j = (i + best) % n
            xr[i], yr[i] = x[j], y[j]
        x, y = xr, yr
    for i in range(n):
        j = (i + best) % n if ring else i
        direction[i], room[i] = steps[j] & 3, steps[j] >> 2
    if ring:
        room[n] = room[0]
    return x, y, direction, room


@njit(cache=True, nogil=True)
def gate_widths(room: Bytes, most: float) -> Floats:
    """Half-width of the gate across each crack: half the smaller clearance of its ends, at most `most`."""
    widths = np.empty(room.size - 1)
    for i in range(widths.size):
        widths[i] = min(most, 0.5 * min(room[i], room[i + 1])) - MARGIN
    return widths


@njit(cache=True, nogil=True, inline="always")
def gate_excess(
    x: Ints32, y: Ints32, direction: Bytes, width: float, gate: int, x1: float, y1: float, x2: float, y2: float
) -> float:
    """How far a segment passes outside a gate; negative inside, large if it does not pass at all."""
    if direction[gate] & 1:
        at = 0.5 * float(x[gate] + x[gate + 1])
        if (x1 - at) * (x2 - at) > 0 or x1 == x2:
            return 9.0
        return abs(y1 + (y2 - y1) * (at - x1) / (x2 - x1) - float(y[gate])) - width
    at = 0.5 * float(y[gate] + y[gate + 1])
    if (y1 - at) * (y2 - at) > 0 or y1 == y2:
        return 9.0
    return abs(x1 + (x2 - x1) * (at - y1) / (y2 - y1) - float(x[gate])) - width


@njit(cache=True, nogil=True)
def worst_gate(
    x: Ints32,
    y: Ints32,
    direction: Bytes,
    widths: Floats,
    first: int,
    last: int,
    ends: tuple[float, float, float, float],
) -> tuple[int, float]:
    """Find the gate of first…last-1 that a segment (x1, y1, x2, y2) misses most, and by how much."""
    worst, excess = first, -1.0
    for gate in range(first, last):
        e = gate_excess(x, y, direction, widths[gate], gate, ends[0], ends[1], ends[2], ends[3])
        if e > excess:
            worst, excess = gate, e
    return worst, excess


@njit(cache=True, nogil=True)
def gates_passed(x: Ints32, y: Ints32, direction: Bytes, widths: Floats, corners: Ints, vx: Floats, vy: Floats) -> bool:
    """Whether a line of vertices, each belonging to a corner, passes all gates of its arc."""
    for s in range(corners.size - 1):
        ends = (vx[s], vy[s], vx[s + 1], vy[s + 1])
        if worst_gate(x, y, direction, widths, corners[s], corners[s + 1], ends)[1] > 0:
            return False
    return True


@njit(cache=True, nogil=True, inline="always")
def _side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@njit(cache=True, nogil=True)
def crosses_itself(corners: Ints, vx: Floats, vy: Floats, ring: bool, reach: int) -> bool:
    """Whether segments at most `reach` corners apart on an arc meet; possible with gates wider than half a pixel."""
    n = corners.size - 1
    length = corners[n]
    for s in range(n):
        ax, ay, bx, by = vx[s], vy[s], vx[s + 1], vy[s + 1]
        for k in range(s + 1, s + n if ring else n):
            t = k % n
            gap = corners[t] + (length if k >= n else 0) - corners[s + 1]
            if gap > reach:
                break
            cx, cy, dx, dy = vx[t], vy[t], vx[t + 1], vy[t + 1]
            if k == s + 1 or (ring and t == s - 1) or (ring and k == s + n - 1):
                continue
            if max(ax, bx) < min(cx, dx) or max(cx, dx) < min(ax, bx):
                continue
            if max(ay, by) < min(cy, dy) or max(cy, dy) < min(ay, by):
                continue
            if _side(ax, ay, bx, by, cx, cy) * _side(ax, ay, bx, by, dx, dy) <= 0 and (
                _side(cx, cy, dx, dy, ax, ay) * _side(cx, cy, dx, dy, bx, by) <= 0
            ):
                return True
        # Neighbouring segments share a vertex; they meet elsewhere only if the line turns straight back.
        if s + 1 < n or ring:
            t = (s + 1) % n
            cx, cy = vx[t + 1], vy[t + 1]
            if abs(_side(ax, ay, bx, by, cx, cy)) < 1e-9 and (bx - ax) * (cx - bx) + (by - ay) * (cy - by) <= 0:
                return True
    return False


@njit(cache=True, nogil=True)
def ring_area(x: Floats, y: Floats) -> float:
    """Area of a closed line; positive if the region to its right is inside, with y pointing down."""
    area = 0.0
    for i in range(x.size - 1):
        area += (x[i] - x[0]) * (y[i + 1] - y[0]) - (x[i + 1] - x[0]) * (y[i] - y[0])
    return 0.5 * area


@njit(cache=True, nogil=True)
def rotated(x: Ints32, y: Ints32, direction: Bytes, room: Bytes, start: int) -> tuple[Ints32, Ints32, Bytes, Bytes]:
    """Start a ring at another corner."""
    n = direction.size
    xr, yr, dr, rr = np.empty_like(x), np.empty_like(y), np.empty_like(direction), np.empty_like(room)
    for i in range(n + 1):
        j = (i + start) % n
        xr[i], yr[i], rr[i] = x[j], y[j], room[j]
        if i < n:
            dr[i] = direction[j]
    return xr, yr, dr, rr


@njit(cache=True, nogil=True)
def nearest_corner(x: Ints32, y: Ints32, vx: float, vy: float, corner: int, low: int, high: int) -> int:
    """The corner among low…high nearest to a point, by Chebyshev distance."""
    best, least = corner, max(abs(vx - x[corner]), abs(vy - y[corner]))
    for c in range(low, high + 1):
        distance = max(abs(vx - x[c]), abs(vy - y[c]))
        if distance < least - 1e-9:
            best, least = c, distance
    return best
