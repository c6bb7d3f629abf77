"""Polygons overlap where they cover the same ground, not where they only meet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio.features
import shapely
from rasterio.transform import Affine

from idgbr.coarse_map.from_polygons import _Stack
from idgbr.layers.polygon_store import PolygonStore
from idgbr.raster.grid import Grid
from tests.backend.coarse_map.test_coarse_map import GRID, box, read, write_layer

SIZE = 40


def overlaps(shapes: np.ndarray, transform: Affine) -> int:
    """Pixels of a grid that more than one of the shapes, in its pixels, is found to cover."""
    store = PolygonStore()
    store.add(shapely.transform(shapes, lambda p: np.column_stack(transform * (p[:, 0], p[:, 1]))))
    return _Stack.of(store, Grid(transform, GRID.crs, SIZE, SIZE)).overlaps(0, SIZE)


def coverage(seed: int) -> np.ndarray:
    """Shapes (n,) side by side without gaps, whose level and upright edges run through middles of pixels."""
    rng = np.random.default_rng(seed)
    cells = np.kron(rng.integers(1, 9, (8, 8)), np.ones((5, 5), np.int32)).astype(np.int32)
    faults = rng.random(cells.shape) < 0.05
    cells[faults] = rng.integers(1, 9, int(faults.sum()))
    found = rasterio.features.shapes(cells, transform=Affine.translation(-0.5, -0.5))
    return np.array([shapely.geometry.shape(shape) for shape, _ in found])


@pytest.mark.parametrize("angle", [0, 90, 180, 33])
@pytest.mark.parametrize("seed", range(3))
def test_shapes_side_by_side_do_not_overlap(seed: int, angle: float) -> None:
    transform = Affine.translation(500000, 5000000) * Affine.rotation(angle) * Affine.scale(0.5, -0.5)
    shapes = coverage(seed)
    assert shapely.area(shapes).sum() == shapely.area(shapely.union_all(shapes)) == SIZE * SIZE
    assert overlaps(shapes, transform) == 0


def test_diagonals_through_middles_do_not_overlap() -> None:
    corners = [(0.5, 0.5), (30.5, 0.5), (30.5, 30.5), (0.5, 30.5)]
    middle = (15.5, 15.5)
    shapes = np.array([shapely.Polygon([corners[i - 1], corners[i], middle]) for i in range(4)])
    assert overlaps(shapes, Affine(0.5, 0, 500000, 0, -0.5, 5000000)) == 0


@pytest.mark.parametrize("seed", range(3))
def test_real_overlaps_are_counted_to_the_pixel(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.uniform(0, 25, (12, 2))
    shapes = shapely.box(*first.T, *(first + rng.uniform(3, 12, (12, 2))).T)
    rows, cols = np.indices((SIZE, SIZE)) + 0.5
    covered = [shapely.contains_xy(shape, cols, rows) for shape in shapes]
    assert overlaps(shapes, Affine(0.5, 0, 500000, 0, -0.5, 5000000)) == (np.sum(covered, axis=0) > 1).sum()


def test_a_shared_level_edge_is_told_of_nothing(tmp_path: Path) -> None:
    meeting = [box(10, 30.5, 10, 30), box(30.5, 50, 10, 30)]
    assert rasterio.features.rasterize(meeting[:1], (60, 80), transform=GRID.transform)[30, 10:30].all()
    assert rasterio.features.rasterize(meeting[1:], (60, 80), transform=GRID.transform)[30, 10:30].all()
    _, coarse, told = read(write_layer(tmp_path / "m.gpkg", meeting, kind=[1, 2]), "kind")
    assert coarse.overlap_pixels == 0
    assert not [line for line in told if "overlap" in line]
