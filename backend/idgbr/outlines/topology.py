"""The arcs of polygons: their boundaries from node to node, each stored once for all polygons beside it.

Vertices are matched by their exact coordinates. A vertex on the edge of another polygon is inserted into that edge, so
that both share it. A vertex is a *node* where more than two edges meet, or where the polygons beside the boundary
change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from idgbr.arrays import Floats, Ints, Mask

Shapes = NDArray[np.object_]
#: Distance from an edge, as a fraction of the tolerance, within which a vertex is inserted into it.
ON_EDGE = 1e-3


@dataclass(frozen=True)
class Rings:
    """Rings as ragged arrays without the closing vertex; `polygon` is the index of the shape of each."""

    points: Floats
    offsets: Ints
    polygon: Ints

    @staticmethod
    def of(shapes: Shapes) -> Rings:
        """The rings of polygons and multipolygons."""
        parts, of_part = shapely.get_parts(shapes, return_index=True)
        rings, of_ring = shapely.get_rings(parts, return_index=True)
        points, of_point = shapely.get_coordinates(rings, return_index=True)
        ends = np.cumsum(np.bincount(of_point, minlength=len(rings)))
        keep = np.ones(len(points), np.bool_)
        keep[ends - 1] = False
        return Rings(points[keep], np.concatenate(([0], ends - np.arange(1, len(rings) + 1))), of_part[of_ring])


@dataclass(frozen=True)
class Arcs:
    """Arcs as ragged arrays of points, with both ends; those of a ring are equal.

    `pieces` are the arcs of all rings in order, `backward` whether the ring runs against one, `of_ring` the offsets of
    each ring's pieces.
    """

    points: Floats
    offsets: Ints
    ring: Mask
    pieces: Ints
    backward: Mask
    of_ring: Ints


def noded(rings: Rings, touching: Mask, reach: float) -> Rings:
    """Rings with the vertices of other shapes inserted into their edges, if closer than `reach`.

    `touching` marks the shapes that have neighbours.
    """
    n = len(rings.points)
    ring_of = np.repeat(np.arange(len(rings.polygon)), np.diff(rings.offsets))
    follower = np.arange(1, n + 1)
    follower[rings.offsets[1:] - 1] = rings.offsets[:-1]
    chosen = np.flatnonzero(touching[rings.polygon[ring_of]])
    if not chosen.size:
        return rings
    edges = shapely.linestrings(np.stack((rings.points[chosen], rings.points[follower[chosen]]), 1))
    places = np.unique(rings.points[chosen], axis=0)
    vertex, edge = shapely.STRtree(edges).query(shapely.points(places), predicate="dwithin", distance=reach)
    first, last = rings.points[chosen[edge]], rings.points[follower[chosen[edge]]]
    inserted = places[vertex]
    way = last - first
    length = np.maximum((way * way).sum(1), 1e-300)
    share = ((inserted - first) * way).sum(1) / length
    apart = np.minimum(np.abs(inserted - first).max(1), np.abs(inserted - last).max(1))
    inner = (share > 0) & (share < 1) & (apart > reach)
    if not inner.any():
        return rings
    at, share, inserted = chosen[edge[inner]], share[inner], inserted[inner]
    order = np.lexsort((share, at))
    at, inserted = at[order], inserted[order]
    counts = np.bincount(ring_of[at], minlength=len(rings.polygon))
    grown = np.concatenate(([0], np.cumsum(np.diff(rings.offsets) + counts)))
    return Rings(np.insert(rings.points, at + 1, inserted, axis=0), grown, rings.polygon)


def arcs_of(rings: Rings) -> Arcs:
    """The arcs of rings; they are the same for any set of rings that holds all those that touch a ring."""
    places, ids = np.unique(rings.points, axis=0, return_inverse=True)
    ids = ids.reshape(-1).astype(np.int64)
    n = len(ids)
    follower = np.arange(1, n + 1)
    follower[rings.offsets[1:] - 1] = rings.offsets[:-1]
    low, high = np.minimum(ids, ids[follower]), np.maximum(ids, ids[follower])
    known, edges = np.unique(low * len(places) + high, return_inverse=True)
    edges = edges.reshape(-1)
    ring_of = np.repeat(np.arange(len(rings.polygon)), np.diff(rings.offsets)).astype(np.uint64)
    # The rings beside an edge, as a sum of pseudo-random numbers: equal for the same rings.
    numbers = (ring_of + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    numbers ^= numbers >> np.uint64(29)
    numbers *= np.uint64(0xBF58476D1CE4E5B9)
    owners = np.zeros(len(known), np.uint64)
    np.add.at(owners, edges, numbers)
    ends = np.concatenate((known // len(places), known % len(places)))
    degree = np.bincount(ends, minlength=len(places))
    most, least = np.zeros(len(places), np.uint64), np.full(len(places), np.iinfo(np.uint64).max)
    for side in (known // len(places), known % len(places)):
        np.maximum.at(most, side, owners)
        np.minimum.at(least, side, owners)
    node = (degree != 2) | (most != least)
    first, length, backward, key, ring, of_ring = _pieces(ids, rings.offsets, edges.astype(np.int64), node)
    _, one, pieces = np.unique(key, return_index=True, return_inverse=True)
    vertices, offsets = _lines(ids, rings.offsets, first[one], length[one], backward[one])
    return Arcs(places[vertices], offsets, ring[one], pieces.reshape(-1), backward, of_ring)


@njit(cache=True, nogil=True)
def _pieces(ids: Ints, offsets: Ints, edges: Ints, node: Mask) -> tuple[Ints, Ints, Mask, Ints, Mask, Ints]:
    """Cut rings at their nodes: first vertex, edges, whether it runs backward, name, and whether it is a ring, of each.

    A piece runs from the smaller of its ends to the larger; a ring from its smallest vertex to the smaller neighbour.
    """
    n, m = ids.size, offsets.size - 1
    first, length, key = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    backward, ring = np.empty(n, np.bool_), np.empty(n, np.bool_)
    of_ring = np.zeros(m + 1, np.int64)
    count = 0
    for r in range(m):
        a, b = offsets[r], offsets[r + 1]
        size = b - a
        start = -1
        for i in range(a, b):
            if node[ids[i]]:
                start = i
                break
        closed = start < 0
        if closed:
            start = a
            for i in range(a, b):
                if ids[i] < ids[start]:
                    start = i
        at = start
        passed = 0
        while passed < size:
            begin, name, steps = at, edges[at], 0
            while True:
                name = min(name, edges[at])
                at = at + 1 if at + 1 < b else a
                steps += 1
                if passed + steps == size or node[ids[at]]:
                    break
            one, two = ids[begin], ids[at]
            if one == two:
                after, before = ids[begin + 1 if begin + 1 < b else a], ids[at - 1 if at > a else b - 1]
                back = before < after
            else:
                back = two < one
            first[count], length[count], key[count] = begin, steps, name
            backward[count], ring[count] = back, closed
            count += 1
            passed += steps
        of_ring[r + 1] = count
    return (
        first[:count].copy(), length[:count].copy(), backward[:count].copy(), key[:count].copy(), ring[:count].copy(),
        of_ring,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _lines(ids: Ints, offsets: Ints, first: Ints, length: Ints, backward: Mask) -> tuple[Ints, Ints]:
    """Vertices of arcs in their own direction, and the offset of each."""
    total = 0
    for i in range(length.size):
        total += length[i] + 1
    out = np.empty(total, np.int64)
    bounds = np.zeros(length.size + 1, np.int64)
    used = 0
    for i in range(length.size):
        r = np.searchsorted(offsets, first[i], side="right") - 1
        a, size = offsets[r], offsets[r + 1] - offsets[r]
        for k in range(length[i] + 1):
            step = length[i] - k if backward[i] else k
            out[used + k] = ids[a + (first[i] - a + step) % size]
        used += length[i] + 1
        bounds[i + 1] = used
    return out, bounds


def assembled(shapes: Shapes, arcs: Arcs, points: Floats, offsets: Ints) -> Shapes:
    """The shapes again, with other points (n, 2) for their arcs, by the arcs' offsets; None for one that collapsed."""
    rings_out, ring_offsets = _rings(arcs.pieces, arcs.backward, arcs.of_ring, points, offsets)
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings_of_part = shapely.get_num_interior_rings(parts) + 1
    sizes = np.diff(ring_offsets)
    polygon_offsets = np.concatenate(([0], np.cumsum(rings_of_part)))
    out = np.full(len(shapes), None, object)
    whole = np.minimum.reduceat(sizes, polygon_offsets[:-1]) >= 4
    fine = np.ones(len(shapes), np.bool_)
    fine[of_part[~whole]] = False
    if not whole.all():
        keep = np.repeat(whole, rings_of_part)
        rings_out = rings_out[np.repeat(keep, sizes)]
        ring_offsets = np.concatenate(([0], np.cumsum(sizes[keep])))
        rings_of_part, of_part = rings_of_part[whole], of_part[whole]
        polygon_offsets = np.concatenate(([0], np.cumsum(rings_of_part)))
    made = shapely.from_ragged_array(shapely.GeometryType.POLYGON, rings_out, (ring_offsets, polygon_offsets))
    multi = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON
    single = ~multi[of_part]
    out[of_part[single]] = made[single]
    if multi.any():
        grouped = shapely.multipolygons(made[~single], indices=np.unique(of_part[~single], return_inverse=True)[1])
        out[np.unique(of_part[~single])] = grouped
    out[~fine] = None
    return out


@njit(cache=True, nogil=True)
def _rings(pieces: Ints, backward: Mask, of_ring: Ints, points: Floats, offsets: Ints) -> tuple[Floats, Ints]:
    """Closed rings from the points of their arcs."""
    m = of_ring.size - 1
    total = 0
    for i in range(pieces.size):
        total += offsets[pieces[i] + 1] - offsets[pieces[i]] - 1
    out = np.empty((total + m, 2))
    bounds = np.zeros(m + 1, np.int64)
    used = 0
    for r in range(m):
        begin = used
        for i in range(of_ring[r], of_ring[r + 1]):
            a, b = offsets[pieces[i]], offsets[pieces[i] + 1]
            for k in range(b - a - 1):
                place = b - 1 - k if backward[i] else a + k
                out[used, 0], out[used, 1] = points[place, 0], points[place, 1]
                used += 1
        out[used, 0], out[used, 1] = out[begin, 0], out[begin, 1]
        used += 1
        bounds[r + 1] = used
    return out, bounds
