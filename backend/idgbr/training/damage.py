"""Synthetic coarse maps: each family imitates the errors of one kind of producer, with a seed.

All take integer labels (H, W) with values 0…K−1 and give probabilities (H, W, K) float32.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Labels
from idgbr.training.labels import IGNORE

Probabilities = NDArray[np.float32]


def one_hot(labels: Labels, classes: int) -> Probabilities:
    """Hard probabilities of labels."""
    return np.eye(classes, dtype=np.float32)[labels]


def stride(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """A network with an output stride of 2 to 16 px: averaged, noisy, upsampled bilinearly."""
    size = labels.shape[0]
    small = max(4, size // int(rng.choice([2, 4, 8, 8, 16])))
    low = cv2.resize(one_hot(labels, classes), (small, small), interpolation=cv2.INTER_AREA).reshape(
        small, small, classes
    )
    logits = np.log(low * 0.96 + 0.04 / classes) + rng.normal(0, rng.uniform(0, 0.8), low.shape).astype(np.float32)
    logits = cv2.GaussianBlur(logits.astype(np.float32), (0, 0), float(rng.uniform(0.3, 0.9))).reshape(
        small, small, classes
    )
    full = cv2.resize(logits, (size, size), interpolation=cv2.INTER_LINEAR).reshape(size, size, classes)
    full = full * np.float32(rng.uniform(0.8, 2.5))
    return _softmax(full)


def displace(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """Hand-drawn or misregistered outlines: a global shift of up to 3 px and a smooth warp of up to 5 px."""
    size = labels.shape[0]
    noise = rng.standard_normal((size, size, 2), dtype=np.float32)
    field = np.asarray(cv2.GaussianBlur(noise, (0, 0), float(rng.uniform(4, 16))), np.float32)
    field *= rng.uniform(0, 2.5) / (float(field.std()) + 1e-6)
    field += rng.uniform(-3, 3, 2).astype(np.float32) * np.float32(rng.random() < 0.5)
    grid = np.indices((size, size), dtype=np.float32)
    moved = cv2.remap(
        labels, grid[1] + field[..., 0], grid[0] + field[..., 1], cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT
    )
    return one_hot(np.asarray(moved, np.uint8), classes)


def shift(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """Misregistration only: the whole map moved by up to 3 px along each axis."""
    row, col = rng.integers(-3, 4, 2).astype(np.float32)
    grid = np.indices(labels.shape, dtype=np.float32)
    moved = cv2.remap(labels, grid[1] + col, grid[0] + row, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
    return one_hot(np.asarray(moved, np.uint8), classes)


def morphology(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """One class grown or shrunk by 1 to 4 px at its neighbours' cost."""
    out = labels.copy()
    target = int(rng.choice(np.unique(labels)))
    radius = int(rng.integers(1, 5))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    mask = (labels == target).astype(np.uint8)
    if rng.random() < 0.5:
        out[cv2.dilate(mask, kernel) > 0] = target
    else:
        lost = (mask > 0) & (cv2.erode(mask, kernel) == 0)
        out[lost] = nearest_other(labels, mask)[lost]
    return one_hot(out, classes)


