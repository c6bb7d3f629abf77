from __future__ import annotations

import numpy as np
import pytest
from affine import Affine

from idgbr.polygonize.sieve import Sieve
from idgbr.raster.ground import Ground
from idgbr.raster.pixel_areas import LEAST_CELL as CELL
from idgbr.raster.pixel_areas import PixelAreas


def polar() -> Ground:
    """Pixels of 20 km around the North Pole, whose areas differ by rows and by columns."""
    return Ground(Affine(20000, 0, -3000000, 0, -20000, 3000000), "EPSG:3413")


def test_areas_of_pixels_follow_the_projection_along_rows_and_columns() -> None:
    ground, areas = polar(), PixelAreas(polar(), 300, 300)
    rows = np.concatenate([areas.rows(first, first + 50) for first in range(0, 300, 50)])
    assert rows.shape == (300, -(-300 // CELL))
    for row in (0, 64, 130, 299):
        for cell in range(4):
            middle = np.array([[cell * CELL + CELL / 2, row + 0.5]])
            assert rows[row, cell] == pytest.approx(np.linalg.det(ground.scale(middle)[0]), rel=0.02)
    assert areas.cell == CELL
    assert rows[0, 0] < 0.85 * rows[150, 2]


def test_areas_do_not_depend_on_strips() -> None:
    whole = PixelAreas(polar(), 300, 300).rows(0, 300)
    areas = PixelAreas(polar(), 300, 300)
    np.testing.assert_array_equal(np.concatenate([areas.rows(r, min(r + 7, 300)) for r in range(0, 300, 7)]), whole)


def test_small_regions_are_told_by_the_area_of_their_own_pixels() -> None:
    """Of two regions of as many pixels, only the one where pixels are smaller is below the minimum."""
    codes = np.full((4, 2 * CELL), 2, np.uint16)
    codes[1:3, 10:14] = codes[1:3, CELL + 10 : CELL + 14] = 3
    sieve = Sieve(lambda first, last: np.tile([1.0, 2.0], (last - first, 1)), 10.0, CELL)
    decided = np.concatenate([*sieve.feed(codes), *sieve.finish()])
    assert (decided[:, :CELL] == 2).all()
    assert (decided[1:3, CELL + 10 : CELL + 14] == 3).all()


def test_areas_of_small_pixels_are_known_by_few() -> None:
    ground = Ground(Affine(0.3, 0, 500000, 0, -0.3, 5300000), "EPSG:32632")
    areas = PixelAreas(ground, 2000, 1500)
    rows = areas.rows(0, 1500)
    assert rows.shape == (1500, 1)
    assert rows[[0, 700, 1499], 0] == pytest.approx((0.3 / 0.9996) ** 2, rel=1e-4)
