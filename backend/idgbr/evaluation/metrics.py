"""Scores of places and tiles: region and boundary measures collected in one pass over the class maps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Floats, Mask
from idgbr.classes import NODATA_CLASS
from idgbr.evaluation.boundary import (
    WHOLE,
    BoundaryCounts,
    ClassBoundaries,
    Core,
    Sampling,
    boundary_counts,
    boundary_f_score,
    boundary_iou,
    class_boundaries,
    class_boundary,
)
from idgbr.evaluation.confusion import (
    Labels,
    class_f1,
    class_iou,
    class_precision,
    class_recall,
    confusion,
    mean_f1,
    mean_iou,
    overall_accuracy,
)

__all__ = [
    "BoundaryCounts", "PlaceScores", "boundary_counts", "boundary_f_score", "boundary_iou", "class_boundary",
    "class_f1", "class_iou", "class_precision", "class_recall", "confusion", "mean_f1", "mean_iou",
    "overall_accuracy", "score_tile",
]  # fmt: skip

#: Half width of the trimap: distance from a true boundary up to which pixels count, in pixels.
TRIMAP_PX = 3
#: Pixels with a smaller difference between height and width count as square.
_SQUARE = 1e-3


@dataclass
class PlaceScores:
    """Scores of one place, collected over its rasters or blocks; addable.

    Attributes:
        counts: Confusion matrix (classes, classes + 1), see `confusion`.
        trimap: The same for pixels within `TRIMAP_PX` of a true boundary.
        boundaries: Boundary counts by tolerance in pixels.
        boundaries_m: Boundary counts by tolerance in metres.
        histogram: Boundary pixels by rounded distance to the other map's boundary of their class, in pixels
            (2, histogram_px + 2): predicted ones, then true ones; the last bin has all larger distances.
    """

    classes: int
    tolerances_px: tuple[float, ...] = (1, 2, 3, 5)
    tolerances_m: tuple[float, ...] = ()
    pixel_m: Sampling = (1.0, 1.0)
    histogram_px: int = 0
    counts: NDArray[np.int64] = field(init=False)
    trimap: NDArray[np.int64] = field(init=False)
    boundaries: dict[float, BoundaryCounts] = field(init=False)
    boundaries_m: dict[float, BoundaryCounts] = field(init=False)
    histogram: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros((self.classes, self.classes + 1), np.int64)
        self.trimap = self.counts.copy()
        self.boundaries = {t: BoundaryCounts.zeros(t, self.classes) for t in self.tolerances_px}
        self.boundaries_m = {t: BoundaryCounts.zeros(t, self.classes) for t in self.tolerances_m}
        self.histogram = np.zeros((2, self.histogram_px + 2), np.int64)

    @property
    def halo(self) -> int:
        """Pixels of context that a block needs around its core for exact counts."""
        metres = max(self.tolerances_m, default=0) / min(self.pixel_m)
        return math.ceil(max(self._reach_px, metres)) + 2

    @property
    def _reach_px(self) -> float:
        return max(*self.tolerances_px, TRIMAP_PX, self.histogram_px + 0.5 if self.histogram_px else 0)

    def add(self, predicted: Labels, truth: Labels, ignore: int = NODATA_CLASS, core: Core = WHOLE) -> None:
        """Add one raster of the place (H, W), or a block with only its `core` counted."""
        height, width = self.pixel_m
        square = abs(height - width) <= _SQUARE * height
        reach = self._reach_px
        if square and self.tolerances_m:
            reach = max(reach, max(self.tolerances_m) / height)
        near = np.zeros(truth[core].shape, bool)
        found = class_boundaries(predicted, truth, self.classes, reach, ignore=ignore, core=core)
        for value, boundaries in enumerate(found):
            if boundaries is None:
                continue
            for counts in self.boundaries.values():
                counts.count(value, boundaries, 1.0)
            near |= boundaries.depth <= TRIMAP_PX - 1
            if square and self.boundaries_m:
                self._count_metres(value, boundaries.scaled(height))
            if self.histogram_px:
                self._count_distances(boundaries)
        if not square and self.boundaries_m:
            found = class_boundaries(
                predicted, truth, self.classes, max(self.tolerances_m), ignore=ignore, sampling=self.pixel_m, core=core
            )
            for value, boundaries in enumerate(found):
                if boundaries is not None:
                    self._count_metres(value, boundaries)
        self.counts += confusion(predicted[core], truth[core], self.classes, ignore)
        self.trimap += confusion(predicted[core], truth[core], self.classes, ignore, near)

    def _count_metres(self, value: int, boundaries: ClassBoundaries) -> None:
        side = math.sqrt(self.pixel_m[0] * self.pixel_m[1])
        for counts in self.boundaries_m.values():
            counts.count(value, boundaries, side)

    def _count_distances(self, boundaries: ClassBoundaries) -> None:
        last = self.histogram_px + 1
        for row, gaps in enumerate((boundaries.predicted_gaps, boundaries.true_gaps)):
            bins = np.rint(np.minimum(gaps, last)).astype(np.int64)
            self.histogram[row] += np.bincount(bins, minlength=last + 1)

    def __add__(self, other: PlaceScores) -> PlaceScores:
        total = PlaceScores(self.classes, self.tolerances_px, self.tolerances_m, self.pixel_m, self.histogram_px)
        total.counts = self.counts + other.counts
        total.trimap = self.trimap + other.trimap
        total.histogram = self.histogram + other.histogram
        total.boundaries = {t: counts + other.boundaries[t] for t, counts in self.boundaries.items()}
        total.boundaries_m = {t: counts + other.boundaries_m[t] for t, counts in self.boundaries_m.items()}
        return total


def score_tile(
    predicted: Labels,
    truth: Labels,
    classes: int,
    tolerances_px: Sequence[float] = (1, 2, 3, 5),
    ignore: int = NODATA_CLASS,
) -> PlaceScores:
    """All region and boundary scores of one tile (H, W) at all tolerances; one distance map per class and map."""
    scores = PlaceScores(classes, tuple(tolerances_px))
    scores.add(predicted, truth, ignore)
    return scores


@dataclass
class CalibrationCounts:
    """Pixels, or their weights, confidence and right pixels by bin of confidence, of equal width over 0…1; addable."""

    bins: int = 15
    pixels: Floats = field(init=False)
    confidence: Floats = field(init=False)
    hits: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = np.zeros(self.bins)
        self.confidence = np.zeros(self.bins)
        self.hits = np.zeros(self.bins)

    def add(self, confidence: NDArray[np.floating], right: Mask, known: Mask, weights: Floats | None = None) -> None:
        """Add pixels (any shape): confidence 0…1 of the predicted class, whether it is right, whether it counts.

        `weights` are those of the pixels, by default 1.
        """
        known = known & np.isfinite(confidence)
        weight = np.ones(np.count_nonzero(known)) if weights is None else weights[known]
        surest = np.clip(confidence[known].astype(np.float64), 0, 1)
        # A bin includes its upper edge, as in the paper: (0, 0.1], (0.1, 0.2] …
        place = np.clip(np.ceil(surest * self.bins).astype(np.int64) - 1, 0, self.bins - 1)
        self.pixels += np.bincount(place, weight, self.bins)
        self.confidence += np.bincount(place, weight * surest, self.bins)
        self.hits += np.bincount(place, weight * right[known], self.bins)

    def __add__(self, other: CalibrationCounts) -> CalibrationCounts:
        total = CalibrationCounts(self.bins)
        total.pixels = self.pixels + other.pixels
        total.confidence = self.confidence + other.confidence
        total.hits = self.hits + other.hits
        return total

    def accuracies(self) -> Floats:
        """Fraction of right pixels in each bin; NaN in empty ones."""
        out = np.full(self.bins, np.nan)
        np.divide(self.hits, self.pixels, out=out, where=self.pixels > 0)
        return out

    def expected_error(self) -> float:
        """Mean gap between confidence and accuracy of the bins, weighted by their pixels, 0…1; NaN without pixels."""
        total = self.pixels.sum()
        return float(np.abs(self.confidence - self.hits).sum() / total) if total else float("nan")