def simplify(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """Outlines simplified to 2 to 6 px, as generalized map layers are."""
    return one_hot(simplified(labels, float(rng.uniform(1.5, 6.0)), rng), classes)


def simplified(labels: Labels, tolerance: float, rng: np.random.Generator) -> Labels:
    """Labels with every outline simplified (Douglas–Peucker, px), class upon class in random order."""
    out = labels.copy()
    for value in rng.permutation(np.unique(labels))[:-1]:
        mask = (labels == value).astype(np.uint8)
        rings, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        drawn = np.zeros_like(mask)
        cv2.drawContours(drawn, [cv2.approxPolyDP(r, tolerance, True) for r in rings], -1, 1, cv2.FILLED)
        background = nearest_other(labels, mask)
        out = np.where((mask > 0) & (drawn == 0), background, out)
        out[drawn > 0] = value
    return out.astype(np.uint8)


def holes_and_blobs(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """Missing parts and false spots: blobs of 3 to 14 px radius set to another class that occurs in the crop."""
    out = labels.copy()
    present = np.unique(labels)
    for _ in range(int(rng.integers(1, 7))):
        centre = (int(rng.integers(labels.shape[1])), int(rng.integers(labels.shape[0])))
        axes = (int(rng.integers(3, 15)), int(rng.integers(3, 15)))
        cv2.ellipse(out, centre, axes, float(rng.uniform(0, 180)), 0, 360, int(rng.choice(present)), -1)
    return one_hot(out, classes)


def identity(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """A perfect map, hard or slightly softened: teaches the refiner to keep good boundaries."""
    hot = one_hot(labels, classes)
    if rng.random() < 0.5:
        return hot
    return np.asarray(cv2.GaussianBlur(hot, (0, 0), float(rng.uniform(0.4, 1.2))), np.float32).reshape(hot.shape)


def speckle(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """Salt and pepper: a few per cent of the pixels, or small clumps of them, take another class of the crop."""
    present = np.unique(labels)
    noise: NDArray[Any] = rng.random(labels.shape, dtype=np.float32)
    if rng.random() < 0.6:
        noise = cv2.GaussianBlur(noise, (0, 0), float(rng.uniform(0.5, 1.5)))
    wrong = noise < np.quantile(noise[::4, ::4], rng.uniform(0.01, 0.12))
    out = np.where(wrong, rng.choice(present, labels.shape), labels)
    return one_hot(out.astype(np.uint8), classes)


#: Sampling weight of each family: frequent damage is frequent.
FAMILIES = (stride, stride, displace, shift, simplify, simplify, morphology, holes_and_blobs, speckle)
#: Families that only move boundaries, so that the refiner only has to learn where the image has them.
MOVES = (shift, shift, displace, morphology, simplify, stride)


def pixel_classifier(image: NDArray[np.uint8], labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """The crop as a per-pixel classifier sees it: linear discriminant analysis of colours at two scales.

    It is fitted to the crop's own labels, with a random weight of the colours, so it errs where colours mislead. image
    (H, W, bands).
    """
    pixels = image.astype(np.float32) / 255.0
    smooth = cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(1.0, 4.0)))
    features = np.concatenate([pixels, smooth.reshape(pixels.shape)], 2).reshape(labels.size, -1)
    flat = labels.ravel()
    present = np.unique(flat)
    means = np.stack([features[flat == k].mean(0) for k in present])
    centred = features - means[np.searchsorted(present, flat)]
    precision = np.linalg.inv(centred.T @ centred / len(flat) + 1e-4 * np.eye(features.shape[1], dtype=np.float32))
    prior = np.array([np.mean(flat == k) for k in present])
    projected = means @ precision
    logits = features @ projected.T - 0.5 * (projected * means).sum(1) + np.log(prior)
    out = np.zeros((*labels.shape, classes), np.float32)
    scaled = logits.reshape(*labels.shape, -1).astype(np.float32) * np.float32(rng.uniform(0.7, 2.0))
    out[..., present] = _softmax(scaled)
    return out


def damaged(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """One damage family, sometimes a second one on top; sometimes softened at the edge, like probabilities."""
    out = FAMILIES[rng.integers(len(FAMILIES))](labels, classes, rng)
    if rng.random() < 0.35:
        out = FAMILIES[rng.integers(len(FAMILIES))](out.argmax(2).astype(np.uint8), classes, rng)
    if rng.random() < 0.5:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.5, 3.0))), np.float32).reshape(out.shape)
    return out


def without_ignored(labels: Labels) -> Labels:
    """Ignored pixels take the label of the nearest labelled one, so that damage families can work on them."""
    ignored = (labels == IGNORE).astype(np.uint8)
    if not ignored.any():
        return labels
    if ignored.all():
        return np.zeros_like(labels)
    return nearest_other(labels, ignored)


def nearest_other(labels: Labels, mask: NDArray[np.uint8]) -> Labels:
    """For each pixel of `mask`, the label of the nearest pixel outside it."""
    if mask.all():
        return labels
    _, index = cv2.distanceTransformWithLabels(mask, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    lookup = np.zeros(int(index.max()) + 1, np.uint8)
    outside = mask == 0
    lookup[index[outside]] = labels[outside]
    return np.asarray(lookup[index], np.uint8)


def _softmax(logits: NDArray[np.float32]) -> Probabilities:
    e = np.exp(logits - logits.max(2, keepdims=True))
    return np.asarray(e / e.sum(2, keepdims=True), np.float32)
