from __future__ import annotations

import numpy as np
import pytest
import shapely
from rasterio.features import rasterize

from idgbr.scenes import Scene, make_scene


@pytest.fixture(scope="module", params=[(2, 0.3), (27, 0.6), (1, 0.08)], ids=lambda p: f"seed{p[0]}-{p[1]}m")
def scene(request: pytest.FixtureRequest) -> Scene:
    seed, gsd_m = request.param
    return make_scene(200, 260, gsd_m=gsd_m, seed=seed)


def test_shapes_and_values(scene: Scene) -> None:
    assert scene.image.shape == (3, 200, 260)
    assert scene.image.dtype == np.uint8
    assert scene.classes.shape == (200, 260)
    assert scene.classes.max() <= 4
    assert scene.image.std() > 10


def test_windows_agree(scene: Scene) -> None:
    part = make_scene(90, 110, gsd_m=scene.gsd_m, seed=scene.seed, row0=60, col0=70)
    same = np.s_[60:150, 70:180]
    np.testing.assert_array_equal(part.classes, scene.classes[same])
    np.testing.assert_array_equal(part.image, scene.image[(slice(None), *same)])


def test_windows_left_of_and_above_the_origin_agree() -> None:
    whole = make_scene(120, 120, gsd_m=0.3, seed=5, row0=-60, col0=-60)
    part = make_scene(60, 60, gsd_m=0.3, seed=5)
    np.testing.assert_array_equal(part.classes, whole.classes[60:, 60:])
    np.testing.assert_array_equal(part.image, whole.image[:, 60:, 60:])


def test_polygons_are_the_classes(scene: Scene) -> None:
    drawn = rasterize(((p, label) for label, p in scene.polygons), out_shape=scene.classes.shape, fill=255)
    assert (drawn != scene.classes).mean() < 2e-4


def test_polygons_are_a_valid_coverage(scene: Scene) -> None:
    shapes = [p for _, p in scene.polygons]
    assert all(p.is_valid for p in shapes)
    total = sum(p.area for p in shapes)
    assert total == pytest.approx(200 * 260, rel=1e-6)
    assert shapely.union_all(shapes).area == pytest.approx(200 * 260, rel=1e-6)


def test_seeds_differ_and_repeat() -> None:
    first, again, other = (make_scene(64, 64, gsd_m=0.3, seed=s) for s in (8, 8, 9))
    np.testing.assert_array_equal(first.image, again.image)
    assert (first.image != other.image).mean() > 0.5


def test_all_classes_occur_in_some_world() -> None:
    found = {int(c) for seed in range(6) for c in np.unique(make_scene(160, 160, gsd_m=1.0, seed=seed).classes)}
    assert found == {0, 1, 2, 3, 4}


def test_class_edges_show_in_the_image() -> None:
    scene = make_scene(400, 400, gsd_m=0.3, seed=2)
    grey = scene.image.mean(axis=0)
    gradient = np.hypot(*np.gradient(grey))
    building = scene.classes == 0
    edge = building[:, 1:] != building[:, :-1]
    assert gradient[:, 1:][edge].mean() > 2.0 * gradient.mean()
