"""Cross-validation of a quick model: accuracy and calibration on labels that took no part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from idgbr.arrays import Array, Floats, Ints
from idgbr.classes import ClassInfo
from idgbr.evaluation.confusion import class_f1, class_iou, mean_of_known
from idgbr.evaluation.metrics import CalibrationCounts
from idgbr.monitor import Monitor
from idgbr.own_labels.blocks import Folds
from idgbr.quick.fit import (
    HeadForm,
    best_temperature,
    class_shares,
    fit_head,
    head_logits,
    labels_per_class,
    probabilities,
    tempered,
    with_shares,
)
from idgbr.quick.graph import Head, Layout
from idgbr.quick.samples import Samples

#: Temperature if nothing can be validated; the weight decay leaves heads on few labels too unsure.
_UNVALIDATED = 0.35


class Calibration(NamedTuple):
    """Temperature of a head, and the shares (K,) of the classes on the ground around the labels, as it finds them."""

    temperature: float
    shares: Floats


@dataclass(frozen=True)
class HeldOut:
    """Logits (N, K) of samples from heads that did not learn from them, and their classes (N,)."""

    logits: Array
    truth: Ints

    def weights(self, shares: Floats) -> Floats:
        """Weights (N,) with which the samples of each class that occurs weigh as its share; their sum is 1."""
        found = shares[self.truth] / np.bincount(self.truth)[self.truth]
        return np.asarray(found / found.sum())

    def figures(self, calibration: Calibration, classes: Sequence[ClassInfo]) -> dict[str, float]:
        """IoU and F1 of each class with held-out samples, their means, and the calibration error."""
        temperature, shares = calibration
        weights = self.weights(shares)
        found = probabilities(self.logits / np.float32(temperature) + np.log(shares).astype(np.float32))
        confusion = np.zeros((len(classes), len(classes) + 1))
        np.add.at(confusion, (self.truth, found.argmax(1)), weights)
        calibrated = CalibrationCounts()
        calibrated.add(found.max(1), found.argmax(1) == self.truth, np.ones(self.truth.size, bool), weights)
        there = confusion.sum(1) > 0
        iou, f1 = (np.where(there, measure(confusion), np.nan) for measure in (class_iou, class_f1))
        figures = {
            "coarse mIoU": mean_of_known(iou), "coarse mean F1": mean_of_known(f1),
            "calibration error": calibrated.expected_error(),
        }  # fmt: skip
        for number in np.flatnonzero(there).tolist():
            figures |= {f"IoU {classes[number].name}": iou[number], f"F1 {classes[number].name}": f1[number]}
        return {name: round(float(value), 4) for name, value in figures.items()}


def cross_validate(
    samples: Samples, folds: Folds, count: int, form: HeadForm, layout: Layout, seed: int, monitor: Monitor
) -> HeldOut | None:
    """Fit heads for `count` classes without each fold in turn; None if no class is in two folds."""
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
        head = fit_head(samples.part(~held), count, form, layout, seed)
        logits.append(head_logits(head, samples.features[known]))
        truths.append(samples.classes[known])
        monitor.progress("validate", fold + 1, folds.count)
    return HeldOut(np.concatenate(logits), np.concatenate(truths)) if truths else None


def calibrated(head: Head, samples: Samples, held: HeldOut | None = None) -> tuple[Head, Calibration]:
    """The head with calibrated probabilities: it is fitted as if all classes had the same share of the ground.

    Its temperature is that with the highest likelihood of the held-out samples. With it, the head says how often each
    class occurs around the labels; these shares are its prior. So a rare class is not found everywhere.
    """
    temperature = _UNVALIDATED
    if held is not None:
        equal = np.full(held.logits.shape[1], 1 / held.logits.shape[1])
        temperature = best_temperature(held.logits, held.truth, held.weights(equal), labels_per_class(samples))
    head = tempered(head, temperature)
    shares = class_shares(head, samples.around)
    return with_shares(head, shares), Calibration(temperature, shares)
