"""Regular outlines for the polygons of a layer, in batches by place.

Each arc gets its shape by itself, from its own points and the votes of its neighbourhood. It may only run where its old
line is nearer than any other arc's. So new lines of different arcs do not meet, and every batch gives an arc the same
shape: polygons that shared a wall still share it, even if they are in different batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from idgbr.arrays import Floats, Ints, Mask
from idgbr.layers.polygon_store import PolygonStore, by_place, total_bounds
from idgbr.monitor import Monitor
from idgbr.outlines.lines import count_votes, regular_lines
from idgbr.outlines.topology import ON_EDGE, Arcs, Rings, Shapes, arcs_of, assembled, noded
from idgbr.polygonize.arcs.directions import BINS
from idgbr.polygonize.arcs.regularize import METHODS
from idgbr.raster.ground import Ground

Numbers = NDArray[np.int64]
#: Side of the cells of a neighbourhood in m; shapes longer than this many cells do not vote.
CELL_M, LARGEST = 20.0, 4
#: Distance of the points at which a new line is compared with other arcs, as a fraction of the tolerance.
SAMPLES = 0.5
#: Pixel size for measures on the ground, in units of the CRS, that is about a metre.
_DEGREE_STEP = 1e-5


@dataclass
class RegularSummary:
    """Number of polygons with a new outline, and of those that kept theirs because the new one was invalid."""

    changed: int = 0
    kept: int = 0


class Frame:
    """Sizes on the ground for points in a CRS; `unit_m` is the unit of `shapes`."""

    def __init__(self, bounds: Floats, crs: str | None, unit_m: float) -> None:
        self._step = _DEGREE_STEP if crs and CRS.from_user_input(crs).is_geographic else 1.0
        self._ground = Ground(Affine.scale(self._step), crs)
        self._unit_m = unit_m
        left, bottom, right, top = total_bounds(bounds) or (0.0, 0.0, 0.0, 0.0)
        self.origin = np.array([0.5 * (left + right), 0.5 * (bottom + top)])
        self.matrix = self._metres(self.origin[None])[0]

    def _metres(self, points: Floats) -> Floats:
        """Metres of a unit of the CRS along both axes at points (n, 2): (n, 2, 2)."""
        return self._ground.scale(points / self._step) / self._step

    def shapes(self, points: Floats) -> Floats:
        """Matrices from the CRS to units on the ground at points (n, 2): (n, 2, 2)."""
        return np.ascontiguousarray(self._metres(points) / self._unit_m)

    def plane(self, points: Floats) -> Floats:
        """Points (n, 2) in a plane in about metres, the same for the whole layer."""
        return np.ascontiguousarray((points - self.origin) @ self.matrix.T)

    def length(self, metres: float) -> float:
        """A length in units of the CRS that is at least `metres` long in every direction."""
        return float(metres / np.linalg.svd(self.matrix, compute_uv=False).min())


class Votes:
    """The votes of all outlines of a layer, by cell of the plane."""

    def __init__(self, store: PolygonStore, frame: Frame) -> None:
        self._frame = frame
        keys: list[Ints] = [np.zeros(0, np.int64)]
        votes: list[Ints] = [np.zeros((0, BINS), np.int64)]
        corners = np.stack((frame.plane(store.bounds[:, :2]), frame.plane(store.bounds[:, 2:])))
        small = store.there & (np.abs(corners[1] - corners[0]).max(1) <= LARGEST * CELL_M)
        for batch in store.batches(np.flatnonzero(small)):
            shapes = store.take(batch)
            rings, of_ring = shapely.get_rings(shapely.get_parts(shapes)), _ring_owner(shapes)
            points, of_point = shapely.get_coordinates(rings, return_index=True)
            offsets = np.concatenate(([0], np.cumsum(np.bincount(of_point, minlength=len(rings)))))
            found, rows = np.unique(self._keys(_middles(store.bounds[batch])), return_inverse=True)
            counted = np.zeros((len(found), BINS), np.int64)
            count_votes(points, offsets, frame.shapes(points[offsets[:-1]]), rows.reshape(-1)[of_ring], counted)
            keys.append(found)
            votes.append(counted)
        self._known, rows = np.unique(np.concatenate(keys), return_inverse=True)
        self._votes = np.zeros((len(self._known) + 1, BINS), np.int64)
        np.add.at(self._votes, rows.reshape(-1), np.concatenate(votes))

    def _keys(self, points: Floats, right: int = 0, up: int = 0) -> Ints:
        """Names of the cells of points in the CRS (n, 2), or of cells beside them."""
        cells = np.floor(self._frame.plane(points) / CELL_M).astype(np.int64)
        return np.asarray((cells[:, 0] + right) * (1 << 32) + cells[:, 1] + up)

    def around(self, points: Floats) -> tuple[Ints, Ints]:
        """Votes of the neighbourhoods of points (n, 2), and the row of each point."""
        _, first, which = np.unique(self._keys(points), return_index=True, return_inverse=True)
        sums = np.zeros((len(first), BINS), np.int64)
        for right in (-1, 0, 1):
            for up in (-1, 0, 1):
                keys = self._keys(points[first], right, up)
                at = np.searchsorted(self._known, keys)
                there = at < len(self._known)
                there[there] = self._known[at[there]] == keys[there]
                sums += self._votes[np.where(there, at, len(self._known))]
        return sums, which.reshape(-1)


def _ring_owner(shapes: Shapes) -> Ints:
    """Index of the shape of each ring."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    _, of_ring = shapely.get_rings(parts, return_index=True)
    return np.asarray(of_part[of_ring])


