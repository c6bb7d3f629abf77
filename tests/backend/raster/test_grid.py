"""Cutting a grid to an extent: snapped outwards, aligned with the source, in any CRS and orientation."""

from __future__ import annotations

import pytest
from rasterio.crs import CRS
from rasterio.transform import Affine
from rasterio.warp import transform_bounds

from idgbr.errors import InputError
from idgbr.raster.grid import Grid, cut_grid

UTM = CRS.from_epsg(32633)
FULL = Grid(Affine(0.5, 0, 500000, 0, -0.5, 5000000), UTM, 400, 600)


def test_no_extent_is_the_whole_raster() -> None:
    """Without an extent the grid is the raster's own."""
    assert cut_grid(FULL, None, None, "x.tif") is FULL


def test_aligned_extent_is_exact() -> None:
    """An extent on pixel borders neither grows nor shifts."""
    part = cut_grid(FULL, (500010, 4999900, 500060, 4999950), None, "x.tif")
    assert (part.row0, part.col0, part.height, part.width) == (100, 20, 100, 100)
    assert part.transform.c == 500010
    assert part.transform.f == 4999950


def test_unaligned_extent_snaps_outwards() -> None:
    """A pixel that the extent touches is kept; the alignment stays the source's."""
    part = cut_grid(FULL, (500010.2, 4999900.2, 500010.3, 4999900.3), None, "x.tif")
    assert (part.height, part.width) == (1, 1)
    assert part.transform.c == 500010


def test_extent_in_another_crs() -> None:
    """A geographic extent covers the same ground."""
    wgs = transform_bounds(UTM, CRS.from_epsg(4326), 500010, 4999900, 500060, 4999950)
    part = cut_grid(FULL, wgs, "EPSG:4326", "x.tif")
    assert part.row0 <= 100
    assert part.row0 + part.height >= 200
    assert 100 <= part.width <= 104


def test_rotated_grid_keeps_every_touched_pixel() -> None:
    """On a rotated grid the window covers the rotated extent."""
    full = Grid(Affine.translation(1000, 2000) * Affine.rotation(30) * Affine.scale(1, -1), UTM, 200, 200)
    x, y = full.transform * (100, 100)
    part = cut_grid(full, (x - 5, y - 5, x + 5, y + 5), None, "x.tif")
    assert part.row0 <= 94
    assert part.row0 + part.height >= 106
    assert part.transform * (0, 0) == pytest.approx(full.transform * (part.col0, part.row0))


@pytest.mark.parametrize("extent", [(0, 0, 10, 10), (500300, 4999000, 500400, 4999700), (5, 5, 1, 1)])
def test_no_overlap_is_said(extent: tuple[float, float, float, float]) -> None:
    """Zero overlap, touching only, or an inside-out extent: one line that names the raster or the extent."""
    with pytest.raises(InputError, match=r"extent"):
        cut_grid(FULL, extent, None, "x.tif")


def test_unknown_crs_is_said() -> None:
    """A CRS that PROJ does not know is named."""
    with pytest.raises(InputError, match="EPSG:999999"):
        cut_grid(FULL, (500010, 4999900, 500060, 4999950), "EPSG:999999", "x.tif")
