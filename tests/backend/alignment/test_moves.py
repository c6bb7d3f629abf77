"""Shifts in the CRS of a layer."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from rasterio.crs import CRS

from idgbr.alignment import Shifts, moved, moves_in_layer
from idgbr.errors import InputError


def shifts(centres: np.ndarray, moves: np.ndarray) -> Shifts:
    none = np.zeros(len(centres), bool)
    return Shifts(centres, moves, none.astype(float), none, none, none)


@pytest.mark.parametrize("crs", [None, "EPSG:32633", "EPSG:4326", "EPSG:3857"])
def test_metres_are_those_on_the_ground(crs: str | None) -> None:
    centres = np.array([[500_000.0, 5_500_000.0], [500_100.0, 5_500_000.0], [np.nan, np.nan]])
    found = moves_in_layer(shifts(centres, np.array([[3.0, -4.0], [0, 0], [0, 0]])), CRS.from_epsg(32633), crs, "layer")
    np.testing.assert_allclose(found.metres, [[3, -4], [0, 0], [0, 0]], atol=0.01)
    np.testing.assert_array_equal(found.steps[1:], 0)
    if crs == "EPSG:3857":
        np.testing.assert_allclose(found.steps[0], np.array([3, -4]) / np.cos(np.radians(49.65)), rtol=0.01)


def test_a_layer_of_another_body_is_refused() -> None:
    moon = "+proj=longlat +R=1737400 +no_defs +type=crs"
    with pytest.raises(InputError, match=r"layer: cannot be transformed to the CRS of the image"):
        moves_in_layer(shifts(np.zeros((1, 2)), np.ones((1, 2))), CRS.from_epsg(32633), moon, "layer")


def test_all_vertices_move_alike() -> None:
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(2, 2), (4, 2), (4, 4)]])
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 3, 4, 4)])
    given = np.array([holed, parts], object)
    found = moved(given, np.array([[1.0, 2.0], [-1.0, 0.0]]))
    points = [shapely.get_coordinates(shape) for shape in (*given, *found)]
    np.testing.assert_array_equal(points[2], points[0] + (1, 2))
    np.testing.assert_array_equal(points[3], points[1] - (1, 0))
    assert shapely.get_num_interior_rings(found[0]) == 1
    assert given[0].equals(holed)
