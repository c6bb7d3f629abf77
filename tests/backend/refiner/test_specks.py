"""Specks that refinement leaves are given to their surroundings; what was small before stays."""

from __future__ import annotations

import numpy as np

from idgbr.classes import NODATA_CLASS
from idgbr.refiner.specks import CONTEXT, SPECK_PX, without_specks


def block(row: int, col: int, side: int) -> tuple[slice, slice]:
    return slice(row, row + side), slice(col, col + side)


def test_what_refinement_left_or_made_goes_and_what_was_small_stays() -> None:
    before = np.zeros((60, 80), np.uint8)
    before[block(10, 10, 20)] = 1
    before[block(5, 50, 3)] = 1  # a hut, untouched
    before[block(38, 60, 3)] = 1  # a hut whose neighbour moves
    after = before.copy()
    after[block(10, 10, 20)] = 0
    after[block(12, 12, 20)] = 1
    after[10, 10] = 1  # left behind
    after[block(20, 20, 2)] = 0  # a hole
    after[block(36, 65, 5)] = 1
    expected = after.copy()
    expected[10, 10] = 0
    expected[block(20, 20, 2)] = 1
    np.testing.assert_array_equal(without_specks(before, after), expected)


def test_ground_without_a_class_is_never_given_or_taken() -> None:
    before = np.full((40, 40), NODATA_CLASS, np.uint8)
    before[:, 20:] = 0
    after = before.copy()
    after[10, 30] = 1
    found = without_specks(before, after)
    np.testing.assert_array_equal(found, before)


def test_a_part_with_context_is_as_the_whole() -> None:
    rng = np.random.default_rng(3)
    before = np.kron(rng.integers(0, 3, (20, 10)), np.ones((10, 10))).astype(np.uint8)
    after = np.where(rng.random(before.shape) < 0.1, rng.integers(0, 3, before.shape), before).astype(np.uint8)
    whole = without_specks(before, after)
    assert (whole != after).any()
    first, last = 80, 120
    rows = slice(first - CONTEXT, last + CONTEXT)
    np.testing.assert_array_equal(without_specks(before[rows], after[rows])[CONTEXT:-CONTEXT], whole[first:last])
    assert SPECK_PX < CONTEXT
