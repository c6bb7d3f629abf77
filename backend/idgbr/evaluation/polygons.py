"""Measures between polygons: distance between outlines, number of vertices, difference of directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.arrays import Floats
from idgbr.layers.polygon_store import BATCH, PolygonStore, total_bounds
from idgbr.monitor import check_cancelled, run_cancellable

#: Least IoU of two polygons of the same object.
MATCH_IOU = 0.5
#: A sampled piece of outline is skipped if its projection is longer or shorter by this factor: it jumped around a
#: corner.
_MAX_STRETCH = 2.0


def match_polygons(
    predicted: PolygonStore, truth: PolygonStore, iou: float = MATCH_IOU
) -> tuple[list[tuple[int, int]], Floats]:
    """Pairs (predicted, true) of polygons of one class that overlap with at least `iou`, and the IoU of each pair.

    The best overlap comes first, and each polygon is used once. Polygons must be valid and in the same CRS.
    """
    overlaps = [run_cancellable(partial(_overlaps, predicted, truth, *pair, iou), check_cancelled)
                for pair in _near_batches(predicted, truth)]  # fmt: skip
    ours, theirs, scores = (np.concatenate(parts) for parts in zip(_NO_OVERLAP, *overlaps, strict=True))
    used: tuple[set[int], set[int]] = (set(), set())
    pairs, found = [], []
    for i in np.lexsort((theirs, ours, -scores)):
        check_cancelled()
        a, b = int(ours[i]), int(theirs[i])
        if a not in used[0] and b not in used[1]:
            used[0].add(a)
            used[1].add(b)
            pairs.append((a, b))
            found.append(float(scores[i]))
    return pairs, np.array(found, np.float64)


_Overlaps = tuple[NDArray[np.int64], NDArray[np.int64], Floats]
_NO_OVERLAP: _Overlaps = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


def _near_batches(
    predicted: PolygonStore, truth: PolygonStore
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Batches of predicted and true polygons whose bounds may intersect."""
    there = np.flatnonzero(truth.there)
    for theirs in truth.batches(there[_places_in_order(truth.bounds[there])]):
        area = total_bounds(truth.bounds[theirs])
        if area is not None:
            for ours in predicted.batches(np.flatnonzero(predicted.near(area))):
                yield ours, theirs


def _places_in_order(bounds: Floats) -> NDArray[np.int64]:
    """Order of polygons by size and place, so that a batch covers little ground."""
    left, bottom, right, top = bounds.T
    side = np.maximum(np.maximum(right - left, top - bottom), np.finfo(np.float64).tiny)
    size = np.floor(np.log2(side) / 3)
    # Cells in which each size has at most a few batches of neighbours.
    cell = np.exp2(3 * size + 3) * 16
    return np.lexsort((np.floor(left / cell), np.floor(bottom / cell), size))


def _overlaps(
    predicted: PolygonStore, truth: PolygonStore, ours: NDArray[np.int64], theirs: NDArray[np.int64], iou: float
) -> _Overlaps:
    """Numbers of polygons of two batches that overlap with at least `iou`, and the IoU of each pair."""
    one, other = predicted.take(ours), truth.take(theirs)
    a, b = shapely.STRtree(other).query(one, predicate="intersects")
    shared = shapely.area(shapely.intersection(one[a], other[b]))
    either = shapely.area(one[a]) + shapely.area(other[b]) - shared
    scores = shared / np.maximum(either, np.finfo(np.float64).tiny)
    good = scores >= iou
    return ours[a[good]], theirs[b[good]], scores[good]


def polis(predicted: shapely.Geometry, truth: shapely.Geometry) -> float:
    """PoLiS distance (Avbelj, Müller and Bamler 2015), in the unit of the coordinates.

    Mean distance of the vertices of each polygon to the outline of the other, averaged over both directions.
    """
    sides = []
    for one, other in ((predicted, truth), (truth, predicted)):
        sides.append(float(shapely.distance(shapely.points(_vertices(one)), shapely.boundary(other)).mean()))
    return sum(sides) / 2


