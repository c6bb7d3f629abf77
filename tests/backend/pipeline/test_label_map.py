"""Maps that the user brings: how far they are to be trusted decides how they are refined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from idgbr.coarse_map import read_coarse_map
from idgbr.engines.devices import choose_device
from idgbr.errors import JobCancelled
from idgbr.evaluation.boundary import boundary_f_score
from idgbr.jobs.refine import Refinement
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.parameters import RefineParameters
from idgbr.pipeline.coarse_to_fine import start_factor
from idgbr.pipeline.label_map import LabelMap
from idgbr.raster.reader import RasterSource
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import Stopping

#: By how many pixels of 0.1 m the rough map is off.
OFF = 6


@pytest.fixture(scope="module")
def town(town_scene: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A town of 512 × 640 px of 0.1 m: image, exact roofs, and roofs that are 0.6 m off."""
    folder = tmp_path_factory.mktemp("town")
    image, truth = town_scene
    with rasterio.open(truth) as raster:
        roofs, profile = (raster.read(1) == 0).astype(np.uint8), raster.profile
    for name, labels in {"exact": roofs, "rough": np.roll(roofs, (OFF, -OFF), (0, 1))}.items():
        with rasterio.open(folder / f"{name}.tif", "w", **{**profile, "nodata": None}) as out:
            out.write(labels, 1)
    return {"image": image, **{name: folder / f"{name}.tif" for name in ("exact", "rough")}}


def refine(town: dict[str, Path], coarse: str, folder: Path, monitor: Monitor | None = None) -> dict[str, Any]:
    """The job's summary; its class raster is classes.tif in the folder."""
    parameters = {
        "input": str(town["image"]), "coarse": str(town[coarse]), "output": str(folder / "out.gpkg"),
        "output_classes": str(folder / "classes.tif"), "device": "cpu", "tile": 128,
    }  # fmt: skip
    summary: dict[str, Any] = run_job("refine", parameters, monitor or Monitor())["summary"]
    return summary


@pytest.fixture(scope="module")
def rough(town: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The rough map, refined without a stop: the summary and the class raster."""
    folder = tmp_path_factory.mktemp("rough")
    return refine(town, "rough", folder), folder / "classes.tif"


def labels(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        found: np.ndarray = raster.read(1)
    return found


def test_a_rough_map_is_drawn_anew_and_an_exact_one_is_left_alone(
    town: dict[str, Path], rough: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    truth = labels(town["exact"])
    exact = refine(town, "exact", tmp_path)
    assert exact["doubt"] < 0.5 * rough[0]["doubt"]
    assert rough[0]["band_width"] > exact["band_width"]
    assert (labels(tmp_path / "classes.tif") != truth).mean() < 0.003
    before = boundary_f_score(labels(town["rough"]), truth, 3)
    after = boundary_f_score(labels(rough[1]), truth, 3)
    assert after > before + 0.2


@pytest.mark.parametrize("at", [("sharpen", 1.5), ("refine", 12)])
def test_a_rough_map_stopped_on_any_grid_goes_on_to_the_same_bytes(
    town: dict[str, Path], rough: tuple[dict[str, Any], Path], tmp_path: Path, at: tuple[str, float]
) -> None:
    with pytest.raises(JobCancelled):
        refine(town, "rough", tmp_path, Stopping(*at))
    listener = Stopping("never", 0)
    refine(town, "rough", tmp_path, listener)
    assert rough[1].read_bytes() == (tmp_path / "classes.tif").read_bytes()
    assert ("sharpen" in listener.stages()) == (at[0] == "sharpen")
    assert not list(tmp_path.glob(".*"))


def test_the_first_grid_is_of_some_decimetres() -> None:
    assert [start_factor(gsd) for gsd in (0.07, 0.15, 0.3, 2.0)] == [0.25, 0.5, 1.0, 1.0]


def test_a_band_that_was_asked_for_stays_whatever_the_doubt(town: dict[str, Path], tmp_path: Path) -> None:
    monitor = Monitor()
    with RasterSource(str(town["image"])) as source:
        coarse = read_coarse_map(str(town["rough"]), None, "no", False, source.grid, tmp_path, monitor)
        _, card = find_model("refiner", "refiner")
        given = (coarse.path, len(coarse.classes), source, source.grid, card)
        drawn, narrow = (LabelMap(*given, band_width=n) for n in (0, 3))
    for one in (drawn, narrow):
        one.set_label_noise(0.5)
    assert drawn.factor == narrow.factor == 0.25
    assert drawn.band_width == 4 * card.band_width
    assert narrow.band_width == 3


def test_a_map_refined_at_once_is_as_the_job_makes_it(
    town: dict[str, Path], rough: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    """Without the specks that the refinement leaves, too."""
    given = RefineParameters(
        str(town["image"]), str(town["rough"]), str(tmp_path / "again.gpkg"), background="no", tile=128
    )
    with RasterSource(given.input) as source:
        job = Refinement(given, tmp_path, Monitor(), source, source.grid, find_model("refiner", "refiner"))
        job.use(choose_device("cpu", Monitor()))
        job.read_coarse()
        before, after = job.refined_at_once()
    np.testing.assert_array_equal(before, labels(town["rough"]))
    np.testing.assert_array_equal(after, labels(rough[1]))
    assert (before != after).any()
