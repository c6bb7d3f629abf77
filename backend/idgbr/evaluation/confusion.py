"""Region measures, all from one confusion matrix over all scored pixels.

Only pixels that the *truth* ignores are left out. A pixel that has a class in the truth and none in the prediction
counts as wrong. Otherwise a map could improve its score by giving no class in uncertain places. Counts may
also be sums of weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Floats, Mask
from idgbr.classes import NODATA_CLASS

Labels = NDArray[np.integer]
Counts = NDArray[np.int64] | NDArray[np.float64]


def confusion(
    predicted: Labels, truth: Labels, classes: int, ignore: int = NODATA_CLASS, where: Mask | None = None
) -> NDArray[np.int64]:
    """Confusion matrix (classes, classes + 1), rows truth, columns prediction; labels (H, W) in 0…classes − 1.

    The last column counts predictions outside that range (nodata): they lower recall, not precision. `where` (H, W)
    restricts the count.
    """
    known = (truth != ignore) & (truth < classes)
    if where is not None:
        known &= where
    columns = np.where(predicted < classes, predicted, classes).astype(np.int64)
    cells = truth[known].astype(np.int64) * (classes + 1) + columns[known]
    counts = np.bincount(cells, minlength=classes * (classes + 1)).reshape(classes, classes + 1)
    return np.asarray(counts, np.int64)


def class_iou(counts: Counts) -> Floats:
    """Intersection over union of each class; NaN for classes in neither truth nor prediction."""
    hit, in_truth, in_prediction = _totals(counts)
    return _ratio(hit, in_truth + in_prediction - hit)


def class_f1(counts: Counts) -> Floats:
    """F1 (Dice) of each class; NaN for classes in neither truth nor prediction."""
    hit, in_truth, in_prediction = _totals(counts)
    return _ratio(2 * hit, in_truth + in_prediction)


def class_precision(counts: Counts) -> Floats:
    """Fraction of the pixels predicted as each class that are right; NaN for classes never predicted."""
    hit, _, in_prediction = _totals(counts)
    return _ratio(hit, in_prediction)


def class_recall(counts: Counts) -> Floats:
    """Fraction of the pixels of each class that were predicted as it; NaN for classes not in the truth."""
    hit, in_truth, _ = _totals(counts)
    return _ratio(hit, in_truth)


def mean_iou(counts: Counts) -> float:
    """Mean IoU over the classes that occur; NaN if there are none."""
    return mean_of_known(class_iou(counts))


def mean_f1(counts: Counts) -> float:
    """Mean F1 over the classes that occur; NaN if there are none."""
    return mean_of_known(class_f1(counts))


def overall_accuracy(counts: Counts) -> float:
    """Fraction of known pixels with the right class."""
    return float(np.trace(counts[:, : len(counts)]) / max(float(counts.sum()), 1))


def mean_of_known(values: Floats) -> float:
    """Mean of the values that are not NaN; NaN if there are none."""
    return float("nan") if np.isnan(values).all() else float(np.nanmean(values))


def _totals(counts: Counts) -> tuple[Floats, Floats, Floats]:
    """Pixels of each class: right ones, in the truth, in the prediction."""
    hit = np.diagonal(counts).astype(np.float64)
    return hit, counts.sum(1).astype(np.float64), counts[:, : len(counts)].sum(0).astype(np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    out = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out
