"""Labels of the user's own classes: reading, rasterizing, classes and their colours, folds, and bad input."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from idgbr.classes import ClassInfo
from idgbr.errors import InputError
from idgbr.layers.qml import add_style, qml_style
from idgbr.monitor import Monitor
from idgbr.own_labels.blocks import label_folds
from idgbr.own_labels.labels import OwnLabels, own_labels
from idgbr.own_labels.layer import read_label_layer
from idgbr.own_labels.rasterize import NONE, SEVERAL, LabelGrid, Window
from idgbr.raster.reader import RasterSource
from tests.backend.labelled_images import TRANSFORM, dark_and_bright, ground, square, write_image, write_labels


class Told(Monitor):
    """Collects warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def labels_of(
    folder: Path, layers: Sequence[str], monitor: Monitor | None = None, *, background: str = "background",
    **image: Any,
) -> OwnLabels:  # fmt: skip
    """The labels of layers, each on an image of its own."""
    monitor = monitor or Monitor()
    pairs = []
    for number, text in enumerate(layers):
        source = RasterSource(write_image(folder / f"image{number}.tif", ground(), **image))
        pairs.append((source, read_label_layer(text, None, monitor)))
    return own_labels(pairs, background, monitor)


def names(labels: OwnLabels) -> list[str]:
    return [info.name for info in labels.classes]


def test_polygons_lines_and_points_label_their_pixels(tmp_path: Path) -> None:
    line = shapely.LineString([TRANSFORM * (100.5, 20.5), TRANSFORM * (110.5, 20.5)])
    point = shapely.Point(TRANSFORM * (30.5, 40.5))
    both = shapely.GeometryCollection([point, square(50, 50, 4)])
    path = write_labels(tmp_path / "l.gpkg", [square(4, 8, 10), line, both], ["a", "b", "a"])
    grid = labels_of(tmp_path, [path]).rasters[0].grid
    found = grid.labels(Window(0, 0, 256, 256))
    assert np.count_nonzero(found == 0) == 100
    assert (found[4:14, 8:18] == 0).all()
    assert np.argwhere(found == 1).tolist() == [[20, col] for col in range(100, 111)]
    assert np.count_nonzero(found == 2) == 1 + 16
    assert found[40, 30] == 2
    assert np.count_nonzero(found == NONE) == 256 * 256 - 100 - 11 - 17
    part = grid.labels(Window(0, 96, 64, 64))
    assert np.array_equal(part, found[:64, 96:160])
    assert {window[:2] for window in grid.windows(64)} == {(0, 0), (0, 64)}


def test_neighbours_that_share_an_edge_through_pixel_centres_do_not_overlap() -> None:
    upper, lower = shapely.box(0, 0, 8, 4.5), shapely.box(0, 4.5, 8, 8)
    grid = LabelGrid(np.array([upper, lower], object), np.array([0, 1]), TRANSFORM * ~TRANSFORM, (8, 8))
    found = grid.labels(Window(0, 0, 8, 8))
    assert not (found == SEVERAL).any()
    assert not (found == NONE).any()


def test_pixels_of_two_classes_are_contradictory_and_those_of_one_are_not() -> None:
    shapes = np.array([shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), shapely.box(2, 2, 4, 8)], object)
    grid = LabelGrid(shapes, np.array([0, 0, 1]), TRANSFORM * ~TRANSFORM, (8, 8))
    found = grid.labels(Window(0, 0, 8, 8))
    assert np.argwhere(found == SEVERAL).tolist() == [[2, 2], [2, 3], [3, 2], [3, 3]]


def test_labels_in_another_crs_are_moved_onto_the_image(tmp_path: Path) -> None:
    from rasterio.warp import transform_geom

    shape = shapely.geometry.shape(transform_geom("EPSG:32633", "EPSG:4326", square(50, 60, 20).__geo_interface__))
    path = write_labels(tmp_path / "l.gpkg", [shape, shape.buffer(-1e-5)], ["a", "b"], crs="EPSG:4326")
    rows, cols = np.nonzero(labels_of(tmp_path, [path]).rasters[0].grid.labels(Window(0, 0, 256, 256)) != NONE)
    assert (rows.min(), rows.max(), cols.min(), cols.max()) == (50, 69, 60, 79)


