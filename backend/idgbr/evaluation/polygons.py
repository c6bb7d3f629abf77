"""Measures between polygons: how far outlines lie apart, how many vertices they spend, how their directions agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.evaluation.confusion import Floats

Shapes = NDArray[np.object_]
#: Least IoU of two polygons that stand for the same thing.
MATCH_IOU = 0.5
#: A sampled piece of outline whose projection is longer or shorter by this factor has jumped round a corner.
_MAX_STRETCH = 2.0


def match_polygons(predicted: Shapes, truth: Shapes, iou: float = MATCH_IOU) -> tuple[list[tuple[int, int]], Floats]:
    """Pairs (predicted, true) of polygons of one class that overlap with at least `iou`, and the IoU of each pair.

    The best overlap is taken first and each polygon is used once. Polygons must be valid and in the same CRS.
    """
    ours, theirs = shapely.STRtree(truth).query(predicted, predicate="intersects")
    shared = shapely.area(shapely.intersection(predicted[ours], truth[theirs]))
    either = shapely.area(predicted[ours]) + shapely.area(truth[theirs]) - shared
    scores = shared / np.maximum(either, np.finfo(np.float64).tiny)
    used: tuple[set[int], set[int]] = (set(), set())
    pairs, found = [], []
    for i in np.argsort(-scores, kind="stable"):
        a, b = int(ours[i]), int(theirs[i])
        if scores[i] >= iou and a not in used[0] and b not in used[1]:
            used[0].add(a)
            used[1].add(b)
            pairs.append((a, b))
            found.append(float(scores[i]))
    return pairs, np.array(found, np.float64)


def polis(predicted: shapely.Geometry, truth: shapely.Geometry) -> float:
    """PoLiS distance (Avbelj, Müller and Bamler 2015), in the unit of the coordinates.

    Mean distance of the vertices of each polygon from the outline of the other, averaged over both directions.
    """
    sides = []
    for one, other in ((predicted, truth), (truth, predicted)):
        sides.append(float(shapely.distance(shapely.points(_vertices(one)), shapely.boundary(other)).mean()))
    return sum(sides) / 2


def vertex_ratio(predicted: shapely.Geometry, truth: shapely.Geometry) -> float:
    """Vertices of the predicted polygon for each of the true one; 1 is as drawn by hand."""
    return len(_vertices(predicted)) / len(_vertices(truth))


def tangent_angle_error(predicted: shapely.Geometry, truth: shapely.Geometry, step: float) -> float:
    """Largest angle between the outline and its projection onto the true one, in degrees 0…90.

    The max tangent angle error of Girard et al. (CVPR 2021): small where walls run as they should, 45 or more for
    rounded corners and staircases. 0 for a polygon without a comparable stretch.

    Args:
        predicted: Polygon to be judged.
        truth: True polygon.
        step: Distance of samples along the outline, in the unit of the coordinates: a tenth of a pixel or more.
    """
    outline = shapely.boundary(truth)
    worst = 0.0
    for ring in shapely.get_rings(predicted):
        count = max(4, int(np.ceil(shapely.length(ring) / step)))
        samples = shapely.line_interpolate_point(ring, np.linspace(0, 1, count + 1), normalized=True)
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
    """Measures over the matched polygons of two layers; `metres` is what a unit of their coordinates is on the ground.

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
        """F1 of finding objects: 2 · matched / (predicted + true); 1 if there are none."""
        total = self.predicted + self.truth
        return 2 * self.matched / total if total else 1.0


def score_polygons(
    predicted: Sequence[Shapes], truth: Sequence[Shapes], step: float, metres: float = 1.0
) -> PolygonScores:
    """Scores of polygons by class: sequences with one array of polygons a class, in one Cartesian CRS.

    Args:
        predicted: Predicted polygons of each class.
        truth: True polygons of each class.
        step: Sampling distance of angles, see `tangent_angle_error`.
        metres: Length of a unit of the coordinates on the ground.
    """
    rows: list[tuple[float, float, float, float]] = []
    for ours, theirs in zip(predicted, truth, strict=True):
        pairs, ious = match_polygons(ours, theirs)
        for (a, b), iou in zip(pairs, ious, strict=True):
            one, other = ours[a], theirs[b]
            angle = tangent_angle_error(one, other, step)
            rows.append((float(iou), polis(one, other) * metres, vertex_ratio(one, other), angle))
    means = np.mean(rows, axis=0) if rows else np.full(4, np.nan)
    counts = sum(map(len, predicted)), sum(map(len, truth)), len(rows)
    return PolygonScores(*counts, *(float(value) for value in means))


def _vertices(polygon: shapely.Geometry) -> Floats:
    """Vertices of all rings (n, 2), without the one that closes each."""
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(polygon)]
    return np.asarray(np.concatenate(rings), np.float64)
