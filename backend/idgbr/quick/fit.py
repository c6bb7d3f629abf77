"""Fits the head of a quick model: an ensemble of small networks, by L-BFGS, with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from idgbr.arrays import Array, Floats, Ints
from idgbr.quick.graph import Member

#: Range of temperatures, and the least probability that counts in the likelihood: a wrong label must not decide alone.
_TEMPERATURES, _LEAST = (0.5, 8.0), 1e-3


@dataclass(frozen=True)
class HeadForm:
    """Members, hidden units of each, principal components that they read, weight decay, iterations."""

    members: int = 3
    hidden: int = 32
    components: int = 64
    decay: float = 3e-3
    iterations: int = 60


def balanced_weights(classes: Ints, labels: Ints) -> Array:
    """A weight for each sample: each class counts the same, each of its labels by the root of its samples; mean 1."""
    counts = np.bincount(labels)[labels]
    weights = 1 / np.sqrt(counts)
    weights /= np.bincount(classes, weights)[classes]
    return np.asarray(weights / weights.mean(), np.float32)


def fit_members(
    features: Array, classes: Ints, weights: Array, count: int, form: HeadForm, rng: np.random.Generator
) -> list[Member]:
    """Members of a head for `count` classes, fitted to features (N, C), each from a start of its own."""
    mean = np.average(features, axis=0, weights=weights)
    deviation = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=weights)) + 1e-4
    scaled = (features - mean) / deviation
    basis = _components(scaled, weights, form.components)
    inputs = scaled @ basis
    spread = np.sqrt(np.average(inputs**2, axis=0, weights=weights)) + 1e-6
    scale = spread / spread.max()
    inputs = inputs / spread * np.sqrt(scale)
    into = basis / spread * np.sqrt(scale) / deviation[:, None]  # from raw features to inputs, without their mean
    target = np.eye(count, dtype=np.float32)[classes]
    found = []
    for _ in range(form.members):
        first, first_bias, second, second_bias = _fitted(inputs, target, weights, form, rng)
        found.append(
            Member(
                np.asarray(into @ first, np.float32), np.asarray(first_bias - (mean @ into) @ first, np.float32),
                second, second_bias,
            )
        )  # fmt: skip
    return found


def _components(scaled: Array, weights: Array, most: int) -> Array:
    """Principal directions (C, c) of standardized features, the first `most`."""
    covariance = (scaled * weights[:, None]).T @ scaled / weights.sum()
    _, vectors = np.linalg.eigh(covariance.astype(np.float64))
    return np.asarray(vectors[:, ::-1][:, :most], np.float32)


def _fitted(
    inputs: Array, target: Array, weights: Array, form: HeadForm, rng: np.random.Generator
) -> tuple[Array, Array, Array, Array]:
    """Weights of a network with one hidden layer, (c, hidden), (hidden,), (hidden, K), (K,)."""
    shapes = [(inputs.shape[1], form.hidden), (form.hidden,), (form.hidden, target.shape[1]), (target.shape[1],)]
    sizes = [int(np.prod(shape)) for shape in shapes]
    start = [rng.normal(0, np.sqrt(1 / shape[0]), size) for shape, size in zip(shapes, sizes, strict=True)]
    start[1] *= 0
    start[3] *= 0
    share = (weights / weights.sum())[:, None].astype(np.float32)
    decayed = np.repeat([form.decay * (len(shape) > 1) for shape in shapes], sizes)

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
    first, first_bias, second, second_bias = parts(best.x)
    return first, first_bias, second, second_bias


def member_logits(members: Sequence[Member], features: Array) -> list[Array]:
    """Logits (N, K) of each member for features (N, C)."""
    return [
        np.asarray(np.tanh(features @ one.first + one.first_bias) @ one.second + one.second_bias, np.float32)
        for one in members
    ]


def mean_probabilities(logits: Sequence[Array], temperature: float = 1.0) -> Array:
    """Mean of the members' probabilities (N, K) at a temperature."""
    return np.asarray(np.mean([_softmax(part / np.float32(temperature)) for part in logits], axis=0), np.float32)


def tempered(members: Sequence[Member], temperature: float) -> list[Member]:
    """Members whose logits are divided by a temperature."""
    return [
        replace(
            member, second=member.second / np.float32(temperature),
            second_bias=member.second_bias / np.float32(temperature),
        )
        for member in members
    ]  # fmt: skip


def best_temperature(logits: Sequence[Array], truth: Ints, weights: Floats) -> float:
    """The temperature with the highest likelihood of held-out samples; `logits` (N, K) of each member."""

    def loss(log_temperature: float) -> float:
        found = mean_probabilities(logits, float(np.exp(log_temperature)))
        return -float((weights * np.log(np.maximum(found[np.arange(truth.size), truth], _LEAST))).sum())

    low, high = np.log(_TEMPERATURES)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 0.02}).x))


def _softmax(logits: Array) -> Array:
    e = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True), np.float32)
