"""Boundary measures: boundary F-score, Boundary IoU, trimap, and the distances behind them.

A class's boundary is its own outermost ring of pixels. The image's edge is not a boundary, nor is the border to pixels
that the truth ignores. No ring around boundaries is ignored, because it would hide what is measured. Counts are added
over the tiles of a place, so scores need not be averaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from idgbr.arrays import Floats, Mask
from idgbr.classes import NODATA_CLASS
from idgbr.evaluation.confusion import Labels, mean_of_known

#: The part of a tile that is counted; the rest is context.
Core = tuple[slice, slice]
WHOLE: Core = (slice(None), slice(None))
Distances = NDArray[np.float32]
#: Factor on tolerances: two metres are four pixels of half a metre even if a projection stretches them slightly.
SLACK = 1.001
#: Height and width of a pixel.
Sampling = tuple[float, float]


def class_boundary(mask: Mask, known: Mask) -> Mask:
    """Inner boundary of a class: its pixels with a known 4-neighbour outside it; not the image's edge."""
    out = np.zeros(mask.shape, bool)
    for a, b in (
        (np.s_[:, 1:], np.s_[:, :-1]),
        (np.s_[:, :-1], np.s_[:, 1:]),
        (np.s_[1:], np.s_[:-1]),
        (np.s_[:-1], np.s_[1:]),
    ):
        out[a] |= mask[a] & ~mask[b] & known[b]
    return out & known


@dataclass(frozen=True)
class ClassBoundaries:
    """Distances between the boundaries of one class in the core of a tile; infinite beyond the reach.

    Attributes:
        predicted_gaps: Distance of each predicted boundary pixel to the true boundary, (n,).
        true_gaps: Distance of each true boundary pixel to the predicted boundary, (m,).
        predicted_depths: Distance of pixels near a boundary to the predicted one, infinite outside the predicted
            mask, (k,).
        true_depths: The same pixels' distance to the true boundary, infinite outside the true mask, (k,).
        depth: Distance of all pixels of the true mask to its boundary, infinite outside it, (H, W).
    """

    predicted_gaps: Distances
    true_gaps: Distances
    predicted_depths: Distances
    true_depths: Distances
    depth: Distances

    def scaled(self, factor: float) -> ClassBoundaries:
        """The same with distances in another unit."""
        parts = self.predicted_gaps, self.true_gaps, self.predicted_depths, self.true_depths, self.depth
        return ClassBoundaries(*(part * np.float32(factor) for part in parts))


def class_boundaries(
    predicted: Labels,
    truth: Labels,
    classes: int,
    reach: float,
    *,
    ignore: int = NODATA_CLASS,
    sampling: Sampling = (1.0, 1.0),
    core: Core = WHOLE,
) -> Iterator[ClassBoundaries | None]:
    """Boundaries of each class in order, None if neither map has one; distances are exact up to `reach`."""
    known = truth != ignore
    for value in range(classes):
        masks = (predicted == value) & known, (truth == value) & known
        edges = [class_boundary(mask, known) for mask in masks]
        if not edges[0].any() and not edges[1].any():
            yield None
            continue
        to_ours, to_theirs = (distances_within(edge, reach * SLACK, sampling)[core] for edge in edges)
        ours, theirs = (np.where(m[core], d, np.inf) for m, d in zip(masks, (to_ours, to_theirs), strict=True))
        near = np.isfinite(ours) | np.isfinite(theirs)
        yield ClassBoundaries(to_theirs[edges[0][core]], to_ours[edges[1][core]], ours[near], theirs[near], theirs)


@dataclass
class BoundaryCounts:
    """Boundary pixels by class within one distance; addable over tiles.

    precision = fraction of predicted boundary pixels with a true one of the class within the tolerance; recall the
    reverse. `shared` and `either` are intersection and union of the bands that Boundary IoU compares.
    """

    tolerance_px: float
    matched_predicted: NDArray[np.int64]
    predicted: NDArray[np.int64]
    matched_true: NDArray[np.int64]
    true: NDArray[np.int64]
    shared: NDArray[np.int64]
    either: NDArray[np.int64]

    @classmethod
    def zeros(cls, tolerance_px: float, classes: int) -> BoundaryCounts:
        """Empty counts."""
        return cls(tolerance_px, *(np.zeros(classes, np.int64) for _ in range(6)))

    def __add__(self, other: BoundaryCounts) -> BoundaryCounts:
        return BoundaryCounts(
            self.tolerance_px,
            self.matched_predicted + other.matched_predicted,
            self.predicted + other.predicted,
            self.matched_true + other.matched_true,
            self.true + other.true,
            self.shared + other.shared,
            self.either + other.either,
        )

    def count(self, value: int, found: ClassBoundaries, pixel: float) -> None:
        """Add a tile's class; `pixel` is a pixel's side in the unit of the distances."""
        distance = self.tolerance_px * SLACK
        self.matched_predicted[value] += np.count_nonzero(found.predicted_gaps <= distance)
        self.predicted[value] += found.predicted_gaps.size
        self.matched_true[value] += np.count_nonzero(found.true_gaps <= distance)
        self.true[value] += found.true_gaps.size
        # The ring itself is the first pixel of a band, so a band of d pixels reaches d − 1 from it.
        ours, theirs = found.predicted_depths <= distance - pixel, found.true_depths <= distance - pixel
        self.shared[value] += np.count_nonzero(ours & theirs)
        self.either[value] += np.count_nonzero(ours | theirs)

    def f_scores(self) -> Floats:
        """Boundary F-score of each class: 2PR / (P + R); NaN if neither map has a boundary of the class."""
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(self.predicted > 0, self.matched_predicted / self.predicted, 0.0)
            recall = np.where(self.true > 0, self.matched_true / self.true, 0.0)
            f = np.where(precision + recall > 0, 2 * precision * recall / (precision + recall), 0.0)
        return np.where(self.predicted + self.true > 0, f, np.nan)

    def mean_f_score(self, classes: Sequence[int] | None = None) -> float:
        """Mean over the classes that have a boundary (or those of `classes` that do); 1 if none has any."""
        return _mean_or_one(self.f_scores(), classes)

    def ious(self) -> Floats:
        """Boundary IoU of each class; NaN if neither map has a boundary of the class."""
        return np.where(self.either > 0, self.shared / np.maximum(self.either, 1), np.nan)

    def mean_iou(self, classes: Sequence[int] | None = None) -> float:
        """Mean Boundary IoU over the classes that have a boundary (or those of `classes` that do); 1 if none has."""
        return _mean_or_one(self.ious(), classes)


