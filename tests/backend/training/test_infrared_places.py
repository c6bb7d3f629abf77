"""Labels that a near-infrared band gives."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")

from idgbr.training.dated_places import DATASET, HELD_OUT
from idgbr.training.infrared_places import VEGETATION, infrared_places, labels_of
from idgbr.training.labels import BARE, BUILDING, IGNORE, NOT_VEGETATION


def test_the_index_tells_vegetation_and_what_is_none() -> None:
    red = np.array([[60, 100, 100, 100, 90, 10]], np.uint8)
    infrared = np.array([[180, 100, 100, 100, 120, 12]], np.uint8)
    building = np.array([[0.9, 0.9, 0.05, 0.4, 0.9, 0.9]], np.float32)
    # A tree over a roof; a roof; bare ground; roof or not; dry grass; deep shadow.
    expected = [VEGETATION, BUILDING, BARE, NOT_VEGETATION, IGNORE, IGNORE]
    assert labels_of(red, infrared, building).tolist() == [expected]


def test_bright_values_do_not_wrap() -> None:
    full = np.full((1, 1), 255, np.uint8)
    assert labels_of(full, full, np.zeros((1, 1), np.float32)).tolist() == [[BARE]]


def test_places_have_labels_and_one_city_is_held_out(tmp_path: Path) -> None:
    stems = [f"{HELD_OUT}_2020_0", "chico_2018_1"]
    for band, value in (("images", (70, 90, 40)), ("nir", 200)):
        (tmp_path / DATASET / band).mkdir(parents=True)
        for stem in stems:
            shape = (32, 32, 3) if band == "images" else (32, 32)
            cv2.imwrite(str(tmp_path / DATASET / band / f"{stem}.tif"), np.full(shape, value, np.uint8))
    (tmp_path / "splits.json").write_text(json.dumps({DATASET: {"unlabelled": stems}}))
    places = infrared_places(tmp_path, lambda place: np.zeros(place.labels.shape, np.float32))
    assert [(place.name, place.calibration) for place in places] == [(stems[1], False), (stems[0], True)]
    # Red, the last of the three values as OpenCV writes them, is 40.
    assert all((place.labels == VEGETATION).all() for place in places)
