"""Regular shapes for the arcs of a layer, in units of half the tolerance on the ground."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Floats, Ints, Mask
from idgbr.polygonize.arcs.corridor import ring_area
from idgbr.polygonize.arcs.directions import BINS, vote
from idgbr.polygonize.arcs.regularize import ATTEMPTS, MOVE, attempt, next_attempt, similar

#: Distance in units by which the plain line, whose edges suggest a shape, may be from the outline.
PLAIN = 0.75
#: Most elements of an outline; longer ones are no objects.
MOST_ELEMENTS = 100_000


@njit(cache=True, nogil=True)
def plain_corners(px: Floats, py: Floats, ring: bool) -> Ints:
    """Indices of the vertices of a line simplified by Douglas and Peucker's method, with both ends."""
    n = px.size
    keep = np.zeros(n, np.bool_)
    keep[0] = keep[n - 1] = True
    stack = np.empty((n + 2, 2), np.int64)
    top = 0
    if ring and n > 3:
        far, most = 1, -1.0
        for i in range(1, n - 1):
            d = (px[i] - px[0]) ** 2 + (py[i] - py[0]) ** 2
            if d > most:
                far, most = i, d
        keep[far] = True
        stack[0, 0], stack[0, 1], stack[1, 0], stack[1, 1] = 0, far, far, n - 1
        top = 2
    else:
        stack[0, 0], stack[0, 1] = 0, n - 1
        top = 1
    while top:
        top -= 1
        a, b = stack[top, 0], stack[top, 1]
        worst, most = -1, PLAIN
        for i in range(a + 1, b):
            d = _from_segment(px[i], py[i], px[a], py[a], px[b], py[b])
            if d > most:
                worst, most = i, d
        if worst >= 0:
            keep[worst] = True
            stack[top, 0], stack[top, 1], stack[top + 1, 0], stack[top + 1, 1] = a, worst, worst, b
            top += 2
    return np.flatnonzero(keep)


