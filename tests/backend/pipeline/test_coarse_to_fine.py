"""Refinement from coarse to fine: on the grid of the coarse model first, resumable, and only near its boundaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from scipy.ndimage import zoom

from idgbr.engines.devices import choose_device
from idgbr.errors import JobCancelled
from idgbr.evaluation.boundary import boundary_counts
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.pipeline.coarse_to_fine import refining
from idgbr.pipeline.refine_stages import result_stage
from idgbr.pipeline.runner import run_at_once
from idgbr.raster.reader import RasterSource
from idgbr.refiner.acceptance import best_class, refinable
from idgbr.refiner.probability_pass import resolutions
from idgbr.refiner.refiner import Refiner
from idgbr.run import run_job
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.score_store import ScoreStore, StoredScores
from tests.backend.jobs.stand_ins import Listener, Shifting, Stopping, blocks_image, write_raster
from tests.backend.tiny_models import bright_model

FACTOR = 0.25


def test_resolutions_double_from_where_the_map_was_drawn() -> None:
    assert resolutions(0.25) == [0.25, 0.5]
    assert resolutions(0.4) == [0.4]
    assert resolutions(0.9) == resolutions(1.0) == resolutions(2.0) == []


@pytest.fixture(scope="module")
def scene(town_scene: tuple[Path, Path]) -> dict[str, Any]:
    """A town of 512 × 640 px of 0.1 m: image, true roofs, and probabilities of them on a grid of 0.4 m, 0.8 m off."""
    with rasterio.open(town_scene[1]) as raster:
        truth = (raster.read(1) == 0).astype(np.uint8)
    roof = truth.reshape(128, 4, 160, 4).mean((1, 3)).astype(np.float32)
    roof = np.roll(roof, 2, axis=1)
    return {"image": str(town_scene[0]), "truth": truth, "drawn": np.stack([1 - roof, roof])}


def refined(scene: dict[str, Any], work: Path, *, from_coarse: bool) -> tuple[np.ndarray, np.ndarray]:
    """Class before and after refinement, with the bundled refiner."""
    folder, card = find_model("refiner", "refiner")
    size = scene["truth"].shape
    refiner = Refiner(folder, card, choose_device("cpu", Monitor()), gsd_m=0.1)
    drawn = StoredScores(work / "scores.bin", 2, scene["drawn"].shape[1:])
    with ScoreStore(drawn.path, 2, drawn.size, drawn.size) as store:
        store.write(0, 0, scene["drawn"])
    with RasterSource(scene["image"]) as source:
        sharpening, setting, scores = refining(
            lambda at: ScaledSource(source, source.grid, card, at), source.grid, card, lambda: refiner, drawn,
            FACTOR if from_coarse else 1.0, work, gsd_m=0.1, steps=0, tile=0,
        )  # fmt: skip
        ids = np.array([0, 1], np.uint8)

        def known(first: int, last: int) -> np.ndarray:
            return np.ones((last - first, size[1]), bool)

        before = result_stage(work / "before.bin", drawn, size, 1, ids, known, None)
        after = result_stage(work / "after.bin", scores, size, 1, ids, known, setting)
        return run_at_once([before], Monitor()), run_at_once([*sharpening, after], Monitor())


@pytest.fixture(scope="module")
def from_coarse(scene: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, np.ndarray]:
    """Class before and after refinement, from coarse to fine."""
    return refined(scene, tmp_path_factory.mktemp("from_coarse"), from_coarse=True)


def boundary_f(labels: np.ndarray, truth: np.ndarray) -> float:
    return boundary_counts(labels, truth, 2, (2,), 255)[2].mean_f_score([1])


def test_boundaries_land_nearer_than_without_the_coarser_grids(
    scene: dict[str, Any], from_coarse: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    coarse, sharp = from_coarse
    _, direct = refined(scene, tmp_path, from_coarse=False)
    scores = [boundary_f(labels, scene["truth"]) for labels in (coarse, direct, sharp)]
    assert scores == sorted(scores)
    assert scores[2] > scores[0] + 0.1


def test_far_from_drawn_boundaries_all_stays(scene: dict[str, Any], from_coarse: tuple[np.ndarray, np.ndarray]) -> None:
    coarse, sharp = from_coarse
    smooth = np.stack([zoom(part, 4, order=1, grid_mode=True, mode="nearest") for part in scene["drawn"]])
    certainty = best_class(np.ascontiguousarray(smooth, np.float32))[1]
    far = ~refinable(coarse, certainty - np.float32(0.02), round(8 / FACTOR))
    assert far.any()
    assert (coarse[far] == sharp[far]).all()
    assert (coarse != sharp).any()


def test_a_job_stopped_on_a_coarser_grid_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The coarse model works on 2 m, the image has 0.5 m: grids of 2 m and 1 m come before its own."""
    monkeypatch.setenv("IDGBR_MODELS", str(bright_model(tmp_path / "models", gsd_range_m=(2.0, 4.0))))
    monkeypatch.setattr("idgbr.jobs.segment.Refiner", Shifting)
    image = str(write_raster(tmp_path / "image.tif", np.repeat(np.repeat(blocks_image(), 4, 1), 4, 2)))

    def run(folder: str, monitor: Monitor) -> bytes:
        (tmp_path / folder).mkdir(exist_ok=True)
        names = {"output": str(tmp_path / folder / "out.gpkg"), "output_classes": str(tmp_path / folder / "out.tif")}
        run_job("segment", {"input": image, "model": "bright", "device": "cpu", "tile": 160, **names}, monitor)
        return (tmp_path / folder / "out.tif").read_bytes()

    expected = run("undisturbed", Monitor())
    steps = Listener()
    with pytest.raises(JobCancelled):
        run("stopped", Stopping("sharpen", 1.5))
    assert run("stopped", steps) == expected
    resumed = [done for stage, done in steps.steps if stage == "sharpen"]
    assert min(resumed) > 1.0, "the first grid was done before"
    assert not any(stage == "segment" for stage, _ in steps.steps)
    assert not (tmp_path / "stopped" / ".out.gpkg.idgbr").exists()
