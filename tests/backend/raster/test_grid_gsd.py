from __future__ import annotations

import pytest
from rasterio.crs import CRS
from rasterio.transform import Affine

from idgbr.raster.grid import Grid, ground_sample_distance, within


def test_pixels_at_the_edge_of_a_zone_are_as_good_as_their_size() -> None:
    """0.3 m of UTM are 0.2997 m on the ground there; a model for 0.3 m and more takes them as they are."""
    gsd = ground_sample_distance(Grid(Affine(0.3, 0, 833000, 0, -0.3, 10000), CRS.from_epsg(32632), 100, 100))
    assert gsd == pytest.approx(0.2997, abs=0.0006)
    assert gsd < 0.3
    assert within(gsd, 0.3, 1.0)


@pytest.mark.parametrize(
    ("gsd", "expected"), [(0.29, False), (0.292, True), (0.3, True), (1.0, True), (1.02, True), (1.04, False)]
)
def test_ends_of_a_range_give_way_by_three_per_cent(gsd: float, expected: bool) -> None:
    assert within(gsd, 0.3, 1.0) is expected
