"""The benchmark of own-class models: polygons stay inside their class, and cells become a table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from benchmarks.own_classes import drawn
from benchmarks.own_classes.forms import Case, score
from benchmarks.own_classes.forms import table as forms_table
from benchmarks.own_classes.sets import SETS, UNKNOWN, Labels, labelled_place, places_of
from idgbr.own_labels.blocks import Folds
from idgbr.quick.graph import Layout
from idgbr.quick.samples import Samples


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


def test_a_split_has_its_places_and_the_first_with_two_classes_is_labelled(tmp_path: Path) -> None:
    """Labels of other tiles of Dubai trained the backbone, so they choose nothing."""
    own = SETS["pools"]
    splits = {own.folder: {"pretrain": ["sp_a_1", "sp_b_1", "sp_b_2", "sp_b_3"], "test": ["sp_c_1"]},
              "landcover_dubai_hitl": {"train": ["tile1_001", "tile3_001"], "test": ["tile5_001"]},
              "water_gaofen2": {"test": ["1"]}}  # fmt: skip
    (tmp_path / "splits.json").write_text(json.dumps(splits))
    places = places_of(tmp_path, own, 2, "train")
    assert places == {"a": ["sp_a_1"], "b": ["sp_b_1", "sp_b_3"]}
    assert places_of(tmp_path, own, 2) == {"c": ["sp_c_1"]}
    assert list(places_of(tmp_path, SETS["land cover, Dubai"], 2, "train")) == ["tile3_001"]
    assert places_of(tmp_path, SETS["water"], 2, "train") == {}
    for name in ("images", "masks"):
        (tmp_path / own.folder / name).mkdir(parents=True)
        for stem, value in (("sp_a_1", 0), ("sp_b_1", 0), ("sp_b_3", 255)):
            pixels = np.zeros((1, 8, 8), np.uint8)
            pixels[:, 4:] = value
            with rasterio.open(
                tmp_path / own.folder / name / f"{stem}.tif", "w", driver="GTiff", height=8, width=8, count=1,
                dtype="uint8", crs="EPSG:32632", transform=rasterio.Affine(1, 0, 0, 0, -1, 0),
            ) as out:  # fmt: skip
                out.write(pixels)
    for seed in range(4):
        chosen, found = labelled_place(tmp_path, own, places, seed, tmp_path)
        assert (chosen, list(found)) == ("b", ["sp_b_1", "sp_b_3"])
    with pytest.raises(SystemExit, match="no place with two classes"):
        labelled_place(tmp_path, own, {"a": ["sp_a_1"]}, 0, tmp_path)


def test_features_of_a_case_are_kept(tmp_path: Path) -> None:
    """And forms are scored on cells of other places, with the shares that the ground has."""
    rng = np.random.default_rng(0)
    layout = Layout(1, (1, 1, 1, 1))
    size = sum(layout.channels)

    def features(classes: np.ndarray) -> np.ndarray:
        return (classes[:, None] + rng.normal(0, 2.5, (classes.size, size))).astype(np.float32)

    learned, ground = np.repeat([0, 1], 60), (rng.random(3000) < 0.03).astype(np.int64)
    labels = np.arange(120) // 6
    samples = Samples(features(learned), learned, labels, np.array([60, 60]), features(ground))
    case = Case(samples, Folds(np.arange(20) % 4, "block"), layout, features(ground), ground, np.array([0, 1]))
    case.save(tmp_path / "case.npz")
    case = Case.load(tmp_path / "case.npz")
    assert case.layout == layout
    (f1, error), (plain_f1, _) = (score(case, SETS["pools"], name, 0) for name in ("default", "without shares"))
    assert 0.1 < plain_f1 < f1
    assert 0 < error < 0.5
    text = forms_table({("default", "pools"): [(0.5, 0.1), (0.7, 0.3)], ("default", "water"): [(0.4, 0.1)]})
    assert "| default | 0.600, ECE 0.200 | 0.400, ECE 0.100 | 0.500, ECE 0.150 |" in text


def test_the_table_is_the_mean_over_seeds() -> None:
    pytest.importorskip("sklearn", reason="the benchmark needs the benchmark extra (pip install 'backend[benchmark]')")
    from benchmarks.own_classes.__main__ import COLUMNS, table

    rows = [
        dict(zip(COLUMNS, ("pools", "5", str(seed), "quick", score, "0.2", "0.04", "3", "2"), strict=True))
        for seed, score in enumerate(("0.4", "0.6"))
    ]
    assert "| pools | 5 | 0.500 ± 0.100, F 0.200 |" in table(rows)
    assert "| **mean** | 5 | **0.500**, F 0.200, ECE 0.040 |" in table(rows)
