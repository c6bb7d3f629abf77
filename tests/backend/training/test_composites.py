from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from idgbr.training.composites import (
    painted,
    pasted,
    roof_numbers,
    with_canopy,
    with_cars,
    with_fields,
    with_huts,
    with_parcels,
    with_pools,
    with_water,
)
from idgbr.training.labels import BUILDING, NOT_BUILDING

#: A function that lays things on the ground of a crop, of labels and a ground sample distance (m).
Laid = Callable[[NDArray[np.uint8], NDArray[np.uint8], float, np.random.Generator], NDArray[np.uint8]]


@pytest.fixture
def labels() -> NDArray[np.uint8]:
    labels = np.full((96, 96), NOT_BUILDING, np.uint8)
    labels[10:30, 10:40] = BUILDING
    labels[50:70, 50:80] = BUILDING
    labels[80:96, 0:20] = BUILDING
    return labels


def test_roofs_are_numbered_by_regions_or_by_objects(labels: NDArray[np.uint8]) -> None:
    numbers, count = roof_numbers(labels, None)
    assert count == 3
    assert (numbers > 0).sum() == (labels == BUILDING).sum()
    objects = np.zeros(labels.shape, np.uint16)
    objects[10:30, 10:25], objects[10:30, 25:40], objects[50:70, 50:80] = 7, 9, 4
    numbers, count = roof_numbers(labels, objects)
    assert {int(numbers[15, 12]), int(numbers[15, 30]), int(numbers[60, 60])} == {1, 2, 3}
    assert count >= 3


def test_paint_stays_on_roofs_and_keeps_their_texture(labels: NDArray[np.uint8]) -> None:
    image = np.full((96, 96, 3), 120, np.uint8)
    image[::2] = 140
    out = painted(image, *roof_numbers(labels, None), np.random.default_rng(3))
    far = np.ones(labels.shape, bool)
    far[6:34, 6:44] = far[46:74, 46:84] = far[76:, :24] = False
    assert np.abs(out[far].astype(int) - image[far]).max() <= 1
    assert np.abs(out.astype(int) - image).max() > 20
    roof = out[14:26, 14:36].astype(int).mean(2)
    assert roof[::2].mean() > roof[1::2].mean()


def test_only_whole_roofs_are_pasted(labels: NDArray[np.uint8]) -> None:
    ground, source = np.full((96, 96, 3), 60, np.uint8), np.full((96, 96, 3), 200, np.uint8)
    numbers, count = roof_numbers(labels, None)
    for seed in range(5):
        out, where = pasted(ground, source, numbers, count, 4, np.random.default_rng(seed))
        assert where.any()
        assert not where[80:, :20].any()
        assert out[where].mean() > 180
        assert (out[~where] < 180).all()


def test_parcels_change_ground_only(labels: NDArray[np.uint8]) -> None:
    image = np.full((96, 96, 3), 120, np.uint8)
    changed = [with_parcels(image, labels, np.random.default_rng(seed)) for seed in range(6)]
    inside = np.zeros(labels.shape, bool)
    inside[22:24, 24:26] = True
    assert max(np.abs(out.astype(int) - image).max() for out in changed) > 10
    assert all((np.abs(out[inside].astype(int) - 120) <= 3).all() for out in changed)


@pytest.mark.parametrize(("laid", "least"), [(with_pools, 3), (with_cars, 3)])
def test_pools_and_cars_lie_on_ground_only(labels: NDArray[np.uint8], laid: Laid, least: int) -> None:
    image = np.full((96, 96, 3), 120, np.uint8)
    changed = [laid(image, labels, 0.2, np.random.default_rng(seed)) for seed in range(8)]
    inside = np.zeros(labels.shape, bool)
    inside[14:26, 14:36] = inside[54:66, 54:76] = True
    assert sum(np.abs(out.astype(int) - image).max() > 30 for out in changed) >= least
    assert all((np.abs(out[inside].astype(int) - 120) <= 3).all() for out in changed)


def test_fields_change_ground_only_and_are_even(labels: NDArray[np.uint8]) -> None:
    image = np.full((96, 96, 3), 120, np.uint8)
    roofs = labels == BUILDING
    inside = cv2.erode(roofs.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    shares = []
    for seed in range(6):
        out, where = with_fields(image, ~roofs, 0.5, np.random.default_rng(seed))
        assert not (where & roofs).any()
        assert np.abs(out[inside].astype(int) - 120).max() <= 1
        shares.append(where.mean())
        assert np.abs(out[where].astype(int) - 120).mean() > 5
    assert 0.1 < np.mean(shares) < 0.9


def test_huts_stand_free_on_the_ground() -> None:
    image = np.full((192, 192, 3), 120, np.uint8)
    ground = np.ones((192, 192), bool)
    ground[:96] = False
    found = 0
    for seed in range(6):
        out, where = with_huts(image, ground, 0.5, np.random.default_rng(seed))
        assert not where[:96].any()
        count, _, parts, _ = cv2.connectedComponentsWithStats(where.astype(np.uint8), connectivity=8)
        found += count - 1
        assert (parts[1:, cv2.CC_STAT_AREA] >= 16).all()
        assert np.abs(out[:90].astype(int) - 120).max() <= 1
    assert found >= 6


def test_water_is_dark_or_even_and_leaves_the_rest() -> None:
    """It covers a part of the crop, with far less contrast than the ground."""
    rng = np.random.default_rng(4)
    image = rng.integers(60, 200, (128, 128, 3), np.uint8)
    for seed in range(6):
        out, where = with_water(image, 0.3, np.random.default_rng(seed))
        assert 0.1 < where.mean() < 0.75
        inner = cv2.erode(where.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        assert out[inner].std(0).mean() < 0.6 * image[inner].std(0).mean()
        far = cv2.dilate(where.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
        assert np.abs(out[far].astype(int) - image[far]).max() <= 1


def test_trees_come_from_the_other_image() -> None:
    image, canopy = np.full((128, 128, 3), 200, np.uint8), np.full((128, 128, 3), 80, np.uint8)
    canopy[::2] = 100
    for seed in range(6):
        out, where = with_canopy(image, canopy, np.random.default_rng(seed))
        inner = cv2.erode(where.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        shade = out.mean(2)
        bright, dark = shade[::2][inner[::2]], shade[1::2][inner[1::2]]  # rows of the canopy
        assert np.median(bright) > np.median(dark)
        far = cv2.dilate(where.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
        assert np.abs(out[far].astype(int) - 200).max() <= 1
