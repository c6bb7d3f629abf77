"""Cross-validation of a quick model: accuracy and calibration on labels that took no part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from idgbr.arrays import Array, Floats, Ints
from idgbr.classes import ClassInfo
from idgbr.monitor import Monitor
from idgbr.own_labels.blocks import Folds
from idgbr.quick.fit import HeadForm, best_temperature, fit_head, head_logits, probabilities
from idgbr.quick.graph import Layout
from idgbr.quick.samples import Samples

#: Temperature if nothing can be validated; the weight decay leaves heads on few labels too unsure.
UNVALIDATED = 0.35
#: Bins of confidence for the calibration error.
_BINS = 10


@dataclass(frozen=True)
class Validation:
    """Temperature of the head, and figures for the card; both from held-out labels."""

    temperature: float
    accuracy: dict[str, Any]


def cross_validate(
    samples: Samples, folds: Folds, classes: Sequence[ClassInfo], form: HeadForm, layout: Layout, seed: int,
    monitor: Monitor,
) -> Validation:  # fmt: skip
    """Fit without each fold in turn, and compare it with its labels. Classes count the same, whatever their size."""
    fold_of = folds.of_label[samples.labels]
    logits: list[Array] = []
    truths: list[Ints] = []
    for fold in range(folds.count):
        monitor.check()
        held = fold_of == fold
        learned = np.unique(samples.classes[~held])
        known = held & np.isin(samples.classes, learned)
        if not known.any() or learned.size < 2:
            continue
        head = fit_head(samples.part(~held), len(classes), form, layout, seed)
        logits.append(head_logits(head, samples.features[known]))
        truths.append(samples.classes[known])
        monitor.progress("validate", fold + 1, folds.count)
    if not truths:
        return Validation(UNVALIDATED, {})
    truth, every = np.concatenate(truths), np.concatenate(logits)
    weights = (1 / np.bincount(truth)[truth]).astype(np.float64)
    weights /= weights.sum()
    temperature = best_temperature(every, truth, weights)
    found = probabilities(every, temperature)
    figures = _figures(found, truth, weights, classes)
    return Validation(temperature, {f"cross-validation by {folds.by}": {"all": figures}})


def _figures(found: Array, truth: Ints, weights: Floats, classes: Sequence[ClassInfo]) -> dict[str, float]:
    """IoU and F1 of each class with held-out labels, their means, and the calibration error."""
    count = len(classes)
    confusion = np.zeros((count, count))
    np.add.at(confusion, (truth, found.argmax(1)), weights)
    right, true, given = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    there = np.flatnonzero(true)
    iou, f1 = right[there] / (true + given - right)[there], 2 * right[there] / (true + given)[there]
    figures = {
        "coarse mIoU": iou.mean(), "coarse mean F1": f1.mean(),
        "calibration error": calibration_error(found, truth, weights),
    }  # fmt: skip
    for number, one, other in zip(there.tolist(), iou, f1, strict=True):
        figures |= {f"IoU {classes[number].name}": one, f"F1 {classes[number].name}": other}
    return {name: round(float(value), 4) for name, value in figures.items()}


def calibration_error(found: Array, truth: Ints, weights: Floats) -> float:
    """Mean difference of confidence and the weighted fraction that is right, over ten bins of confidence."""
    confidence, right = found.max(1), found.argmax(1) == truth
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    difference = np.bincount(bins, weights * (confidence - right), minlength=_BINS)
    return float(np.abs(difference).sum() / weights.sum())
