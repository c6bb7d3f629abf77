"""Measures of agreement between a predicted and a true class map.

Only pixels that the *truth* ignores are left out: no ring around borders is, since that would hide what is measured.
Counts can be added over the tiles of a place, so scores need not be averaged over tiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from idgbr.classes import NODATA_CLASS

Labels = NDArray[np.integer]


def confusion(predicted: Labels, truth: Labels, classes: int, ignore: int = NODATA_CLASS) -> NDArray[np.int64]:
    """Confusion matrix (classes, classes), rows truth, columns prediction; labels (H, W) in 0…classes − 1.

    Predictions outside that range (nodata) count as wrong in no column: they lower recall, not precision.
    """
    known = (truth != ignore) & (truth < classes)
    columns = np.where(predicted < classes, predicted, classes).astype(np.int64)
    cells = truth[known].astype(np.int64) * (classes + 1) + columns[known]
    counts = np.bincount(cells, minlength=classes * (classes + 1)).reshape(classes, classes + 1)
    return np.asarray(counts, np.int64)


def class_iou(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Intersection over union of each class; NaN for classes in neither truth nor prediction."""
    classes = len(counts)
    hit = np.diagonal(counts).astype(float)
    union = counts.sum(1) + counts[:, :classes].sum(0) - hit
    return np.where(union > 0, hit / np.maximum(union, 1), np.nan)


def class_f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 (Dice) of each class; NaN for classes in neither truth nor prediction."""
    classes = len(counts)
    hit = np.diagonal(counts).astype(float)
    total = counts.sum(1) + counts[:, :classes].sum(0)
    return np.where(total > 0, 2 * hit / np.maximum(total, 1), np.nan)


def mean_iou(counts: NDArray[np.int64]) -> float:
    """Mean IoU over the classes that occur."""
    return float(np.nanmean(class_iou(counts)))


def overall_accuracy(counts: NDArray[np.int64]) -> float:
    """Share of known pixels with the right class."""
    return float(np.trace(counts[:, : len(counts)]) / max(int(counts.sum()), 1))


def class_boundary(mask: NDArray[np.bool_], known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Inner boundary of a class: its pixels with a known 4-neighbour outside it. The image's edge is none."""
    out = np.zeros(mask.shape, bool)
    for a, b in (
        (np.s_[:, 1:], np.s_[:, :-1]),
        (np.s_[:, :-1], np.s_[:, 1:]),
        (np.s_[1:], np.s_[:-1]),
        (np.s_[:-1], np.s_[1:]),
    ):
        out[a] |= mask[a] & ~mask[b] & known[b]
    return out & known


@dataclass
class BoundaryCounts:
    """Boundary pixels by class, matched within the tolerance and in all; addable over tiles.

    precision = share of predicted boundary pixels with a true one of the class in tolerance; recall the reverse.
    """

    tolerance_px: float
    matched_predicted: NDArray[np.int64]
    predicted: NDArray[np.int64]
    matched_true: NDArray[np.int64]
    true: NDArray[np.int64]

    def __add__(self, other: BoundaryCounts) -> BoundaryCounts:
        return BoundaryCounts(
            self.tolerance_px,
            self.matched_predicted + other.matched_predicted,
            self.predicted + other.predicted,
            self.matched_true + other.matched_true,
            self.true + other.true,
        )

    def f_scores(self) -> NDArray[np.float64]:
        """Boundary F-score of each class: 2PR / (P + R); NaN where neither map has a boundary of the class."""
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(self.predicted > 0, self.matched_predicted / self.predicted, 0.0)
            recall = np.where(self.true > 0, self.matched_true / self.true, 0.0)
            f = np.where(precision + recall > 0, 2 * precision * recall / (precision + recall), 0.0)
        return np.where(self.predicted + self.true > 0, f, np.nan)

    def mean_f_score(self, classes: Sequence[int] | None = None) -> float:
        """Mean over the classes that have a boundary (or those of `classes` that do); 1 if none has any."""
        scores = self.f_scores() if classes is None else self.f_scores()[list(classes)]
        return 1.0 if np.isnan(scores).all() else float(np.nanmean(scores))


def boundary_counts(
    predicted: Labels, truth: Labels, classes: int, tolerances_px: Sequence[float], ignore: int = NODATA_CLASS
) -> dict[float, BoundaryCounts]:
    """Match the boundaries of each class within each tolerance (Euclidean, pixels). Labels (H, W)."""
    known = truth != ignore
    counts = {tolerance: np.zeros((4, classes), np.int64) for tolerance in tolerances_px}
    for value in range(classes):
        ours = class_boundary(predicted == value, known)
        theirs = class_boundary(truth == value, known)
        to_ours = to_theirs = np.zeros(0)
        if ours.any() and theirs.any():
            to_theirs = distance_transform_edt(~theirs)[ours]
            to_ours = distance_transform_edt(~ours)[theirs]
        for tolerance, row in counts.items():
            matched = (to_theirs <= tolerance).sum(), (to_ours <= tolerance).sum()
            row[:, value] = matched[0], ours.sum(), matched[1], theirs.sum()
    return {tolerance: BoundaryCounts(tolerance, *row) for tolerance, row in counts.items()}


def boundary_f_score(predicted: Labels, truth: Labels, tolerance_px: float, ignore: int = NODATA_CLASS) -> float:
    """Mean boundary F-score over the classes of both maps."""
    known = truth != ignore
    classes = 1 + max(int(predicted[known].max(initial=0)), int(truth[known].max(initial=0)))
    return boundary_counts(predicted, truth, classes, (tolerance_px,), ignore)[tolerance_px].mean_f_score()


def boundary_iou(predicted: Labels, truth: Labels, value: int, distance_px: float, ignore: int = NODATA_CLASS) -> float:
    """Boundary IoU of one class: IoU of the two masks, each restricted to `distance_px` from its own boundary."""
    known = truth != ignore
    bands = []
    for labels in (predicted, truth):
        mask = (labels == value) & known
        edge = class_boundary(mask, known)
        near = distance_transform_edt(~edge) <= distance_px - 1 if edge.any() else np.zeros(mask.shape, bool)
        bands.append(mask & near)
    union = int((bands[0] | bands[1]).sum())
    return float((bands[0] & bands[1]).sum() / union) if union else float("nan")


@dataclass
class PlaceScores:
    """Scores of one place, gathered over its rasters."""

    classes: int
    tolerances_px: tuple[float, ...] = (1, 2, 3, 5)
    counts: NDArray[np.int64] = field(init=False)
    boundaries: dict[float, BoundaryCounts] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros((self.classes, self.classes + 1), np.int64)
        zeros = [np.zeros(self.classes, np.int64) for _ in range(4)]
        self.boundaries = {t: BoundaryCounts(t, *zeros) for t in self.tolerances_px}

    def add(self, predicted: Labels, truth: Labels, ignore: int = NODATA_CLASS) -> None:
        """Add one raster of the place."""
        self.counts = self.counts + confusion(predicted, truth, self.classes, ignore)
        found = boundary_counts(predicted, truth, self.classes, self.tolerances_px, ignore)
        self.boundaries = {tolerance: self.boundaries[tolerance] + counts for tolerance, counts in found.items()}

    def __add__(self, other: PlaceScores) -> PlaceScores:
        total = PlaceScores(self.classes, self.tolerances_px)
        total.counts = self.counts + other.counts
        total.boundaries = {t: counts + other.boundaries[t] for t, counts in self.boundaries.items()}
        return total
