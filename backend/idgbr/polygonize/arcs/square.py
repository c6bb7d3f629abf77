"""Gives outlines of single objects right angles, as measured on the ground, inside their corridor."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Floats, Ints, Ints32, Mask
from idgbr.polygonize.arcs.corridor import MARGIN, crosses_itself, nearest_corner, ring_area, rotated

#: Pixels by which a squared outline may leave the pixel outline; this much clearance must be known.
SQUARE_MOVE = 2.0
SQUARE_REACH = 3
#: Fraction of the squared length of an outline that must agree on two perpendicular directions (0 none, 1 all).
SQUARE_AGREEMENT = 0.75
#: Edges this long, in pixels, must be within 25° of these directions.
SQUARE_EDGE = 4.0
#: Walls shorter than this, in pixels, are pixel steps, not parts of the object.
SQUARE_STUB = 1.5
#: Cracks at either end of a wall that may belong to the next one, as a fraction of the wall and at most.
SQUARE_ENDS, SQUARE_END_CRACKS = 0.15, 3
#: Steps between a vertex and the corner between two walls, at most.
SQUARE_SHIFT = 6
#: Fraction of its area by which squaring may change an object: about 1 - IoU.
SQUARE_CHANGE = 0.1


@njit(cache=True, nogil=True)
def first_corners(steps: Bytes, offsets: Ints, starts: Ints, ring: Mask) -> Floats:
    """First corner (x, y) of each ring in raster order, for any start of the tracing; of other arcs, their start."""
    out = np.empty((offsets.size - 1, 2))
    for i in range(offsets.size - 1):
        y, x = starts[i, 0], starts[i, 1]
        top, left = y, x
        if ring[i]:
            for k in range(offsets[i], offsets[i + 1]):
                d = steps[k] & 3
                x += (d == 1) - (d == 3)
                y += (d == 2) - (d == 0)
                if y < top or (y == top and x < left):
                    top, left = y, x
        out[i, 0], out[i, 1] = left, top
    return out


def even(scale: Floats) -> Floats:
    """Matrices from pixels to the ground (n, 2, 2), scaled to preserve areas: only the shape of pixels."""
    size = np.sqrt(np.abs(np.linalg.det(scale)))
    return np.ascontiguousarray(scale / np.where(size > 0, size, 1.0)[:, None, None])


@njit(cache=True, nogil=True)
def _right_angles(gx: Floats, gy: Floats) -> tuple[float, float, bool]:
    """Direction of most edges, modulo right angles, and whether the outline is clear enough about it."""
    c4, s4, total = 0.0, 0.0, 0.0
    for k in range(gx.size - 1):
        ex, ey = gx[k + 1] - gx[k], gy[k + 1] - gy[k]
        weight = ex * ex + ey * ey
        angle = 4 * np.arctan2(ey, ex)
        c4, s4, total = c4 + weight * np.cos(angle), s4 + weight * np.sin(angle), total + weight
    if total == 0 or np.sqrt(c4 * c4 + s4 * s4) < SQUARE_AGREEMENT * total:
        return 1.0, 0.0, False
    main = np.arctan2(s4, c4) / 4
    ux, uy = np.cos(main), np.sin(main)
    for k in range(gx.size - 1):
        ex, ey = gx[k + 1] - gx[k], gy[k + 1] - gy[k]
        along, across = abs(ex * ux + ey * uy), abs(ey * ux - ex * uy)
        if ex * ex + ey * ey > SQUARE_EDGE * SQUARE_EDGE and min(along, across) > 0.466 * max(along, across):
            return ux, uy, False
    return ux, uy, True


@njit(cache=True, nogil=True)
def _runs(corners: Ints, gx: Floats, gy: Floats, ux: float, uy: float) -> tuple[Ints, Bytes]:
    """Merge edges of similar direction into walls: the start of each on the ring, and whether it runs across."""
    n = corners.size - 1
    starts, across, count = np.empty(n, np.int64), np.empty(n, np.uint8), 0
    for k in range(n):
        ex, ey = gx[k + 1] - gx[k], gy[k + 1] - gy[k]
        is_across = np.uint8(abs(ey * ux - ex * uy) > abs(ex * ux + ey * uy))
        if count == 0 or across[count - 1] != is_across:
            starts[count], across[count] = corners[k], is_across
            count += 1
    if count > 1 and across[0] == across[count - 1]:  # One wall, cut by the start of the ring.
        return starts[1:count].copy(), across[1:count].copy()
    return starts[:count].copy(), across[:count].copy()


@njit(cache=True, nogil=True)
def _sums(x: Ints32, y: Ints32, ground: Floats) -> Floats:
    """Running sums of X, Y, XX, XY, YY on the ground over the midpoints of cracks, relative to the first corner."""
    n = x.size - 1
    sums = np.zeros((n + 1, 5))
    for i in range(n):
        px, py = 0.5 * (x[i] + x[i + 1]) - x[0], 0.5 * (y[i] + y[i + 1]) - y[0]
        gx, gy = ground[0, 0] * px + ground[0, 1] * py, ground[1, 0] * px + ground[1, 1] * py
        sums[i + 1, 0] = sums[i, 0] + gx
        sums[i + 1, 1] = sums[i, 1] + gy
        sums[i + 1, 2] = sums[i, 2] + gx * gx
        sums[i + 1, 3] = sums[i, 3] + gx * gy
        sums[i + 1, 4] = sums[i, 4] + gy * gy
    return sums


@njit(cache=True, nogil=True)
def _moments(sums: Floats, starts: Ints, k: int) -> tuple[float, float, float, float, float, int]:
    """Sums over the cracks of a wall without its ends, and their number."""
    n = sums.shape[0] - 1
    first = starts[k]
    last = starts[k + 1] if k + 1 < starts.size else starts[0] + n
    trim = min(int(SQUARE_ENDS * (last - first)), SQUARE_END_CRACKS)
    first, last = first + trim, last - trim
    if first >= n:
        first, last = first - n, last - n
    s = sums[last] - sums[first] if last <= n else sums[n] - sums[first] + sums[last - n]
    return s[0], s[1], s[2], s[3], s[4], last - first


@njit(cache=True, nogil=True)
def _offsets(sums: Floats, starts: Ints, across: Bytes, ux: float, uy: float) -> Floats:
    """Distance of each wall from the origin."""
    walls = np.empty(starts.size)
    for k in range(starts.size):
        sx, sy, _, _, _, count = _moments(sums, starts, k)
        nx, ny = (ux, uy) if across[k] else (-uy, ux)
        walls[k] = (nx * sx + ny * sy) / count
    return walls


@njit(cache=True, nogil=True)
def _without_stubs(sums: Floats, starts: Ints, across: Bytes, ux: float, uy: float) -> tuple[Ints, Bytes]:
    """Walls without pixel steps: the walls before and after such a step become one."""
    while starts.size > 4:
        m = starts.size
        walls = _offsets(sums, starts, across, ux, uy)
        shortest, least = -1, SQUARE_STUB
        for k in range(m):
            length = abs(walls[(k + 1) % m] - walls[k - 1])
            if length < least:
                shortest, least = k, length
        if shortest < 0:
            break
        keep = np.ones(m, np.bool_)
        keep[shortest] = keep[(shortest + 1) % m] = False
        starts, across = starts[keep], across[keep]
    return starts, across


@njit(cache=True, nogil=True)
def _turned(sums: Floats, starts: Ints, across: Bytes, ux: float, uy: float) -> tuple[float, float]:
    """The direction that fits the cracks of all walls best, by least squares."""
    xx, xy, yy = 0.0, 0.0, 0.0
    for k in range(starts.size):
        sx, sy, sxx, sxy, syy, count = _moments(sums, starts, k)
        sxx, sxy, syy = sxx - sx * sx / count, sxy - sx * sy / count, syy - sy * sy / count
        if across[k]:
            xx, xy, yy = xx + syy, xy - sxy, yy + sxx
        else:
            xx, xy, yy = xx + sxx, xy + sxy, yy + syy
    main = 0.5 * np.arctan2(2 * xy, xx - yy)
    wx, wy = np.cos(main), np.sin(main)
    return (wx, wy) if wx * ux + wy * uy > 0 else (-wx, -wy)


@njit(cache=True, nogil=True)
def _half(room: Bytes, i: int) -> float:
    """Half the side of the square around a corner for a squared outline."""
    return float(min(0.5 * room[i], SQUARE_MOVE) - MARGIN)


@njit(cache=True, nogil=True)
def _stays(x: Ints32, y: Ints32, direction: Bytes, room: Bytes, at: Ints, sx: Floats, sy: Floats) -> bool:
    """Whether an outline stays in the squares around the corners of its ring.

    Each vertex must be in the square of its corner, `at`. For each crack of its wall, a side must meet the intersection
    of the squares of the crack's two ends. Between two such places, it stays in the square of the corner between them.
    """
    for s in range(at.size - 1):
        ax, ay, ex, ey = sx[s], sy[s], sx[s + 1] - sx[s], sy[s + 1] - sy[s]
        for g in range(at[s], at[s + 1]):
            side = min(_half(room, g), _half(room, g + 1))
            along = max(side - 0.5, 0.0)
            wide, high = (along, side) if direction[g] & 1 else (side, along)
            low, top = 0.0, 1.0
            for axis in range(2):
                if axis == 0:
                    start, step, mid, half = ax, ex, 0.5 * (x[g] + x[g + 1]), wide
                else:
                    start, step, mid, half = ay, ey, 0.5 * (y[g] + y[g + 1]), high
                if abs(step) < 1e-12:
                    if abs(start - mid) > half:
                        return False
                    continue
                one, two = (mid - half - start) / step, (mid + half - start) / step
                low, top = max(low, min(one, two)), min(top, max(one, two))
            if low > top:
                return False
    return True


@njit(cache=True, nogil=True)
def squared(
    x: Ints32, y: Ints32, direction: Bytes, room: Bytes, corners: Ints, vx: Floats, vy: Floats, ground: Floats
) -> tuple[bool, Floats, Floats]:
    """Give a ring right angles, if its line suggests them and the result stays similar and inside its corridor.

    Right angles are those on the ground; `ground` (2, 2) maps pixels to it with areas unchanged.
    """
    a, b, c, d = ground[0, 0], ground[0, 1], ground[1, 0], ground[1, 1]
    gx, gy = a * (vx - x[0]) + b * (vy - y[0]), c * (vx - x[0]) + d * (vy - y[0])
    ux, uy, clear = _right_angles(gx, gy)
    if not clear:
        return False, vx, vy
    starts, across = _runs(corners, gx, gy, ux, uy)
    if starts.size < 4:
        return False, vx, vy
    sums = _sums(x, y, ground)
    starts, across = _without_stubs(sums, starts, across, ux, uy)
    ux, uy = _turned(sums, starts, across, ux, uy)
    walls = _offsets(sums, starts, across, ux, uy)
    n, m, det = direction.size, starts.size, a * d - b * c
    at, sx, sy = np.empty(m + 1, np.int64), np.empty(m + 1), np.empty(m + 1)
    first_x, first_y = float(x[0]), float(y[0])
    for k in range(m):
        p, q = (walls[k], walls[k - 1]) if across[k] else (walls[k - 1], walls[k])
        px, py = p * ux - q * uy, p * uy + q * ux
        sx[k], sy[k] = first_x + (d * px - b * py) / det, first_y + (a * py - c * px) / det
    # The ring is rotated, so that it starts in the middle of the last wall.
    middle = (starts[m - 1] + starts[0] + n) // 2 % n
    x, y, direction, room = rotated(x, y, direction, room, middle)
    for k in range(m):
        starts[k] = (starts[k] - middle) % n
    for k in range(m):
        low = max(starts[k] - SQUARE_SHIFT, (starts[k - 1] + starts[k]) // 2 + 1 if k else 0)
        high = min(starts[k] + SQUARE_SHIFT, (starts[k] + starts[k + 1]) // 2 if k + 1 < m else n)
        at[k] = nearest_corner(x, y, sx[k], sy[k], starts[k], low, high)
        if max(abs(sx[k] - x[at[k]]), abs(sy[k] - y[at[k]])) > _half(room, at[k]):
            return False, vx, vy
    start = at[0]
    x, y, direction, room = rotated(x, y, direction, room, start)
    at[:m] -= start
    at[m], sx[m], sy[m] = n, sx[0], sy[0]
    if not _stays(x, y, direction, room, at, sx, sy):
        return False, vx, vy
    if crosses_itself(at, sx, sy, True, int((4 * SQUARE_MOVE + 2) ** 2)):
        return False, vx, vy
    apart = 0.0
    for k in range(m):
        nx, ny = (ux, uy) if across[k] else (-uy, ux)
        for i in range(at[k], at[k + 1]):
            px, py = 0.5 * (x[i] + x[i + 1]) - first_x, 0.5 * (y[i] + y[i + 1]) - first_y
            ex, ey = x[i + 1] - x[i], y[i + 1] - y[i]
            along = ny * (a * ex + b * ey) - nx * (c * ex + d * ey)
            apart += abs(along) * abs(nx * (a * px + b * py) + ny * (c * px + d * py) - walls[k])
    area = abs(ring_area(x.astype(np.float64), y.astype(np.float64)))
    if apart > SQUARE_CHANGE * area + 2 or abs(abs(ring_area(sx, sy)) - area) > SQUARE_CHANGE * area:
        return False, vx, vy
    return True, sx, sy
