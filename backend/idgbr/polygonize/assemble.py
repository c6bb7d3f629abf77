"""Assembles polygons of finished regions from fitted arcs, which neighbours share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from idgbr.arrays import Bytes, Floats, Ints, Ints32, Mask


@dataclass(frozen=True)
class Arcs:
    """Fitted arcs: vertices of arc i are `vertices[offsets[i]:offsets[i + 1]]`, as x, y in pixels."""

    vertices: Floats
    offsets: Ints
    #: Index of the corner where each arc starts and ends, (n, 2); equal for rings.
    nodes: Ints
    #: Direction of the first and of the last crack, (n, 2).
    directions: Bytes
    #: Region to the left, to the right, (n, 2).
    sides: Ints32

    @staticmethod
    def none() -> Arcs:
        """An empty set."""
        pair = (0, 2)
        return Arcs(
            np.zeros(pair),
            np.zeros(1, np.int64),
            np.zeros(pair, np.int64),
            np.zeros(pair, np.uint8),
            np.zeros(pair, np.int32),
        )

    def select(self, keep: Mask) -> Arcs:
        """Select the arcs of a mask."""
        lengths = np.diff(self.offsets)
        return Arcs(
            self.vertices[np.repeat(keep, lengths)],
            np.concatenate(([0], np.cumsum(lengths[keep]))),
            self.nodes[keep],
            self.directions[keep],
            self.sides[keep],
        )

    def with_sides(self, sides: Ints32) -> Arcs:
        """Replace the labels."""
        return Arcs(self.vertices, self.offsets, self.nodes, self.directions, sides)

    def plus(self, other: Arcs) -> Arcs:
        """Append other arcs."""
        return Arcs(
            np.concatenate((self.vertices, other.vertices)),
            np.concatenate((self.offsets, self.offsets[-1] + other.offsets[1:])),
            np.concatenate((self.nodes, other.nodes)),
            np.concatenate((self.directions, other.directions)),
            np.concatenate((self.sides, other.sides)),
        )


@dataclass(frozen=True)
class PolygonBatch:
    """Polygons as ragged arrays, with their measures in pixels."""

    vertices: Floats
    ring_offsets: Ints
    polygon_offsets: Ints
    area: Floats
    centre: Floats


@njit(cache=True, nogil=True)
def _link(region: Ints, start: Ints, end: Ints, leaves: Bytes, arrives: Bytes) -> Ints:
    """Find the next half-edge of each one around its region; half-edges are sorted by region, then start.

    If a region meets itself at a corner, there are two candidates. The left turn follows the same pixel of the
    neighbour. So an outer ring and a hole that meet there stay two simple rings.
    """
    n = region.size
    follower = np.empty(n, np.int64)
    first = 0
    while first < n:
        last = first
        while last < n and region[last] == region[first]:
            last += 1
        for i in range(first, last):
            low, high = first, last
            while low < high:
                middle = (low + high) // 2
                if start[middle] < end[i]:
                    low = middle + 1
                else:
                    high = middle
            if low + 1 < last and start[low + 1] == end[i] and leaves[low] != (arrives[i] + 3) & 3:
                low += 1
            follower[i] = low
        first = last
    return follower


@njit(cache=True, nogil=True)
def _signed_area(vertices: Floats, first: int, last: int, x0: float, y0: float) -> tuple[float, float, float]:
    area, mx, my = 0.0, 0.0, 0.0
    for i in range(first, last - 1):
        ax, ay, bx, by = vertices[i, 0] - x0, vertices[i, 1] - y0, vertices[i + 1, 0] - x0, vertices[i + 1, 1] - y0
        twice = ax * by - bx * ay
        area += twice
        mx += twice * (ax + bx)
        my += twice * (ay + by)
    return 0.5 * area, mx / 6, my / 6


@njit(cache=True, nogil=True)
def _build(
    region: Ints, follower: Ints, arc: Ints, backward: Mask, vertices: Floats, offsets: Ints, flip: bool
) -> tuple[Floats, Ints, Ints, Floats, Floats]:
    """Walk the rings of each region: first the outer one, then holes. Rings are reversed if `flip`."""
    n = region.size
    total = 0
    for i in range(n):
        total += offsets[arc[i] + 1] - offsets[arc[i]]
    out = np.empty((total + n, 2))
    rings = np.zeros(n + 1, np.int64)
    polygons = np.zeros(n + 1, np.int64)
    area, centre = np.zeros(n), np.zeros((n, 2))
    buffer = np.empty((total + n, 2))
    bounds = np.zeros(n + 1, np.int64)
    seen = np.zeros(n, np.bool_)
    n_rings = n_polygons = used = first = 0
    while first < n:
        last = first
        while last < n and region[last] == region[first]:
            last += 1
        # Copy the rings of this region into the buffer.
        count = filled = outer = 0
        x0, y0 = vertices[offsets[arc[first]], 0], vertices[offsets[arc[first]], 1]
        sum_area = sum_x = sum_y = 0.0
        for i in range(first, last):
            if seen[i]:
                continue
            j = i
            while not seen[j]:
                seen[j] = True
                a, b = offsets[arc[j]], offsets[arc[j] + 1]
                for k in range(a, b - 1):
                    buffer[filled] = vertices[a + b - 1 - k] if backward[j] else vertices[k]
                    filled += 1
                j = follower[j]
            buffer[filled] = buffer[bounds[count]]
            filled += 1
            part, mx, my = _signed_area(buffer, bounds[count], filled, x0, y0)
            if part > 0:
                outer = count
            sum_area, sum_x, sum_y = sum_area + part, sum_x + mx, sum_y + my
            count += 1
            bounds[count] = filled
        for k in range(count):
            ring = outer if k == 0 else (k - 1 if k <= outer else k)
            a, b = bounds[ring], bounds[ring + 1]
            for m in range(a, b):
                out[used] = buffer[a + b - 1 - m] if flip else buffer[m]
                used += 1
            n_rings += 1
            rings[n_rings] = used
        area[n_polygons] = sum_area
        centre[n_polygons, 0] = x0 + (sum_x / sum_area if sum_area > 0 else 0.0)
        centre[n_polygons, 1] = y0 + (sum_y / sum_area if sum_area > 0 else 0.0)
        n_polygons += 1
        polygons[n_polygons] = n_rings
        first = last
    return (
        out[:used].copy(),
        rings[: n_rings + 1].copy(),
        polygons[: n_polygons + 1].copy(),
        area[:n_polygons].copy(),
        centre[:n_polygons].copy(),
    )


def assemble(arcs: Arcs, rank: Ints, flip: bool) -> PolygonBatch:
    """Assemble the polygons of some regions.

    Args:
        arcs: All arcs of these regions; others are ignored.
        rank: Place in the output of each region, -1 to skip it.
        flip: Whether to reverse rings, so that outer rings run anticlockwise in the world.
    """
    places = rank[arcs.sides]
    # A region to the right of an arc is walked forward, one to the left backward.
    left, right = np.flatnonzero(places[:, 0] >= 0), np.flatnonzero(places[:, 1] >= 0)
    arc = np.concatenate((right, left))
    backward = np.repeat([False, True], [right.size, left.size])
    region = np.concatenate((places[right, 1], places[left, 0]))
    start = np.concatenate((arcs.nodes[right, 0], arcs.nodes[left, 1]))
    end = np.concatenate((arcs.nodes[right, 1], arcs.nodes[left, 0]))
    leaves = np.concatenate((arcs.directions[right, 0], arcs.directions[left, 1] ^ 2))
    arrives = np.concatenate((arcs.directions[right, 1], arcs.directions[left, 0] ^ 2))
    order = np.lexsort((leaves, start, region))
    region = region[order]
    follower = _link(region, start[order], end[order], leaves[order], arrives[order])
    return PolygonBatch(*_build(region, follower, arc[order], backward[order], arcs.vertices, arcs.offsets, flip))
