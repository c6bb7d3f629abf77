"""Damage that differs from object to object, and larger faults: wings that are missing or too many, holes.

In addition to the families of `idgbr.training.damage`, which treat a whole crop alike.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Labels
from idgbr.training.damage import Probabilities, nearest_other, one_hot

#: How many objects of a crop are changed at most.
_MOST = 6
#: Area (px) from which a region counts as an object.
_LEAST_PX = 40
#: How deep wings and how wide holes are, px: what a few steps of the network can mend, most often.
_DEPTHS, _HOLES = (3.0, 18.0), (2.0, 9.0)


def wings(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """Objects that lack a wing or a corner, or have one too many: bars at an angle of the object's own."""
    out = labels.copy()
    for mask in _objects(labels, rng):
        value = int(labels[mask > 0][0])
        (x, y), (width, height), angle = cv2.minAreaRect(cv2.findNonZero(mask))
        along, across = max(width, 4.0), max(height, 4.0)
        depth = float(rng.uniform(*_DEPTHS))
        turn = np.deg2rad(angle + 90 * int(rng.integers(4)))
        if int(rng.integers(2)):
            along, across = across, along
        # A bar at one side of the object, a part of that side long.
        length = float(rng.uniform(0.25, 1.0)) * across
        slide = float(rng.uniform(-0.5, 0.5)) * (across - length)
        grow = rng.random() < 0.4
        distance = along / 2 + (depth / 2 if grow else -depth / 2)
        cos, sin = np.cos(turn), np.sin(turn)
        centre = (x + cos * distance - sin * slide, y + sin * distance + cos * slide)
        box = cv2.boxPoints((centre, (depth, length), float(np.rad2deg(turn))))
        bar = np.zeros_like(mask)
        cv2.fillPoly(bar, [np.rint(box).astype(np.int32)], 1)
        if grow:
            out[bar > 0] = value
        else:
            gone = (bar > 0) & (mask > 0)
            out[gone] = nearest_other(labels, mask)[gone]
    return one_hot(out, classes)


def holes(labels: Labels, classes: int, rng: np.random.Generator) -> Probabilities:
    """Objects with false holes, round or square, and objects whose true holes are filled."""
    out = labels.copy()
    for mask in _objects(labels, rng):
        if rng.random() < 0.3:
            rings, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            filled = np.zeros_like(mask)
            cv2.drawContours(filled, rings, -1, 1, cv2.FILLED)
            out[filled > 0] = labels[mask > 0][0]
            continue
        inside = np.argwhere(mask > 0)
        row, col = (int(n) for n in inside[rng.integers(len(inside))])
        reach = float(rng.uniform(*_HOLES))
        hole = np.zeros_like(mask)
        if rng.random() < 0.5:
            cv2.circle(hole, (col, row), round(reach), 1, -1)
        else:
            size = (reach * float(rng.uniform(1, 3)), reach * float(rng.uniform(0.8, 2)))
            box = cv2.boxPoints(((float(col), float(row)), size, float(rng.uniform(0, 90))))
            cv2.fillPoly(hole, [np.rint(box).astype(np.int32)], 1)
        gone = (hole > 0) & (mask > 0)
        out[gone] = nearest_other(labels, mask)[gone]
    return one_hot(out, classes)


#: Larger faults.
REPAIRS: tuple[Callable[[Labels, int, np.random.Generator], Probabilities], ...] = (wings, holes)


def by_object(
    labels: Labels, one: Probabilities, other: Probabilities, rng: np.random.Generator, share: float = 0.5
) -> Probabilities:
    """Probabilities (H, W, K) from map `one` around some objects of `labels`, from `other` around the rest.

    Each object takes `one` with probability `share`. Ground belongs to the nearest object.
    """
    background = int(np.bincount(labels.ravel()).argmax())
    _, regions = cv2.connectedComponents((labels != background).astype(np.uint8), connectivity=4)
    if regions.max() < 2:
        # Without objects one half of the crop differs from the other.
        turn, size = rng.uniform(0, 2 * np.pi), labels.shape
        grid = np.indices(size, dtype=np.float32) - np.array(size, np.float32)[:, None, None] / 2
        first = grid[0] * np.sin(turn) + grid[1] * np.cos(turn) > 0
        return np.where(first[..., None], one, other)
    _, index = cv2.distanceTransformWithLabels(
        (regions == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(index.max()) + 1, np.int32)
    owner[index[regions > 0]] = regions[regions > 0]
    chosen = rng.random(int(regions.max()) + 1) < share
    return np.where(chosen[owner[index]][..., None], one, other)


def _objects(labels: Labels, rng: np.random.Generator) -> list[NDArray[np.uint8]]:
    """Masks (H, W) of some of the objects, at random."""
    background = int(np.bincount(labels.ravel()).argmax())
    found = []
    for value in np.unique(labels):
        if value == background:
            continue
        count, regions, stats, _ = cv2.connectedComponentsWithStats((labels == value).astype(np.uint8), connectivity=4)
        found += [(regions == n).astype(np.uint8) for n in range(1, count) if stats[n, cv2.CC_STAT_AREA] >= _LEAST_PX][
            : 4 * _MOST
        ]
    wanted = int(rng.integers(1, _MOST + 1))
    return [found[n] for n in rng.permutation(len(found))[:wanted]]
