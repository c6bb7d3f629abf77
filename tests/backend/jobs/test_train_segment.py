"""The jobs `train` with the task segment, and `pretrain`: from files to a model that `segment` takes."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely

pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from idgbr.checkpoint.job_folder import folder_of
from idgbr.classes import NODATA_CLASS
from idgbr.errors import InputError, JobCancelled
from idgbr.jobs.train_segment import _read as read_labels
from idgbr.monitor import Monitor
from idgbr.options import build_parameters
from idgbr.parameters import TrainParameters
from idgbr.raster.reader import RasterSource
from idgbr.run import run_job
from tests.backend.jobs.evaluate_files import write_layer
from tests.backend.training.own_data import truth, write_image


def parameters(image: str, labels: str, **options: Any) -> TrainParameters:
    return build_parameters(TrainParameters, {"input": image, "labels": labels, "output": "m", **options})


def labels_of(given: TrainParameters, folder: Path) -> tuple[np.ndarray, list[str]]:
    """The index of the class of each pixel, and the names of the classes."""
    with ExitStack() as stack:
        source = stack.enter_context(RasterSource(given.input))
        found = read_labels(given, [source], folder, stack, Monitor())
        return found.rows[0](0, source.grid.height), [info.name for info in found.classes]


def on_image(row: int, col: int, height: int, width: int) -> shapely.Polygon:
    """A rectangle in pixels of `write_image`, in its CRS."""
    return shapely.box(
        500_000 + col / 2, 5_000_000 - (row + height) / 2, 500_000 + (col + width) / 2, 5_000_000 - row / 2
    )


def test_polygons_of_one_class_stand_on_background(tmp_path: Path) -> None:
    """Ground without a polygon is background on request; contested and ignored ground has no label."""
    image = write_image(tmp_path / "image.tif")
    shapes = [on_image(0, 0, 64, 64), on_image(100, 0, 64, 64)]
    layer = write_layer(tmp_path / "labels.gpkg", shapes, "EPSG:32631", kind=["roof", "roof"])
    ignored = write_layer(tmp_path / "ignored.gpkg", [on_image(0, 0, 32, 256)], "EPSG:32631", n=[1])
    given = parameters(image, layer, class_field="kind", outside="background", ignore=ignored)
    found, names = labels_of(given, tmp_path)
    assert names == ["roof", "background"]
    assert (found[:32] == NODATA_CLASS).all()
    assert (found[32:64, :64] == 0).all()
    assert (found[200:] == 1).all()
    with pytest.raises(InputError, match=r"has one class only \(roof\)"):
        labels_of(parameters(image, layer, class_field="kind"), tmp_path)


def test_class_rasters_keep_their_values(tmp_path: Path) -> None:
    """Values are the ids of the classes; nodata is no label."""
    image = write_image(tmp_path / "image.tif")
    values = np.where(truth() == 1, 9, 3).astype(np.uint8)
    values[:50] = 0
    path = tmp_path / "labels.tif"
    with rasterio.open(image) as like:
        profile = like.profile | {"count": 1, "nodata": 0}
    with rasterio.open(path, "w", **profile) as out:
        out.write(values, 1)
    found, names = labels_of(parameters(image, str(path)), tmp_path)
    assert names == ["class 3", "class 9"]
    assert (found[:50] == NODATA_CLASS).all()
    assert (found[50:] == truth()[50:]).all()
    layer = write_layer(tmp_path / "labels.gpkg", [on_image(0, 0, 9, 9)], "EPSG:32631", n=[1])
    mixed = parameters(image, str(path), more_inputs=image, more_labels=layer)
    with pytest.raises(InputError, match="layers and rasters"), ExitStack() as stack:
        read_labels(mixed, [stack.enter_context(RasterSource(image))] * 2, tmp_path, stack, Monitor())


def test_a_stopped_training_resumes_to_a_model_that_segments(tmp_path: Path) -> None:
    """From image and polygons to polygons, with a report, after a cancel in the middle."""
    image = write_image(tmp_path / "image.tif")
    squares = [(row, col) for row in range(0, 256, 32) for col in range(0, 256, 32)]
    shapes = [on_image(row, col, 32, 32) for row, col in squares]
    kinds = [int(truth()[row, col]) + 1 for row, col in squares]
    labels = write_layer(tmp_path / "labels.gpkg", shapes, "EPSG:32631", **{"class": kinds})
    given = {
        "input": image, "labels": labels, "output": str(tmp_path / "mine"), "task": "segment", "architecture": "unet",
        "steps": 4, "batch": 2, "crop": 64, "report": str(tmp_path / "report.html"), "device": "cpu",
        "title": "Vines",
    }  # fmt: skip

    class Impatient(Monitor):
        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            if stage == "train" and done == 2:
                assert "1 of 4 steps" in (tmp_path / "report.html").read_text(encoding="utf-8")
                self.cancel()

    with pytest.raises(JobCancelled):
        run_job("train", given, Impatient())
    assert not (tmp_path / "mine").exists()
    assert folder_of(tmp_path / "mine").is_dir()
    steps: list[float] = []

    class Listener(Monitor):
        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            if stage == "train":
                steps.append(done)

    done = run_job("train", given, Listener())
    assert steps == [3, 4]
    assert not folder_of(tmp_path / "mine").exists()
    assert done["summary"]["steps"] == 4
    report = Path(done["outputs"]["REPORT"]).read_text(encoding="utf-8")
    assert '<section id="classes">' in report
    assert "4 of 4 steps" in report
    assert json.loads((tmp_path / "mine" / "model.json").read_text(encoding="utf-8"))["title"] == "Vines"
    assert {p.name for p in (tmp_path / "mine").iterdir()} >= {"model.json", "model.onnx", "validation.csv"}
    result = run_job(
        "segment",
        {"input": image, "output": str(tmp_path / "out.gpkg"), "model": str(tmp_path / "mine"), "refine": False,
         "device": "cpu"},
        Monitor(),
    )  # fmt: skip
    assert Path(result["outputs"]["OUTPUT"]).exists()


def test_what_cannot_be_combined_is_said(tmp_path: Path) -> None:
    """Before any work."""
    with pytest.raises(InputError, match="diff-hrnet needs a prior"):
        parameters("a.tif", "b.gpkg", task="segment", architecture="diff-hrnet")
    with pytest.raises(InputError, match="multiple of 32"):
        parameters("a.tif", "b.gpkg", task="segment", crop=100)
    with pytest.raises(InputError, match="task segment only"):
        parameters("a.tif", "b.gpkg", report="c.html")
