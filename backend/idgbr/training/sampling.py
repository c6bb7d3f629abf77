"""Random training crops: geometry (scale, rotation, flip) and image degradation (colour, haze, blur, noise, JPEG)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.training.labels import IGNORE
from idgbr.training.places import Place


@dataclass(frozen=True)
class Crop:
    """A square crop: image (S, S, bands) uint8, labels (S, S) uint8, its GSD, and the map from crop to place pixels.

    `objects` (S, S) uint16 are the numbers of its objects, None where the place has none.
    """

    image: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    gsd_m: float
    to_place: NDArray[np.float64]
    objects: NDArray[np.uint16] | None = None


def sample_crop(
    place: Place, size: int, rng: np.random.Generator, *, gsd_range: tuple[float, float], turn_free: bool = True,
    prefer_coarse: bool = False, centre: tuple[float, float] | None = None,
) -> Crop:  # fmt: skip
    """Draw a crop at a GSD between the place's own (a little finer) and the coarsest that the range allows.

    `prefer_coarse` makes coarser ones likelier: labels that are a few decimetres off are still sharp there.
    `centre` (row, column) is its centre in place pixels; by default it is anywhere.
    """
    finest = max(gsd_range[0], place.gsd_m * 0.8)
    coarsest = max(min(gsd_range[1], place.gsd_m * 6.0), finest * 1.01)
    share = float(rng.uniform()) ** (0.5 if prefer_coarse else 1.0)
    gsd = finest * (coarsest / finest) ** share
    scale = gsd / place.gsd_m
    angle = rng.uniform(0, 2 * np.pi) if turn_free and rng.random() < 0.6 else rng.integers(4) * np.pi / 2
    flip = -1.0 if rng.random() < 0.5 else 1.0
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[cos * flip, -sin], [sin * flip, cos]])
    height, width = place.labels.shape
    reach = size * scale / 2
    middle = (_centre(height, reach, rng), _centre(width, reach, rng)) if centre is None else centre
    offset = np.array(middle[::-1]) - linear @ np.array([(size - 1) / 2, (size - 1) / 2])
    to_place = np.hstack([linear, offset[:, None]])
    image = image_of(place, to_place, size, scale)
    labels = _nearest(place.labels, to_place, size, IGNORE)
    objects = None if place.objects is None else np.asarray(_nearest(place.objects, to_place, size, 0), np.uint16)
    return Crop(image, np.asarray(labels, np.uint8), gsd, to_place, objects)


def image_of(place: Place, to_place: NDArray[np.float64], size: int, scale: float) -> NDArray[np.uint8]:
    """The image (size, size, bands) of a crop, whose pixels are `scale` place pixels wide, from the fitting level."""
    level = int(np.clip(np.floor(np.log2(max(scale, 1.0)) + 0.3), 0, len(place.levels) - 1))
    return warp(place.levels[level], to_place, size, 1.0 / 2**level)


def _nearest(labels: NDArray[Any], to_place: NDArray[np.float64], size: int, outside: int) -> NDArray[Any]:
    part, matrix = _around(labels, to_place, size)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(part, matrix, (size, size), flags=flags, borderValue=outside))


def _around(source: NDArray[Any], matrix: NDArray[np.float64], size: int) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """The part of a raster that a crop shows, and the map from the crop to it: a raster may be a mapped file.

    OpenCV warps rasters of up to 32 767 px. A margin as wide as the crop is for what is mirrored beyond the edges.
    """
    corners = matrix @ np.array([[0, size, 0, size], [0, 0, size, size], [1, 1, 1, 1]])
    spread = corners.max(1) - corners.min(1)
    low = np.maximum(np.floor(corners.min(1) - spread), 0).astype(int)
    high = np.minimum(np.ceil(corners.max(1) + spread), source.shape[1::-1]).astype(int)
    shifted = matrix.copy()
    shifted[:, 2] -= low
    return np.ascontiguousarray(source[low[1] : high[1], low[0] : high[0]]), shifted


def _centre(length: int, reach: float, rng: np.random.Generator) -> float:
    return float(rng.uniform(reach, length - reach)) if length > 2 * reach else length / 2.0


def warp(source: NDArray[np.uint8], to_place: NDArray[np.float64], size: int, resolution: float) -> NDArray[np.uint8]:
    """Sample `source`, which holds the place at `resolution` (pixels per place pixel), on the crop's grid."""
    matrix: NDArray[np.float64] = to_place * resolution
    matrix[:, 2] += 0.5 * resolution - 0.5
    source, matrix = _around(source, matrix, size)
    # OpenCV warps four bands at once at most.
    parts = [
        cv2.warpAffine(
            np.ascontiguousarray(source[..., first : first + 4]), matrix, (size, size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT,
        ).reshape(size, size, -1)
        for first in range(0, source.shape[2], 4)
    ]  # fmt: skip
    return np.asarray(parts[0] if len(parts) == 1 else np.concatenate(parts, 2))


def degrade(image: NDArray[np.uint8], rng: np.random.Generator, colours: float = 1.0) -> NDArray[np.uint8]:
    """Make the crop look as if another sensor, season, haze or compression had taken it; geometry stays.

    `colours` scales how far hue and saturation change.
    """
    bands: int = image.shape[2]
    x: NDArray[Any] = image.astype(np.float32) / 255.0
    if rng.random() < 0.8:
        x = x ** math.exp(rng.normal(0, 0.25))
        mean = x.mean((0, 1))
        x = (x - mean) * math.exp(rng.normal(0, 0.25)) + (mean + np.float32(rng.normal(0, 0.06)))
        x = x * np.exp(rng.normal(0, 0.10 * colours, bands)).astype(np.float32)
        x = x + rng.normal(0, 0.03 * colours, bands).astype(np.float32)
    if rng.random() < 0.5:
        grey = x.mean(2, keepdims=True)
        x = grey + (x - grey) * math.exp(rng.normal(0, 0.4 * colours))
    if rng.random() < 0.08 * (colours == 1):
        x = x[..., rng.permutation(bands)]
    if rng.random() < 0.15:
        veil = rng.uniform(0.05, 0.5)
        x = x * (1 - veil) + rng.uniform(0.6, 0.95) * veil
    if rng.random() < 0.35:
        x = cv2.GaussianBlur(x, (0, 0), float(rng.uniform(0.3, 1.3))).reshape(x.shape)
    elif rng.random() < 0.2:
        x = x + (x - cv2.GaussianBlur(x, (0, 0), 1.0).reshape(x.shape)) * rng.uniform(0.2, 1.0)
    if rng.random() < 0.4:
        x = x + rng.standard_normal(x.shape, dtype=np.float32) * rng.uniform(0.003, 0.04)
    out: NDArray[np.uint8] = (np.clip(x, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.35:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))]
        if bands == 3:
            return np.asarray(cv2.imdecode(cv2.imencode(".jpg", out, quality)[1], cv2.IMREAD_COLOR), np.uint8)
        coded = [cv2.imencode(".jpg", np.ascontiguousarray(out[..., band]), quality)[1] for band in range(bands)]
        out = np.stack([np.asarray(cv2.imdecode(c, cv2.IMREAD_GRAYSCALE), np.uint8) for c in coded], 2)
    return out


def respond(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Make the crop (S, S, 3) look as if a sensor of other bands or lower resolution had taken it, at times.

    Bands mix as the sensor's sensitivities do, are lost (grey, or one band alone), or the image was enlarged.
    """
    x = image
    drawn = rng.random()
    if drawn < 0.25:
        mixed = x.astype(np.float32) @ (np.eye(3) + rng.normal(0, 0.12, (3, 3))).astype(np.float32)
        x = np.clip(mixed, 0, 255).astype(np.uint8)
    elif drawn < 0.31:
        x = np.repeat(x.mean(2, keepdims=True).astype(np.uint8), 3, 2)
    elif drawn < 0.35:
        x = np.repeat(x[..., [rng.integers(3)]], 3, 2)
    if rng.random() < 0.15:
        side = round(x.shape[0] / rng.uniform(1.3, 3.0))
        small = cv2.resize(x, (side, side), interpolation=cv2.INTER_AREA)
        x = np.asarray(cv2.resize(small, x.shape[1::-1], interpolation=cv2.INTER_CUBIC), np.uint8)
    return x
