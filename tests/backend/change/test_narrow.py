"""What is too narrow to be a changed object."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.change.classify import context_px, narrowest_px, wide_parts, without_narrow

WIDTH = 5.0


def turned(width: float, length: float, angle: float, size: int = 64) -> np.ndarray:
    """A rectangle around the middle."""
    rows, cols = np.indices((size, size)) - size / 2
    along, across = (
        cols * np.cos(angle) + rows * np.sin(angle),
        rows * np.cos(angle) - cols * np.sin(angle),
    )
    return np.asarray((np.abs(along) < length / 2) & (np.abs(across) < width / 2))


@pytest.mark.parametrize("angle", [0.0, 0.4, np.pi / 4, 1.2])
def test_strips_go_and_houses_stay_whole_whatever_their_angle(angle: float) -> None:
    assert not wide_parts(turned(3, 50, angle), WIDTH).any()
    house = turned(12, 24, angle)
    np.testing.assert_array_equal(wide_parts(house, WIDTH), house)


def test_a_house_loses_the_strip_that_hangs_on_it() -> None:
    mask = np.zeros((48, 80), bool)
    mask[20:32, 10:26] = True
    house = mask.copy()
    mask[25:27, 26:70] = True
    kept = wide_parts(mask, WIDTH)
    assert kept[house].all()
    assert not kept[:, 34:].any()


def test_a_house_at_the_edge_of_the_raster_stays() -> None:
    mask = np.zeros((20, 20), bool)
    mask[:3, :3] = True
    assert wide_parts(mask, WIDTH).all() == mask.all()
    mask[:, :3] = True
    assert wide_parts(mask, WIDTH)[:, :3].all()


def test_a_narrow_strip_between_classes_goes_to_one_of_them() -> None:
    labels = np.zeros((40, 60), np.uint8)
    labels[10:30, 10:29], labels[10:30, 29:31], labels[10:30, 31:50] = 1, 3, 2
    labels[35, :] = 1
    out = without_narrow(labels, 0, WIDTH)
    assert set(np.unique(out)) == {0, 1, 2}
    assert not out[35].any()
    np.testing.assert_array_equal(out[:33] != 0, labels[:33] != 0)
    untouched = labels[:33] != 3
    np.testing.assert_array_equal(out[:33][untouched], labels[:33][untouched])


def test_a_part_says_the_same_as_the_whole_within_the_context() -> None:
    rng = np.random.default_rng(0)
    blocks = rng.integers(0, 4, (24, 24)).repeat(6, 0).repeat(6, 1).astype(np.uint8)
    blocks[rng.random(blocks.shape) < 0.1] = 0
    whole, context = without_narrow(blocks, 0, WIDTH), context_px(WIDTH)
    assert (whole != blocks).any()
    for first in range(0, 144, 24):
        top, bottom = max(first - context, 0), min(first + 24 + context, 144)
        part = without_narrow(blocks[top:bottom], 0, WIDTH)[first - top : first - top + 24]
        np.testing.assert_array_equal(part, whole[first : first + 24])


def test_the_width_follows_the_ground_sample_distance() -> None:
    assert [narrowest_px(gsd) for gsd in (0.1, 0.5, 1.0, 10.0)] == [20.0, 4.0, 3.0, 3.0]
