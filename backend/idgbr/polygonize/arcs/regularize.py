"""Gives outlines regular shapes, as measured on the ground, inside their corridor: right angles, circles."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Floats, Ints, Ints32, Mask
from idgbr.polygonize.arcs.circle import circle
from idgbr.polygonize.arcs.corridor import MARGIN, crosses_itself, nearest_corner, ring_area, rotated
from idgbr.polygonize.arcs.walls import straight_walls

#: Methods by name; each is tried after those that change less.
NONE, RIGHT_ANGLES, DIAGONALS, CIRCLES, AUTO = range(5)
METHODS = {"none": NONE, "right-angles": RIGHT_ANGLES, "diagonals": DIAGONALS, "circles": CIRCLES, "auto": AUTO}
#: Elements at either end in which a line between nodes may leave its wall, the best first.
_LENGTHS = sorted(((i, j) for i in (1, 2, 4, 8) for j in (1, 2, 4, 8)), key=sum)
BENDS = np.array([(0, 0), *_LENGTHS])
#: Number of attempts, see `attempt`, and of main directions in those for several wings.
ATTEMPTS, WINGS = 1 + 4 * len(BENDS), 3
#: Displacement in pixels of the end of a wall that surely has another direction, if the shape is chosen by object.
TILT = 0.8
#: Pixels by which a regular outline may leave the pixel outline; this much clearance must be known.
MOVE = 2.0
REACH = 3
#: Steps between a vertex and the corner between two walls, at most.
SHIFT = 6
#: Fraction of its area by which an object may change, about 1 - IoU; area by length for the line between two nodes.
CHANGE, STRIP = 0.1, 0.75
#: Area in pixels by which even the smallest object may change.
LEAST_CHANGE = 2.0


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
def attempt(
    number: int, method: int, px: Floats, py: Floats, gx: Floats, gy: Floats, corners: Ints, ring: bool, near: Ints
) -> tuple[bool, Ints, Floats, Floats, float]:
    """One of the shapes of a method, in the order of preference; see `straight_walls` for arguments and results.

    A circle; walls at right angles; also at 45° to them; of several wings; in directions of their own.

    A ring tries each with directions weighed against the neighbourhood's first, then with its own. A line between nodes
    tries walls through its ends first, then walls that it leaves for its ends ever earlier.
    """
    none = (False, corners[:0], px[:0], py[:0], 0.0)
    if number == 0:
        return circle(px, py) if ring and method in (CIRCLES, AUTO) else none
    shape, variant = (number - 1) // len(BENDS), (number - 1) % len(BENDS)
    if method in (NONE, CIRCLES) or (shape == 1 and method == RIGHT_ANGLES) or (ring and variant > 1):
        return none
    if shape == 3 and (method != AUTO or (ring and variant)):
        return none
    most, follow = (1, 1, WINGS, 0)[shape], not ring or variant == 0
    bends, tilt = BENDS[0 if ring else variant], TILT if method == AUTO else np.inf
    return straight_walls(px, py, gx, gy, corners, ring, near, most, shape == 1, follow, bends, tilt)


@njit(cache=True, nogil=True)
def next_attempt(number: int, done: bool) -> int:
    """The attempt after one; the variants of a shape that an outline does not suggest are left out."""
    if number == 0 or done:
        return number + 1
    return number + len(BENDS) - (number - 1) % len(BENDS)


@njit(cache=True, nogil=True)
def similar(ring: bool, length: float, area: float, new_area: float, apart: float) -> bool:
    """Whether an outline stays similar: `apart` is the area between both; a line between nodes has a length only."""
    if not ring:
        return apart <= STRIP * length
    return apart <= CHANGE * area + LEAST_CHANGE and abs(new_area - area) <= CHANGE * area


@njit(cache=True, nogil=True)
def _half(room: Bytes, i: int) -> float:
    """Half the side of the square around a corner for a squared outline."""
    return float(min(0.5 * room[i], MOVE) - MARGIN)


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
def _inside(
    x: Ints32, y: Ints32, direction: Bytes, room: Bytes, starts: Ints, sx: Floats, sy: Floats, ring: bool
) -> bool:
    """Whether an outline in pixels stays in its corridor and does not cross itself; walls begin at corners `starts`."""
    n, m = direction.size, starts.size
    at = np.empty(m + 1, np.int64)
    if ring:
        # The ring is rotated, so that it starts in the middle of the last wall.
        middle = (starts[m - 1] + starts[0] + n) // 2 % n
        x, y, direction, room = rotated(x, y, direction, room, middle)
        starts = (starts - middle) % n
    for k in range(m):
        if k == 0 and not ring:
            at[0] = 0
            continue
        low = max(starts[k] - SHIFT, (starts[k - 1] + starts[k]) // 2 + 1 if k else 0)
        high = min(starts[k] + SHIFT, (starts[k] + starts[k + 1]) // 2 if k + 1 < m else n - 1)
        at[k] = nearest_corner(x, y, sx[k], sy[k], starts[k], low, high)
        if max(abs(sx[k] - x[at[k]]), abs(sy[k] - y[at[k]])) > _half(room, at[k]):
            return False
    if ring:
        start = at[0]
        x, y, direction, room = rotated(x, y, direction, room, start)
        at[:m] -= start
    at[m] = n
    if not _stays(x, y, direction, room, at, sx, sy):
        return False
    return not crosses_itself(at, sx, sy, ring, int((4 * MOVE + 2) ** 2))


@njit(cache=True, nogil=True)
def regularized(
    x: Ints32, y: Ints32, direction: Bytes, room: Bytes, corners: Ints, vx: Floats, vy: Floats, ring: bool,
    method: int, ground: Floats, near: Ints,
) -> tuple[bool, Floats, Floats]:  # fmt: skip
    """Give an arc a regular shape, if its line suggests one and the result stays similar and inside its corridor.

    Angles are those on the ground; `ground` (2, 2) maps pixels to it with areas unchanged. `near` (BINS,) are the votes
    of the neighbourhood, see `neighbourhood.Neighbourhood`.
    """
    a, b, c, d = ground[0, 0], ground[0, 1], ground[1, 0], ground[1, 1]
    det = a * d - b * c
    px = a * (x - x[0]) + b * (y - y[0])
    py = c * (x - x[0]) + d * (y - y[0])
    gx, gy = a * (vx - x[0]) + b * (vy - y[0]), c * (vx - x[0]) + d * (vy - y[0])
    area = abs(ring_area(px, py))
    number, done = 0, True
    while number < ATTEMPTS:
        done, starts, sx, sy, apart = attempt(number, method, px, py, gx, gy, corners, ring, near)
        number = next_attempt(number, done)
        if not done or not similar(ring, float(direction.size), area, abs(ring_area(sx, sy)), apart):
            continue
        rx, ry = x[0] + (d * sx - b * sy) / det, y[0] + (a * sy - c * sx) / det
        if not ring:
            rx[0], ry[0], rx[-1], ry[-1] = x[0], y[0], x[-1], y[-1]
        if _inside(x, y, direction, room, starts, rx, ry, ring):
            return True, rx, ry
    return False, vx, vy
