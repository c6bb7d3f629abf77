"""Circles: outlines of tanks and silos as regular polygons of the same area."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Floats, Ints

#: Least radius, in units: smaller circles cannot be told from squares.
LEAST_RADIUS = 5.0
#: Root mean square distance of the outline from its circle: in units, per unit of radius, and at most.
ROUND, ROUND_SHARE, ROUND_MOST = 0.35, 0.02, 1.0
#: Largest distance of a circle from its polygon, in units, and the fewest and most vertices.
SAGITTA, FEWEST, MOST = 0.08, 16, 96


@njit(cache=True, nogil=True)
def _fitted(px: Floats, py: Floats) -> tuple[float, float, float]:
    """Centre and radius of the circle of least algebraic distance from the middles of elements, by length."""
    n = px.size - 1
    total = cx = cy = 0.0
    for i in range(n):
        w = np.hypot(px[i + 1] - px[i], py[i + 1] - py[i])
        total += w
        cx += 0.5 * w * (px[i] + px[i + 1])
        cy += 0.5 * w * (py[i] + py[i + 1])
    cx, cy = cx / total, cy / total
    xx = xy = yy = xz = yz = z = 0.0
    for i in range(n):
        w = np.hypot(px[i + 1] - px[i], py[i + 1] - py[i]) / total
        x, y = 0.5 * (px[i] + px[i + 1]) - cx, 0.5 * (py[i] + py[i + 1]) - cy
        d = x * x + y * y
        xx, xy, yy = xx + w * x * x, xy + w * x * y, yy + w * y * y
        xz, yz, z = xz + w * x * d, yz + w * y * d, z + w * d
    det = xx * yy - xy * xy
    if det <= 1e-12:
        return cx, cy, 0.0
    ax, ay = 0.5 * (xz * yy - yz * xy) / det, 0.5 * (yz * xx - xz * xy) / det
    return cx + ax, cy + ay, np.sqrt(z + ax * ax + ay * ay)


@njit(cache=True, nogil=True)
def circle(px: Floats, py: Floats) -> tuple[bool, Ints, Floats, Floats, float]:
    """The polygon of a ring that is a circle; arguments and results as for `straight_walls`."""
    n = px.size - 1
    cx, cy, radius = _fitted(px, py)
    none = (False, np.empty(0, np.int64), px[:0], py[:0], 0.0)
    if not LEAST_RADIUS <= radius < 1e6:
        return none
    square, apart, total = 0.0, 0.0, 0.0
    for i in range(n):
        w = np.hypot(px[i + 1] - px[i], py[i + 1] - py[i])
        mx, my = 0.5 * (px[i] + px[i + 1]) - cx, 0.5 * (py[i] + py[i + 1]) - cy
        off = np.hypot(mx, my) - radius
        along = abs(mx * (py[i + 1] - py[i]) - my * (px[i + 1] - px[i])) / max(np.hypot(mx, my), 1e-9)
        square, apart, total = square + w * off * off, apart + along * abs(off), total + w
    if np.sqrt(square / total) > min(ROUND + ROUND_SHARE * radius, ROUND_MOST):
        return none
    # The angle on the circle from the first point to each other one.
    passed = np.zeros(n + 1)
    for i in range(n):
        ax, ay, bx, by = px[i] - cx, py[i] - cy, px[i + 1] - cx, py[i + 1] - cy
        passed[i + 1] = passed[i] + np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
    if abs(abs(passed[n]) - 2 * np.pi) > 0.01:  # it does not pass round the centre once
        return none
    count = int(np.ceil(np.pi / np.arccos(1 - min(SAGITTA / radius, 0.5)) / 4)) * 4
    count = min(max(count, FEWEST), MOST)
    reach = radius * np.sqrt(2 * np.pi / count / np.sin(2 * np.pi / count))
    way = 1.0 if passed[n] > 0 else -1.0
    begin = np.arctan2(py[0] - cy, px[0] - cx)
    starts, sx, sy = np.empty(count, np.int64), np.empty(count + 1), np.empty(count + 1)
    at = 0
    for k in range(count):
        turn = 2 * np.pi * k / count
        while at < n - 1 and way * passed[at] < turn:
            at += 1
        if k and at <= starts[k - 1]:
            return none
        starts[k] = at
        sx[k], sy[k] = cx + reach * np.cos(begin + way * turn), cy + reach * np.sin(begin + way * turn)
    sx[count], sy[count] = sx[0], sy[0]
    return True, starts, sx, sy, apart
