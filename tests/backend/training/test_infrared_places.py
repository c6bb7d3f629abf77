"""Labels that a near-infrared band gives."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")

from idgbr.training.dated_places import DATASET, HELD_OUT
from idgbr.training.infrared_places import (
    VEGETATION,
    ground_of,
    infrared_places,
    labels_of,
    places_without_buildings,
)
from idgbr.training.labels import BARE, BUILDING, IGNORE, NOT_BUILDING, NOT_VEGETATION


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


def test_pools_and_vegetation_are_no_buildings() -> None:
    # A pool; a blue roof, bright in infrared; grass; asphalt; a dark bluish roof.
    colours = [(110, 200, 210), (90, 140, 200), (70, 100, 60), (90, 92, 95), (30, 45, 50)]
    infrared = np.repeat([40, 150, 160, 80, 15], 4).astype(np.uint8)
    image = np.repeat(np.array(colours, np.uint8), 4, axis=0)
    labels = ground_of(np.tile(image, (4, 1, 1)), np.tile(infrared, (4, 1)))
    expected = np.repeat([NOT_BUILDING, IGNORE, VEGETATION, IGNORE, IGNORE], 4)
    assert labels.tolist() == np.tile(expected, (4, 1)).tolist()


def test_single_turquoise_pixels_say_nothing() -> None:
    image = np.full((5, 5, 3), 90, np.uint8)
    image[2, 2] = (110, 200, 210)
    assert (ground_of(image, np.full((5, 5), 40, np.uint8)) == IGNORE).all()


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
    places = places_without_buildings(tmp_path)
    assert [(place.name, place.calibration) for place in places] == [(stems[1], False), (stems[0], True)]
    assert all((place.labels == VEGETATION).all() for place in places)