@njit(cache=True, nogil=True, inline="always")
def _from_segment(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Distance of a point from a segment."""
    ex, ey = bx - ax, by - ay
    square = ex * ex + ey * ey
    share = ((x - ax) * ex + (y - ay) * ey) / square if square > 0 else 0.0
    share = min(max(share, 0.0), 1.0)
    return float(np.hypot(x - ax - share * ex, y - ay - share * ey))


@njit(cache=True, nogil=True)
def _elements(px: Floats, py: Floats) -> tuple[Floats, Floats, Ints]:
    """Points at most a unit apart along a line, and the index of each vertex among them."""
    n = px.size
    counts = np.empty(n - 1, np.int64)
    total = 0
    for i in range(n - 1):
        counts[i] = max(1, int(np.ceil(np.hypot(px[i + 1] - px[i], py[i + 1] - py[i]))))
        total += counts[i]
    x, y, place = np.empty(total + 1), np.empty(total + 1), np.zeros(n, np.int64)
    used = 0
    for i in range(n - 1):
        place[i] = used
        for k in range(counts[i]):
            x[used] = px[i] + (px[i + 1] - px[i]) * k / counts[i]
            y[used] = py[i] + (py[i + 1] - py[i]) * k / counts[i]
            used += 1
    x[used], y[used] = px[n - 1], py[n - 1]
    place[n - 1] = used
    return x, y, place


@njit(cache=True, nogil=True)
def _moved_little(x: Floats, y: Floats, starts: Ints, sx: Floats, sy: Floats, ring: bool) -> bool:
    """Whether no point of either outline is farther than `MOVE` from the other."""
    n, m = x.size - 1, starts.size
    for k in range(m):
        last = starts[k + 1] if k + 1 < m else (starts[0] + n if ring else n)
        for i in range(starts[k], last + 1):
            j = i % n if ring else i
            if _from_segment(x[j], y[j], sx[k], sy[k], sx[k + 1], sy[k + 1]) > MOVE:
                return False
        near = np.inf
        for i in range(starts[k] - 8, starts[k] + 9):
            j = i % n if ring else min(max(i, 0), n)
            near = min(near, np.hypot(x[j] - sx[k], y[j] - sy[k]))
        if near > MOVE:
            return False
    return True


@njit(cache=True, nogil=True, inline="always")
def _side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@njit(cache=True, nogil=True)
def _is_simple(x: Floats, y: Floats, ring: bool) -> bool:
    """Whether a line does not meet itself."""
    n = x.size - 1
    for s in range(n):
        for t in range(s + 2, n - 1 if ring and s == 0 else n):
            one = _side(x[s], y[s], x[s + 1], y[s + 1], x[t], y[t])
            two = _side(x[s], y[s], x[s + 1], y[s + 1], x[t + 1], y[t + 1])
            three = _side(x[t], y[t], x[t + 1], y[t + 1], x[s], y[s])
            four = _side(x[t], y[t], x[t + 1], y[t + 1], x[s + 1], y[s + 1])
            if one * two <= 0 and three * four <= 0 and (one != 0 or two != 0 or three != 0 or four != 0):
                return False
    return True


@njit(cache=True, nogil=True)
def regular_lines(
    points: Floats, offsets: Ints, ring: Mask, shapes: Floats, method: int, votes: Ints, which: Ints
) -> tuple[Floats, Ints, Mask]:
    """Give arcs regular shapes, where their lines suggest them and they stay similar.

    Args:
        points: Points of all arcs, (n, 2), in the CRS.
        offsets: Offset of each arc.
        ring: Whether each is a ring.
        shapes: Matrix from the CRS to units on the ground for each arc, (arcs, 2, 2).
        method: Number of the method, see `polygonize.arcs.regularize`.
        votes: Votes of neighbourhoods, (m, BINS).
        which: Row of `votes` for each arc.

    Returns:
        Points and offsets of the new arcs, and whether each has changed.
    """
    m = offsets.size - 1
    out = np.empty((2 * points.shape[0] + 128, 2))
    bounds = np.zeros(m + 1, np.int64)
    changed = np.zeros(m, np.bool_)
    used = 0
    for i in range(m):
        a, b = offsets[i], offsets[i + 1]
        x0, y0 = points[a, 0], points[a, 1]
        done, sx, sy = False, points[a:a, 0].copy(), points[a:a, 1].copy()
        if b - a > (3 if ring[i] else 2):
            g = shapes[i]
            dx, dy = points[a:b, 0] - x0, points[a:b, 1] - y0
            done, sx, sy = _regular(
                g[0, 0] * dx + g[0, 1] * dy, g[1, 0] * dx + g[1, 1] * dy, ring[i], method, votes[which[i]]
            )
        size = sx.size if done else b - a
        if used + size > out.shape[0]:
            out = np.concatenate((out, np.empty((max(out.shape[0], size), 2))))
        if done:
            g = shapes[i]
            det = g[0, 0] * g[1, 1] - g[0, 1] * g[1, 0]
            for k in range(size):
                out[used + k, 0] = x0 + (g[1, 1] * sx[k] - g[0, 1] * sy[k]) / det
                out[used + k, 1] = y0 + (g[0, 0] * sy[k] - g[1, 0] * sx[k]) / det
            if not ring[i]:
                out[used] = points[a]
                out[used + size - 1] = points[b - 1]
            else:
                out[used + size - 1] = out[used]
        else:
            out[used : used + size] = points[a:b]
        changed[i] = done
        used += size
        bounds[i + 1] = used
    return out[:used].copy(), bounds, changed


@njit(cache=True, nogil=True)
def _regular(px: Floats, py: Floats, ring: bool, method: int, near: Ints) -> tuple[bool, Floats, Floats]:
    """The regular shape of a line in units, if it has one."""
    length = 0.0
    for k in range(px.size - 1):
        length += np.hypot(px[k + 1] - px[k], py[k + 1] - py[k])
    if not 0 < length < MOST_ELEMENTS:
        return False, px, py
    kept = plain_corners(px, py, ring)
    x, y, place = _elements(px, py)
    corners = place[kept]
    gx, gy = px[kept], py[kept]
    area = abs(ring_area(px, py))
    number, done = 0, True
    while number < ATTEMPTS:
        done, starts, sx, sy, apart = attempt(number, method, x, y, gx, gy, corners, ring, near)
        number = next_attempt(number, done)
        if (
            done
            and similar(ring, length, area, abs(ring_area(sx, sy)), apart)
            and _moved_little(x, y, starts, sx, sy, ring)
            and _is_simple(sx, sy, ring or (sx[0] == sx[-1] and sy[0] == sy[-1]))
        ):
            return True, sx, sy
    return False, px, py


@njit(cache=True, nogil=True)
def count_votes(points: Floats, offsets: Ints, shapes: Floats, of_line: Ints, votes: Ints) -> None:
    """Count the votes of the edges of closed lines, in row `of_line` of `votes` (m, BINS), see `regular_lines`."""
    own = np.zeros(BINS, np.int64)
    for i in range(offsets.size - 1):
        a, b = offsets[i], offsets[i + 1]
        g = shapes[i]
        dx, dy = points[a:b, 0] - points[a, 0], points[a:b, 1] - points[a, 1]
        px, py = g[0, 0] * dx + g[0, 1] * dy, g[1, 0] * dx + g[1, 1] * dy
        kept = plain_corners(px, py, True)
        own[:] = 0
        for k in range(kept.size - 1):
            one, two = kept[k], kept[k + 1]
            vote(own, px[two] - px[one], py[two] - py[one])
        votes[of_line[i]] += own
