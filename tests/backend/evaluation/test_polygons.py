from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import affinity

from idgbr.evaluation.polygons import (
    match_polygons,
    polis,
    score_polygons,
    tangent_angle_error,
    vertex_ratio,
)
from idgbr.layers.polygon_store import PolygonStore

SQUARE = shapely.box(0, 0, 10, 10)


def stored(*shapes: shapely.Polygon) -> PolygonStore:
    """Polygons as they are compared."""
    store = PolygonStore()
    store.add(np.array(shapes, object))
    return store


def test_polis_of_a_shifted_and_of_a_grown_square() -> None:
    assert polis(SQUARE, SQUARE) == 0
    # Two corners of each square lie 2 from the other's outline; the others lie on it.
    assert polis(shapely.box(2, 0, 12, 10), SQUARE) == pytest.approx(1.0)
    # Outer corners are √2 from the inner square, inner corners 1 from the outer outline.
    assert polis(shapely.box(-1, -1, 11, 11), SQUARE) == pytest.approx((np.sqrt(2) + 1) / 2)


def test_polis_looks_at_holes_too() -> None:
    holed = shapely.Polygon(SQUARE.exterior.coords, [[(4, 4), (4, 6), (6, 6), (6, 4)]])
    assert polis(holed, SQUARE) == pytest.approx((4 * 4 / 8 + 0) / 2)


def test_vertices_are_counted_without_the_closing_one() -> None:
    assert vertex_ratio(shapely.segmentize(SQUARE, 5), SQUARE) == 2.0
    assert vertex_ratio(SQUARE, SQUARE) == 1.0


@pytest.mark.parametrize("angle", [0.0, 3.0, 8.0])
def test_angle_error_of_a_turned_square(angle: float) -> None:
    assert tangent_angle_error(affinity.rotate(SQUARE, angle), SQUARE, 0.1) == pytest.approx(angle, abs=0.5)


def test_a_cut_corner_has_an_angle_error_of_45_degrees() -> None:
    cut = shapely.Polygon([(0, 0), (10, 0), (10, 7), (7, 10), (0, 10)])
    assert tangent_angle_error(cut, SQUARE, 0.1) == pytest.approx(45, abs=1)
    assert tangent_angle_error(shapely.box(1, 1, 9, 9), SQUARE, 0.1) == pytest.approx(0, abs=1e-6)


def test_best_overlaps_are_matched_once() -> None:
    predicted = stored(shapely.box(1, 0, 11, 10), shapely.box(0, 0, 10, 10), shapely.box(50, 0, 60, 10))
    truth = stored(SQUARE, shapely.box(50, 5, 60, 15))
    pairs, ious = match_polygons(predicted, truth)
    assert pairs == [(1, 0)]
    assert ious.tolist() == [1.0]
    pairs, ious = match_polygons(predicted, truth, iou=0.3)
    assert pairs == [(1, 0), (2, 1)]
    assert ious[1] == pytest.approx(1 / 3)
    assert match_polygons(predicted, stored())[0] == []


def test_layers_are_scored_by_class() -> None:
    none = stored()
    roofs = stored(shapely.box(2, 0, 12, 10), shapely.box(100, 0, 110, 10))
    # The second roof has another class in the truth, so it stands alone.
    scores = score_polygons([roofs, none], [stored(SQUARE), stored(shapely.box(100, 0, 110, 10))], 0.1, 0.5)
    assert (scores.predicted, scores.truth, scores.matched) == (2, 2, 1)
    assert scores.f1 == pytest.approx(0.5)
    assert scores.mean_iou == pytest.approx(80 / 120)
    assert scores.polis_m == pytest.approx(0.5)
    assert scores.vertex_ratio == 1.0
    empty = score_polygons([none], [none], 0.1)
    assert empty.f1 == 1.0
    assert np.isnan(empty.polis_m)
