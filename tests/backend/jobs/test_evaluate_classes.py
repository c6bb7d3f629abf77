"""Evaluation: which classes are compared, in rasters and layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from affine import Affine

from idgbr.classes import ClassInfo
from idgbr.errors import InputError
from tests.backend.jobs.evaluate_files import (
    BUILDING,
    UTM,
    Recorder,
    iou,
    pixels,
    run,
    square,
    write_layer,
    write_raster,
)


def test_nodata_of_the_truth_is_ignored_and_of_the_prediction_is_wrong(tmp_path: Path) -> None:
    labels = square()
    holes = labels.copy()
    holes[:, :50] = 9
    full, holed = (
        write_raster(tmp_path / f"{i}.tif", values, nodata=9, classes=BUILDING)
        for i, values in enumerate((labels, holes))
    )
    assert run(full, holed)["pixels"] == 120 * 70
    monitor = Recorder()
    summary = run(holed, full, monitor)
    assert summary["unpredicted_pixels"] == 120 * 50
    assert summary["wrong_pixels"] == 120 * 50
    assert iou(summary) == pytest.approx(0.75)
    assert any("counts as wrong" in text for text in monitor.said)


def test_names_go_before_numbers(tmp_path: Path, truth: str) -> None:
    other = [ClassInfo(3, "Building", (9, 9, 9)), ClassInfo(1, "background", (0, 0, 0), background=True)]
    values = np.where(square() == 1, 3, 1).astype(np.uint8)
    assert run(write_raster(tmp_path / "p.tif", values, classes=other), truth)["wrong_pixels"] == 0


def test_predicted_classes_that_the_truth_does_not_know_are_background(tmp_path: Path, truth: str) -> None:
    values = square()
    values[:20] = 2
    monitor = Recorder()
    classes = [*BUILDING, ClassInfo(2, "road", (90, 90, 90))]
    summary = run(write_raster(tmp_path / "p.tif", values, classes=classes), truth, monitor)
    assert summary["wrong_pixels"] == 0
    assert any("road is not in" in text and "background" in text for text in monitor.said)


def test_true_classes_that_the_prediction_does_not_know_are_told(tmp_path: Path, truth: str) -> None:
    values = square()
    values[:20] = 2
    richer = write_raster(tmp_path / "t.tif", values, classes=[*BUILDING, ClassInfo(2, "road", (90, 90, 90))])
    monitor = Recorder()
    summary = run(truth, richer, monitor)
    assert iou(summary) == 1.0
    assert iou(summary, "road") == 0.0
    assert any("road is not in" in text for text in monitor.said)


@pytest.mark.parametrize(
    ("dtype", "codes"),
    [
        ("int8", (-128, -5, 7, 3)),
        ("uint16", (0, 112, 311, 65535)),
        ("int64", (0, 2**53 + 1, 2**53 + 2, -(2**60) - 1)),
        ("uint64", (0, 2**53 + 1, 2**63 - 1, 2**63 - 2)),
        ("float64", (np.nan, 1, 2, -1)),
    ],
)
def test_codes_of_any_type_are_compared(tmp_path: Path, dtype: str, codes: tuple[float, ...]) -> None:
    """The first code is nodata, and is not scored."""
    places = np.kron(np.array([[0, 1], [2, 3]]), np.ones((30, 30), int))
    values = np.array(codes, dtype)[places]
    damaged = values.copy()
    damaged[:30, 30:45] = np.array(codes[2], dtype)
    truth = write_raster(tmp_path / "t.tif", values, nodata=codes[0])
    monitor = Recorder()
    summary = run(write_raster(tmp_path / "p.tif", damaged, nodata=codes[0]), truth, monitor)
    assert [row["id"] for row in summary["classes"]] == sorted(map(int, codes[1:]))
    assert (summary["pixels"], summary["wrong_pixels"]) == (2700, 450)
    assert any("t.tif: 25 % of the area has no class (nodata" in text for text in monitor.said)


def test_codes_of_fields_may_be_negative_wide_and_null(tmp_path: Path) -> None:
    """A class of -1 is one as any other; what is null takes no part."""
    shapes = [pixels(10 + 30 * k, 10, 30 + 30 * k, 30) for k in range(4)]
    wide = 2**53 + 1
    columns = [np.array([-1, wide, wide + 1, 0])], ["kind"]
    path = tmp_path / "t.gpkg"
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(shapes)), *columns, field_mask=[np.arange(4) == 3], geometry_type="Polygon",
        crs="EPSG:32632",
    )  # fmt: skip
    monitor = Recorder()
    summary = run(str(path), str(path), monitor, truth_class_field="kind", predicted_class_field="kind")
    assert [row["id"] for row in summary["classes"]] == [-1, wide, wide + 1]
    assert (summary["pixels"], summary["wrong_pixels"]) == (30_000, 0)
    assert any("1 features without a class" in text for text in monitor.said)


def test_numbers_of_unnamed_rasters_are_compared(tmp_path: Path) -> None:
    values = np.kron(np.array([[0, 1], [2, 3]], np.int16), np.ones((30, 30), np.int16)) * 100
    damaged = values.copy()
    damaged[:30, :30] = 400
    truth, path = write_raster(tmp_path / "t.tif", values), write_raster(tmp_path / "p.tif", damaged.astype(np.float32))
    summary = run(path, truth)
    assert [row["id"] for row in summary["classes"]] == [0, 100, 200, 300, 400]
    assert summary["overall_accuracy"] == pytest.approx(0.75)


def test_masks_of_other_values_are_the_same_class(tmp_path: Path, truth: str) -> None:
    assert run(write_raster(tmp_path / "p.tif", square(value=255)), truth)["wrong_pixels"] == 0


def test_a_true_layer_is_put_on_the_predicted_raster(tmp_path: Path) -> None:
    roofs = [pixels(40, 40, 80, 80), pixels(0, 0, 10, 10), pixels(110, 110, 120, 120)]
    layer = write_layer(tmp_path / "roofs.gpkg", roofs)
    values = square(44)
    values[:10, :10] = values[110:, 110:] = 1
    path = write_raster(tmp_path / "p.tif", values, classes=BUILDING)
    monitor = Recorder()
    summary = run(path, layer, monitor)
    assert summary["pixels"] == 120 * 120
    assert summary["wrong_pixels"] == 320
    assert any("ground without a polygon is background" in text for text in monitor.said)
    assert run(path, layer, outside="unlabelled")["pixels"] == 1600 + 200


def test_the_area_of_a_true_layer_ends_with_its_polygons_unless_an_extent_is_given(tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "roofs.gpkg", [pixels(40, 40, 80, 80)])
    path = write_raster(tmp_path / "p.tif", square(44), classes=BUILDING)
    assert run(path, layer)["pixels"] == 1600
    west, south, east, north = pixels(20, 30, 100, 90).bounds
    summary = run(path, layer, extent=(west, south, east, north), extent_crs="EPSG:32632")
    assert summary["pixels"] == 80 * 60
    assert summary["wrong_pixels"] == 320


def test_fields_name_the_classes_of_layers(tmp_path: Path) -> None:
    shapes = [pixels(0, 0, 60, 120), pixels(60, 0, 120, 120)]
    values = np.ones((120, 120), np.uint8)
    values[:, 60:] = 2
    values[:12, :60] = 2
    classes = [ClassInfo(1, "wood", (0, 90, 0)), ClassInfo(2, "water", (0, 0, 200))]
    path = write_raster(tmp_path / "p.tif", values, classes=classes)
    layer = write_layer(tmp_path / "land.gpkg", shapes, crs="EPSG:32632", kind=["Wood ", "water"], code=[2, 1])
    summary = run(path, layer, truth_class_field="kind")
    assert iou(summary, "Wood ") == pytest.approx(0.9)
    assert summary["overall_accuracy"] == pytest.approx(0.95)
    swapped = run(path, layer, truth_class_field="code")
    assert swapped["overall_accuracy"] == pytest.approx(0.05)
    unnamed = write_raster(tmp_path / "u.tif", values)
    with pytest.raises(InputError, match="only class names"):
        run(unnamed, layer, truth_class_field="kind")
    with pytest.raises(InputError, match=r"no field 'sort'; it has kind, code"):
        run(path, layer, truth_class_field="sort")


def test_two_layers_are_compared_on_a_grid_made_for_them(tmp_path: Path) -> None:
    truth = write_layer(tmp_path / "t.gpkg", [pixels(0, 0, 40, 40), pixels(60, 0, 100, 40)])
    predicted = write_layer(tmp_path / "p.gpkg", [pixels(4, 0, 44, 40), pixels(60, 0, 70, 40)])
    monitor = Recorder()
    summary = run(predicted, truth, monitor, pixel_size=0.25)
    assert summary["pixels"] == 200 * 80
    assert summary["wrong_pixels"] == (16 + 60) * 80
    assert summary["polygon_f1"] == pytest.approx(0.5)
    assert summary["polygon_iou"] == pytest.approx(36 / 44, abs=1e-4)
    assert summary["polis_m"] == pytest.approx(1.0, abs=0.01), "half the vertices are 2 m off"
    assert summary["vertex_ratio"] == 1.0
    assert summary["angle_error_deg"] == pytest.approx(0, abs=0.1)
    assert any("grid of 0.25 m" in text for text in monitor.said)
    with_extent = run(predicted, truth, pixel_size=0.5, extent=pixels(50, 0, 110, 40).bounds)
    assert (with_extent["pixels"], with_extent["wrong_pixels"]) == (60 * 40, 30 * 40)


def test_layers_in_degrees_are_compared_in_metres(tmp_path: Path) -> None:
    shape = shapely.box(9.0, 48.0, 9.0005, 48.0005)
    layer = write_layer(tmp_path / "t.gpkg", [shape], crs="EPSG:4326")
    monitor = Recorder()
    summary = run(layer, layer, monitor)
    assert summary["wrong_pixels"] == 0
    assert summary["polis_m"] == 0
    assert any("grid of 0.1 m (EPSG:32632)" in text for text in monitor.said)


def test_an_image_gives_two_layers_its_grid(tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "t.gpkg", [pixels(0, 0, 40, 40)])
    image = write_raster(tmp_path / "image.tif", square(), transform=UTM * Affine.scale(2))
    assert run(layer, layer, image=image)["pixels"] == 400


def _many(count: int, first: int = -3) -> np.ndarray:
    return np.repeat(first + np.arange(256, dtype=np.int32)[None] % count, 8, axis=0)


@pytest.mark.parametrize("side", ["truth", "prediction", "both"])
def test_255_classes_are_compared(tmp_path: Path, side: str) -> None:
    few, many = _many(255), _many(255)
    few[:, 100:255] = few[0, 0]
    p, t = (write_raster(tmp_path / f"{i}.tif", v, nodata=9999) for i, v in enumerate((many, many)))
    if side == "truth":
        p = write_raster(tmp_path / "p.tif", few, nodata=9999)
    if side == "prediction":
        t = write_raster(tmp_path / "t.tif", few, nodata=9999)
    summary = run(p, t)
    assert len(summary["classes"]) == 255
    assert summary["wrong_pixels"] == (0 if side == "both" else 8 * 155)


def test_more_than_255_classes_are_not(tmp_path: Path) -> None:
    path, other = (write_raster(tmp_path / f"{i}.tif", _many(c), nodata=9999) for i, c in enumerate((256, 255)))
    with pytest.raises(InputError, match="has 256 classes, 255 at most are read"):
        run(path, other)
    moved = write_raster(tmp_path / "moved.tif", _many(255, 0), nodata=9999)
    with pytest.raises(InputError, match="has 258 classes, 255 at most are read"):
        run(moved, other)


def test_nothing_said_is_no_class_of_255(tmp_path: Path) -> None:
    """Where the prediction has no class, it is none of the 255 of the truth."""
    truth, predicted = _many(255), _many(255)
    predicted[:4] = 9999
    p, t = (write_raster(tmp_path / f"{i}.tif", v, nodata=9999) for i, v in enumerate((predicted, truth)))
    summary = run(p, t)
    assert summary["pixels"] == 8 * 256
    assert summary["unpredicted_pixels"] == summary["wrong_pixels"] == 4 * 256


def test_minus_one_without_nodata_is_none_as_in_other_jobs(tmp_path: Path) -> None:
    values = np.where(square() == 1, 1, -1).astype(np.int16)
    monitor = Recorder()
    path = write_raster(tmp_path / "p.tif", values)
    summary = run(path, write_raster(tmp_path / "t.tif", values), monitor)
    assert [info["name"] for info in summary["classes"]] == ["none", "class 1"]
    assert summary["wrong_pixels"] == 0
    assert sum("-1 counts as no class" in line for line in monitor.said) == 2
    run(path, write_raster(tmp_path / "u.tif", values, nodata=-1), monitor)
    assert sum("-1 counts as no class" in line for line in monitor.said) == 3