def _middles(bounds: Floats) -> Floats:
    return 0.5 * (bounds[:, :2] + bounds[:, 2:])


def regular_polygons(
    store: PolygonStore, crs: str | None, method: str, tolerance_m: float, summary: RegularSummary, monitor: Monitor,
    extent: shapely.Polygon | None = None,
) -> Iterator[tuple[Numbers, Shapes]]:  # fmt: skip
    """Numbers and new shapes of all polygons of a store, in batches by place; counts them in `summary`.

    If a new outline would be invalid, the polygon keeps its old one, and its neighbours keep the walls that they share
    with it. The new shapes are in a file beside that of the store until they are taken.

    Args:
        store: Valid polygons and multipolygons.
        crs: CRS of the store, None if unknown: then its units are metres.
        method: Name of the method, see `polygonize.arcs.regularize`.
        tolerance_m: Largest displacement of an outline, in metres.
        summary: Counts of what was done.
        monitor: Gets the progress.
        extent: Area that new outlines do not leave, in the CRS of the store.
    """
    there = np.flatnonzero(store.there)
    frame = Frame(store.bounds[there], crs, tolerance_m / 2)
    setting = _Setting(store, frame, Votes(store, frame), METHODS[method], tolerance_m, extent)
    order = there[by_place(_middles(store.bounds[there]))]
    made = PolygonStore(store.folder)
    keeps, changed, invalid = (np.zeros(len(store), np.bool_) for _ in range(3))
    done = 0
    for batch in store.batches(order):
        shapes, changed[batch], invalid[batch] = _regular_batch(setting, batch, keeps)
        made.add(shapes)
        done += len(batch)
        monitor.progress("regularize", done, len(order))
        monitor.check()
    mended: dict[int, shapely.Geometry] = {}
    while (found := np.flatnonzero(invalid & ~keeps)).size:
        keeps[found] = True
        again = np.concatenate((found, _beside(store, found, frame.length(ON_EDGE * tolerance_m))))
        for batch in store.batches(again):
            shapes, changed[batch], invalid[batch] = _regular_batch(setting, batch, keeps)
            mended |= zip(batch.tolist(), shapes, strict=True)
    summary.changed, summary.kept = int(np.count_nonzero(changed)), int(np.count_nonzero(keeps))
    for places in made.batches():
        numbers, shapes = order[places], made.take(places)
        for i, number in enumerate(numbers.tolist()):
            shapes[i] = mended.get(number, shapes[i])
        yield numbers, shapes


