from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from idgbr.polygonize.cracks import VOID
from idgbr.polygonize.sieve import CODES, Sieve
from tests.backend.polygonize.coverages import noise


def sieve(codes: np.ndarray, min_area: float, strip: int = 10**6, background: int | None = None) -> np.ndarray:
    known = None if background is None else np.arange(CODES) == background
    work = Sieve(lambda first, last: np.ones((last - first, 1)), min_area, codes.shape[1], known)
    out = [r for row in range(0, codes.shape[0], strip) for r in work.feed(codes[row : row + strip])]
    return np.concatenate(out + list(work.finish()))


@pytest.mark.parametrize("min_area", [2, 10, 60])
def test_no_small_region_is_left_and_nodata_is_untouched(min_area: int) -> None:
    codes = noise(120, 90, 4, seed=1)
    codes[40:50, 20:60] = 1
    done = sieve(codes, min_area)
    assert (done[codes == 1] == 1).all()
    for code in (2, 3, 4):
        labels, count = ndimage.label(done == code)
        assert count == 0 or np.bincount(labels.ravel())[1:].min() >= min_area


@pytest.mark.parametrize("strip", [1, 3, 64])
def test_strips_leave_no_trace(strip: int) -> None:
    codes = noise(150, 70, 4, seed=2)
    assert (sieve(codes, 12, strip) == sieve(codes, 12)).all()


def test_region_goes_where_its_border_is_longest() -> None:
    codes = np.full((7, 9), 2, np.uint16)
    codes[:, 5:] = 3
    codes[2:4, 4:6] = 4
    codes[1, 5] = 4
    codes[4, 5] = codes[4, 6] = 4
    done = sieve(codes, 9)
    assert (done[codes == 4] == 3).all()


def test_hole_below_the_minimum_is_filled_and_a_larger_one_stays() -> None:
    codes = np.full((20, 20), 2, np.uint16)
    codes[3:5, 3:5] = 3
    codes[10:15, 10:15] = 3
    done = sieve(codes, 9)
    assert (done[3:5, 3:5] == 2).all()
    assert (done[10:15, 10:15] == 3).all()


@pytest.mark.parametrize("strip", [1, 4, 64])
@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("beside", ["edge", "nodata"])
def test_background_is_merged_only_as_a_hole(strip: int, turns: int, beside: str) -> None:
    """Small background beside nodata or the edge of the raster is outside the object, not a hole in it."""
    codes = np.full((30, 30), 3, np.uint16)
    codes[10:12, 10:12] = codes[:3, :8] = codes[:, 29] = 2
    if beside == "nodata":
        codes = np.pad(codes, 4, constant_values=VOID)
    codes = np.rot90(codes, turns)
    done = np.rot90(sieve(codes, 100, strip, background=2), -turns)
    expected = np.rot90(codes, -turns).copy()
    hole = (10 if beside == "edge" else 14) + np.arange(2)
    expected[np.ix_(hole, hole)] = 3
    assert (done == expected).all()


@pytest.mark.parametrize("strip", [1, 64])
def test_a_large_minimum_leaves_background(strip: int) -> None:
    codes = np.full((20, 20), 2, np.uint16)
    codes[5:15, 5:9] = codes[2:20, 15:20] = 3
    assert (sieve(codes, 1e9, strip, background=2) == 2).all()


def test_small_island_in_nodata_vanishes_but_never_takes_nodata() -> None:
    codes = np.ones((9, 9), np.uint16)
    codes[4, 4] = 2
    codes[0:2] = 3
    done = sieve(codes, 4)
    assert done[4, 4] == 1
    assert (done[0:2] == 3).all()


def test_raster_of_one_small_region_is_kept() -> None:
    assert (sieve(np.full((3, 3), 2, np.uint16), 100) == 2).all()
