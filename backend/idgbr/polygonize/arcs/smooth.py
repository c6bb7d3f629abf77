"""Rounds fitted lines; they never leave the corridor of their arc."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Floats, Ints, Ints32
from idgbr.polygonize.arcs.corridor import crosses_itself, gate_widths, gates_passed, rotated, worst_gate

#: Rounds of corner cutting.
SMOOTH_ROUNDS = 2


@njit(cache=True, nogil=True)
def _crossing(x: Ints32, y: Ints32, direction: Bytes, gate: int, ax: float, ay: float, bx: float, by: float) -> float:
    """Position on a segment, from 0 to 1, where it passes the line of a gate."""
    if direction[gate] & 1:
        return (0.5 * (x[gate] + x[gate + 1]) - ax) / (bx - ax) if bx != ax else 2.0
    return (0.5 * (y[gate] + y[gate + 1]) - ay) / (by - ay) if by != ay else 2.0


@njit(cache=True, nogil=True)
def _corner_at(
    x: Ints32, y: Ints32, direction: Bytes, first: int, last: int, ends: tuple[float, float, float, float], at: float
) -> int:
    """Corner of the point at `at` (0…1) of a segment that runs from corner `first` to corner `last`."""
    c = first
    while c < last and _crossing(x, y, direction, c, ends[0], ends[1], ends[2], ends[3]) < at:
        c += 1
    return c


@njit(cache=True, nogil=True)
def _cut_corners(
    x: Ints32, y: Ints32, direction: Bytes, widths: Floats, corners: Ints, vx: Floats, vy: Floats
) -> tuple[Ints, Floats, Floats]:
    """Replace each vertex except the ends by two, a quarter along its segments, unless the cut leaves the corridor."""
    n = corners.size
    new_corners, new_x, new_y = np.empty(2 * n, np.int64), np.empty(2 * n), np.empty(2 * n)
    used = 0
    for k in range(n):
        if 0 < k < n - 1:
            before = (vx[k - 1], vy[k - 1], vx[k], vy[k])
            after = (vx[k], vy[k], vx[k + 1], vy[k + 1])
            cut = (
                0.25 * vx[k - 1] + 0.75 * vx[k],
                0.25 * vy[k - 1] + 0.75 * vy[k],
                0.75 * vx[k] + 0.25 * vx[k + 1],
                0.75 * vy[k] + 0.25 * vy[k + 1],
            )
            a = _corner_at(x, y, direction, corners[k - 1], corners[k], before, 0.75)
            b = _corner_at(x, y, direction, corners[k], corners[k + 1], after, 0.25)
            if worst_gate(x, y, direction, widths, a, b, cut)[1] <= 0:
                new_corners[used], new_x[used], new_y[used] = a, cut[0], cut[1]
                new_corners[used + 1], new_x[used + 1], new_y[used + 1] = b, cut[2], cut[3]
                used += 2
                continue
        new_corners[used], new_x[used], new_y[used] = corners[k], vx[k], vy[k]
        used += 1
    return new_corners[:used].copy(), new_x[:used].copy(), new_y[:used].copy()


@njit(cache=True, nogil=True)
def smoothed(
    x: Ints32,
    y: Ints32,
    direction: Bytes,
    room: Bytes,
    corners: Ints,
    vx: Floats,
    vy: Floats,
    ring: bool,
    most: float,
) -> tuple[Floats, Floats]:
    """Round a line by cutting its corners; nodes stay. A line that would cross itself is returned unchanged."""
    old_x, old_y = vx, vy
    if ring:
        # Start in the middle of an edge, so that the first vertex is rounded too.
        mx, my = 0.5 * (vx[0] + vx[1]), 0.5 * (vy[0] + vy[1])
        middle = _corner_at(x, y, direction, corners[0], corners[1], (vx[0], vy[0], vx[1], vy[1]), 0.5)
        n, last = direction.size, corners.size
        x, y, direction, room = rotated(x, y, direction, room, middle)
        turned, tx, ty = np.empty(last + 1, np.int64), np.empty(last + 1), np.empty(last + 1)
        turned[0], tx[0], ty[0] = 0, mx, my
        for k in range(1, last):
            turned[k], tx[k], ty[k] = corners[k] - middle, vx[k], vy[k]
        turned[last], tx[last], ty[last] = n, mx, my
        corners, vx, vy = turned, tx, ty
    widths = gate_widths(room, most)
    for _ in range(SMOOTH_ROUNDS):
        corners, vx, vy = _cut_corners(x, y, direction, widths, corners, vx, vy)
    if crosses_itself(corners, vx, vy, ring, int((4 * most + 2) ** 2)) or not gates_passed(
        x, y, direction, widths, corners, vx, vy
    ):
        return old_x, old_y
    return vx, vy