@dataclass(frozen=True)
class _Setting:
    """What all batches of a layer have in common; `method` is the number of the method."""

    store: PolygonStore
    frame: Frame
    votes: Votes
    method: int
    tolerance_m: float
    extent: shapely.Polygon | None


def _regular_batch(setting: _Setting, batch: Numbers, keeps: Mask) -> tuple[Shapes, Mask, Mask]:
    """New shapes of a batch, which have changed, and which kept their outline because the new one is invalid.

    The polygons `keeps`, of the whole layer, keep their outline in any case.
    """
    store, frame, tolerance_m = setting.store, setting.frame, setting.tolerance_m
    numbers = np.concatenate((batch, _beside(store, batch, frame.length(2 * tolerance_m))))
    shapes = store.take(numbers)
    given = Rings.of(shapes)
    boxes = shapely.box(*shapely.bounds(shapes).T)
    one, other = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    touching = np.zeros(len(shapes), np.bool_)
    touching[one[one != other]] = True
    rings = noded(given, touching, frame.length(ON_EDGE * tolerance_m))
    arcs = arcs_of(rings)
    own_rings = int(np.searchsorted(rings.polygon, len(batch)))
    own = np.zeros(len(arcs.ring), np.bool_)
    own[arcs.pieces[: arcs.of_ring[own_rings]]] = True
    kept_ring = np.repeat(keeps[numbers[rings.polygon]], np.diff(arcs.of_ring))
    own[arcs.pieces[kept_ring]] = False
    points, offsets, changed = _reshaped(arcs, own, frame, setting.votes, setting.method)
    back = _crossing(arcs, points, offsets, changed, frame, tolerance_m)
    if setting.extent is not None:
        back |= changed & ~shapely.covered_by(_lines(points, offsets), setting.extent)
    points, offsets = _replaced(arcs, points, offsets, back)
    changed &= ~back
    ours = shapes[: len(batch)]
    limit = arcs.of_ring[own_rings]
    kept_arcs = Arcs(
        arcs.points, arcs.offsets, arcs.ring, arcs.pieces[:limit], arcs.backward[:limit], arcs.of_ring[: own_rings + 1]
    )
    made = assembled(ours, kept_arcs, points, offsets)
    owner = rings.polygon[:own_rings]
    pieces_of = np.repeat(owner, np.diff(arcs.of_ring[: own_rings + 1]))
    new = np.zeros(len(batch), np.bool_)
    new[pieces_of[changed[arcs.pieces[:limit]]]] = True
    grown = np.zeros(len(batch), np.bool_)
    grown[owner[(np.diff(rings.offsets) != np.diff(given.offsets))[:own_rings]]] = True
    fine = shapely.is_valid(made) & (shapely.area(made) > 0)
    out = ours.copy()
    take = (new | grown) & fine
    out[take] = made[take]
    return out, new & fine, new & ~fine


def _beside(store: PolygonStore, batch: Numbers, reach: float) -> Numbers:
    """Shapes whose bounds are within `reach` of those of a batch."""
    wide = store.bounds[batch] + np.array([-reach, -reach, reach, reach])
    whole = total_bounds(wide)
    assert whole is not None
    near = store.near(whole) & store.there
    near[batch] = False
    others = np.flatnonzero(near)
    found = shapely.STRtree(shapely.box(*wide.T)).query(shapely.box(*store.bounds[others].T))[0]
    return np.asarray(others[np.unique(found)], np.int64)


