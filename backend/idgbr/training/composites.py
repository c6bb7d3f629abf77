"""Augmentation by parts: roofs of other colours, roofs of one place on the ground of another, what is no roof.

The labelled places are a few towns. Their roofs on woods, fields and suburbs that no label covers stand for the
scattered houses that towns lack.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.training.labels import BUILDING, NOT_BUILDING

#: Colours (0…1) of painted sheets: blue, teal, green, red, white, dark grey.
PAINTS = (
    (0.20, 0.42, 0.72), (0.32, 0.62, 0.66), (0.30, 0.52, 0.40), (0.62, 0.26, 0.20), (0.90, 0.90, 0.88),
    (0.28, 0.29, 0.31),
)  # fmt: skip
#: Colours of water, and of trees in other seasons relative to their brightness.
WATERS = (
    (0.02, 0.03, 0.04), (0.05, 0.06, 0.05), (0.10, 0.10, 0.07), (0.17, 0.15, 0.10), (0.05, 0.11, 0.09),
    (0.05, 0.12, 0.20), (0.08, 0.25, 0.32), (0.22, 0.28, 0.24), (0.36, 0.34, 0.28),
)  # fmt: skip
SEASONS = ((1.0, 0.95, 0.85), (1.1, 0.95, 0.75), (0.95, 1.0, 0.95), (0.75, 0.85, 0.65), (1.2, 0.9, 0.6))
#: Colours (0…1) of fields: young and ripe crops, straw, dry, wet and ploughed soil.
CROPS = (
    (0.18, 0.32, 0.16), (0.30, 0.42, 0.20), (0.38, 0.44, 0.28), (0.62, 0.56, 0.38), (0.56, 0.46, 0.34),
    (0.30, 0.26, 0.22), (0.44, 0.34, 0.25),
)  # fmt: skip
#: Colours (0…1) of small roofs beside the paints: thatch, rust, grey sheets.
ROUGH_ROOFS = ((0.45, 0.38, 0.28), (0.42, 0.26, 0.18), (0.55, 0.55, 0.56), (0.70, 0.70, 0.70))
#: Most roofs of a crop that are painted or pasted one by one.
MOST_ROOFS = 24


def roof_numbers(labels: NDArray[np.uint8], objects: NDArray[np.uint16] | None) -> tuple[NDArray[np.int32], int]:
    """Roofs of a crop, numbered from 1: (S, S) int32, and their count. `objects` separates touching roofs."""
    if objects is not None and objects.any():
        present = np.unique(objects[labels == BUILDING])
        numbers = np.searchsorted(present, objects).astype(np.int32) + (0 if present[:1] == 0 else 1)
        return np.where(labels == BUILDING, numbers, 0).astype(np.int32), len(present)
    count, numbers = cv2.connectedComponents((labels == BUILDING).astype(np.uint8), connectivity=4)
    return np.asarray(numbers, np.int32), count - 1


def painted(
    image: NDArray[np.uint8], roofs: NDArray[np.int32], count: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The crop (S, S, 3) with some roofs in other colours; texture and shading stay."""
    x = image.astype(np.float32) / 255
    light = x.mean(2, keepdims=True)
    out = x.copy()
    for number in rng.permutation(np.arange(1, count + 1))[:MOST_ROOFS]:
        if rng.random() < 0.4:
            continue
        here = roofs == number
        if not here.any():
            continue
        if rng.random() < 0.5:
            paint = np.array(PAINTS[rng.integers(len(PAINTS))], np.float32) * np.exp(rng.normal(0, 0.12, 3))
            shade = light[here] / max(0.05, float(light[here].mean()))
            share = rng.uniform(0.6, 1.0)
            out[here] = x[here] * (1 - share) + paint * (0.35 + 0.65 * shade) * share
        else:
            out[here] = x[here] * np.exp(rng.normal(0, 0.25) + rng.normal(0, 0.12, 3))
    return _blended(x, out, roofs > 0)


