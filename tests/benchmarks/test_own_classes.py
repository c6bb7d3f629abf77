"""The benchmark of own-class models: polygons stay inside their class, and cells become a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from benchmarks.own_classes import drawn
from benchmarks.own_classes.sets import UNKNOWN, Labels


@pytest.fixture
def truth() -> Labels:
    labels = np.zeros((120, 160), np.uint8)
    labels[20:60, 30:90] = 1
    labels[80:84, :] = 2
    return labels


def test_polygons_lie_inside_their_class(truth: Labels) -> None:
    found = drawn.draw({"a": truth}, 3, 5, np.random.default_rng(1))
    assert sorted(number for number, _ in found["a"]) == [0] * 5 + [1] * 5 + [2] * 5
    for number, polygon in found["a"]:
        labels, numbers = drawn.rasterized([(number, polygon)], truth.shape)
        inside = labels != UNKNOWN
        assert inside.any()
        assert (truth[inside] == number).all()
        assert (numbers > 0).sum() == inside.sum()


def test_a_class_that_is_nowhere_gets_no_polygon(truth: Labels) -> None:
    found = drawn.draw({"a": truth, "b": np.zeros_like(truth)}, 4, 3, np.random.default_rng(2))
    assert {number for shapes in found.values() for number, _ in shapes} == {0, 1, 2}


def test_the_layer_lies_on_the_image(tmp_path: Path, truth: Labels) -> None:
    image = tmp_path / "image.tif"
    place = rasterio.Affine(0.5, 0, 500000, 0, -0.5, 5000000)
    with rasterio.open(
        image, "w", driver="GTiff", height=120, width=160, count=1, dtype="uint8", crs="EPSG:32632", transform=place
    ) as out:
        out.write(truth, 1)
    polygons = [(1, shapely.box(30, 20, 90, 60))]
    layer = drawn.write(image, polygons, ("ground", "roof"), tmp_path / "labels.gpkg")
    _, _, shapes, (names,) = pyogrio.raw.read(layer)
    assert list(names) == ["roof"]
    assert shapely.from_wkb(shapes[0]).bounds == (500015.0, 4999970.0, 500045.0, 4999990.0)


def test_the_table_is_the_mean_over_seeds() -> None:
    pytest.importorskip("sklearn", reason="the benchmark needs the benchmark extra (pip install 'backend[benchmark]')")
    from benchmarks.own_classes.__main__ import COLUMNS, table

    rows = [
        dict(zip(COLUMNS, ("pools", "5", str(seed), "quick", score, "0.2", "0.04", "3", "2"), strict=True))
        for seed, score in enumerate(("0.4", "0.6"))
    ]
    assert "| pools | 5 | 0.500 ± 0.100, F 0.200 |" in table(rows)
    assert "| **mean** | 5 | **0.500**, F 0.200, ECE 0.040 |" in table(rows)