def test_classes_are_texts_in_order_or_codes_that_are_kept(tmp_path: Path) -> None:
    shapes = [square(0, 0), square(40, 0), square(80, 0), square(120, 0)]
    odd = 'vigne "à" <1>; Ä\n2'
    text = labels_of(tmp_path, [write_labels(tmp_path / "t.gpkg", shapes, ["b", odd, "b", "Background"])])
    assert [(c.id, c.name, c.background) for c in text.classes] == [
        (1, "Background", True), (2, "b", False), (3, odd, False),
    ]  # fmt: skip
    codes = labels_of(tmp_path, [write_labels(tmp_path / "c.gpkg", shapes, [7, 2, 7, 0], dtype=np.int32)])
    assert [(c.id, c.name) for c in codes.classes] == [(0, "0"), (2, "2"), (7, "7")]
    large = labels_of(tmp_path, [write_labels(tmp_path / "n.gpkg", shapes, [700, -2, 700, 0], dtype=np.int32)])
    assert [(c.id, c.name) for c in large.classes] == [(1, "-2"), (2, "0"), (3, "700")]
    assert large.counts.tolist() == [1, 1, 2]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_colours_come_from_the_style_of_the_layer(tmp_path: Path, suffix: str) -> None:
    path = Path(write_labels(tmp_path / f"l{suffix}", [square(0, 0), square(40, 0)], [5, 9], dtype=np.int32))
    style = qml_style([ClassInfo(5, "Weinberg", (1, 2, 3)), ClassInfo(9, "Wald", (40, 50, 60))], "class")
    add_style(path, "l", style)
    found = (
        labels_of(tmp_path, [str(path)], crs="EPSG:4326" if suffix == ".geojson" else "EPSG:32633")
        if (suffix == ".gpkg")
        else None
    )
    if found is None:
        from idgbr.layers.polygons import find_layer
        from idgbr.own_labels.styles import style_categories

        categories = style_categories(find_layer(str(path)), "class")
        assert {value: tuple(shown) for value, shown in categories.items()} == {
            "5": ("Weinberg", (1, 2, 3)), "9": ("Wald", (40, 50, 60)),
        }  # fmt: skip
        return
    assert [(c.id, c.name, c.color) for c in found.classes] == [
        (5, "Weinberg", (1, 2, 3)), (9, "Wald", (40, 50, 60)),
    ]  # fmt: skip


def test_a_damaged_table_of_styles_is_no_obstacle(tmp_path: Path) -> None:
    path = write_labels(tmp_path / "l.gpkg", [square(0, 0), square(40, 0)], ["a", "b"])
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE layer_styles (f_table_name TEXT)")
    assert names(labels_of(tmp_path, [path])) == ["a", "b"]


def test_invalid_and_curved_labels_are_repaired(tmp_path: Path) -> None:
    x, y = TRANSFORM * (20, 20)
    bow = shapely.Polygon([(x, y), (x + 20, y - 20), (x + 20, y), (x, y - 20)])
    told = Told()
    path = write_labels(tmp_path / "l.gpkg", [bow, square(100, 20), None], ["a", "b", "b"])
    labels = labels_of(tmp_path, [path], told)
    found = labels.rasters[0].grid.labels(Window(0, 0, 256, 256))
    assert 700 < np.count_nonzero(found == 0) < 900
    assert "1 invalid labels were repaired" in told.warnings[0]
    assert "1 labels without a geometry" in told.warnings[1]


def test_a_class_with_one_label_and_labels_beside_the_image_are_told(tmp_path: Path) -> None:
    told = Told()
    shapes = [square(0, 0), square(40, 0), square(80, 80), square(5000, 0)]
    labels = labels_of(tmp_path, [write_labels(tmp_path / "l.gpkg", shapes, ["a", "a", "b", "b"])], told)
    assert labels.counts.tolist() == [2, 1]
    assert any("1 labels beside" in warning for warning in told.warnings)
    assert any("b: one label only" in warning for warning in told.warnings)


@pytest.mark.parametrize(
    ("shapes", "classes", "message"),
    [
        ([square(0, 0), square(40, 0)], ["a", "a"], "has one class only"),
        ([square(0, 0), square(40, 0)], [None, ""], "has no labels with a class"),
        ([square(5000, 0), square(5040, 0)], ["a", "b"], "no label is on"),
        ([square(i // 20 * 12, i % 20 * 12, 4) for i in range(300)], [f"c{i}" for i in range(300)], "has 300 classes"),
    ],
)
def test_unusable_labels_are_told_in_one_line(
    tmp_path: Path, shapes: list[shapely.Geometry], classes: list[str | None], message: str
) -> None:
    path = write_labels(tmp_path / "l.gpkg", shapes, classes)
    with pytest.raises(InputError, match=message) as caught:
        labels_of(tmp_path, [path])
    assert "\n" not in str(caught.value)


def test_the_class_field_is_named_or_found(tmp_path: Path) -> None:
    path = write_labels(tmp_path / "l.gpkg", [square(0, 0), square(40, 0)], ["a", "b"], field="kind")
    with pytest.raises(InputError, match="no field 'class'; name the field with the class: kind"):
        read_label_layer(path, None, Monitor())
    with pytest.raises(InputError, match="no field 'x'"):
        read_label_layer(path, "x", Monitor())
    assert read_label_layer(path, "kind", Monitor()).classes == ["a", "b"]
    broken = write_labels(tmp_path / "f.gpkg", [square(0, 0), square(40, 0)], [0.5, 2], dtype=float)
    with pytest.raises(InputError, match=r"holds numbers such as 0\.5"):
        read_label_layer(broken, None, Monitor())


def test_folds_are_places_if_each_class_is_in_two(tmp_path: Path) -> None:
    layers = [dark_and_bright(tmp_path / f"l{i}.gpkg") for i in range(2)]
    folds = label_folds(labels_of(tmp_path, layers))
    assert folds.by == "place"
    assert folds.of_label.tolist() in ([0] * 6 + [1] * 6, [1] * 6 + [0] * 6)


def test_folds_of_one_image_are_blocks_with_all_classes(tmp_path: Path) -> None:
    folds = label_folds(labels_of(tmp_path, [dark_and_bright(tmp_path / "l.gpkg")]))
    assert folds.by == "block"
    for of_class in (folds.of_label[:3], folds.of_label[3:]):
        assert len(set(of_class.tolist())) > 1