def _reshaped(arcs: Arcs, own: Mask, frame: Frame, votes: Votes, method: int) -> tuple[Floats, Ints, Mask]:
    """Points and offsets of all arcs, those of `own` with regular shapes, and which have changed."""
    numbers = np.flatnonzero(own)
    points, offsets = _selected(arcs.points, arcs.offsets, own)
    changed = np.zeros(len(own), np.bool_)
    if not numbers.size:
        return arcs.points, arcs.offsets, changed
    low, high = (f.reduceat(points, offsets[:-1], axis=0) for f in (np.minimum, np.maximum))
    sums, which = votes.around(0.5 * (low + high))
    made, made_offsets, done = regular_lines(
        points, offsets, arcs.ring[own], frame.shapes(points[offsets[:-1]]), method, sums, which
    )
    changed[numbers] = done
    rest, rest_offsets = _selected(arcs.points, arcs.offsets, ~own)
    return (*_merged(own, (made, made_offsets), (rest, rest_offsets)), changed)


def _selected(points: Floats, offsets: Ints, keep: Mask) -> tuple[Floats, Ints]:
    """The ragged rows of a mask."""
    lengths = np.diff(offsets)
    return points[np.repeat(keep, lengths)], np.concatenate(([0], np.cumsum(lengths[keep])))


def _merged(mask: Mask, one: tuple[Floats, Ints], other: tuple[Floats, Ints]) -> tuple[Floats, Ints]:
    """Ragged rows: those of `one` in order at the places of a mask, those of `other` elsewhere."""
    lengths = np.empty(len(mask), np.int64)
    lengths[mask], lengths[~mask] = np.diff(one[1]), np.diff(other[1])
    at = np.repeat(mask, lengths)
    points = np.empty((len(at), 2))
    points[at], points[~at] = one[0], other[0]
    return points, np.concatenate(([0], np.cumsum(lengths)))


def _replaced(arcs: Arcs, points: Floats, offsets: Ints, back: Mask) -> tuple[Floats, Ints]:
    """The new arcs, with the old points where `back`."""
    return _merged(back, _selected(arcs.points, arcs.offsets, back), _selected(points, offsets, ~back))


def _crossing(arcs: Arcs, points: Floats, offsets: Ints, changed: Mask, frame: Frame, tolerance_m: float) -> Mask:
    """Which of the changed arcs run where the old line of another arc is at least as near as their own."""
    out = np.zeros(len(changed), np.bool_)
    old = _lines(frame.plane(arcs.points), arcs.offsets)
    numbers = np.flatnonzero(changed)
    if not numbers.size:
        return out
    a, other = shapely.STRtree(old).query(old[numbers], predicate="dwithin", distance=2 * tolerance_m)
    a = numbers[a]
    a, other = a[a != other], other[a != other]
    crowded = np.unique(a)
    if not crowded.size:
        return out
    mask = np.zeros(len(changed), np.bool_)
    mask[crowded] = True
    chosen, chosen_offsets = _selected(points, offsets, mask)
    new = _lines(frame.plane(chosen), chosen_offsets)
    samples, of_sample = shapely.get_coordinates(shapely.segmentize(new, SAMPLES * tolerance_m), return_index=True)
    firsts = np.searchsorted(of_sample, np.arange(len(crowded) + 1))
    own = shapely.distance(shapely.points(samples), old[crowded[of_sample]])
    bounds = shapely.bounds(old)
    # One row for each sample of an arc and each other arc near that arc.
    place = np.searchsorted(crowded, a)
    counts = firsts[place + 1] - firsts[place]
    rows = np.repeat(np.arange(len(a)), counts)
    sample = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + firsts[place][rows]
    box = bounds[other[rows]]
    at, far = samples[sample], own[sample]
    beyond = np.maximum(np.maximum(box[:, :2] - at, at - box[:, 2:]), 0)
    near = (np.hypot(*beyond.T) <= far) & (far > 1e-9 * tolerance_m)
    rows, sample, far = rows[near], sample[near], far[near]
    bad = shapely.distance(shapely.points(samples[sample]), old[other[rows]]) <= far
    out[a[rows[bad]]] = True
    return out


def _lines(points: Floats, offsets: Ints) -> Shapes:
    """Linestrings of ragged rows."""
    lines: Shapes = shapely.linestrings(points, indices=np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)))
    return lines
