"""Places with a near-infrared band, which tells vegetation: labels for images of three bands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.training.dated_places import DATASET, GSD_M, HELD_OUT, stems_of
from idgbr.training.labels import BARE, BUILDING, IGNORE, NOT_VEGETATION, VEGETATION
from idgbr.training.places import Place, unlabelled_place

#: Normalized difference (near infrared and red) above which ground is vegetation, and below which it is none.
_GREEN, _NOT_GREEN = 0.2, 0.08
#: Sum of both bands (of 510) below which the index is noise, in deep shadow, and below which ground may be water.
_NOISE, _DARK = 60, 110
#: Probabilities of a building below which ground is none, and above which it is one.
_SURE_GROUND, _SURE_BUILDING = 0.15, 0.6


def infrared_places(data: Path, find: Callable[[Place], NDArray[np.float32]]) -> list[Place]:
    """The images of open terms that have near infrared, those of the held-out city marked.

    Labels are vegetation, buildings where `find`, which gives probabilities (H, W), is certain, `BARE`,
    `NOT_VEGETATION`, or `IGNORE`.
    """
    folder = data / DATASET
    places = []
    for stem in stems_of(data):
        place = unlabelled_place(folder / "images" / f"{stem}.tif", GSD_M)
        infrared = np.asarray(cv2.imread(str(folder / "nir" / f"{stem}.tif"), cv2.IMREAD_GRAYSCALE), np.uint8)
        labels = labels_of(place.levels[0][..., 0], infrared, find(place))
        places.append(replace(place, labels=labels, calibration=stem.startswith(HELD_OUT)))
    return places


def labels_of(red: NDArray[np.uint8], infrared: NDArray[np.uint8], building: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Labels (H, W) of two bands (H, W) and the probability of a building (H, W)."""
    total = red.astype(np.float32) + infrared
    index = (infrared - red.astype(np.float32)) / np.maximum(total, 1)
    labels = np.full(red.shape, IGNORE, np.uint8)
    bare = (index < _NOT_GREEN) & (total > _DARK)
    labels[bare] = NOT_VEGETATION
    labels[bare & (building < _SURE_GROUND)] = BARE
    labels[bare & (building > _SURE_BUILDING)] = BUILDING
    labels[(index > _GREEN) & (total > _NOISE)] = VEGETATION
    return labels
