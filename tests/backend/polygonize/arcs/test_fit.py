from __future__ import annotations

import numpy as np
import shapely
from shapely import affinity

from idgbr.polygonize.arcs.regularize import REACH
from tests.backend.polygonize.coverages import assert_valid_coverage, coverage, crack_middles


def rectangles(seed: int, size: int = 600) -> tuple[np.ndarray, list[shapely.Polygon]]:
    """Rotated rectangles and L-shapes on void, sampled at pixel centres, and their true outlines."""
    rng = np.random.default_rng(seed)
    codes, truth = np.ones((size, size), np.uint16), []
    for y in range(40, size - 40, 60):
        for x in range(40, size - 40, 60):
            w, h = rng.uniform(10, 38, 2)
            shape = shapely.box(-w / 2, -h / 2, w / 2, h / 2)
            if min(w, h) > 18 and rng.random() < 0.5:
                shape = shape.difference(shapely.box(0, 0, w, h))
            shape = affinity.rotate(shape, rng.uniform(0, 180), origin=(0, 0))
            shape = affinity.translate(shape, x + rng.uniform(-5, 5), y + rng.uniform(-5, 5))
            cols, rows = np.meshgrid(np.arange(size) + 0.5, np.arange(y - 32, y + 33) + 0.5)
            codes[y - 32 : y + 33][shapely.contains_xy(shape, cols, rows)] = 2
            truth.append(shape)
    return codes, truth


def scores(shapes: np.ndarray, truth: list[shapely.Polygon]) -> tuple[float, float, float]:
    """Mean IoU, PoLiS distance, and vertices for one true vertex."""
    tree = shapely.STRtree(shapes)
    iou, polis, vertices = [], [], []
    for true in truth:
        got = shapes[tree.query(true.representative_point(), "intersects")[0]]
        iou.append(true.intersection(got).area / true.union(got).area)
        ends = [shapely.points(np.array(p.exterior.coords)[:-1]) for p in (true, got)]
        polis.append(
            0.5 * (shapely.distance(ends[0], got.exterior).mean() + shapely.distance(ends[1], true.exterior).mean())
        )
        vertices.append(len(ends[1]) / len(ends[0]))
    return float(np.mean(iou)), float(np.mean(polis)), float(np.mean(vertices))


def test_fitted_rectangles_are_truer_than_the_staircase() -> None:
    codes, truth = rectangles(seed=2)
    exact = scores(coverage(codes, simplify=0.0)[0], truth)
    fitted = scores(coverage(codes, simplify=0.75)[0], truth)
    assert fitted[0] > 0.975 > exact[0]
    assert fitted[1] < 0.23 < exact[1]
    assert fitted[2] < 2.2


def test_squared_rectangles_are_truer_still() -> None:
    codes, truth = rectangles(seed=4)
    fitted, shapes = (
        scores(coverage(codes, simplify=0.75)[0], truth),
        coverage(codes, simplify=0.75, regularize="right-angles")[0],
    )
    squared = scores(shapes, truth)
    assert_valid_coverage(shapes)
    assert squared[0] > fitted[0]
    assert squared[1] < fitted[1]
    right = 0
    for shape in shapes:
        edges = np.diff(np.array(shape.exterior.coords), axis=0)
        edges /= np.hypot(*edges.T)[:, None]
        right += bool((np.abs((edges * np.roll(edges, 1, axis=0)).sum(axis=1)) < 1e-6).all())
    assert right > 0.4 * len(shapes)
    # Of an outline, none moves farther than told of.
    lines = shapely.union_all(shapely.boundary(shapes))
    assert shapely.distance(crack_middles(codes), lines).max() <= REACH


def test_squaring_leaves_round_objects_alone() -> None:
    y, x = np.mgrid[:60, :60]
    codes = np.where((x - 30.2) ** 2 + (y - 29.7) ** 2 < 20**2, 2, 1).astype(np.uint16)
    assert coverage(codes, simplify=0.75, regularize="right-angles")[0][0] == coverage(codes, simplify=0.75)[0][0]


def test_smoothing_rounds_and_keeps_the_area() -> None:
    y, x = np.mgrid[:80, :80]
    codes = np.where((x - 40.2) ** 2 + (y - 39.7) ** 2 < 30**2, 2, 1).astype(np.uint16)
    plain, smooth = coverage(codes, simplify=0.75)[0][0], coverage(codes, simplify=0.75, smooth=True)[0][0]
    assert len(smooth.exterior.coords) > 2 * len(plain.exterior.coords)
    assert abs(smooth.area / plain.area - 1) < 0.02


def test_axis_aligned_shapes_come_back_exactly() -> None:
    codes = np.ones((40, 40), np.uint16)
    codes[5:25, 8:30] = 2
    codes[15:25, 20:30] = 1
    shape = coverage(codes, simplify=0.75)[0][0]
    want = shapely.box(8, 5, 30, 25).difference(shapely.box(20, 15, 30, 25))
    assert shape.symmetric_difference(want).area < 1e-6


def test_tolerance_trades_vertices_for_closeness() -> None:
    rng = np.random.default_rng(0)
    edge = 40 + np.cumsum(rng.integers(-1, 2, 200))
    codes = np.where(np.arange(120)[:, None] < edge[None, :], 2, 3).astype(np.uint16)
    counts = [shapely.get_num_coordinates(coverage(codes, simplify=s)[0]).sum() for s in (0.0, 0.3, 0.5, 3.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[3] < counts[0] / 3
