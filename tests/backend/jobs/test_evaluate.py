from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.warp import transform_bounds

from idgbr.classes import CLASSES_TAG, ClassInfo, classes_to_json
from idgbr.errors import InputError, JobCancelled, OutputError
from idgbr.evaluation import comparison
from idgbr.jobs.evaluate import EvaluateParameters, run_evaluate
from idgbr.monitor import Monitor
from tests.backend.conftest import SceneFiles

UTM = Affine(0.5, 0, 500_000, 0, -0.5, 5_400_000)
BUILDING = [ClassInfo(0, "background", (0, 0, 0), background=True), ClassInfo(1, "building", (200, 30, 30))]


class Recorder(Monitor):
    """Keeps what it is told, and cancels when a stage comes by."""

    def __init__(self, cancel_at: str = "") -> None:
        super().__init__()
        self.said: list[str] = []
        self.stages: set[str] = set()
        self._cancel_at = cancel_at

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        assert 0 <= done <= total
        self.stages.add(stage)
        if stage == self._cancel_at:
            self.cancel()

    def info(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        self.said.append(message)


def square(left: int = 40, *, size: int = 120, value: int = 1) -> NDArray[np.uint8]:
    labels = np.zeros((size, size), np.uint8)
    labels[40:80, left : left + 40] = value
    return labels


def write_raster(
    path: Path,
    values: np.ndarray,
    *,
    transform: Affine = UTM,
    crs: str | None = "EPSG:32632",
    nodata: float | None = None,
    classes: list[ClassInfo] | None = None,
) -> str:
    profile = {"driver": "GTiff", "count": 1, "height": values.shape[0], "width": values.shape[1], "nodata": nodata}
    with rasterio.open(path, "w", dtype=values.dtype, crs=crs, transform=transform, **profile) as raster:
        raster.write(values, 1)
        if classes:
            raster.update_tags(**{CLASSES_TAG: classes_to_json(classes)})
    return str(path)


def write_layer(path: Path, shapes: list[shapely.Geometry], crs: str = "EPSG:32632", **fields: list[Any]) -> str:
    columns = [np.array(v, object if isinstance(v[0], str) else None) if v else np.array([]) for v in fields.values()]
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(shapes, object)), columns, list(fields), geometry_type="Polygon", crs=crs,
        layer=path.stem,
    )  # fmt: skip
    return str(path)


def pixels(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    """A rectangle given in pixels of the grid `UTM`."""
    return shapely.box(*(UTM * (left, bottom)), *(UTM * (right, top)))


def run(predicted: str, truth: str, monitor: Monitor | None = None, **options: Any) -> dict[str, Any]:
    summary: dict[str, Any] = run_evaluate(EvaluateParameters(predicted, truth, **options), monitor or Monitor())[
        "summary"
    ]
    return summary


def iou(summary: dict[str, Any], name: str = "building") -> float:
    value: float = next(row["iou"] for row in summary["classes"] if row["name"] == name)
    return value


@pytest.fixture
def truth(tmp_path: Path) -> str:
    return write_raster(tmp_path / "truth.tif", square(), classes=BUILDING)


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
    assert any("of the area are scored" in text for text in monitor.said)


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
    with pytest.raises(InputError, match="names alone"):
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
    assert any("alone, without a background" in text for text in monitor.said)


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
    monkeypatch.setattr(comparison, "BLOCK", 512)
    assert run(path, truth) == whole


@pytest.mark.parametrize(
    ("predicted", "message"),
    [
        ("missing.tif", "no such file"),
        ("text.tif", "neither a raster nor a vector layer"),
        ("far.tif", "does not overlap"),
        ("far.gpkg", "does not overlap"),
        ("fractions.tif", "fractions"),
        ("many.tif", "different values"),
        ("bands.tif", "has 3 bands"),
        ("names.tif", "share no class name|not in"),
    ],
)
def test_what_cannot_be_compared_is_told(tmp_path: Path, truth: str, predicted: str, message: str) -> None:
    (tmp_path / "text.tif").write_text("no raster")
    write_raster(tmp_path / "far.tif", square(), transform=UTM * Affine.translation(5000, 0))
    write_layer(tmp_path / "far.gpkg", [pixels(5000, 0, 5010, 10)])
    write_raster(tmp_path / "fractions.tif", square() / np.float32(3))
    write_raster(tmp_path / "many.tif", np.arange(14400, dtype=np.int16).reshape(120, 120))
    with rasterio.open(
        tmp_path / "bands.tif", "w", driver="GTiff", height=9, width=9, count=3, dtype="uint8", transform=UTM
    ) as raster:
        raster.write(np.zeros((3, 9, 9), np.uint8))
    monitor = Recorder()
    write_raster(tmp_path / "names.tif", square(value=7), classes=[BUILDING[0], ClassInfo(7, "roof", (1, 2, 3))])
    try:
        run(str(tmp_path / predicted), truth, monitor)
    except InputError as error:
        told = str(error)
        assert "\n" not in told
        assert predicted in told
    else:
        told = " ".join(monitor.said)
    assert any(part in told for part in message.split("|"))


def test_a_truth_that_knows_nothing_is_refused(tmp_path: Path, truth: str) -> None:
    empty = write_raster(tmp_path / "t.tif", np.full((120, 120), 255, np.uint8), nodata=255)
    with pytest.raises(InputError, match="knows no class"):
        run(truth, empty)
    with pytest.raises(InputError, match=r"t\.gpkg.*holds no polygons"):
        run(truth, write_layer(tmp_path / "t.gpkg", [], kind=[]))


def test_parameters_and_outputs_are_checked_before_any_work(tmp_path: Path, truth: str) -> None:
    for options in ({"pixel_size": -1.0}, {"outside": "nowhere"}):
        with pytest.raises(InputError, match=next(iter(options))):
            run(truth, truth, **options)
    for name in ("r.pdf", "none/r.html"):
        with pytest.raises(OutputError, match=name.split("/", maxsplit=1)[0]):
            run(truth, truth, report=str(tmp_path / name))


def test_a_class_field_of_a_raster_is_told_to_be_of_no_use(truth: str) -> None:
    monitor = Recorder()
    run(truth, truth, monitor, truth_class_field="kind")
    assert any("'kind' is not used" in text for text in monitor.said)


def test_the_command_line_prints_json_or_one_line(tmp_path: Path, truth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_LOG_DIR", str(tmp_path))

    def idgbr(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "idgbr", "evaluate", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    done = idgbr(truth, truth, "--report", str(tmp_path / "r.html"), "--json")
    assert done.returncode == 0
    result = json.loads(done.stdout)
    assert result["summary"]["miou"] == 1.0
    assert result["outputs"] == {"REPORT": str(tmp_path / "r.html")}
    done = idgbr(truth, str(tmp_path / "none.tif"))
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'none.tif'}: no such file; check its path.\n"


def test_cancel_leaves_no_report(tmp_path: Path, truth: str) -> None:
    report = tmp_path / "r.html"
    for stage in ("read", "compare"):
        with pytest.raises(JobCancelled):
            run(truth, truth, Recorder(stage), report=str(report))
    assert not list(tmp_path.glob("*r.html*"))
    monitor = Recorder()
    run(truth, truth, monitor, report=str(report))
    assert monitor.stages == {"read", "compare", "write"}
    assert report.stat().st_size > 5000
