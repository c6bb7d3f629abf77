"""Converts the output of a coarse network to class probabilities."""

from __future__ import annotations

import numpy as np

from idgbr.arrays import Array


def probabilities(scores: Array, classes: int, activation: str, threshold: float = 0.0) -> Array:
    """Probabilities of the classes, (K, H, W), from the output of a network, (C, H, W).

    `activation` is "none" (already probabilities), "sigmoid", "auto" (logits or probabilities, distinguished by their
    range), or "labels" (class numbers, C = 1). One channel separates the second of two classes from the first. If no
    class reaches `threshold`, the first one gets the highest probability.
    """
    if activation == "labels":
        return np.asarray(scores == np.arange(classes, dtype=np.float32)[:, None, None], np.float32)
    if scores.shape[0] == 1 and classes == 2:
        one = _sigmoid(scores) if activation == "sigmoid" and _is_logits(scores) else scores
        if threshold:
            one = np.where(one < threshold, one / (2 * threshold), 1 - (1 - one) / (2 * (1 - threshold)))
        return np.concatenate([1 - one, one])
    if activation == "auto":
        scores = _softmax(scores) if _is_logits(scores) else _shares(scores)
    return _thresholded(scores, threshold) if threshold else scores


def centred(scores: Array, size: tuple[int, ...]) -> Array:
    """Scores (C, h, w) of the middle of a tile extended to the whole tile, (C, *size), by repeating the edges."""
    down, right = size[0] - scores.shape[1], size[1] - scores.shape[2]
    if not down and not right:
        return scores
    return np.pad(scores, ((0, 0), (down // 2, down - down // 2), (right // 2, right - right // 2)), mode="edge")


def _thresholded(scores: Array, threshold: float) -> Array:
    weak = scores.max(0) < threshold
    if not weak.any():
        return scores
    low = scores[:, weak] / np.float32(2 * threshold)  # below one half
    low[0] = 0.5
    scores = scores.copy()
    scores[:, weak] = low / low.sum(0)
    return scores


def _is_logits(scores: Array) -> bool:
    return bool(scores.min() < -1e-3 or scores.max() > 1.001)


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)), np.float32)


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(0))
    return np.asarray(e / e.sum(0), np.float32)


def _shares(x: Array) -> Array:
    """Scores normalized to a sum of one, because classes may be scored separately; the first class if all are 0."""
    total = x.sum(0)
    shares = np.clip(x, 0, 1) / np.maximum(total, 1e-6)
    shares[0, total < 1e-6] = 1
    return np.asarray(np.minimum(shares, 1), np.float32)
