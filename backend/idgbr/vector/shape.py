"""What a fitted line may be turned into, never leaving the corridor of its arc: rounded, or squared."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.vector.arrays import Bytes, Floats, Ints, Labels
from idgbr.vector.corridor import (
    MARGIN,
    crosses_itself,
    gate_widths,
    gates_passed,
    nearest_corner,
    ring_area,
    rotated,
    worst_gate,
)

#: Rounds of corner cutting.
SMOOTH_ROUNDS = 2
#: Pixels by which a squared outline may leave the pixel outline, and the clearance to be known for it.
SQUARE_MOVE = 2.0
SQUARE_REACH = 3
#: Share of the squared length of an outline that must agree on two directions at right angles (0 none, 1 all).
SQUARE_AGREEMENT = 0.75
#: Edges this long, in pixels, must lie within 25° of these directions.
SQUARE_EDGE = 4.0
#: Share of its area by which an object may change when squared: about 1 - IoU.
SQUARE_CHANGE = 0.1


@njit(cache=True, nogil=True)
def _crossing(x: Labels, y: Labels, direction: Bytes, gate: int, ax: float, ay: float, bx: float, by: float) -> float:
    """Where on a segment, from 0 to 1, it passes the line of a gate."""
    if direction[gate] & 1:
        return (0.5 * (x[gate] + x[gate + 1]) - ax) / (bx - ax) if bx != ax else 2.0
    return (0.5 * (y[gate] + y[gate + 1]) - ay) / (by - ay) if by != ay else 2.0


@njit(cache=True, nogil=True)
def _corner_at(
    x: Labels, y: Labels, direction: Bytes, first: int, last: int, ends: tuple[float, float, float, float], at: float
) -> int:
    """Corner to which the point at `at` (0…1) of a segment belongs, that runs from corner `first` to corner `last`."""
    c = first
    while c < last and _crossing(x, y, direction, c, ends[0], ends[1], ends[2], ends[3]) < at:
        c += 1
    return c


@njit(cache=True, nogil=True)
def _cut_corners(
    x: Labels, y: Labels, direction: Bytes, widths: Floats, corners: Ints, vx: Floats, vy: Floats
) -> tuple[Ints, Floats, Floats]:
    """Replace each vertex but the ends by two, a quarter along its segments, unless the cut leaves the corridor."""
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
    x: Labels,
    y: Labels,
    direction: Bytes,
    room: Bytes,
    corners: Ints,
    vx: Floats,
    vy: Floats,
    ring: bool,
    most: float,
) -> tuple[Floats, Floats]:
    """Round a line by cutting its corners; nodes stay. It comes back as it was if it would cross itself."""
    old_x, old_y = vx, vy
    if ring:
        # Start in the middle of an edge, so that the vertex at the start is rounded too.
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


@njit(cache=True, nogil=True)
def _right_angles(vx: Floats, vy: Floats) -> tuple[float, float, bool]:
    """Direction that most edges have, give or take right angles, and whether the outline says so clearly enough."""
    c4, s4, total = 0.0, 0.0, 0.0
    for k in range(vx.size - 1):
        ex, ey = vx[k + 1] - vx[k], vy[k + 1] - vy[k]
        weight = ex * ex + ey * ey
        angle = 4 * np.arctan2(ey, ex)
        c4, s4, total = c4 + weight * np.cos(angle), s4 + weight * np.sin(angle), total + weight
    if total == 0 or np.sqrt(c4 * c4 + s4 * s4) < SQUARE_AGREEMENT * total:
        return 1.0, 0.0, False
    main = np.arctan2(s4, c4) / 4
    ux, uy = np.cos(main), np.sin(main)
    for k in range(vx.size - 1):
        ex, ey = vx[k + 1] - vx[k], vy[k + 1] - vy[k]
        along, across = abs(ex * ux + ey * uy), abs(ey * ux - ex * uy)
        if ex * ex + ey * ey > SQUARE_EDGE * SQUARE_EDGE and min(along, across) > 0.466 * max(along, across):
            return ux, uy, False
    return ux, uy, True


@njit(cache=True, nogil=True)
def _walls(
    x: Labels, y: Labels, corners: Ints, vx: Floats, vy: Floats, ux: float, uy: float
) -> tuple[Ints, Bytes, Floats]:
    """Merge edges of like direction into walls: first corner, whether across, and distance from the origin of each."""
    n = corners.size - 1
    starts, across, count = np.empty(n, np.int64), np.empty(n, np.uint8), 0
    for k in range(n):
        ex, ey = vx[k + 1] - vx[k], vy[k + 1] - vy[k]
        is_across = np.uint8(abs(ey * ux - ex * uy) > abs(ex * ux + ey * uy))
        if count == 0 or across[count - 1] != is_across:
            starts[count], across[count] = corners[k], is_across
            count += 1
    walls = np.empty(count)
    for k in range(count):
        end = starts[k + 1] if k + 1 < count else corners[n]
        nx, ny = (ux, uy) if across[k] else (-uy, ux)
        total = 0.0
        for c in range(starts[k], end):
            total += nx * 0.5 * (x[c] + x[c + 1]) + ny * 0.5 * (y[c] + y[c + 1])
        walls[k] = total / (end - starts[k])
    return starts[:count].copy(), across[:count].copy(), walls


@njit(cache=True, nogil=True)
def squared(
    x: Labels, y: Labels, direction: Bytes, room: Bytes, corners: Ints, vx: Floats, vy: Floats
) -> tuple[bool, Floats, Floats]:
    """Give a ring right angles, if its line asks for them and the result neither harms it nor leaves its corridor."""
    ux, uy, clear = _right_angles(vx, vy)
    if not clear:
        return False, vx, vy
    starts, across, walls = _walls(x, y, corners, vx, vy, ux, uy)
    if walls.size < 4:
        return False, vx, vy
    if across[0] == across[-1]:  # One wall, cut by the start of the ring: start at the next.
        n = direction.size
        x, y, direction, room = rotated(x, y, direction, room, starts[1])
        turned, tx, ty = np.empty_like(corners), np.empty_like(vx), np.empty_like(vy)
        first = 0
        while corners[first] < starts[1]:
            first += 1
        edges = corners.size - 1
        for k in range(corners.size):
            j = (first + k) % edges
            turned[k], tx[k], ty[k] = (corners[j] - starts[1]) % n, vx[j], vy[j]
        turned[edges] = n
        starts, across, walls = _walls(x, y, turned, tx, ty, ux, uy)
        if walls.size < 4 or across[0] == across[-1]:
            return False, vx, vy
    m = walls.size
    at, sx, sy = np.empty(m + 1, np.int64), np.empty(m + 1), np.empty(m + 1)
    for k in range(m):
        a, b = (walls[k], walls[k - 1]) if across[k] else (walls[k - 1], walls[k])
        sx[k], sy[k] = a * ux - b * uy, a * uy + b * ux
        low = max(starts[k] - 6, (starts[k - 1] + starts[k]) // 2 + 1) if k else 0
        high = min(starts[k] + 6, (starts[k] + (starts[k + 1] if k + 1 < m else direction.size)) // 2) if k else 0
        at[k] = nearest_corner(x, y, sx[k], sy[k], starts[k], low, high)
        if max(abs(sx[k] - x[at[k]]), abs(sy[k] - y[at[k]])) > min(0.5 * room[at[k]], SQUARE_MOVE) - MARGIN:
            return False, vx, vy
    at[m], sx[m], sy[m] = direction.size, sx[0], sy[0]
    if not gates_passed(x, y, direction, gate_widths(room, SQUARE_MOVE), at, sx, sy):
        return False, vx, vy
    if crosses_itself(at, sx, sy, True, int((4 * SQUARE_MOVE + 2) ** 2)):
        return False, vx, vy
    apart = 0.0
    for k in range(m):
        end = starts[k + 1] if k + 1 < m else direction.size
        nx, ny = (ux, uy) if across[k] else (-uy, ux)
        for c in range(starts[k], end):
            apart += abs(nx * 0.5 * (x[c] + x[c + 1]) + ny * 0.5 * (y[c] + y[c + 1]) - walls[k])
    area = abs(ring_area(x.astype(np.float64), y.astype(np.float64)))
    if apart > SQUARE_CHANGE * area + 2 or abs(abs(ring_area(sx, sy)) - area) > SQUARE_CHANGE * area:
        return False, vx, vy
    return True, sx, sy
