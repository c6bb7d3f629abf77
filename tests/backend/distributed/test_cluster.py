"""A real scheduler and worker processes: the result is that of a local run, whatever goes away on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio

import idgbr
from idgbr.change.registration import Shift
from idgbr.checkpoint import journal
from idgbr.distributed import worker
from idgbr.errors import ClusterError, InputError, JobCancelled
from idgbr.jobs.detect_changes import Comparison
from idgbr.run import run_job
from idgbr.scenes import write_scene
from tests.backend.change.change_models import difference_model, ground
from tests.backend.distributed.cluster_processes import Meanwhile, Processes
from tests.backend.jobs.stand_ins import Listener, Stopping, blocks_image, write_raster
from tests.backend.raster.test_bad_blocks import damage
from tests.backend.raster.test_bad_blocks import write as write_tiled
from tests.backend.tiny_models import bright_model, moving_refiner, touching_model

pytest.importorskip("distributed", reason="Dask is not installed (the extra idgbr[cluster])")
from distributed import Future


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Models and an image; what a job is given but for its outputs."""
    models = moving_refiner(bright_model(tmp_path / "models", gsd_range_m=(1.0, 1.0)))
    monkeypatch.setenv("IDGBR_MODELS", str(models))
    monkeypatch.setenv("IDGBR_THREADS", "1")
    monkeypatch.setenv("PYTHONPATH", str(Path(idgbr.__file__).parents[1]))
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)
    image = write_raster(tmp_path / "image.tif", blocks_image())
    return {"input": str(image), "model": "bright", "device": "cpu", "tile": 64}


@pytest.fixture
def start(surroundings: dict[str, Any], tmp_path: Path) -> Iterator[Callable[[], Processes]]:
    """Starts a scheduler with two workers."""
    started: list[Processes] = []

    def processes() -> Processes:
        logs = tmp_path / f"logs{len(started)}"
        logs.mkdir()
        started.append(Processes(dict(os.environ), logs))
        for _ in range(2):
            started[-1].add_worker()
        return started[-1]

    yield processes
    for some in started:
        some.end()


def outputs(folder: Path) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    return {
        "output": str(folder / "out.gpkg"),
        "output_classes": str(folder / "classes.tif"),
        "output_uncertainty": str(folder / "uncertainty.tif"),
        "samples": 2,
    }


def results(folder: Path) -> tuple[bytes, bytes]:
    left = {path.name for path in folder.iterdir()} - {"classes.tif.aux.xml"}  # the names of the classes
    assert left == {"out.gpkg", "classes.tif", "uncertainty.tif"}
    return (folder / "classes.tif").read_bytes(), (folder / "uncertainty.tif").read_bytes()


def test_a_job_whose_scheduler_goes_away_goes_on_on_another_and_here(
    start: Callable[[], Processes], surroundings: dict[str, Any], tmp_path: Path
) -> None:
    given = surroundings | outputs(tmp_path / "cluster")
    first = start()
    listener = Meanwhile("segment", 0.3, first.scheduler.kill)
    with pytest.raises(
        ClusterError, match=r"does not respond any more.*run without the cluster\. Run the same job again"
    ):
        run_job("segment", given | {"cluster": first.address}, listener)
    with pytest.raises(ClusterError, match="no Dask scheduler answers there"):
        run_job("segment", given | {"cluster": first.address}, listener)
    first.end()
    second = start()
    listener = Stopping("refine", 10)
    again = Meanwhile("refine", 0.4, listener.cancel)
    again.check = listener.check  # type: ignore[method-assign]
    with pytest.raises(JobCancelled, match="Run the same job again"):
        run_job("segment", given | {"cluster": second.address}, again)
    assert any("resuming an earlier run (segment" in text for text in again.messages)
    here = Listener()
    run_job("segment", given, here)
    assert any("resuming an earlier run (refine" in text for text in here.messages)
    assert "segment" not in here.stages()
    run_job("segment", surroundings | outputs(tmp_path / "local"), Listener())
    assert results(tmp_path / "cluster") == results(tmp_path / "local")


