"""Places with a near-infrared band, which tells vegetation and pools: labels for images of three bands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.training.dated_places import DATASET, GSD_M, HELD_OUT, stems_of
from idgbr.training.labels import BARE, BUILDING, IGNORE, NOT_BUILDING, NOT_VEGETATION, VEGETATION
from idgbr.training.places import Place, unlabelled_place

#: Normalized difference (near infrared and red) above which ground is vegetation, and below which it is none.
_GREEN, _NOT_GREEN = 0.2, 0.08
#: Sum of both bands (of 510) below which the index is noise, in deep shadow, and below which ground may be water.
_NOISE, _DARK = 60, 110
#: Normalized difference (green and near infrared) above which ground is wet; how far green and blue exceed red, as a
#: share of all three, and their least sum (of 510), where that is a pool and no dark roof.
_WET, _TURQUOISE, _BRIGHT = 0.3, 0.06, 160
#: How far blue exceeds green, as a share of the sum of the three colours, on what is no plant.
_BLUE = 0.05
#: Probabilities of a building below which ground is none, and above which it is one.
_SURE_GROUND, _SURE_BUILDING = 0.15, 0.6


def infrared_places(data: Path, find: Callable[[Place], NDArray[np.float32]]) -> list[Place]:
    """The images of open terms that have near infrared, those of the held-out city marked.

    Labels are vegetation, buildings where `find`, which gives probabilities (H, W), is certain, `BARE`,
    `NOT_VEGETATION`, or `IGNORE`.
    """
    places = []
    for place, infrared in _images(data):
        labels = labels_of(place.levels[0][..., 0], infrared, find(place))
        places.append(replace(place, labels=labels, calibration=place.name.startswith(HELD_OUT)))
    return places


def places_without_buildings(data: Path) -> list[Place]:
    """The same images, where labels only say what is no building: vegetation and pools (`ground_of`)."""
    return [
        replace(place, labels=ground_of(place.levels[0], infrared), calibration=place.name.startswith(HELD_OUT))
        for place, infrared in _images(data)
    ]


def _images(data: Path) -> Iterator[tuple[Place, NDArray[np.uint8]]]:
    """Each image with its near-infrared band (H, W)."""
    folder = data / DATASET
    for stem in stems_of(data):
        infrared = cv2.imread(str(folder / "nir" / f"{stem}.tif"), cv2.IMREAD_GRAYSCALE)
        yield unlabelled_place(folder / "images" / f"{stem}.tif", GSD_M), np.asarray(infrared, np.uint8)


def labels_of(red: NDArray[np.uint8], infrared: NDArray[np.uint8], building: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Labels (H, W) of two bands (H, W) and the probability of a building (H, W)."""
    index, total = _difference(infrared, red)
    labels = np.full(red.shape, IGNORE, np.uint8)
    bare = (index < _NOT_GREEN) & (total > _DARK)
    labels[bare] = NOT_VEGETATION
    labels[bare & (building < _SURE_GROUND)] = BARE
    labels[bare & (building > _SURE_BUILDING)] = BUILDING
    labels[(index > _GREEN) & (total > _NOISE)] = VEGETATION
    return labels


def ground_of(image: NDArray[np.uint8], infrared: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Labels (H, W) of RGB (H, W, 3) and near infrared (H, W): `VEGETATION`, `NOT_BUILDING` in pools, or `IGNORE`."""
    red, green, blue = (image[..., band].astype(np.float32) for band in range(3))
    colours = np.maximum(red + green + blue, 1)
    labels = np.full(infrared.shape, IGNORE, np.uint8)
    index, total = _difference(infrared, image[..., 0])
    # Blue paint is bright in infrared, too.
    labels[(index > _GREEN) & (total > _NOISE) & ((blue - green) / colours < _BLUE)] = VEGETATION
    wet, _ = _difference(image[..., 1], infrared)
    turquoise = (np.minimum(green, blue) - red) / colours > _TURQUOISE
    pool = ((wet > _WET) & turquoise & (green + blue > _BRIGHT)).astype(np.uint8)
    # Single pixels are mixtures at the edges of roofs. The anchors keep OpenCV from shifting the result by a pixel.
    square = np.ones((2, 2), np.uint8)
    pool = np.asarray(cv2.dilate(cv2.erode(pool, square, anchor=(0, 0)), square, anchor=(1, 1)), np.uint8)
    labels[pool > 0] = NOT_BUILDING
    return labels


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normalized difference of two bands (H, W), and their sum."""
    first, second = one.astype(np.float32), other.astype(np.float32)
    total = first + second
    return (first - second) / np.maximum(total, 1), total
