"""Evaluation: rasters are brought together whatever their grids, and scored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.warp import transform_bounds

from idgbr.errors import InputError
from idgbr.evaluation import map_pair
from tests.backend.conftest import SceneFiles
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


def test_a_square_shifted_by_four_pixels(tmp_path: Path, truth: str) -> None:
    summary = run(write_raster(tmp_path / "p.tif", square(44)), truth)
    assert iou(summary) == pytest.approx(36 / 44, abs=1e-6)
    background = 120 * 120 - 44 * 40
    assert summary["miou"] == pytest.approx((36 / 44 + background / (background + 320)) / 2, abs=1e-6)
    assert summary["overall_accuracy"] == pytest.approx(1 - 320 / 14400, abs=1e-6)
    assert summary["wrong_pixels"] == 320
    assert summary["boundary_f_5px"] == summary["boundary_f_2m"] == 1.0
    assert summary["boundary_f_3px"] < 1.0
    assert 0.4 < summary["wfm"] < 0.55
    assert "boundary_f_0_5m" in summary, "half a metre is a pixel"
    assert "boundary_f_20m" not in summary, "that is far more than 20 pixels"
    assert "polis_m" not in summary


def test_a_perfect_map_scores_one(truth: str) -> None:
    summary = run(truth, truth)
    names = ["miou", "mean_f1", "overall_accuracy", "boundary_f_1px", "boundary_iou_1px", "trimap_miou", "wfm"]
    assert [summary[name] for name in names] == [1.0] * 7
    assert summary["wrong_pixels"] == 0


def test_another_resolution_and_crs_come_onto_the_grid_of_the_truth(tmp_path: Path, truth: str) -> None:
    fine = np.kron(square(), np.ones((4, 4), np.uint8))
    path = write_raster(tmp_path / "fine.tif", fine, transform=UTM * Affine.scale(0.25))
    assert run(path, truth)["wrong_pixels"] == 0
    degrees = tmp_path / "degrees.tif"
    with rasterio.open(path) as source:
        west, south, east, north = transform_bounds(source.crs, "EPSG:4326", *source.bounds)
        transform = Affine((east - west) / 900, 0, west, 0, (south - north) / 600, north)
        values = np.zeros((600, 900), np.uint8)
        rasterio.warp.reproject(rasterio.band(source, 1), values, dst_transform=transform, dst_crs="EPSG:4326")
    summary = run(write_raster(degrees, values, transform=transform, crs="EPSG:4326"), truth)
    assert iou(summary) > 0.97
    assert summary["boundary_f_1px"] == 1.0


def test_the_other_way_round_the_grid_is_in_degrees(tmp_path: Path, truth: str) -> None:
    with rasterio.open(truth) as source:
        west, south, east, north = transform_bounds(source.crs, "EPSG:4326", *source.bounds)
        transform = Affine((east - west) / 240, 0, west, 0, (south - north) / 120, north)
        values = np.zeros((120, 240), np.uint8)
        rasterio.warp.reproject(rasterio.band(source, 1), values, dst_transform=transform, dst_crs="EPSG:4326")
    path = write_raster(tmp_path / "t.tif", values, transform=transform, crs="EPSG:4326")
    summary = run(truth, path, report=str(tmp_path / "r.html"))
    assert iou(summary, "building") > 0.95
    assert summary["boundary_f_1m"] == 1.0


def test_a_scene_as_raster_and_as_polygons_is_the_same(scene_files: SceneFiles) -> None:
    raster, layer = str(scene_files.classes), str(scene_files.polygons)
    for summary in (run(raster, layer), run(layer, raster), run(layer, layer, image=str(scene_files.image))):
        assert summary["overall_accuracy"] > 0.999
        assert summary["boundary_f_1px"] > 0.999
        assert summary["pixels"] > 0.95 * 240 * 320


@pytest.mark.parametrize("crs", ["EPSG:32632", None])
def test_rotated_grids_and_grids_without_a_crs(tmp_path: Path, crs: str | None) -> None:
    turned = UTM * Affine.rotation(30)
    truth = write_raster(tmp_path / "t.tif", square(), transform=turned, crs=crs)
    summary = run(write_raster(tmp_path / "p.tif", square(44), transform=turned, crs=crs), truth)
    assert summary["pixels"] == 14400
    assert summary["wrong_pixels"] == 320


def test_pictures_without_any_georeference(tmp_path: Path) -> None:
    paths = []
    for name, left in (("t.png", 40), ("p.png", 44)):
        with rasterio.open(tmp_path / name, "w", driver="PNG", height=120, width=120, count=1, dtype="uint8") as out:
            out.write(square(left, value=255), 1)
        paths.append(str(tmp_path / name))
    assert run(paths[1], paths[0])["wrong_pixels"] == 320


def test_only_the_overlap_of_rasters_is_scored(tmp_path: Path, truth: str) -> None:
    shifted = UTM * Affine.translation(60, 0)
    summary = run(write_raster(tmp_path / "p.tif", square()[:, 60:], transform=shifted), truth)
    assert summary["pixels"] == 120 * 60
    assert summary["wrong_pixels"] == 0


def test_a_turned_prediction_is_scored_where_it_lies(tmp_path: Path, truth: str) -> None:
    turned = UTM * Affine.translation(60, 0) * Affine.rotation(45)
    monitor = Recorder()
    path = write_raster(tmp_path / "p.tif", np.zeros((80, 80), np.uint8), transform=turned, classes=BUILDING)
    summary = run(path, truth, monitor)
    assert summary["pixels"] == pytest.approx(80 * 80, rel=0.02)
    assert any("of the area is scored" in text for text in monitor.said)


def test_a_prediction_that_found_nothing_scores_zero(tmp_path: Path) -> None:
    truth = write_layer(
        tmp_path / "t.gpkg", [pixels(0, 0, 40, 40), pixels(60, 60, 70, 70)], **{"class": ["roof", "roof"]}
    )
    empty = write_layer(tmp_path / "p.gpkg", [], **{"class": []})
    summary = run(empty, truth, pixel_size=0.5)
    assert iou(summary, "roof") == 0
    assert summary["boundary_f_5px"] == summary["polygon_f1"] == 0
    assert summary["polis_m"] is None


def test_a_truth_of_one_class_alone_measures_what_was_found(tmp_path: Path) -> None:
    truth = write_raster(tmp_path / "t.tif", square(), nodata=0)
    monitor = Recorder()
    summary = run(write_raster(tmp_path / "p.tif", square(44)), truth, monitor)
    assert summary["pixels"] == 1600
    assert summary["overall_accuracy"] == pytest.approx(0.9)
    assert any(", without a background" in text for text in monitor.said)


@pytest.mark.parametrize(("value", "dtype"), [(80, np.uint8), (-9999, np.float32)])
def test_what_is_no_confidence_is_refused(tmp_path: Path, truth: str, value: int, dtype: type) -> None:
    path = write_raster(tmp_path / "c.tif", np.full_like(square(), value, dtype))
    with pytest.raises(InputError, match=f"holds {value}, a confidence raster holds 0 to 1"):
        run(write_raster(tmp_path / "p.tif", square(44)), truth, confidence=path)


def test_confidence_is_held_against_what_is_right(tmp_path: Path, truth: str) -> None:
    confidence = np.where(square(44) == square(), 0.9, 0.6).astype(np.float32)
    path = write_raster(tmp_path / "c.tif", confidence, nodata=-1)
    summary = run(write_raster(tmp_path / "p.tif", square(44)), truth, confidence=path)
    expected = (320 * 0.6 + (14400 - 320) * 0.1) / 14400
    assert summary["calibration_error"] == pytest.approx(expected, abs=1e-5)


def test_blocks_do_not_change_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    values = np.kron(random.integers(0, 3, (60, 75)), np.ones((10, 10))).astype(np.uint8)
    truth = write_raster(tmp_path / "t.tif", values)
    path = write_raster(tmp_path / "p.tif", np.roll(values, (2, -3), (0, 1)))
    whole = run(path, truth)
    monkeypatch.setattr(map_pair, "BLOCK", 512)
    assert run(path, truth) == whole