def test_a_scheduler_that_goes_away_while_it_is_asked_for_a_result_is_a_clear_error(
    start: Callable[[], Processes], surroundings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = start()
    result = Future.result

    def lost(future: Future, timeout: float | None = None) -> object:
        if listener.stages() >= {"segment"}:
            processes.scheduler.kill()
            processes.scheduler.join()
        return result(future, timeout)

    monkeypatch.setattr(Future, "result", lost)
    listener = Listener()
    with pytest.raises(ClusterError, match="does not respond any more"):
        run_job("segment", surroundings | outputs(tmp_path / "cluster") | {"cluster": processes.address}, listener)
    assert processes.scheduler.exitcode is not None


def test_a_result_that_is_lost_with_its_worker_is_made_again(
    start: Callable[[], Processes], surroundings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = start()
    result, late = Future.result, iter([True])

    def lost(future: Future, timeout: float | None = None) -> object:
        if listener.stages() >= {"segment"} and next(late, False):
            raise TimeoutError
        return result(future, timeout)

    monkeypatch.setattr(Future, "result", lost)
    listener = Listener()
    run_job("segment", surroundings | outputs(tmp_path / "cluster") | {"cluster": processes.address}, listener)
    assert next(late, None) is None
    run_job("segment", surroundings | outputs(tmp_path / "local"), Listener())
    assert results(tmp_path / "cluster") == results(tmp_path / "local")


@pytest.fixture
def drawn(surroundings: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """A class map of 0.1 m that is 0.6 m off, so that it is refined on three grids; what `refine` is given."""
    image, truth, rough = (tmp_path / f"{name}.tif" for name in ("town", "truth", "rough"))
    write_scene(image, 300, 200, gsd_m=0.1, seed=5, truth_raster=truth)
    with rasterio.open(truth) as raster, rasterio.open(rough, "w", **raster.profile) as out:
        out.write(np.roll(raster.read(1), (6, -6), (0, 1)), 1)
    shared = {name: value for name, value in surroundings.items() if name != "model"}
    return shared | {"input": str(image), "coarse": str(rough)}


def test_a_refinement_stopped_on_a_cluster_goes_on_here(
    start: Callable[[], Processes], drawn: dict[str, Any], tmp_path: Path
) -> None:
    def stop() -> None:
        listener.cancel()

    given = drawn | outputs(tmp_path / "cluster")
    listener = Meanwhile("refine", 0.4, stop)
    with pytest.raises(JobCancelled, match="Run the same job again"):
        run_job("refine", given | {"cluster": start().address}, listener)
    here = Listener()
    run_job("refine", given, here)
    assert any("resuming an earlier run (refine" in text for text in here.messages)
    assert "sharpen" not in here.stages()
    run_job("refine", drawn | outputs(tmp_path / "local"), Listener())
    assert results(tmp_path / "cluster") == results(tmp_path / "local")


def test_a_map_of_many_classes_is_refined_without_the_cluster(
    start: Callable[[], Processes], drawn: dict[str, Any], tmp_path: Path
) -> None:
    with rasterio.open(drawn["coarse"], "r+") as raster:
        raster.write(np.repeat(np.arange(20, dtype=np.uint8), 15)[:, None].repeat(200, 1), 1)
    with pytest.raises(InputError, match=r"rough.tif: has 20 classes here.* up to 16; run the job without the cluster"):
        run_job("refine", drawn | outputs(tmp_path / "cluster") | {"cluster": start().address}, Listener())
    assert not list((tmp_path / "cluster").iterdir())


@pytest.fixture
def dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Two dates with a block each that cannot be read; what `detect-changes` is given."""
    monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "change_models")))
    before, after = ground(256, 330), ground(256, 330)
    before[:, 20:50, 40:80] = 250
    after[:, 90:130, 200:250] = 250
    paths = {
        "before": write_tiled(tmp_path / "before.tif", before),
        "after": write_tiled(tmp_path / "after.tif", after),
    }
    damage(paths["before"], 3, 1)
    damage(paths["after"], 2, 4)
    given = {name: str(path) for name, path in paths.items()}
    return given | {"on_bad_block": "nodata", "device": "cpu", "tile": 64}


def test_a_worker_takes_the_shift_between_two_dates_as_the_job_found_it(
    dates: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "idgbr.jobs.detect_changes.estimate_shift", lambda *_: pytest.fail("the dates are looked through")
    )
    shift = Shift(4.0, 0.0, spread=0.1, blocks=6, tried=6)
    order = {"parameters": dates | {"output": str(tmp_path / "out.gpkg"), "align": True}, "shift": asdict(shift)}
    with ExitStack() as stack:
        job = worker._comparison(order, tmp_path, stack)
        assert isinstance(job, Comparison)
        assert job.shift == shift
        assert job.shift_figures["shift_corrected"]


@pytest.mark.parametrize("job", ["segment", "refine"])
def test_touching_objects_are_those_of_a_local_run(
    start: Callable[[], Processes], surroundings: dict[str, Any], tmp_path: Path, job: str
) -> None:
    """The contact of objects comes from the workers."""
    touching_model(Path(os.environ["IDGBR_MODELS"]), name="buildings")
    codes = (blocks_image()[:1] > 128).astype(np.uint8) + 3
    coarse = str(write_raster(tmp_path / "coarse.tif", codes))
    given = surroundings | {"segment": {"model": "buildings"}, "refine": {"coarse": coarse}}[job] | {"objects": True}
    if job == "refine":
        del given["model"]
    local, remote = str(tmp_path / "local.gpkg"), str(tmp_path / "cluster.gpkg")
    run_job(job, given | {"output": local}, Listener())
    run_job(job, given | {"output": remote, "cluster": start().address}, Listener())
    (meta, _, here, columns), (_, _, there, others) = (pyogrio.raw.read(path) for path in (local, remote))
    assert "object_id" in meta["fields"]
    assert list(here) == list(there)
    assert all((one == other).all() for one, other in zip(columns, others, strict=True))
