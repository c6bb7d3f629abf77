"""Phase correlation by blocks finds a shift, and knows when it does not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from idgbr.change.image_pair import Window
from idgbr.change.registration import Shift, estimate_shift, phase_correlation


class Pair:
    """Two dates held in memory."""

    def __init__(self, before: np.ndarray, after: np.ndarray, valid: np.ndarray | None = None) -> None:
        self.height, self.width = before.shape
        self._dates = before[None].astype(np.float32), after[None].astype(np.float32)
        self._valid = np.ones(before.shape, bool) if valid is None else valid

    def read(self, row: int, col: int, height: int, width: int) -> Window:
        part = np.s_[row : row + height, col : col + width]
        before, after = (date[(slice(None), *part)] for date in self._dates)
        return Window(before, after, self._valid[part], before[0] == after[0])


def scene(seed: int, size: int = 400) -> np.ndarray:
    return gaussian_filter(np.random.default_rng(seed).standard_normal((size, size)), 2.0) * 4


@pytest.mark.parametrize(("right", "down"), [(0.0, 0.0), (3.0, -5.0), (2.4, 1.3), (-12.6, 7.5)])
def test_finds_a_shift_in_another_light(right: float, down: float) -> None:
    image = scene(1)
    rng = np.random.default_rng(2)
    moved = shift(image, (down, right), order=3, mode="mirror") * 0.6 + 3 + rng.normal(0, 0.05, image.shape)
    found = estimate_shift(Pair(image, moved))
    assert found.trusted
    assert (found.right, found.down) == pytest.approx((right, down), abs=0.15)


def test_other_places_have_no_shift_to_be_trusted() -> None:
    assert not estimate_shift(Pair(scene(1), scene(2))).trusted


def test_blocks_that_disagree_are_not_trusted() -> None:
    image = scene(1, 768)
    moved = np.concatenate(
        [np.roll(part, step, axis=1) for part, step in zip(np.split(image, 3), (-9, 0, 9), strict=True)]
    )
    found = estimate_shift(Pair(image, moved))
    assert found.blocks >= 6
    assert not found.trusted


def test_nodata_tells_nothing() -> None:
    image = scene(1)
    found = estimate_shift(Pair(image, image, np.zeros(image.shape, bool)))
    assert found == Shift(0.0, 0.0, float("inf"), 0, 0)
    assert not found.trusted


def test_a_hole_in_both_dates_does_not_speak_for_no_shift() -> None:
    image, rng = scene(1), np.random.default_rng(2)
    moved = shift(image, (-3, 5), order=3, mode="mirror") + gaussian_filter(rng.normal(0, 9, image.shape), 2.0)
    rows, cols = np.mgrid[: len(image), : len(image)]
    away = np.hypot(rows - 200, cols - 200)
    found = estimate_shift(Pair(image, moved, ~((away > 90) & (away < 130))))
    assert found.trusted
    assert (found.right, found.down) == pytest.approx((5, -3), abs=0.3)


def test_a_small_area_has_parts_that_bear_each_other_out() -> None:
    image = scene(1, 120)
    found = estimate_shift(Pair(image, shift(image, (2, -3), order=3, mode="mirror")))
    assert found.trusted
    assert found.blocks >= 2


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (Shift(3.0, 1.0, 0.0, 1, 1), "too little of the area"),
        (Shift(3.0, 1.0, 0.0, 1, 4), "1 of 4 parts show a shift, which is too few"),
        (Shift(3.0, 1.0, 0.5, 8, 36), "8 of 36 parts show a shift, which is too few"),
        (Shift(3.0, 1.0, 2.0, 9, 36), "but they disagree"),
        (Shift(33.0, 1.0, 0.5, 9, 36), "beyond 32 px"),
        (Shift(33.0, 1.0, 0.5, 9, 36).scaled(4), "beyond 128 px"),
    ],
)
def test_why_a_shift_is_not_known(found: Shift, reason: str) -> None:
    assert reason in found.problem
    assert not found.trusted


def test_an_even_plane_has_no_peak() -> None:
    assert phase_correlation(np.ones((64, 64), np.float32), np.ones((64, 64), np.float32)) == (0.0, 0.0, 0.0)