def _mean_or_one(scores: Floats, classes: Sequence[int] | None) -> float:
    mean = mean_of_known(scores if classes is None else scores[list(classes)])
    return 1.0 if np.isnan(mean) else mean


def boundary_counts(
    predicted: Labels, truth: Labels, classes: int, tolerances_px: Sequence[float], ignore: int = NODATA_CLASS
) -> dict[float, BoundaryCounts]:
    """Match the boundaries of each class within each tolerance (Euclidean, pixels). Labels (H, W)."""
    counts = {tolerance: BoundaryCounts.zeros(tolerance, classes) for tolerance in tolerances_px}
    for value, found in enumerate(class_boundaries(predicted, truth, classes, max(tolerances_px), ignore=ignore)):
        if found is not None:
            for row in counts.values():
                row.count(value, found, 1.0)
    return counts


def boundary_f_score(predicted: Labels, truth: Labels, tolerance_px: float, ignore: int = NODATA_CLASS) -> float:
    """Mean boundary F-score over the classes of both maps."""
    known = truth != ignore
    classes = 1 + max(int(predicted[known].max(initial=0)), int(truth[known].max(initial=0)))
    return boundary_counts(predicted, truth, classes, (tolerance_px,), ignore)[tolerance_px].mean_f_score()


def boundary_iou(predicted: Labels, truth: Labels, value: int, distance_px: float, ignore: int = NODATA_CLASS) -> float:
    """Boundary IoU of one class: IoU of the two masks, each restricted to `distance_px` from its own boundary."""
    counts = boundary_counts(predicted, truth, value + 1, (distance_px,), ignore)[distance_px]
    return float(counts.ious()[value])


@njit(cache=True, nogil=True)
def _squared_in_column(edge: Mask, step: float, far: float) -> Distances:
    """Squared distance to the nearest edge pixel of the same column, `far` if it is out of reach."""
    height, width = edge.shape
    rows = np.full((height, width), height + 1, np.int32)
    for row in range(height):
        for col in range(width):
            if edge[row, col]:
                rows[row, col] = 0
            elif row and rows[row - 1, col] <= height:
                rows[row, col] = rows[row - 1, col] + 1
    for row in range(height - 2, -1, -1):
        for col in range(width):
            rows[row, col] = min(rows[row, col], rows[row + 1, col] + 1)
    squared = np.empty((height, width), np.float32)
    for row in range(height):
        for col in range(width):
            distance = rows[row, col] * step
            squared[row, col] = distance * distance if rows[row, col] <= height else far
            squared[row, col] = min(squared[row, col], far)
    return squared


@njit(cache=True, nogil=True)
def _along_rows(squared: Distances, step: float, reach: float) -> Distances:
    """Distances from the squared distances by column; infinite beyond the reach."""
    height, width = squared.shape
    limit = np.float32(reach * reach * 1.000001)
    widest = int(reach / step + 1e-6)
    out = np.empty((height, width), np.float32)
    for row in range(height):
        line = squared[row]
        for col in range(width):
            best = line[col]
            for offset in range(1, widest + 1):
                across = np.float32(offset * step) * np.float32(offset * step)
                if across >= best:
                    break
                if col >= offset:
                    best = min(best, across + line[col - offset])
                if col + offset < width:
                    best = min(best, across + line[col + offset])
            out[row, col] = np.sqrt(best) if best <= limit else np.inf
    return out


def distances_within(edge: Mask, reach: float, sampling: tuple[float, float] = (1.0, 1.0)) -> Distances:
    """Euclidean distance of each pixel (H, W) to the nearest True of `edge`; infinite if it exceeds `reach`.

    Args:
        edge: Boundary pixels, (H, W).
        reach: Largest distance of interest, in the unit of `sampling`.
        sampling: Height and width of a pixel; distances are in this unit.
    """
    far = float(reach) ** 2 * 4 + 1
    down, across = sampling
    distances: Distances = _along_rows(
        _squared_in_column(np.ascontiguousarray(edge), float(down), far), float(across), float(reach)
    )
    return distances
