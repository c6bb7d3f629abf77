"""The field of shifts: smooth, from what objects and their neighbours say, and robust against objects that are gone.

First, the scores of many neighbours are added, to find about where their shift is. Then each object says what it sees
near there, and local linear fits of what neighbours say give the field; neighbours that disagree count less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.spatial import cKDTree

from idgbr.alignment.matching import ScoreSurfaces
from idgbr.arrays import AnyArray, Array, Floats, Ints, Mask
from idgbr.layers.polygon_store import by_place
from idgbr.monitor import Monitor

#: Difference of scores that makes a shift e times as likely.
TAU = 0.15
#: The same for the support that an object gives to a shift: sharper, so that what no shift fits gives none.
SUPPORT_TAU = 0.08
#: Log of the likelihood of a shift that scores badly, against the best one: the object may be gone.
_FLOOR = -2.0
#: Number of neighbours whose scores are added, and how far from the last shift the next one may be (m).
_ADDED = ((64, np.inf), (24, 3.0))
#: Neighbours of a local fit.
NEIGHBOURS = 10
#: Distance in m from the field at which what an object says counts half; and the reach in m of what it says.
_AGREES, _REACH = 1.5, 2.1
#: Rounds of fits, and times that objects are asked within one.
_ROUNDS, _FITS = 2, 3
#: Distance in m from the field up to which an object's own evidence supports it.
SUPPORT_M = 1.0
#: Standard deviation in m of an object's own shift around the field.
_OWN = 0.35
#: Weight in a fit of the shifts so far: about that of this part of an object with evidence. A weight of the shift 0
#: instead would draw layers with weak evidence back to where they were.
_KEPT = 0.02
#: Number of neighbours whose scores are added for their joint evidence, the distance in m from which a shift is another
#: one, and the least standard deviation of an object's log-likelihoods.
_JOINT, _OTHER_M, _LEAST_SPREAD = 24, 2.0, 0.02
#: Objects at a time.
_BATCH = 1024


class Field(NamedTuple):
    """Shifts (n, 2) in m right and down, the own evidence of each object for it, 0…1, and that of its neighbours.

    The `evidence` of neighbours is how far the sum of their log-likelihoods exceeds its mean at other shifts, in
    standard deviations of such a sum if the neighbours had nothing in common. By chance, it is about the same for few
    and many neighbours, and for clear and dull images.
    """

    shifts: Floats
    confidence: Floats
    evidence: Floats


def find_field(
    scores: ScoreSurfaces, places: Floats, reach_m: float, monitor: Monitor, judged: Mask | None = None
) -> Field:  # fmt: skip
    """The field of shifts of objects at `places` (n, 2) in m; shifts are at most `reach_m` long.

    The evidence is found for objects in `judged` (n,), by default all; it is 0 for the others.
    """
    return _Solver(scores, places, reach_m, monitor).solved(
        np.ones(len(places), np.bool_) if judged is None else judged
    )


class _Solver:
    """Its state is the shift of each object; only what is near it is in memory."""

    def __init__(self, scores: ScoreSurfaces, places: Floats, reach_m: float, monitor: Monitor) -> None:
        self._scores, self._window, self._monitor = scores, scores.window, monitor
        self._known = np.flatnonzero(scores.known)
        self._places = places[self._known]
        self._all = places
        self._allowed = np.hypot(*np.moveaxis(self._window.shifts(), -1, 0)) <= reach_m
        self._tree = cKDTree(self._places) if self._known.size else None
        self._shift = np.zeros((len(self._known), 2))
        self._total = np.zeros(len(self._known), np.float32)
        self._step = 0

    def solved(self, judged: Mask) -> Field:
        """The field; see `find_field`."""
        count = len(self._all)
        if not self._known.size:
            return Field(np.zeros((count, 2)), np.zeros(count), np.zeros(count))
        for neighbours, near in _ADDED:
            self._add_neighbours(neighbours, near)
        for _ in range(_ROUNDS):
            crops = self._crops()
            for _ in range(_FITS):
                said, support = said_near(
                    *crops, self._shift, self._window.metres, TAU, SUPPORT_TAU, _AGREES, SUPPORT_M
                )
                self._fit(said, support)
        crops = self._crops()
        own, _ = said_near(*crops, self._shift, self._window.metres, TAU, SUPPORT_TAU, _OWN, SUPPORT_M, _FLOOR)
        _, support = said_near(*crops, own, self._window.metres, TAU, SUPPORT_TAU, _OWN, SUPPORT_M)
        return self._for_all(own, support, judged)

    def _batches(self, places: Floats) -> Iterator[Ints]:
        """Numbers of places, in order by place."""
        order = by_place(places, _BATCH)
        for first in range(0, len(order), _BATCH):
            self._monitor.check()
            yield order[first : first + _BATCH]
            steps = len(_ADDED) + _ROUNDS + 2
            self._monitor.progress("align", self._step + min(first / len(order), 1), steps)
        self._step += 1

    def _near(self, points: Floats, count: int) -> tuple[Floats, Ints]:
        assert self._tree is not None
        count = min(count, len(self._places))
        distance, index = self._tree.query(points, k=count)
        return distance.reshape(len(points), count), index.reshape(len(points), count)

    def _add_neighbours(self, count: int, near_m: float) -> None:
        """Take the shift, at most `near_m` from the last one, with the largest sum of scores of neighbours."""
        shift = self._shift.copy()
        pixels = np.round(self._shift @ np.linalg.inv(self._window.metres).T).astype(np.int64)
        for batch in self._batches(self._places):
            summed, _ = self._summed(self._places[batch], count, pixels, pixels[batch])
            shift[batch] = peaks(summed, self._allowed, self._window.metres, self._shift[batch], near_m)
        self._shift = shift

    def _summed(self, points: Floats, count: int, pixels: Ints, own: Ints) -> tuple[Array, Floats]:
        """Weighted sums (n, h, w) of the log-likelihoods of the neighbours of points.

        `pixels` are the shifts of objects with scores, and `own` those at the points, by which the sums are aligned.
        Also gives the standard deviation (n,) of such sums of independent neighbours.
        """
        distance, index = self._near(points, count)
        wanted, rows = np.unique(index, return_inverse=True)
        likely = likelihoods(self._scores.take(self._known[wanted]), self._allowed)
        weight = np.exp(-0.5 * (distance / np.maximum(distance[:, -1:], 1e-9) * 1.5) ** 2)
        rows = rows.reshape(index.shape)
        variance = np.maximum((likely**2).mean((1, 2), dtype=np.float64), _LEAST_SPREAD**2)
        spread = np.sqrt((weight**2 * variance[rows]).sum(1))
        return added(likely, rows, weight, pixels[index] - own[:, None]), spread

    def _crops(self) -> tuple[Array, Ints, Array]:
        """Scores near the shifts, (n, h, w); the shift of their first pixel; log of the sum of all likelihoods."""
        metres = self._window.metres
        half = [max(int(np.ceil(_REACH / size)), 2) for size in (metres[0, 0], metres[1, 1])]
        corner = np.round(self._shift @ np.linalg.inv(metres).T).astype(np.int64) - half
        crops = np.full((len(self._known), 2 * half[1] + 1, 2 * half[0] + 1), -np.inf, np.float32)
        for batch in self._batches(self._places):
            scores = self._scores.take(self._known[batch])
            best = np.where(self._allowed, scores, -np.inf).max((1, 2), keepdims=True)
            all_of = np.where(self._allowed, np.exp((scores - best) / SUPPORT_TAU), 0).sum((1, 2))
            self._total[batch] = best[:, 0, 0] / SUPPORT_TAU + np.log(all_of)
            cut(scores, self._allowed, corner[batch], self._window.rows, self._window.cols, batch, crops)
        return crops, corner, self._total

    def _fit(self, said: Floats, support: Floats) -> None:
        """Fit the field to what objects say, each by its support and its distance from the field."""
        off = np.hypot(*(said - self._shift).T)
        trust = support / (1 + (off / _AGREES) ** 2)
        shift = np.empty_like(self._shift)
        said = (trust[:, None] * said + _KEPT * self._shift) / (trust[:, None] + _KEPT)
        for first in range(0, len(shift), 16 * _BATCH):
            part = slice(first, first + 16 * _BATCH)
            shift[part] = self._fitted(self._places[part], said, trust + _KEPT)
        self._shift = shift

    def _fitted(self, points: Floats, said: Floats, trust: Floats) -> Floats:
        """Local linear fits at points (n, 2)."""
        distance, index = self._near(points, NEIGHBOURS)
        width = np.maximum(distance[:, -1:], 1.0)
        weight = np.exp(-0.5 * (1.5 * distance / width) ** 2) * trust[index]
        beside = (self._places[index] - points[:, None]) / width[..., None]
        design = np.concatenate((np.ones((*beside.shape[:2], 1)), beside), axis=2)
        normal = np.einsum("nk,nki,nkj->nij", weight, design, design)
        normal += np.diag([0.0, 0.1, 0.1]) * weight.sum(1)[:, None, None]
        normal += np.diag([0.0, 1e-6, 1e-6])
        target = np.einsum("nk,nki,nkd->nid", weight, design, said[index])
        fitted: Floats = np.linalg.solve(normal, target)[:, 0]
        return fitted

    def _for_all(self, own: Floats, support: Floats, judged: Mask) -> Field:
        """Shifts of all objects: those without scores follow their neighbours."""
        count = len(self._all)
        shifts, confidence = np.zeros((count, 2)), np.zeros(count)
        for first in range(0, count, 16 * _BATCH):
            part = slice(first, first + 16 * _BATCH)
            shifts[part] = self._fitted(self._all[part], self._shift, support + _KEPT)
        shifts[self._known], confidence[self._known] = own, support
        evidence = np.zeros(count)
        evidence[judged] = self._evidence(self._all[judged], shifts[judged], own)
        return Field(shifts, confidence, evidence)

    def _evidence(self, places: Floats, shifts: Floats, own: Floats) -> Floats:
        """The joint evidence (n,) for the shifts (n, 2) of places (n, 2); neighbours have their `own` shifts."""
        evidence = np.zeros(len(shifts))
        to_pixels = np.linalg.inv(self._window.metres).T
        known, pixels = (np.round(moves @ to_pixels).astype(np.int64) for moves in (own, shifts))
        for batch in self._batches(places):
            summed, spread = self._summed(places[batch], _JOINT, known, pixels[batch])
            height = heights(summed, self._allowed, self._window.metres, shifts[batch], SUPPORT_M, _OTHER_M)
            evidence[batch] = height / spread
        return evidence


def likelihoods(scores: Array, allowed: Mask) -> Array:
    """Log-likelihoods (n, h, w) of shifts from their scores, bounded below, with mean 0; 0 for unknown ones."""
    best = np.where(allowed, scores, -np.inf).max((1, 2), keepdims=True)
    out = np.log(np.exp(np.float32(_FLOOR)) + np.exp((scores - best) / np.float32(TAU)))
    out -= out.mean((1, 2), keepdims=True)
    return np.asarray(out, np.float32)


@njit(cache=True, nogil=True)
def added(likely: Array, rows: Ints, weight: Floats, offset: Ints) -> Array:
    """Sums (n, h, w) of weighted log-likelihoods of neighbours, each moved by what its last shift differs."""
    count, most = rows.shape
    height, width = likely.shape[1:]
    out = np.zeros((count, height, width), np.float32)
    for i in range(count):
        for k in range(most):
            right, down = offset[i, k]
            by = np.float32(weight[i, k])
            for y in range(max(0, -down), min(height, height - down)):
                for x in range(max(0, -right), min(width, width - right)):
                    out[i, y, x] += by * likely[rows[i, k], y + down, x + right]
    return out


@njit(cache=True, nogil=True)
def vertex(before: float, at: float, after: float) -> float:
    """Position between -0.5 and 0.5 of the vertex of the parabola through three values; 0 at an edge."""
    bend = before - 2 * at + after
    if not (bend < 0 and np.isfinite(bend)):
        return 0.0
    return min(max(0.5 * (before - after) / bend, -0.5), 0.5)


@njit(cache=True, nogil=True)
def placed(surface: AnyArray, row: int, col: int, corner: tuple[int, int], metres: Floats) -> tuple[float, float]:
    """Shift in m right and down of the peak of a surface (h, w) near a pixel; that of its first pixel is `corner`."""
    height, width = surface.shape
    right, down = float(corner[0] + col), float(corner[1] + row)
    if 0 < col < width - 1:
        right += vertex(surface[row, col - 1], surface[row, col], surface[row, col + 1])
    if 0 < row < height - 1:
        down += vertex(surface[row - 1, col], surface[row, col], surface[row + 1, col])
    return metres[0, 0] * right + metres[0, 1] * down, metres[1, 1] * down


@njit(cache=True, nogil=True)
def peaks(surfaces: Array, allowed: Mask, metres: Floats, around: Floats, near_m: float) -> Floats:
    """Shifts (n, 2) in m with the largest value of surfaces (n, h, w), within `near_m` of those `around`."""
    count, height, width = surfaces.shape
    corner = (-(width // 2), -(height // 2))
    out = np.empty((count, 2))
    for i in range(count):
        best, row, col = -np.inf, height // 2, width // 2
        for y in range(height):
            for x in range(width):
                right = metres[0, 0] * (x + corner[0]) + metres[0, 1] * (y + corner[1])
                down = metres[1, 1] * (y + corner[1])
                far = np.hypot(right - around[i, 0], down - around[i, 1])
                if allowed[y, x] and far <= near_m and surfaces[i, y, x] > best:
                    best, row, col = surfaces[i, y, x], y, x
        out[i] = placed(surfaces[i], row, col, corner, metres)
    return out


@njit(cache=True, nogil=True)
def heights(
    surfaces: Array, allowed: Mask, metres: Floats, around: Floats, near_m: float, other_m: float
) -> Floats:  # fmt: skip
    """Largest value (n,) of surfaces (n, h, w) within `near_m` of a shift, less the mean from `other_m` on."""
    count, height, width = surfaces.shape
    out = np.zeros(count)
    for i in range(count):
        best, total, others = -np.inf, 0.0, 0
        for y in range(height):
            for x in range(width):
                right = metres[0, 0] * (x - width // 2) + metres[0, 1] * (y - height // 2)
                down = metres[1, 1] * (y - height // 2)
                far = np.hypot(right - around[i, 0], down - around[i, 1])
                if allowed[y, x] and far <= near_m:
                    best = max(best, surfaces[i, y, x])
                elif allowed[y, x] and far >= other_m:
                    total += surfaces[i, y, x]
                    others += 1
        if np.isfinite(best) and others:
            out[i] = best - total / others
    return out


@njit(cache=True, nogil=True)
def cut(scores: Array, allowed: Mask, corner: Ints, rows: int, cols: int, numbers: Ints, crops: Array) -> None:
    """Copy the allowed parts of scores (n, h, w) from a shift in px on into the crops with some numbers."""
    height, width = crops.shape[1:]
    for i in range(len(numbers)):
        for y in range(height):
            for x in range(width):
                row, col = corner[i, 1] + y + rows, corner[i, 0] + x + cols
                if 0 <= row < scores.shape[1] and 0 <= col < scores.shape[2] and allowed[row, col]:
                    crops[numbers[i], y, x] = scores[i, row, col]


@njit(cache=True, nogil=True)
def said_near(
    crops: Array, corner: Ints, total: Array, field: Floats, metres: Floats, tau: float, support_tau: float,
    spread: float, support_m: float, floor: float = -np.inf,
) -> tuple[Floats, Floats]:  # fmt: skip
    """What objects say: their best shift (n, 2) in m, the farther from the field the less likely; and their support.

    The support of the field is the share of an object's likelihood that is within `support_m` of it.
    """
    count, height, width = crops.shape
    said, support = field.copy(), np.zeros(count)
    value = np.empty((height, width))
    for i in range(count):
        most = -np.inf
        for y in range(height):
            for x in range(width):
                most = max(most, crops[i, y, x])
        if not np.isfinite(most):
            continue
        best, row, col = -np.inf, 0, 0
        for y in range(height):
            for x in range(width):
                right = metres[0, 0] * (corner[i, 0] + x) + metres[0, 1] * (corner[i, 1] + y) - field[i, 0]
                down = metres[1, 1] * (corner[i, 1] + y) - field[i, 1]
                off = right**2 + down**2
                likely = crops[i, y, x] / tau
                value[y, x] = -np.inf
                if not np.isfinite(likely):
                    continue
                if off <= support_m**2:
                    support[i] += np.exp(crops[i, y, x] / support_tau - total[i])
                if np.isfinite(floor):
                    likely = np.log(np.exp(floor) + np.exp(likely - most / tau))
                value[y, x] = likely - off / (2 * spread**2)
                if value[y, x] > best:
                    best, row, col = value[y, x], y, x
        if not np.isfinite(best):
            continue
        said[i] = placed(value, row, col, (corner[i, 0], corner[i, 1]), metres)
    return said, support
