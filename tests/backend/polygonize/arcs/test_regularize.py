"""Regular shapes: angles are those on the ground, neighbours share their walls, and odd shapes stay as they are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from shapely import affinity

from idgbr.polygonize.arcs.regularize import even
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
    shapes, _ = coverage(codes, regularize="right-angles", ground=lambda points: np.tile(pixel, (len(points), 1, 1)))
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
        shapes, _ = coverage(
            codes, regularize="right-angles", ground=lambda points: np.tile(pixel, (len(points), 1, 1))
        )
        assert_valid_coverage(shapes, codes.size)


def test_result_does_not_depend_on_strips() -> None:
    """The shape of pixels is that at a ring's first corner, wherever tracing met it first."""
    codes = roofs(PIXELS["sheared"], 3, 42)

    def ground(points: np.ndarray) -> np.ndarray:
        stretch = np.tile(np.eye(2), (len(points), 1, 1))
        stretch[:, 1, 1] = 1 + points[:, 1] / 2000
        return stretch

    whole, strips = (coverage(codes, strip, regularize="right-angles", ground=ground)[0] for strip in (10**6, 7))
    order = [np.lexsort(shapely.bounds(shapes).T) for shapes in (whole, strips)]
    assert shapely.equals_exact(whole[order[0]], strips[order[1]], 0).all()


def test_shape_of_pixels_keeps_areas() -> None:
    found = even(np.array([[[0.3, 0.0], [0.0, 0.45]], [[2.0, 1.0], [0.0, 2.0]]]))
    np.testing.assert_allclose(np.linalg.det(found), 1)
    assert found[0, 1, 1] / found[0, 0, 0] == pytest.approx(1.5)


def drawn(shapes: list[shapely.Polygon], size: int) -> np.ndarray:
    """Codes 2, 3, … of shapes in pixels on void, sampled at the middles of pixels."""
    codes = np.ones((size, size), np.uint16)
    cols, rows = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5)
    for code, shape in enumerate(shapes, 2):
        codes[shapely.contains_xy(shape, cols, rows)] = code
    return codes


def turns(shape: shapely.Polygon, direction: float) -> np.ndarray:
    """How far the edges of at least 4 px are from a direction, modulo right angles, in degrees."""
    edges = np.concatenate([np.diff(shapely.get_coordinates(ring), axis=0) for ring in shapely.get_rings(shape)])
    edges = edges[np.hypot(*edges.T) > 4]
    angles = np.degrees(np.arctan2(edges[:, 1], edges[:, 0]))
    return np.abs((angles - direction + 45) % 90 - 45)


def row_of_houses(turn: float) -> list[shapely.Polygon]:
    """Touching houses of different depths in pixels."""
    walls = np.cumsum([30, 26, 31, 22, 28, 25])
    return [
        affinity.rotate(shapely.box(a, 60, b, 60 + depth), turn, origin=(100, 100))
        for (a, b), depth in zip(pairwise(walls), (45, 60, 38, 52, 41), strict=True)
    ]


@pytest.mark.parametrize("turn", [0.0, 7.0, 23.0, 41.0])
@pytest.mark.parametrize("method", ["right-angles", "auto"])
def test_touching_houses_share_regular_walls(method: str, turn: float) -> None:
    codes = drawn(truth := row_of_houses(turn), 220)
    plain, order = coverage(codes)
    shapes, _ = coverage(codes, regularize=method)
    assert_valid_coverage(shapes)
    big = shapely.area(shapes) > 50
    before = np.concatenate([turns(shape, turn) for shape in plain[big]])
    after = np.concatenate([turns(shape, turn) for shape in shapes[big]])
    assert after.mean() <= 0.75 * before.mean() + 0.05
    for shape, code in zip(shapes[big], order[big], strict=True):
        true = truth[code - 2]
        assert shape.intersection(true).area / shape.union(true).area > 0.95


def test_silos_become_circles() -> None:
    discs = [shapely.Point(30.3 + 45 * k, 40.2).buffer(7 + 3 * k, 32) for k in range(4)]
    shapes, _ = coverage(codes := drawn(discs, 200), regularize="circles")
    assert_valid_coverage(shapes)
    for shape, disc in zip(sorted(shapes, key=lambda s: s.bounds[0]), discs, strict=True):
        distances = shapely.distance(shapely.points(shapely.get_coordinates(shape)), disc.centroid)
        assert np.ptp(distances) < 0.4
        assert shape.area == pytest.approx(disc.area, rel=0.03)
    assert shapely.equals_identical(shapes, coverage(codes, regularize="auto")[0]).all()
    squares = drawn([affinity.rotate(shapely.box(20, 20, 50, 50), 30), shapely.box(80, 20, 92, 32)], 120)
    assert shapely.equals_identical(coverage(squares, regularize="circles")[0], coverage(squares)[0]).all()


def test_courtyards_and_diagonal_corners_follow() -> None:
    house = shapely.box(20, 20, 90, 80).difference(shapely.box(40, 38, 68, 60))
    cut = shapely.Polygon([(130, 20), (170, 20), (190, 40), (190, 90), (130, 90)])
    truth = [affinity.translate(affinity.rotate(shape, 19, origin=(100, 60)), 20, 40) for shape in (house, cut)]
    shapes, order = coverage(drawn(truth, 260), regularize="diagonals")
    assert_valid_coverage(shapes)
    for shape, code in zip(shapes, order, strict=True):
        if shape.area > 50:
            edges = np.minimum(turns(shape, 19), turns(shape, 64))
            assert edges.max() < 0.6
            true = truth[code - 2]
            assert shape.intersection(true).area / shape.union(true).area > 0.97


def test_small_objects_take_the_direction_of_their_neighbours() -> None:
    houses = [affinity.rotate(shapely.box(x, y, x + 40, y + 28), 33) for x in (20, 90, 160) for y in (20, 90, 160)]
    sheds = [affinity.rotate(shapely.box(x + 0.3, y + 0.4, x + 9.3, y + 7.4), 33) for x in (70, 140) for y in (62, 132)]
    codes = drawn([*houses, *sheds], 230)
    shapes, order = coverage(codes, regularize="right-angles")
    alone = [coverage(np.where(codes == k, codes, 1), regularize="right-angles")[0] for k in range(11, 15)]
    here = np.concatenate([turns(s, 33) for s, k in zip(shapes, order, strict=True) if k >= 11 and s.area > 20])
    there = np.concatenate([turns(s, 33) for found in alone for s in found if s.area > 20])
    assert here.mean() < 0.7 * there.mean() + 0.1


def test_outlines_that_suggest_nothing_stay() -> None:
    codes = noise(150, 150, 2, seed=4, grain=9)
    y, x = np.mgrid[:150, :150]
    pond = 1 + ((x - 70) ** 2 / 2500 + (y - 60) ** 2 / 900 + 0.2 * np.sin(x / 9) < 1)
    for method in ("right-angles", "diagonals", "circles"):
        plain, regular = (coverage(pond.astype(np.uint16), regularize=m)[0] for m in ("none", method))
        assert shapely.equals_identical(plain, regular).all()
    assert_valid_coverage(coverage(codes, regularize="auto")[0])
