"""Chooses the corners at which the line of an arc turns: few, within its corridor, by least squared error."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Floats, Ints, Ints32

#: A vertex must save this much squared error, in units of the squared tolerance.
VERTEX_COST = 1.2
#: Pixels by which segments may miss gates during the choice, because vertices are not yet at their corners.
SLACK = 0.5
#: Most turning corners of one segment; limits the time for a long diagonal.
SPAN = 200


@njit(cache=True, nogil=True)
def moments(x: Ints32, y: Ints32) -> Floats:
    """Running sums of x, y, xx, xy, yy over the midpoints of an arc's cracks, relative to its first corner."""
    n = x.size - 1
    sums = np.zeros((n + 1, 5))
    for i in range(n):
        mx, my = 0.5 * (x[i] + x[i + 1]) - x[0], 0.5 * (y[i] + y[i + 1]) - y[0]
        sums[i + 1, 0] = sums[i, 0] + mx
        sums[i + 1, 1] = sums[i, 1] + my
        sums[i + 1, 2] = sums[i, 2] + mx * mx
        sums[i + 1, 3] = sums[i, 3] + mx * my
        sums[i + 1, 4] = sums[i, 4] + my * my
    return sums


@njit(cache=True, nogil=True, inline="always")
def scatter(sums: Floats, i: int, j: int) -> tuple[float, float, float, float, float]:
    """Second moments xx, xy, yy of points [i, j) of a line about their mean, and that mean, from the `moments`."""
    n = j - i
    sx, sy = sums[j, 0] - sums[i, 0], sums[j, 1] - sums[i, 1]
    a = sums[j, 2] - sums[i, 2] - sx * sx / n
    b = sums[j, 3] - sums[i, 3] - sx * sy / n
    c = sums[j, 4] - sums[i, 4] - sy * sy / n
    return a, b, c, sx / n, sy / n


@njit(cache=True, nogil=True)
def best_corners(x: Ints32, y: Ints32, sums: Floats, candidates: Ints, tolerance: float) -> Ints:
    """Choose the turning corners: least squared error plus a cost for each vertex, passing near all gates."""
    m = candidates.size
    cost = np.zeros(m)
    back = np.zeros(m, np.int64)
    price = VERTEX_COST * tolerance * tolerance
    wide = tolerance + SLACK
    for j in range(1, m):
        tj = candidates[j]
        px, py = float(x[tj]), float(y[tj])
        lox, loy, hix, hiy = 0.0, 0.0, 0.0, 0.0
        best = np.inf
        for i in range(j - 1, max(-1, j - 1 - SPAN), -1):
            ti, tn = candidates[i], candidates[i + 1]
            # Directions from the corner through all gates so far form a cone; for a straight run, its end gates decide.
            dx, dy = (x[tn] > x[ti]) * 1.0 - (x[tn] < x[ti]), (y[tn] > y[ti]) * 1.0 - (y[tn] < y[ti])
            open_cone = True
            for end in range(2):
                mx = (x[tn] - 0.5 * dx if end == 0 else x[ti] + 0.5 * dx) - px
                my = (y[tn] - 0.5 * dy if end == 0 else y[ti] + 0.5 * dy) - py
                ax, ay = mx - dy * wide, my + dx * wide
                bx, by = mx + dy * wide, my - dx * wide
                if ax * by - ay * bx <= 0:  # The path turned back: this gate is seen from its wrong side.
                    open_cone = False
                    break
                if lox == 0 and loy == 0:
                    lox, loy, hix, hiy = ax, ay, bx, by
                    continue
                if lox * ay - loy * ax > 0:
                    lox, loy = ax, ay
                if hix * by - hiy * bx < 0:
                    hix, hiy = bx, by
                if lox * hiy - loy * hix <= 0:
                    open_cone = False
                    break
            if not open_cone and i < j - 1:
                break
            a, b, c, _, _ = scatter(sums, ti, tj)
            error = max(0.0, 0.5 * (a + c - np.sqrt((a - c) * (a - c) + 4 * b * b)))
            total = cost[i] + price + error
            if total < best:
                best = total
                back[j] = i
            if price + error > best:
                break
        cost[j] = best
    count = 1
    j = m - 1
    while j > 0:
        j = back[j]
        count += 1
    out = np.empty(count, np.int64)
    j = m - 1
    for k in range(count - 1, -1, -1):
        out[k] = candidates[j]
        j = back[j]
    return out