def pasted(
    image: NDArray[np.uint8], source: NDArray[np.uint8], roofs: NDArray[np.int32], count: int, most: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:  # fmt: skip
    """The crop with at most `most` roofs of `source`, a crop at the same ground sample distance, and where they are.

    Roofs cut by the edge of `source` are not used.
    """
    cut = {*roofs[0], *roofs[-1], *roofs[:, 0], *roofs[:, -1]}
    whole = [n for n in range(1, count + 1) if n not in cut]
    chosen = rng.permutation(whole)[: max(1, int(rng.integers(1, most + 1)))]
    here = np.isin(roofs, chosen)
    x = _blended(image.astype(np.float32) / 255, source.astype(np.float32) / 255, here)
    return x, here


def with_parcels(image: NDArray[np.uint8], labels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The crop with a few bright or dark parcels of bare ground, which are even and rectangular but no roofs."""
    size = image.shape[0]
    parcels = np.zeros(labels.shape, np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        half = np.exp(rng.uniform(math.log(0.06), math.log(0.3), 2)) * size / 2
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half + rng.normal(0, 0.12, (4, 2)) * half
        turn = rng.uniform(0, math.pi)
        turned = corners @ np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        cv2.fillPoly(parcels, [(turned + rng.uniform(0, size, 2)).round().astype(np.int32)], 1)
    ground = (parcels > 0) & (labels == NOT_BUILDING)
    x = image.astype(np.float32) / 255
    other = x * np.exp(rng.normal(0, 0.3) + rng.normal(0, 0.05, 3)).astype(np.float32)
    return _blended(x, other, ground, softness=rng.uniform(0.8, 3.0))


def with_fields(
    image: NDArray[np.uint8], ground: NDArray[np.bool_], gsd_m: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The crop with some of its ground (S, S) divided into fields, and where they are: (S, S, 3) uint8, (S, S) bool.

    Fields are even, rectangular and sharply bounded but no roofs. `gsd_m` is the ground sample distance in m.
    """
    size = image.shape[0]
    x = image.astype(np.float32) / 255
    turn = rng.uniform(0, math.pi)
    rows, columns = np.mgrid[:size, :size] - size / 2
    along, across = columns * math.cos(turn) + rows * math.sin(turn), rows * math.cos(turn) - columns * math.sin(turn)
    long, wide = np.maximum(12, np.exp(rng.uniform(math.log(10.0), math.log(60.0), 2)) / gsd_m)
    row = np.floor(across / wide)
    # Fields of neighbouring rows do not begin at the same line.
    place = along / long + 0.37 * row
    field = ((row * 31 + np.floor(place) * 17) % 64).astype(np.intp)
    # Fields of a district have similar colours, close to that of the ground.
    base = x[ground].mean(0) if ground.any() and rng.random() < 0.5 else np.array(CROPS[rng.integers(len(CROPS))])
    colours = base + (np.array(CROPS)[rng.integers(len(CROPS), size=64)] - base) * rng.uniform(0.1, 0.9)
    colours = colours * np.exp(rng.normal(0, 0.12, (64, 1)) + rng.normal(0, 0.03, (64, 3)))
    drills = np.sin(along * (2 * math.pi * gsd_m / rng.uniform(0.8, 4.0)))[..., None] * rng.uniform(0, 0.08)
    blotches = cv2.GaussianBlur(rng.standard_normal((size, size), dtype=np.float32), (0, 0), rng.uniform(1, 12))
    uneven = blotches[..., None] / max(1e-3, float(blotches.std())) * rng.uniform(0.01, 0.08)
    texture = (x - cv2.GaussianBlur(x, (0, 0), 4.0)) * rng.uniform(0.1, 0.5)
    crops = colours[field] * (1 + drills + uneven) + texture
    to_edge = np.minimum(abs(place - np.round(place)) * long, abs(across / wide - np.round(across / wide)) * wide)
    ridges = (to_edge * gsd_m < rng.uniform(0.0, 0.8)) & (to_edge < 3)
    ridge = np.array(CROPS[rng.integers(len(CROPS))]) * rng.uniform(0.8, 1.3)
    crops = np.where(ridges[..., None], ridge, crops)
    here = (rng.random(64) < rng.uniform(0.3, 1.0))[field] & ground
    return _blended(x, crops, here), here


def with_water(
    image: NDArray[np.uint8], gsd_m: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The crop with a lake, a pond or a shore, and where it is: (S, S, 3) uint8, (S, S) bool.

    Water is dark, brown, green, blue or milky, with waves, and shallow towards its shore. `gsd_m` is the ground sample
    distance in m.
    """
    size = image.shape[0]
    x = image.astype(np.float32) / 255
    here = _patch(size, rng, 0.05)
    colour = np.array(WATERS[rng.integers(len(WATERS))]) * np.exp(rng.normal(0, 0.25) + rng.normal(0, 0.05, 3))
    depth = _noise(size, rng.uniform(size / 8, size / 2), rng)[..., None] * rng.uniform(0, 0.25)
    wave = np.maximum(0.6, rng.uniform(0.2, 2.0, 2) / gsd_m)
    ripples = cv2.GaussianBlur(rng.standard_normal((size, size), dtype=np.float32), (0, 0), wave[0], sigmaY=wave[1])
    waves = ripples[..., None] / max(1e-3, float(ripples.std())) * rng.uniform(0.002, 0.03)
    water = colour * (1 + depth) + waves
    shallow = np.exp(-cv2.distanceTransform(here.astype(np.uint8), cv2.DIST_L2, 5) * gsd_m / rng.uniform(0.3, 8.0))
    bottom = cv2.GaussianBlur(x, (0, 0), 2.0) * (0.4 + colour)
    water = water + (bottom - water) * shallow[..., None] * rng.uniform(0, 0.8)
    return _blended(x, water, here), here


def with_canopy(
    image: NDArray[np.uint8], canopy: NDArray[np.uint8], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The crop with trees of an image of the same scale, and where they are: (S, S, 3) uint8, (S, S) bool.

    At times they have the colours of another season.
    """
    x, trees = image.astype(np.float32) / 255, canopy.astype(np.float32) / 255
    here = _patch(image.shape[0], rng, 0.15)
    grey = trees.mean(2, keepdims=True)
    season = np.array(SEASONS[rng.integers(len(SEASONS))]) * np.exp(rng.normal(0, 0.2))
    bare = rng.uniform(0, 1) if rng.random() < 0.6 else 0.0
    trees = (trees + (grey * season - trees) * bare) * math.exp(rng.normal(-0.3, 0.35))
    return _blended(x, trees, here), here


def _noise(size: int, scale: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Smooth noise (S, S) of deviation 1, with structures of `scale` px."""
    small = max(4, round(3 * size / scale))
    coarse = rng.standard_normal((small, small), dtype=np.float32)
    smooth = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth / max(1e-3, float(smooth.std())), np.float32)


def _patch(size: int, rng: np.random.Generator, raggedness: float) -> NDArray[np.bool_]:
    """A patch of natural shape (S, S) that covers a part of the crop."""
    height = _noise(size, size * rng.uniform(0.25, 1.0), rng) + raggedness * _noise(size, 12.0, rng)
    return np.asarray(height > np.quantile(height, rng.uniform(0.3, 0.85)))


def with_huts(
    image: NDArray[np.uint8], ground: NDArray[np.bool_], gsd_m: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The crop with small scattered roofs on its ground (S, S), and where they are: (S, S, 3) uint8, (S, S) bool.

    `gsd_m` is the ground sample distance in m.
    """
    size = image.shape[0]
    coat = np.zeros((size, size, 3))
    roofs, shadows = np.zeros_like(ground), np.zeros_like(ground)
    sun, paints = rng.uniform(0, 2 * math.pi), np.array(PAINTS + ROUGH_ROOFS)
    middle, brightness = image.mean((0, 1)) / 255, rng.uniform(0.5, 1.0)
    for _ in range(int(rng.integers(2, 15))):
        half = np.exp(rng.uniform(math.log(1.5), math.log(5.0))) * np.array([rng.uniform(1.0, 2.2), 1.0]) / gsd_m
        turn, centre = rng.uniform(0, math.pi), rng.uniform(0, size, 2)
        around = _shape(size, centre, half + 1.5 / gsd_m, turn)
        if half.min() < 2 or (around & (~ground | roofs)).any():
            continue
        roof = _shape(size, centre, half, turn)
        length = rng.uniform(0.3, 2.0) / gsd_m
        shadows |= _shape(size, centre + length * np.array([math.cos(sun), math.sin(sun)]), half, turn)
        paint = np.clip(paints[rng.integers(len(paints))] * np.exp(rng.normal(0, 0.2) + rng.normal(0, 0.08, 3)), 0, 1)
        # Old roofs under trees hardly differ from the ground.
        paint = paint * brightness + (middle - paint * brightness) * rng.uniform(0, 0.6)
        # One slope of a gable is in the light.
        slope = _shape(size, centre + half[1] / 2 * np.array([-math.sin(turn), math.cos(turn)]), half * (1, 0.5), turn)
        coat[roof] = paint * (1 + slope[roof, None] * rng.uniform(-0.3, 0.3))
        coat[roof] += rng.normal(0, rng.uniform(0, 0.04), (int(roof.sum()), 3))
        roofs |= roof
    x: NDArray[np.floating] = image.astype(np.float32) / 255
    x = _laid(x, x * rng.uniform(0.3, 0.6), shadows & ground & ~roofs, 0.8)
    return _blended(x, np.where(roofs[..., None], coat, x), roofs), roofs


def with_pools(
    image: NDArray[np.uint8], labels: NDArray[np.uint8], gsd_m: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The crop with a few swimming pools on its ground, of a ground sample distance in m."""
    size = image.shape[0]
    x: NDArray[np.floating] = image.astype(np.float32) / 255
    for _ in range(int(rng.integers(1, 5))):
        half = rng.uniform((2.0, 1.2), (5.0, 2.5)) / gsd_m
        turn, centre, round_ = rng.uniform(0, math.pi), rng.uniform(0, size, 2), rng.random() < 0.4
        rim = _shape(size, centre, half + rng.uniform(0.2, 0.8) / gsd_m, turn, round_)
        water = _shape(size, centre, half, turn, round_)
        colour = np.array([rng.uniform(0.1, 0.4), rng.uniform(0.45, 0.75), rng.uniform(0.6, 0.9)], np.float32)
        ground = labels == NOT_BUILDING
        x = _laid(x, np.full(3, rng.uniform(0.5, 0.9), np.float32), rim & ground)
        x = _laid(x, colour, water & ground)
    return np.asarray((x * 255).astype(np.uint8))


def with_cars(
    image: NDArray[np.uint8], labels: NDArray[np.uint8], gsd_m: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The crop with rows of parked cars on its ground, of a ground sample distance in m."""
    size = image.shape[0]
    x: NDArray[np.floating] = image.astype(np.float32) / 255
    ground = labels == NOT_BUILDING
    for _ in range(int(rng.integers(1, 4))):
        turn, at = rng.uniform(0, math.pi), rng.uniform(0, size, 2)
        along = np.array([math.cos(turn), math.sin(turn)]) * rng.uniform(2.4, 3.0) / gsd_m
        shadow = rng.uniform(-1.0, 1.0, 2) / gsd_m
        for number in range(int(rng.integers(2, 16))):
            if rng.random() < 0.3:
                continue
            centre, half = at + number * along, np.array([rng.uniform(0.8, 1.0), rng.uniform(1.9, 2.6)]) / gsd_m
            grey = rng.choice([0.08, 0.25, 0.5, 0.75, 0.95])
            paint = np.clip(grey + (rng.normal(0, 0.25, 3) if rng.random() < 0.3 else rng.normal(0, 0.03, 3)), 0, 1)
            x = _laid(x, x * 0.45, _shape(size, centre + shadow, half, turn) & ground)
            x = _laid(x, paint.astype(np.float32), _shape(size, centre, half, turn) & ground)
            x = _laid(x, paint.astype(np.float32) * 0.3, _shape(size, centre, half * (0.8, 0.35), turn) & ground)
    return np.asarray((x * 255).astype(np.uint8))


def _shape(
    size: int, centre: NDArray[np.floating], half: NDArray[np.floating], turn: float, round_: bool = False
) -> NDArray[np.bool_]:
    """A rectangle or an ellipse, as a mask (size, size)."""
    mask = np.zeros((size, size), np.uint8)
    box = (centre.tolist(), (2 * half).tolist(), math.degrees(turn))
    if round_:
        cv2.ellipse(mask, box, 1, -1)
    else:
        cv2.fillPoly(mask, [cv2.boxPoints(box).round().astype(np.int32)], 1)
    return mask > 0


def _laid(
    below: NDArray[np.floating], above: NDArray[np.floating], where: NDArray[np.bool_], softness: float = 0.6
) -> NDArray[np.floating]:
    """An image (S, S, 3) of 0…1 with another or a colour over it, the edge softened by `softness` px."""
    alpha = cv2.GaussianBlur(where.astype(np.float32), (0, 0), softness)[..., None]
    return np.asarray(below * (1 - alpha) + above * alpha)


def _blended(
    below: NDArray[np.floating], above: NDArray[np.floating], where: NDArray[np.bool_], softness: float = 0.7
) -> NDArray[np.uint8]:
    return np.asarray((np.clip(_laid(below, above, where, softness), 0, 1) * 255).astype(np.uint8))
