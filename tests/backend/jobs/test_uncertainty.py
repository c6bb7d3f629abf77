"""Uncertainty of boundaries as a user asks for it: raster, field of polygons, and the way through a stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
from scipy.ndimage import uniform_filter

from idgbr.checkpoint import journal
from idgbr.errors import InputError, JobCancelled
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import Shifting, Stopping, blocks_image, write_raster
from tests.backend.tiny_models import bright_model


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny coarse model, and a refiner that shifts by three pixels while half of its samples say not to."""
    monkeypatch.setenv("IDGBR_MODELS", str(bright_model(tmp_path / "models")))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("idgbr.jobs.segment.Refiner", Shifting)
    monkeypatch.setattr("idgbr.jobs.refine.Refiner", Shifting)
    monkeypatch.setattr("idgbr.pipeline.label_map.VERY_ROUGH", np.inf)  # no coarser grid comes before
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)


@pytest.fixture
def square(tmp_path: Path) -> dict[str, str]:
    """An image and a map with a square of class 4 in class 3, and a column without a class."""
    image = write_raster(tmp_path / "image.tif", np.full((3, 200, 240), 90, np.uint8))
    labels = np.full((1, 200, 240), 3, np.uint8)
    labels[0, 50:150, 60:160] = 4
    labels[0, :, 0] = 0
    with rasterio.open(write_raster(tmp_path / "coarse.tif", labels), "r+") as raster:
        raster.nodata = 0
    return {"input": str(image), "coarse": str(tmp_path / "coarse.tif")}


def run(job: str, folder: Path, monitor: Monitor | None = None, **parameters: object) -> dict[str, Any]:
    given = {"output": str(folder / "out.gpkg"), "device": "cpu", **parameters}
    return run_job(job, given, monitor or Monitor())["outputs"]


def read(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read(1)


def fields(path: Path) -> dict[str, np.ndarray]:
    meta, _, _, columns = pyogrio.raw.read(path, layer=path.stem)
    return dict(zip(meta["fields"], columns, strict=True))


def test_where_samples_disagree_the_raster_says_so(square: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "uncertainty.tif"
    outputs = run("refine", tmp_path, samples=2, output_uncertainty=str(path), simplify=0, **square)
    assert outputs["OUTPUT_UNCERTAINTY"] == str(path)
    found = read(path)
    assert (found[:, 0] == -1).all(), "no class, no uncertainty"
    moved = np.zeros(found.shape, bool)
    moved[50:150, 60:63] = moved[50:150, 160:163] = True
    np.testing.assert_allclose(found[moved], 0.5, atol=0.003)
    assert (found[:, 1:][~moved[:, 1:]] == 0).all()
    columns = fields(tmp_path / "out.gpkg")
    assert list(columns) == ["class_id", "class", "confidence", "area_m2", "perim_m", "moved_m", "uncertain"]
    inside = columns["class_id"] == 4
    outline = np.zeros(found.shape, bool)
    outline[50:150, [63, 162]] = outline[[50, 149], 63:163] = True
    near = uniform_filter(np.maximum(found, 0), 9)  # of the ground within four pixels
    np.testing.assert_allclose(columns["uncertain"][inside], near[outline].mean(), atol=1e-3)


def test_one_sample_tells_what_the_refined_probabilities_say(square: dict[str, str], tmp_path: Path) -> None:
    """A raster alone asks for one sample; the refiner is sure here, so all is 0."""
    run("refine", tmp_path, output_uncertainty=str(tmp_path / "u.tif"), **square)
    assert (read(tmp_path / "u.tif")[:, 1:] == 0).all()
    assert "uncertain" in fields(tmp_path / "out.gpkg")


def test_asking_changes_no_class(square: dict[str, str], tmp_path: Path) -> None:
    for name, samples in (("with.tif", 3), ("without.tif", 0)):
        run("refine", tmp_path, samples=samples, output_classes=str(tmp_path / name), **square)
    np.testing.assert_array_equal(read(tmp_path / "with.tif"), read(tmp_path / "without.tif"))
    assert "uncertain" not in fields(tmp_path / "out.gpkg")


@pytest.mark.parametrize(("job", "stage"), [("segment", "refine"), ("refine", "refine"), ("refine", "vectorize")])
def test_a_stopped_job_goes_on_to_the_same_bytes(tmp_path: Path, job: str, stage: str) -> None:
    bands = blocks_image()
    inputs: dict[str, object] = {"input": str(write_raster(tmp_path / "image.tif", bands)), "tile": 96, "samples": 2}
    if job == "refine":
        inputs["coarse"] = str(write_raster(tmp_path / "coarse.tif", (bands[:1] > 128).astype(np.uint8) + 3))
    else:
        inputs["model"] = "bright"
    results = []
    for name in ("undisturbed", "stopped"):
        folder = tmp_path / name
        folder.mkdir()
        inputs["output_uncertainty"] = str(folder / "uncertainty.tif")
        if name == "stopped":
            with pytest.raises(JobCancelled):
                run(job, folder, Stopping(stage, 330 if stage == "vectorize" else 7), **inputs)
        run(job, folder, **inputs)
        results.append((folder / "uncertainty.tif").read_bytes())
        assert np.isfinite(fields(folder / "out.gpkg")["uncertain"]).all()
    assert results[0] == results[1]
    assert (read(tmp_path / "stopped" / "uncertainty.tif") > 0.4).any()


def test_another_number_of_samples_starts_afresh(square: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(JobCancelled):
        run("refine", tmp_path, Stopping("vectorize", 200), samples=2, **square)
    listener = Stopping("never", 0)
    run("refine", tmp_path, listener, samples=3, **square)
    assert any("an earlier run had another samples; starting over" in text for text in listener.messages)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"samples": 9}, "samples is 9"),
        ({"samples": 2, "refine": False}, "switch the refinement on"),
        ({"output_uncertainty": "u.tif", "output_confidence": "u.tif"}, "u.tif: is given for two rasters"),
        ({"output_uncertainty": "u.tif", "output_confidence": "../{folder}/u.tif"}, "u.tif: is given for two rasters"),
    ],
)
def test_what_cannot_be_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    image = write_raster(tmp_path / "image.tif", blocks_image())
    changes = {k: v.format(folder=tmp_path.name) if isinstance(v, str) else v for k, v in changes.items()}
    with pytest.raises(InputError, match=reason):
        run("segment", tmp_path, input=str(image), model="bright", **changes)


def test_too_few_bands_tell_nothing(tmp_path: Path) -> None:
    bright_model(tmp_path / "models", name="one", bands=1)
    image = write_raster(tmp_path / "image.tif", blocks_image()[:1])
    with pytest.raises(InputError, match="use no samples"):
        run("segment", tmp_path, input=str(image), model="one", samples=2)
