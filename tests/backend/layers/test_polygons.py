"""Polygon layers on the disk: batches change neither shapes, nor what is burnt, nor the matching of two layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio.features
import shapely
from pyogrio import raw
from rasterio.crs import CRS
from rasterio.enums import MergeAlg
from rasterio.transform import Affine

from idgbr.errors import InputError, JobCancelled
from idgbr.evaluation.polygons import match_polygons
from idgbr.layers import polygon_store, reader
from idgbr.layers.polygon_store import PolygonStore
from idgbr.layers.polygons import SEGMENTS, find_layer, read_polygons
from idgbr.monitor import Monitor, listening
from idgbr.raster.grid import Grid

TRANSFORM = Affine(0.5, 0.1, 500000, 0.1, -0.5, 5000060)
GRID = Grid(TRANSFORM, CRS.from_epsg(32633), 100, 120)


def polygons(seed: int, count: int = 400) -> np.ndarray:
    """Circles and one large square that overlap, and some places without a shape."""
    rng = np.random.default_rng(seed)
    points = shapely.points(500000 + rng.uniform(0, 60, count), 5000000 + rng.uniform(0, 60, count))
    shapes = shapely.buffer(points, rng.uniform(0.1, 4, count))
    shapes[::50] = None
    shapes[7] = shapely.box(500000, 5000000, 500050, 5000050)
    return shapes


def stored(shapes: np.ndarray) -> PolygonStore:
    store = PolygonStore()
    for first in range(0, len(shapes), 30):
        store.add(shapes[first : first + 30])
    return store


@pytest.fixture(params=[3, 10_000])
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Shapes of a batch."""
    monkeypatch.setattr(polygon_store, "BATCH", request.param)
    monkeypatch.setattr(reader, "BATCH", request.param)
    return int(request.param)


def test_shapes_are_kept(batch: int) -> None:
    shapes = polygons(0)
    store = stored(shapes)
    numbers = np.random.default_rng(1).permutation(len(shapes))
    taken = np.concatenate([store.take(part) for part in store.batches(numbers)])
    assert max(map(len, store.batches(numbers))) == min(batch, len(shapes))
    assert (shapely.to_wkb(taken) == shapely.to_wkb(shapes[numbers])).all()
    np.testing.assert_array_equal(store.bounds, shapely.bounds(shapes))
    np.testing.assert_array_equal(store.areas, shapely.area(shapes))
    np.testing.assert_array_equal(store.there, ~shapely.is_missing(shapes))


def test_batches_hold_few_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polygon_store, "BATCH_BYTES", 5000)
    store = stored(polygons(0))
    sizes = [len(b"".join(shapely.to_wkb(s) for s in store.take(part) if s)) for part in store.batches()]
    assert max(sizes) <= 5000
    assert len(sizes) > 40


def test_burnt_in_batches_as_at_once(batch: int) -> None:
    shapes = polygons(0)
    store = stored(shapes)
    order = np.flatnonzero(store.there)[::-1]
    given = [(shapes[i], int(i) + 1) for i in order]
    ones = [(shape, 1) for shape, _ in given]
    at_once = rasterio.features.rasterize(given, (100, 120), transform=TRANSFORM, dtype="int32")
    counted = rasterio.features.rasterize(ones, (100, 120), transform=TRANSFORM, dtype="int32", merge_alg=MergeAlg.add)
    np.testing.assert_array_equal(store.burn(order, (100, 120), TRANSFORM), at_once)
    np.testing.assert_array_equal(store.burn(order, (100, 120), TRANSFORM, count=True), counted)
    assert len(np.unique(at_once)) > 90


@pytest.mark.parametrize("crs", ["EPSG:32633", "EPSG:4326"])
def test_layer_is_read_in_batches_as_at_once(batch: int, crs: str, tmp_path: Path) -> None:
    shapes, path = polygons(0), tmp_path / "layer.gpkg"
    names = np.array([None if i % 9 == 0 else f"class {i % 5}" for i in range(len(shapes))], object)
    numbers = np.arange(len(shapes)) % 4
    wkb = np.array([None if s is None else shapely.to_wkb(s) for s in shapes], object)
    columns = [names, numbers]
    raw.write(path, wkb, columns, ["name", "number"], geometry_type="Polygon", crs="EPSG:32633")
    plane = Grid(GRID.transform, CRS.from_string(crs), GRID.height, GRID.width)
    store, fields = read_polygons(find_layer(str(path)), plane, Monitor(), ["name", "number"])
    found = np.append(fields["name"].values, None)[fields["name"].places]
    assert found.tolist() == names.tolist()
    assert fields["number"].values[fields["number"].places].tolist() == numbers.tolist()
    np.testing.assert_array_equal(store.there, ~shapely.is_missing(shapes))
    if crs == "EPSG:32633":
        assert (shapely.to_wkb(store.take(np.arange(len(shapes)))) == shapely.to_wkb(shapes)).all()
    else:
        # Straight lines are cut by the extent of the whole layer, not of a batch.
        left, bottom, right, top = shapely.total_bounds(shapes)
        parts = np.ceil(50 / (max(right - left, top - bottom) / SEGMENTS))
        assert shapely.get_num_coordinates(store.take(np.array([7]))[0]) == 4 * parts + 1


def test_polygons_are_matched_in_batches_as_at_once(batch: int) -> None:
    rng = np.random.default_rng(3)
    truth = polygons(0)
    shifted = [None if s is None else shapely.transform(s, lambda p: p + rng.normal(0, 0.3, 2)) for s in truth]
    pairs, ious = match_polygons(stored(np.array(shifted, object)), stored(truth))
    there = np.flatnonzero(~shapely.is_missing(truth))
    scores = {
        (int(i), int(j)): shapely.area(shapely.intersection(shifted[i], truth[j]))
        / shapely.area(shapely.union(shifted[i], truth[j]))
        for i in there
        for j in there
        if shapely.intersects(shifted[i], truth[j])
    }
    expected: list[tuple[int, int]] = []
    for pair in sorted(scores, key=lambda pair: -scores[pair]):
        if scores[pair] >= 0.5 and not any(pair[0] == a or pair[1] == b for a, b in expected):
            expected.append(pair)
    assert sorted(pairs) == sorted(expected)
    assert ious == pytest.approx([scores[pair] for pair in pairs])
    assert len(pairs) > 200


def test_a_cancel_ends_the_burning_between_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polygon_store, "BATCH", 10)
    store, monitor = stored(polygons(0)), Monitor()
    monitor.cancel()
    with listening(monitor), pytest.raises(JobCancelled):
        store.burn(np.flatnonzero(store.there), (100, 120), TRANSFORM)


def test_a_table_without_geometries_is_no_layer(tmp_path: Path) -> None:
    path, square = str(tmp_path / "town.gpkg"), shapely.to_wkb(np.array([shapely.box(0, 0, 1, 1)]))
    numbers = [np.array([1, 2])]
    raw.write(path, square, [], [], layer="roofs", driver="GPKG", geometry_type="Polygon", crs="EPSG:32633")
    raw.write(path, None, numbers, ["height"], layer="heights", driver="GPKG", append=True)
    assert find_layer(path).layer == "roofs"
    with pytest.raises(InputError, match=r"no layer 'heights' with geometries; it has roofs\."):
        find_layer(f"{path}|heights")
