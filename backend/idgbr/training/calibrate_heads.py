"""Calibration of the heads on held-out places: a temperature, the threshold of buildings, and how they are parted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from idgbr.evaluation.metrics import PlaceScores, class_iou
from idgbr.training.backbone import MultiTaskNet, TaskNet
from idgbr.training.calibrate_objects import calibrate_objects
from idgbr.training.labels import IGNORE
from idgbr.training.places import Place
from idgbr.training.train_backbone import JUDGED_GSD_M, head_of, truth_of
from idgbr.training.train_coarse import place_probabilities

#: Candidate thresholds of buildings.
THRESHOLDS = tuple(np.arange(0.3, 0.71, 0.05).round(2).tolist())
#: Highest temperature that is applied. The refiner learned from sharper maps: at 0.075 m, on the drone town set aside,
#: F at 2 px after refinement is .234 with a temperature of 1, and .229 with the fitted one of 2.9.
SOFTEST = 1.0
#: Bins of the reliability diagram.
BINS = 10
_LEAST = 1e-6


class PlaceLogits(NamedTuple):
    """Logarithms of a head's probabilities (n, K) at the known pixels of a place, and their truth (n,)."""

    dataset: str
    log_p: NDArray[np.float32]
    truth: NDArray[np.uint8]


class PlaceMap(NamedTuple):
    """Probability of a building (h, w) at a place, and the truth (h, w): 1, 0, or `IGNORE`."""

    dataset: str
    p: NDArray[np.float32]
    truth: NDArray[np.uint8]


def calibrate_heads(net: MultiTaskNet, places: Sequence[Place]) -> dict[str, dict[str, Any]]:
    """The calibration of `buildings` and `landcover`, for their cards and their export.

    Data sets have equal weight, and so have the places of a data set.
    """
    gathered: dict[str, list[PlaceLogits]] = {}
    maps: list[PlaceMap] = []
    for place in places:
        head = head_of(place)
        p = place_probabilities(TaskNet(net, head), place, max(JUDGED_GSD_M, place.gsd_m))
        truth = truth_of(place, p.shape[:2])
        known = truth != IGNORE
        log_p = np.log(np.maximum(p[known], _LEAST))
        gathered.setdefault(head, []).append(PlaceLogits(place.dataset, log_p, truth[known]))
        if head == "buildings":
            maps.append(PlaceMap(place.dataset, p[..., 1].astype(np.float32), truth))
    judged = [place for place in places if head_of(place) == "buildings"]
    found: dict[str, dict[str, Any]] = {}
    for head, held in gathered.items():
        fitted = fit_temperature(held)
        temperature = round(min(fitted, SOFTEST), 3)
        found[head] = {
            "temperature": temperature,
            "fitted temperature": round(fitted, 3),
            "reliability": reliability(held, temperature),
            "reliability at the fitted temperature": reliability(held, fitted),
        }
        if head == "buildings":
            threshold = best_threshold(maps)
            # The temperature comes first, then the shift takes the threshold to a half.
            shift = round(float(np.log((1 - threshold) / threshold)) / temperature, 4)
            found[head] |= {"threshold": threshold, "shift": shift}
            if objects := calibrate_objects(net, judged, threshold):
                found[head]["objects"] = objects
    return found


def softened(log_p: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Probabilities (n, K) of logits divided by a temperature."""
    scaled = log_p / np.float32(temperature)
    scaled = np.exp(scaled - scaled.max(1, keepdims=True))
    return np.asarray(scaled / scaled.sum(1, keepdims=True), np.float32)


def fit_temperature(held: Sequence[PlaceLogits]) -> float:
    """The temperature with the lowest negative log-likelihood, averaged over places, then over data sets."""

    def loss(log_temperature: float) -> float:
        each: dict[str, list[float]] = {}
        for place in held:
            p = softened(place.log_p, np.exp(log_temperature))
            likelihood = np.log(np.maximum(p[np.arange(len(p)), place.truth], _LEAST)).mean()
            each.setdefault(place.dataset, []).append(float(-likelihood))
        return float(np.mean([np.mean(losses) for losses in each.values()]))

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.5), np.log(4.0)), method="bounded").x))


def best_threshold(held: Sequence[PlaceMap]) -> float:
    """The threshold with the highest mean of the IoU of buildings and their boundary F at 2 px, over the data sets.

    Checkpoints are chosen by the same figure. IoU alone would prefer wide buildings that run into each other.
    """
    found = []
    for threshold in THRESHOLDS:
        scores: dict[str, PlaceScores] = {}
        for place in held:
            scores.setdefault(place.dataset, PlaceScores(2)).add((place.p > threshold).astype(np.uint8), place.truth)
        each = [(class_iou(s.counts)[1] + s.boundaries[2].mean_f_score([1])) / 2 for s in scores.values()]
        found.append(np.mean(each))
    return float(THRESHOLDS[int(np.argmax(found))])


def reliability(held: Sequence[PlaceLogits], temperature: float) -> list[list[float]]:
    """Rows of the reliability diagram: mean confidence, share that is right, share of the pixels.

    Confidence is the probability of the likeliest class; bins of equal width from 0 to 1, empty ones left out.
    """
    sums = np.zeros((3, BINS))
    for place in held:
        p = softened(place.log_p, temperature)
        confidence, right = p.max(1), p.argmax(1) == place.truth
        bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
        for row, values in enumerate((confidence, right, np.ones(len(p)))):
            sums[row] += np.bincount(bins, values, BINS) / len(p) / len(held)
    full = sums[2] > 0
    confidence, right, share = sums[:, full]
    rows: list[list[float]] = np.stack([confidence / share, right / share, share], 1).round(4).tolist()
    return rows
