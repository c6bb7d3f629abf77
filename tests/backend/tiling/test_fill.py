"""Ground without data is filled with a mirror image of what lies beside it."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.tiling import normalize
from idgbr.tiling.normalize import REACH, fill_missing


def test_a_side_without_data_mirrors_the_other() -> None:
    rng = np.random.default_rng(0)
    whole = rng.random((3, 40, 90), np.float32)
    image, valid = whole.copy(), np.ones((40, 90), bool)
    valid[:, 60:] = False
    image[:, ~valid] = 0.5
    fill_missing(image, valid)
    assert np.array_equal(image[:, :, :60], whole[:, :, :60])
    assert np.array_equal(image[:, :, 60:], whole[:, :, 58:28:-1])


def test_where_there_is_nothing_to_mirror_the_nearest_pixel_counts_and_beyond_its_reach_nothing_changes() -> None:
    image, valid = np.full((1, 5, 200), 0.5, np.float32), np.zeros((5, 200), bool)
    valid[:, :2] = True
    image[0, :, 0], image[0, :, 1] = 0.1, 0.9
    fill_missing(image, valid)
    assert (image[0, :, 2] == np.float32(0.1)).all()
    assert (image[0, :, 3 : 2 + REACH] == np.float32(0.9)).all()
    assert (image[0, :, 2 + REACH :] == np.float32(0.5)).all()


@pytest.mark.parametrize("block", [16, 37, 300])
def test_the_result_does_not_depend_on_the_blocks(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    rng = np.random.default_rng(1)
    given, valid = rng.random((2, 230, 180), np.float32), rng.random((230, 180)) < 0.4
    valid[60:200, 20:150] = False
    whole = given.copy()
    fill_missing(whole, valid)
    image = given.copy()
    monkeypatch.setattr(normalize, "_BLOCK", block)
    fill_missing(image, valid)
    assert np.array_equal(image, whole)
