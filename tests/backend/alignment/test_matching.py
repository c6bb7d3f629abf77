"""Scores of shifts: the best one is where the object is, next to the image's edge, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine

from idgbr.alignment.evidence import PLANES, edges
from idgbr.alignment.matching import LARGEST, Objects, ScoreSurfaces, Window, fill_scores
from idgbr.layers.polygon_store import PolygonStore
from idgbr.monitor import Monitor
from idgbr.tiling.score_store import ScoreStore, StoredScores

METRES = np.array([[0.5, 0.0], [0.0, 0.5]])
SIZE = (120, 140)


def scored(tmp_path: Path, shapes: list[shapely.Geometry], truth: list[shapely.Geometry]) -> ScoreSurfaces:
    """Scores of shapes against an image of the true ones, all in pixels."""
    from rasterio.features import rasterize

    mask = rasterize([(shape, 1) for shape in truth], SIZE, dtype="uint8").astype(np.float32)
    stored = StoredScores(tmp_path / "evidence.bin", PLANES, SIZE)
    with ScoreStore(stored.path, PLANES, SIZE, SIZE) as store:
        store.write(0, 0, np.concatenate((mask[None], edges(mask))))
    polygons = PolygonStore(tmp_path)
    polygons.add(np.array(shapes, object))
    objects = Objects.of(polygons, Affine.identity())
    scores = ScoreSurfaces(tmp_path / "scores.bin", len(objects.numbers), Window.of(4.0, METRES))
    fill_scores(stored, objects, scores, Monitor())
    return scores


def best(scores: ScoreSurfaces, which: int) -> tuple[float, float]:
    """The best shift of an object in px right and down."""
    surface = scores.take(np.array([which]))[0]
    row, col = np.unravel_index(surface.argmax(), surface.shape)
    return col - scores.window.cols, row - scores.window.rows


def test_the_best_shift_leads_to_the_object(tmp_path: Path) -> None:
    inner, at_edge = shapely.box(50, 40, 72, 56), shapely.box(0, 90, 14, 108)
    moved = [shapely.transform(shape, lambda p: p + np.array([5, -3])) for shape in (inner, at_edge)]
    with scored(tmp_path, moved, [inner, at_edge]) as scores:
        assert scores.window.shape == (17, 17)
        assert best(scores, 0) == (-5, 3)
        assert best(scores, 1) == (-5, 3)
        assert scores.take(np.array([0])).max() > 1.5


@pytest.mark.parametrize("width", [0.3, 0.6, 2.0])
def test_scores_of_an_object_that_covers_no_pixel_by_half_are_as_symmetric_as_the_ground(
    tmp_path: Path, width: float
) -> None:
    wall, ground = shapely.box(60 - width / 2, 40, 60 + width / 2, 70), shapely.box(50, 30, 70, 80)
    with scored(tmp_path, [wall], [ground]) as scores:
        surface = scores.take(np.array([0]))[0]
    assert np.ptp(surface) > 0.01
    np.testing.assert_allclose(surface, surface[:, ::-1], atol=0.01)
    np.testing.assert_allclose(surface, surface[::-1], atol=0.01)


def test_objects_elsewhere_and_huge_ones_have_no_scores(tmp_path: Path) -> None:
    shapes = [shapely.box(10, 10, 30, 30), shapely.box(500, 10, 520, 30), shapely.box(-LARGEST, 20, 60, 40)]
    with scored(tmp_path, shapes, shapes[:1]) as scores:
        assert scores.known.tolist() == [True, False, False]
        assert np.isnan(scores.take(np.array([1]))).all()


def test_a_window_of_sheared_pixels_reaches_as_far_in_metres() -> None:
    metres = np.array([[0.5, 0.2], [0.0, 0.4]])
    window = Window.of(4.0, metres)
    shifts = window.shifts()
    assert shifts.shape == (*window.shape, 2)
    assert shifts[window.rows, window.cols].tolist() == [0, 0]
    np.testing.assert_allclose(shifts[window.rows + 1, window.cols], [0.2, 0.4])
    for angle in np.linspace(0, 2 * np.pi, 24):
        wanted = 3.9 * np.array([np.cos(angle), np.sin(angle)])
        assert np.hypot(*(shifts - wanted).reshape(-1, 2).T).min() == pytest.approx(0, abs=0.4)