def vertex_ratio(predicted: shapely.Geometry, truth: shapely.Geometry) -> float:
    """Vertices of the predicted polygon per vertex of the true one; 1 is like digitized by hand."""
    return len(_vertices(predicted)) / len(_vertices(truth))


def tangent_angle_error(predicted: shapely.Geometry, truth: shapely.Geometry, step: float) -> float:
    """Largest angle between the outline and its projection onto the true one, in degrees 0…90.

    The max tangent angle error of Girard et al. (CVPR 2021): small if walls have the right direction, 45 or more for
    rounded corners and staircases. 0 for a polygon without a comparable stretch.

    Args:
        predicted: Predicted polygon.
        truth: True polygon.
        step: Largest distance of samples along the outline, in the unit of the coordinates.
    """
    outline = shapely.boundary(truth)
    worst = 0.0
    for ring in shapely.get_rings(predicted):
        # Each edge is sampled separately: a piece across a corner would have a direction of its own.
        samples = shapely.points(shapely.get_coordinates(shapely.segmentize(ring, step)))
        nearest = shapely.shortest_line(samples, outline)
        pieces = np.diff(shapely.get_coordinates(samples), axis=0)
        shadows = np.diff(shapely.get_coordinates(shapely.get_point(nearest, 1)), axis=0)
        long, short = np.hypot(*pieces.T), np.hypot(*shadows.T)
        fits = (short > long / _MAX_STRETCH) & (short < long * _MAX_STRETCH)
        if fits.any():
            cosine = np.abs((pieces * shadows).sum(1)[fits]) / (long * short)[fits]
            worst = max(worst, float(np.degrees(np.arccos(np.clip(cosine, 0, 1))).max()))
    return worst


@dataclass(frozen=True)
class PolygonScores:
    """Measures over the matched polygons of two layers; `metres` is the length of a coordinate unit on the ground.

    polis_m, vertex_ratio and angle_error_deg are means over pairs, NaN if there are none.
    """

    predicted: int
    truth: int
    matched: int
    mean_iou: float
    polis_m: float
    vertex_ratio: float
    angle_error_deg: float

    @property
    def f1(self) -> float:
        """F1 of objects: 2 · matched / (predicted + true); 1 if there are none."""
        total = self.predicted + self.truth
        return 2 * self.matched / total if total else 1.0


def score_polygons(
    predicted: Sequence[PolygonStore], truth: Sequence[PolygonStore], step: float, metres: float = 1.0
) -> PolygonScores:
    """Scores of polygons by class: one sequence of polygons for each class, in one Cartesian CRS.

    Args:
        predicted: Predicted polygons of each class.
        truth: True polygons of each class.
        step: Sampling distance of angles, see `tangent_angle_error`.
        metres: Length of a unit of the coordinates on the ground.
    """
    rows: list[tuple[float, float, float, float]] = []
    for ours, theirs in zip(predicted, truth, strict=True):
        pairs, ious = match_polygons(ours, theirs)
        numbers = np.array(pairs, np.int64).reshape(-1, 2)
        for first in range(0, len(pairs), BATCH):
            part = numbers[first : first + BATCH]
            one, other = ours.take(part[:, 0]), theirs.take(part[:, 1])
            for a, b, iou in zip(one, other, ious[first:], strict=False):
                check_cancelled()
                angle = tangent_angle_error(a, b, step)
                rows.append((float(iou), polis(a, b) * metres, vertex_ratio(a, b), angle))
    means = np.mean(rows, axis=0) if rows else np.full(4, np.nan)
    counts = sum(map(len, predicted)), sum(map(len, truth)), len(rows)
    return PolygonScores(*counts, *(float(value) for value in means))


def _vertices(polygon: shapely.Geometry) -> Floats:
    """Vertices of all rings (n, 2), without the closing vertex of each."""
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(polygon)]
    return np.asarray(np.concatenate(rings), np.float64)
