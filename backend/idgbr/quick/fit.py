"""Fits the head of a quick model: small networks whose logits are averaged, with calibrated probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from idgbr.arrays import Array, Floats, Ints
from idgbr.quick.graph import Head, Layout
from idgbr.quick.samples import Samples

#: Lowest temperature, over the root of the labels of a class, the highest that it may be, and the highest temperature:
#: other places are harder than blocks beside the labels.
_LOWEST, _LOWEST_AT_MOST, _HIGHEST = 0.13, 0.7, 8.0
#: Least probability that counts in the likelihood, because a wrong label must not decide alone.
_LEAST = 1e-3
#: Cells that each class has at least, so that no class is ruled out.
_LEAST_SHARE = 0.1
#: Least deviation of a feature, so that one that is the same everywhere stays so.
_FLAT = 1e-3
#: Least weight decay, with many labels.
_LEAST_DECAY = 0.01


@dataclass(frozen=True)
class HeadForm:
    """What is fitted: a member for each group of features, see `Layout.groups`.

    With few labels, colour tells surfaces apart and deep features objects; which of them carries over to other places
    depends on the class. The mean of their logits is near the best of them. `decays` are the weight decay of each
    member, over the mean number of labels of a class, `hidden` its hidden units, `iterations` those of L-BFGS. The
    values were chosen by `benchmarks/own_classes/forms.py`.
    """

    decays: tuple[float, ...] = (0.5, 1.5, 5.0, 5.0)
    hidden: int = 16
    iterations: int = 60


class _Member(NamedTuple):
    """Weights (c, hidden), (hidden, K) and biases of a network with one hidden layer."""

    first: Array
    first_bias: Array
    second: Array
    second_bias: Array


def balanced_weights(classes: Ints, labels: Ints) -> Array:
    """A weight for each sample: each class counts the same, each of its labels by the root of its samples; mean 1."""
    counts = np.bincount(labels)[labels]
    weights = 1 / np.sqrt(counts)
    weights /= np.bincount(classes, weights)[classes]
    return np.asarray(weights / weights.mean(), np.float32)


def labels_per_class(samples: Samples) -> float:
    """Mean number of labels of the classes that have any."""
    return np.unique(samples.labels).size / max(np.unique(samples.classes).size, 1)


def fit_head(samples: Samples, count: int, form: HeadForm, layout: Layout, seed: int) -> Head:
    """A head for `count` classes, fitted to samples of features; each member starts from other random weights."""
    rng = np.random.default_rng(seed)
    weights = balanced_weights(samples.classes, samples.labels)
    mean = np.average(samples.features, axis=0, weights=weights)
    deviation = np.sqrt(np.average((samples.features - mean) ** 2, axis=0, weights=weights)) + _FLAT
    scaled = np.asarray((samples.features - mean) / deviation, np.float32)
    target = np.eye(count, dtype=np.float32)[samples.classes]
    per_class = labels_per_class(samples)
    members = []
    for read, strength in zip(layout.groups, form.decays, strict=True):
        decay = max(strength / per_class, _LEAST_DECAY)
        member = _fitted(np.ascontiguousarray(scaled[:, read]), target, weights, decay, form, rng)
        first = np.zeros((mean.size, form.hidden), np.float32)
        first[read] = member.first
        members.append(member._replace(first=first))
    return Head(
        mean.astype(np.float32), deviation.astype(np.float32), np.concatenate([one.first for one in members], axis=1),
        np.concatenate([one.first_bias for one in members]),
        np.asarray(np.concatenate([one.second for one in members]) / len(members), np.float32),
        np.stack([one.second_bias for one in members]).mean(axis=0),
    )  # fmt: skip


def _fitted(
    inputs: Array, target: Array, weights: Array, decay: float, form: HeadForm, rng: np.random.Generator
) -> _Member:
    """A member fitted to inputs (N, c) with the probabilities `target` (N, K)."""
    shapes = [(inputs.shape[1], form.hidden), (form.hidden,), (form.hidden, target.shape[1]), (target.shape[1],)]
    sizes = [int(np.prod(shape)) for shape in shapes]
    start = [rng.normal(0, np.sqrt(1 / shape[0]), size) for shape, size in zip(shapes, sizes, strict=True)]
    start[1] *= 0
    start[3] *= 0
    share = (weights / weights.sum())[:, None].astype(np.float32)
    decayed = np.repeat([decay * (len(shape) > 1) for shape in shapes], sizes)

    def parts(flat: Floats) -> list[Array]:
        pieces = np.split(flat.astype(np.float32), np.cumsum(sizes)[:-1])
        return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]

    def loss(flat: Floats) -> tuple[float, Floats]:
        first, first_bias, second, second_bias = parts(flat)
        hidden = np.tanh(inputs @ first + first_bias)
        logits = hidden @ second + second_bias
        logits -= logits.max(1, keepdims=True)
        likelihood = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        value = -float((share * target * likelihood).sum()) + 0.5 * float((decayed * flat * flat).sum())
        error = share * (np.exp(likelihood) - target)
        back = (error @ second.T) * (1 - hidden * hidden)
        gradient = [inputs.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]
        return value, np.concatenate([part.ravel() for part in gradient]) + decayed * flat

    best = minimize(loss, np.concatenate(start), jac=True, method="L-BFGS-B", options={"maxiter": form.iterations})
    return _Member(*parts(best.x))


def head_logits(head: Head, features: Array) -> Array:
    """Logits (N, K) for features (N, C)."""
    inputs = (features - head.mean) / head.deviation
    return np.asarray(np.tanh(inputs @ head.first + head.first_bias) @ head.second + head.second_bias, np.float32)


def probabilities(logits: Array, temperature: float = 1.0) -> Array:
    """Probabilities (N, K) at a temperature."""
    scaled = logits / np.float32(temperature)
    e = np.exp(scaled - scaled.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True), np.float32)


def tempered(head: Head, temperature: float) -> Head:
    """A head whose logits are divided by a temperature."""
    share = np.float32(1 / temperature)
    return replace(head, second=head.second * share, second_bias=head.second_bias * share)


def class_shares(head: Head, features: Array) -> Floats:
    """The mean probability (K,) of each class for features (N, C), above 0; equal without any."""
    count = head.second.shape[1]
    found = probabilities(head_logits(head, features)).astype(np.float64).sum(0) + _LEAST_SHARE
    return np.asarray(found / found.sum() if len(features) else np.full(count, 1 / count))


def with_shares(head: Head, shares: Floats) -> Head:
    """A head that was fitted to classes of equal weight, for ground with these shares (K,) of the classes."""
    return replace(head, second_bias=head.second_bias + np.log(shares * shares.size).astype(np.float32))


def best_temperature(logits: Array, truth: Ints, weights: Floats, per_class: float) -> float:
    """The temperature with the highest likelihood of held-out samples with logits (N, K).

    With few labels, `per_class`, the weight decay leaves small logits, so the temperature may be low.
    """

    def loss(log_temperature: float) -> float:
        found = probabilities(logits, float(np.exp(log_temperature)))
        return -float((weights * np.log(np.maximum(found[np.arange(truth.size), truth], _LEAST))).sum())

    lowest = min(_LOWEST * float(np.sqrt(per_class)), _LOWEST_AT_MOST)
    bounds = (np.log(lowest), np.log(_HIGHEST))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 0.02}).x))
