"""Fits a line to an arc: turning corners, least-squares lines between them, and vertices at their intersections."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Floats, Ints, Ints32, Mask
from idgbr.polygonize.arcs.corners import best_corners, moments, scatter
from idgbr.polygonize.arcs.corridor import (
    MARGIN,
    crosses_itself,
    decode,
    gate_widths,
    nearest_corner,
    ring_area,
    rotated,
    worst_gate,
)
from idgbr.polygonize.arcs.directions import BINS
from idgbr.polygonize.arcs.regularize import METHODS, NONE, REACH, even, first_corners, regularized
from idgbr.polygonize.arcs.smooth import smoothed
from idgbr.polygonize.arcs.trace import Pieces
from idgbr.polygonize.assemble import Arcs

#: Clearance in pixels beyond which none is computed; larger tolerances only drop more vertices.
WIDEST = 4.0
#: A vertex may belong to a corner up to this many steps from the chosen one.
SHIFT = 4
#: Weight that ties a vertex to its corner if its two lines are nearly parallel.
TIE = 0.02
#: Most threads for fitting, and the number of cracks that justify a thread.
THREADS, LEAST_SHARE = min(4, os.cpu_count() or 1), 20_000
#: Tolerances in pixels of the plain lines whose edges suggest a regular shape.
PLAIN = (0.75, 1.5)
#: Side of the cells of a neighbourhood, in metres, and its limits in pixels.
CELL_M, CELL_PX = 20.0, (32, 256)
#: A ring keeps its pixel outline if its fitted area differs by more than this fraction.
AREA_CHANGE = 0.2


@dataclass(frozen=True)
class FitOptions:
    """How arcs become lines: tolerance in pixels (0: the pixel outline), rounding, regular shapes.

    `regularize` is a name of `regularize.METHODS`. `ground` gives the metres of one pixel right and down at points
    (n, 2): (n, 2, 2). Without it, pixels are square. `gsd_m` is the side of a pixel in metres, about.
    """

    simplify: float = 0.75
    smooth: bool = False
    regularize: str = "none"
    ground: Callable[[Floats], Floats] | None = None
    gsd_m: float = 0.3

    @property
    def method(self) -> int:
        """Number of the method of `regularize`."""
        return METHODS[self.regularize]

    @property
    def reach(self) -> int:
        """Largest clearance that is needed, in pixels."""
        if self.method:
            return REACH
        return max(0, math.ceil(2 * min(self.simplify, WIDEST)) - 1) if self.simplify > 0 else 0

    @property
    def plain(self) -> float:
        """Tolerance of the lines whose edges suggest a regular shape."""
        return min(max(self.simplify, PLAIN[0]), PLAIN[1])

    @property
    def cell(self) -> int:
        """Side of the cells of a neighbourhood, in pixels."""
        return int(np.clip(round(CELL_M / self.gsd_m) if self.gsd_m > 0 else 0, *CELL_PX))


@dataclass(frozen=True)
class Surroundings:
    """Votes of the neighbourhood of each arc: row `which[i]` of `votes` (n, BINS), see `neighbourhood`."""

    votes: Ints
    which: Ints

    @staticmethod
    def none(arcs: int) -> Surroundings:
        """No votes at all."""
        return Surroundings(np.zeros((1, BINS), np.int64), np.zeros(arcs, np.int64))


@njit(cache=True, nogil=True)
def turning_corners(direction: Bytes) -> Ints:
    """Corners where an arc changes direction, and both its ends."""
    n = direction.size
    out = np.empty(n + 1, np.int64)
    out[0] = 0
    count = 1
    for i in range(1, n):
        if direction[i] != direction[i - 1]:
            out[count] = i
            count += 1
    out[count] = n
    return out[: count + 1].copy()


@njit(cache=True, nogil=True)
def _lines(x: Ints32, y: Ints32, direction: Bytes, sums: Floats, corners: Ints) -> Floats:
    """Least-squares line through the crack midpoints of each segment: normal and centre, (n, 4)."""
    lines = np.empty((corners.size - 1, 4))
    for s in range(corners.size - 1):
        a, b, c, mx, my = scatter(sums, corners[s], corners[s + 1])
        if abs(a) + abs(b) + abs(c) < 1e-9:
            nx, ny = (0.0, 1.0) if direction[corners[s]] & 1 else (1.0, 0.0)
        else:
            low = 0.5 * (a + c - np.sqrt((a - c) * (a - c) + 4 * b * b))
            nx, ny = (b, low - a) if abs(low - a) > abs(low - c) else (low - c, b)
            norm = np.sqrt(nx * nx + ny * ny)
            if norm > 0:
                nx, ny = nx / norm, ny / norm
            else:
                nx, ny = 1.0, 0.0
        lines[s] = nx, ny, mx + x[0], my + y[0]
    return lines


@njit(cache=True, nogil=True)
def _meet(one: Floats, two: Floats, px: float, py: float) -> tuple[float, float]:
    """Point nearest to two lines, tied weakly to a corner."""
    u1, v1, u2, v2 = one[0], one[1], two[0], two[1]
    d1, d2 = u1 * (one[2] - px) + v1 * (one[3] - py), u2 * (two[2] - px) + v2 * (two[3] - py)
    a, b, c = u1 * u1 + u2 * u2 + TIE, u1 * v1 + u2 * v2, v1 * v1 + v2 * v2 + TIE
    e, f = u1 * d1 + u2 * d2, v1 * d1 + v2 * d2
    det = a * c - b * b
    return px + (c * e - b * f) / det, py + (a * f - b * e) / det


@njit(cache=True, nogil=True)
def _place(
    x: Ints32, y: Ints32, room: Bytes, lines: Floats, chosen: Ints, ring: bool, most: float
) -> tuple[Ints, Floats, Floats]:
    """Place a vertex for each chosen corner, in the square of the nearest corner; ends of arcs stay at nodes."""
    n = chosen.size
    corners, vx, vy = chosen.copy(), np.empty(n), np.empty(n)
    for k in range(n - 1):
        c = chosen[k]
        vx[k], vy[k] = x[c], y[c]
        if k == 0 and not ring:
            continue
        vx[k], vy[k] = _meet(lines[(k - 1) % (n - 1)], lines[k], x[c], y[c])
        if k:
            low, high = max(c - SHIFT, (chosen[k - 1] + c) // 2 + 1), min(c + SHIFT, (c + chosen[k + 1]) // 2)
            c = corners[k] = nearest_corner(x, y, vx[k], vy[k], c, low, high)
        reach = min(0.5 * room[c], max(0.5, most)) - MARGIN
        vx[k] = x[c] + min(max(vx[k] - x[c], -reach), reach)
        vy[k] = y[c] + min(max(vy[k] - y[c], -reach), reach)
    vx[n - 1], vy[n - 1] = (vx[0], vy[0]) if ring else (float(x[chosen[n - 1]]), float(y[chosen[n - 1]]))
    return corners, vx, vy


@njit(cache=True, nogil=True)
def _repair(
    x: Ints32,
    y: Ints32,
    direction: Bytes,
    room: Bytes,
    widths: Floats,
    lines: Floats,
    corners: Ints,
    vx: Floats,
    vy: Floats,
    ring: bool,
) -> tuple[Ints, Floats, Floats]:
    """Bring a line back into its corridor.

    Where a segment misses a gate, a vertex is inserted, on the least-squares line if that is near enough. A segment
    along a single crack that still misses it is replaced by the pixel outline, which passes every gate. So the repair
    terminates.
    """
    line_of = np.arange(corners.size - 1)
    while True:
        n = corners.size
        add = np.full(n - 1, -1, np.int64)
        pin = np.zeros(n, np.bool_)
        more, bad = 0, False
        for s in range(n - 1):
            ends = (vx[s], vy[s], vx[s + 1], vy[s + 1])
            gate, excess = worst_gate(x, y, direction, widths, corners[s], corners[s + 1], ends)
            if excess <= 0:
                continue
            bad = True
            if corners[s + 1] - corners[s] == 1:
                pin[s] = pin[s + 1] = True
            else:
                add[s] = gate if gate > corners[s] else gate + 1
                more += 1
        if not bad:
            return corners, vx, vy
        if ring and (pin[0] or pin[n - 1]):
            pin[0] = pin[n - 1] = True
        new_corners, new_x, new_y = np.empty(n + more, np.int64), np.empty(n + more), np.empty(n + more)
        new_line_of = np.empty(n + more - 1, np.int64)
        k = 0
        for s in range(n):
            c = corners[s]
            new_corners[k] = c
            new_x[k], new_y[k] = (float(x[c]), float(y[c])) if pin[s] else (vx[s], vy[s])
            k += 1
            if s < n - 1:
                new_line_of[k - 1] = line_of[s]
                if add[s] >= 0:
                    c = add[s]
                    nx, ny, mx, my = lines[line_of[s]]
                    off = nx * (mx - x[c]) + ny * (my - y[c])
                    reach = min(0.5 * room[c], widths[c - 1] + MARGIN, widths[c] + MARGIN) - MARGIN
                    new_corners[k] = c
                    new_x[k] = x[c] + min(max(off * nx, -reach), reach)
                    new_y[k] = y[c] + min(max(off * ny, -reach), reach)
                    new_line_of[k] = line_of[s]
                    k += 1
        corners, vx, vy, line_of = new_corners, new_x, new_y, new_line_of


@njit(cache=True, nogil=True)
def exact_line(x: Ints32, y: Ints32, direction: Bytes) -> tuple[Ints, Floats, Floats]:
    """The pixel outline: a vertex at each turning corner."""
    corners = turning_corners(direction)
    return corners, x[corners].astype(np.float64), y[corners].astype(np.float64)


@njit(cache=True, nogil=True)
def fit_line(
    x: Ints32, y: Ints32, direction: Bytes, room: Bytes, ring: bool, tolerance: float
) -> tuple[Ints, Floats, Floats]:
    """Fit a line inside the corridor of an arc: corner and position of each vertex; a ring repeats the first one.

    It passes the middle of each crack within the tolerance.
    """
    candidates = turning_corners(direction)
    if tolerance <= 0 or candidates.size == 2:
        return exact_line(x, y, direction)
    sums = moments(x, y)
    chosen = best_corners(x, y, sums, candidates, tolerance)
    if ring and chosen.size < 4:
        return exact_line(x, y, direction)
    lines = _lines(x, y, direction, sums, chosen)
    most = tolerance
    while True:
        widths = gate_widths(room, most)
        corners, vx, vy = _place(x, y, room, lines, chosen, ring, most)
        corners, vx, vy = _repair(x, y, direction, room, widths, lines, corners, vx, vy, ring)
        if most <= 0.5 or not crosses_itself(corners, vx, vy, ring, int((4 * most + 2) ** 2)):
            break
        most = 0.5
    if ring:
        exact = exact_line(x, y, direction)
        wanted = ring_area(exact[1], exact[2])
        if abs(ring_area(vx, vy) - wanted) > AREA_CHANGE * abs(wanted):
            return exact
    return corners, vx, vy


@njit(cache=True, nogil=True)
def _fit_arc(
    x: Ints32, y: Ints32, direction: Bytes, room: Bytes, ring: bool, tolerance: float, smooth: bool, method: int,
    plain: float, ground: Floats, near: Ints,
) -> tuple[Floats, Floats]:  # fmt: skip
    if ring and (tolerance > 0 or method != NONE):
        # A ring has no natural start: choose corners once, then fit again from a corner half-way round.
        chosen = best_corners(x, y, moments(x, y), turning_corners(direction), tolerance if tolerance > 0 else plain)
        if chosen.size > 2:
            x, y, direction, room = rotated(x, y, direction, room, chosen[chosen.size // 2])
    corners, vx, vy = fit_line(x, y, direction, room, ring, tolerance)
    if method != NONE:
        edges, ex, ey = (corners, vx, vy) if plain == tolerance else fit_line(x, y, direction, room, ring, plain)
        done, sx, sy = regularized(x, y, direction, room, edges, ex, ey, ring, method, ground, near)
        if done:
            return sx, sy
    if smooth:
        # On request, the pixel outline is rounded, too: by half a pixel.
        return smoothed(x, y, direction, room, corners, vx, vy, ring, tolerance if tolerance > 0 else 0.5)
    return vx, vy


@njit(cache=True, nogil=True)
def fit_arcs(
    steps: Bytes, offsets: Ints, starts: Ints, ring: Mask, tolerance: float, smooth: bool, method: int, plain: float,
    ground: Floats, votes: Ints, which: Ints,
) -> tuple[Floats, Ints, Ints]:  # fmt: skip
    """Fit arcs, given like `trace.Pieces`, whose pixels have the shapes `ground` (n, 2, 2), see `regularize.even`.

    The neighbourhood of each arc has the votes in row `which` (n,) of `votes`.

    Returns:
        Vertices (x, y) of all arcs, the offset of each arc, row and column of its first corner.
    """
    n = offsets.size - 1
    growth = 4 if smooth else 1
    out = np.empty((growth * (offsets[-1] + 2 * n) + 1, 2))
    first = np.zeros(n + 1, np.int64)
    corner = np.empty((n, 2), np.int64)
    used = 0
    for i in range(n):
        arc = steps[offsets[i] : offsets[i + 1]]
        x, y, direction, room = decode(arc, starts[i, 0], starts[i, 1], ring[i])
        corner[i] = y[0], x[0]
        shape, near = ground[i if method != NONE else 0], votes[which[i]]
        vx, vy = _fit_arc(x, y, direction, room, ring[i], tolerance, smooth, method, plain, shape, near)
        for k in range(vx.size):
            out[used, 0], out[used, 1] = vx[k], vy[k]
            used += 1
        first[i + 1] = used
    return out[:used].copy(), first, corner


def fit_pieces(complete: Pieces, width: int, options: FitOptions, around: Surroundings | None = None) -> Arcs:
    """Fit complete arcs, which end in nodes or are rings, of a raster with `width` columns.

    `around` has the votes of their neighbourhood, for regular shapes.
    """
    # Arcs are independent, so any number of threads works; each gets about as many cracks.
    cracks = complete.offsets[-1]
    count = int(min(THREADS, 1 + cracks // LEAST_SHARE))
    bounds = np.searchsorted(complete.offsets, np.linspace(0, cracks, count + 1))

    ground = pixel_shapes(complete, options)
    near = around or Surroundings.none(len(complete.ring))

    def fit(first: int, last: int) -> tuple[Floats, Ints, Ints]:
        offsets = complete.offsets[first : last + 1]
        return fit_arcs(
            complete.steps[offsets[0] : offsets[-1]],
            offsets - offsets[0],
            complete.ends[first:last, :2],
            complete.ring[first:last],
            options.simplify,
            options.smooth,
            options.method,
            options.plain,
            ground[first:last] if options.method else ground,
            near.votes,
            near.which[first:last],
        )

    with ThreadPoolExecutor(count) as pool:
        parts = list(pool.map(fit, bounds[:-1], bounds[1:]))
    vertices = np.concatenate([p[0] for p in parts])
    lengths = np.concatenate([np.diff(p[1]) for p in parts])
    offsets, first = np.concatenate(([0], np.cumsum(lengths))), np.concatenate([p[2] for p in parts])
    nodes = np.stack((first, complete.ends[:, 2:]), axis=1)
    nodes[complete.ring, 1] = nodes[complete.ring, 0]
    ends = np.stack((complete.offsets[:-1], complete.offsets[1:] - 1), axis=1)
    directions = (complete.steps[ends] & 3).astype(np.uint8)
    return Arcs(vertices, offsets, nodes[:, :, 0] * (width + 1) + nodes[:, :, 1], directions, complete.sides)


def pixel_shapes(complete: Pieces, options: FitOptions) -> Floats:
    """The shape of the pixels of each arc, see `regularize.even`, (n, 2, 2); of a single one without regular shapes."""
    arcs = len(complete.ring)
    if not options.method or options.ground is None or not arcs:
        return np.tile(np.eye(2), (arcs if options.method else 1, 1, 1))
    places = first_corners(complete.steps, complete.offsets, complete.ends[:, :2], complete.ring)
    return even(options.ground(places))
