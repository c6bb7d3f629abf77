"""Random crops of labelled pairs as SChanger is trained on: geometry and photometry alike for both dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.training.own_pairs import UNKNOWN, KeptPair

Image = NDArray[np.uint8]
Values = NDArray[np.float32]
#: Crops of which less is known are drawn again, so many times at most.
_LEAST_KNOWN, _TRIES = 0.25, 20


def crop_pair(
    pairs: Sequence[KeptPair], size: int, rng: np.random.Generator, shift: float = 0.0
) -> tuple[Image, Image, Image]:
    """A crop of any pair, augmented: both dates (S, S, 3) and the label (S, S), `UNKNOWN` where there is none.

    As published an epoch is a crop of each pair, so pairs are drawn with equal chance. With `shift` the second date is
    up to so many px off, in half of the crops.
    """
    for _ in range(_TRIES):
        pair = pairs[int(rng.integers(len(pairs)))]
        matrix = _geometry(pair.pixels.shape[:2], size, rng)
        moved = matrix.copy()
        if shift and rng.random() < 0.5:
            moved[:, 2] += rng.uniform(-shift, shift, 2)
        before = _warped(pair.pixels, slice(0, 3), matrix, size, cv2.INTER_LINEAR)
        after = _warped(pair.pixels, slice(3, 6), moved, size, cv2.INTER_LINEAR)
        label = _warped(pair.pixels, slice(6, 7), matrix, size, cv2.INTER_NEAREST)[..., 0]
        if (label != UNKNOWN).mean() >= _LEAST_KNOWN:
            break
    if rng.random() < 0.5:
        alter = _PHOTOMETRY[rng.integers(len(_PHOTOMETRY))](rng, size)
        before, after = alter(before), alter(after)
    return before, after, label


def _geometry(shape: tuple[int, ...], size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """The map (2, 3) from pixels of a crop to those of the raster: place, flip, transposition, turn, scale."""
    linear = np.eye(2)
    if rng.random() < 0.5:
        linear = linear @ np.diag([-1.0, 1.0])
    if rng.random() < 0.5:
        linear = linear @ np.array([[0.0, 1.0], [1.0, 0.0]])
    if rng.random() < 0.3:
        linear = linear @ _turn(rng.uniform(-45, 45))
    if rng.random() < 0.3:
        linear = linear @ _turn(rng.uniform(-45, 45)) / rng.uniform(0.9, 1.1)
    half = size / 2
    centre = np.array([rng.uniform(half, max(length - half, half + 1e-6)) for length in (shape[1], shape[0])]) - 0.5
    # Whole pixels where nothing is turned or scaled, so that nothing is blurred.
    centre = np.floor(centre) + (size - 1) / 2 % 1
    return np.hstack([linear, (centre - linear @ np.full(2, (size - 1) / 2))[:, None]])


def _turn(degrees: float) -> NDArray[np.float64]:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin], [sin, cos]])


def _warped(pixels: Image, bands: slice, matrix: NDArray[np.float64], size: int, how: int) -> Image:
    """Part of a mapped raster on a crop's grid; only what the crop shows is read. Beyond the edges it is mirrored."""
    corners = matrix @ np.array([[0, size, 0, size], [0, 0, size, size], [1, 1, 1, 1]])
    low, high = np.floor(corners.min(1)).astype(int) - 2, np.ceil(corners.max(1)).astype(int) + 2
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, (pixels.shape[1], pixels.shape[0]))
    part = np.ascontiguousarray(pixels[top:bottom, left:right, bands])
    shifted = matrix.copy()
    shifted[:, 2] -= (left, top)
    out = cv2.warpAffine(
        part, shifted, (size, size), flags=how | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(out.reshape(size, size, -1), np.uint8)


Altering = Callable[[Image], Image]


def _noise(rng: np.random.Generator, size: int) -> Altering:
    noise = rng.standard_normal((size, size, 3), dtype=np.float32) * np.sqrt(rng.uniform(10, 50))
    return lambda image: _clipped(image + noise)


def _hue(rng: np.random.Generator, _: int) -> Altering:
    change = rng.uniform(-1, 1, 3) * (10, 30, 20)

    def alter(image: Image) -> Image:
        hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(np.float32) + change.astype(np.float32)
        hsv[..., 0] %= 180
        return np.asarray(cv2.cvtColor(_clipped(hsv), cv2.COLOR_HSV2RGB), np.uint8)

    return alter


def _brightness(rng: np.random.Generator, _: int) -> Altering:
    contrast, brightness = 1 + rng.uniform(-0.2, 0.2), 255 * rng.uniform(-0.2, 0.2)
    return lambda image: _clipped(image * np.float32(contrast) + np.float32(brightness))


def _gamma(rng: np.random.Generator, _: int) -> Altering:
    table = _clipped(255 * (np.arange(256, dtype=np.float32) / 255) ** rng.uniform(0.8, 1.2))
    return lambda image: np.asarray(table[image])


def _emboss(rng: np.random.Generator, _: int) -> Altering:
    share, strength = rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.7)
    kernel = np.array([[-1 - strength, -strength, 0], [-strength, 1, strength], [0, strength, 1 + strength]])
    kernel = (1 - share) * np.diag([0, 1, 0]) + share * kernel
    return lambda image: np.asarray(cv2.filter2D(image, -1, kernel), np.uint8)


def _motion(rng: np.random.Generator, _: int) -> Altering:
    side = int(rng.choice([3, 5, 7]))
    kernel = np.zeros((side, side), np.float32)
    start, end = (tuple(int(v) for v in rng.integers(0, side, 2)) for _ in range(2))
    cv2.line(kernel, start, end, 1.0)
    return lambda image: np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


_PHOTOMETRY = (_noise, _hue, _brightness, _gamma, _emboss, _motion)


def _clipped(values: NDArray[np.floating]) -> Image:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)
