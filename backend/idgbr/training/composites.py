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
