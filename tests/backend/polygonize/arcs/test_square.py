"""Right angles are those on the ground, whatever the shape of the pixels."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import affinity

from idgbr.polygonize.arcs.square import even
from tests.backend.polygonize.coverages import assert_valid_coverage, coverage, noise

#: Metres of one pixel to the right and one down, by what the pixels are.
PIXELS = {
    "square": np.eye(2),
    "1.2 times as high as wide": np.diag([1.0, 1.2]),
    "in degrees at 48 degrees north": np.diag([1.0, 1.49]),
    "in degrees at 60 degrees north": np.diag([0.5, 1.0]),
    "sheared": np.array([[1.0, 0.35], [0.0, 1.0]]),
    "turned and oblong": np.array([[0.9, -0.6], [0.4, 1.1]]),
}


def roofs(pixel: np.ndarray, lowest: float, highest: float, size: int = 600, seed: int = 1) -> np.ndarray:
    """Codes of clean rectangles on void, turned by some degrees, sampled at the middles of pixels."""
    rng = np.random.default_rng(seed)
    cols, rows = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5)
    ground = np.stack((cols, rows), axis=-1) @ pixel.T
    codes = np.ones((size, size), np.uint16)
    for row in range(60, size - 30, 80):
        for col in range(60, size - 30, 80):
            x, y = pixel @ (col, row)
            w, h = rng.uniform(13, 19), rng.uniform(8, 13)
            roof = affinity.rotate(shapely.box(x - w, y - h, x + w, y + h), rng.uniform(lowest, highest))
            near = np.s_[max(row - 60, 0) : row + 60, max(col - 60, 0) : col + 60]
            inside = shapely.contains_xy(roof, ground[near][..., 0], ground[near][..., 1])
            codes[near][inside] = 2
    return codes


def is_rectangle(shape: shapely.Polygon, pixel: np.ndarray) -> bool:
    """Whether a polygon has four corners, right ones on the ground to a tenth of a degree."""
    corners = shapely.get_coordinates(shape)[:-1] @ pixel.T
    if len(corners) != 4:
        return False
    sides = np.roll(corners, -1, 0) - corners
    nexts = np.roll(sides, -1, 0)
    cosines = (sides * nexts).sum(1) / np.hypot(*sides.T) / np.hypot(*nexts.T)
    return bool(np.abs(np.degrees(np.arcsin(cosines))).max() < 0.1)


@pytest.mark.parametrize("turned", [(0, 3), (3, 90)])
@pytest.mark.parametrize("pixel", PIXELS.values(), ids=PIXELS)
def test_clean_rectangles_get_right_angles(pixel: np.ndarray, turned: tuple[float, float]) -> None:
    pixel = even(pixel[None])[0]
    codes = roofs(pixel, *turned)
    shapes, _ = coverage(codes, square=True, ground=lambda points: np.tile(pixel, (len(points), 1, 1)))
    shapes = shapes[shapely.area(shapes) > 50]  # where a corner ends in a lone pixel, that is one of its own
    assert len(shapes) == 49
    assert np.mean([is_rectangle(shape, pixel) for shape in shapes]) >= 0.93
    outline, _ = coverage(codes, simplify=0.0)
    outline = outline[shapely.area(outline) > 50]
    overlap = [shapely.intersection(a, b).area / shapely.union(a, b).area for a, b in zip(shapes, outline, strict=True)]
    assert min(overlap) > 0.9


@pytest.mark.parametrize("pixel", PIXELS.values(), ids=PIXELS)
def test_squared_coverages_have_no_gaps_and_no_overlaps(pixel: np.ndarray) -> None:
    for seed, grain in ((1, 1), (2, 4), (3, 9)):
        codes = noise(120, 130, 3, seed, grain) + np.uint16(1)
        shapes, _ = coverage(codes, square=True, ground=lambda points: np.tile(pixel, (len(points), 1, 1)))
        assert_valid_coverage(shapes, codes.size)


def test_result_does_not_depend_on_strips() -> None:
    """The shape of pixels is that at a ring's first corner, wherever tracing met it first."""
    codes = roofs(PIXELS["sheared"], 3, 42)

    def ground(points: np.ndarray) -> np.ndarray:
        stretch = np.tile(np.eye(2), (len(points), 1, 1))
        stretch[:, 1, 1] = 1 + points[:, 1] / 2000
        return stretch

    whole, strips = (coverage(codes, strip, square=True, ground=ground)[0] for strip in (10**6, 7))
    order = [np.lexsort(shapely.bounds(shapes).T) for shapes in (whole, strips)]
    assert shapely.equals_exact(whole[order[0]], strips[order[1]], 0).all()


def test_shape_of_pixels_keeps_areas() -> None:
    found = even(np.array([[[0.3, 0.0], [0.0, 0.45]], [[2.0, 1.0], [0.0, 2.0]]]))
    np.testing.assert_allclose(np.linalg.det(found), 1)
    assert found[0, 1, 1] / found[0, 0, 0] == pytest.approx(1.5)
