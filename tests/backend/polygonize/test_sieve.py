from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from idgbr.polygonize.sieve import Sieve
from tests.backend.polygonize.coverages import noise


def sieve(codes: np.ndarray, min_area: float, strip: int = 10**6) -> np.ndarray:
    work = Sieve(lambda first, last: np.ones((last - first, 1)), min_area, codes.shape[1])
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


def test_small_island_in_nodata_vanishes_but_never_takes_nodata() -> None:
    codes = np.ones((9, 9), np.uint16)
    codes[4, 4] = 2
    codes[0:2] = 3
    done = sieve(codes, 4)
    assert done[4, 4] == 1
    assert (done[0:2] == 3).all()


def test_raster_of_one_small_region_is_kept() -> None:
    assert (sieve(np.full((3, 3), 2, np.uint16), 100) == 2).all()
