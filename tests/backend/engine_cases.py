"""The ways in which a job can be run, and small jobs to run in each of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from idgbr.errors import JobCancelled
from idgbr.run import run_job
from idgbr.scenes import write_scene
from tests.backend.change.change_models import difference_model, ground
from tests.backend.distributed.cluster_processes import PATIENCE_S, Meanwhile, Processes
from tests.backend.jobs.stand_ins import Listener, blocks_image, write_raster
from tests.backend.raster.test_bad_blocks import damage
from tests.backend.raster.test_bad_blocks import write as write_tiled
from tests.backend.tiny_models import bright_model, moving_refiner


@dataclass(frozen=True)
class Case:
    """A job: what it is given but for its outputs, its models, the rasters it writes, and stages that it must reach."""

    job: str
    given: Mapping[str, Any]
    models: Path
    rasters: Sequence[str]
    stages: Sequence[str]

    def run(self, folder: Path, monitor: Listener | None = None, **more: object) -> Result:
        """Run it into a folder."""
        folder.mkdir(exist_ok=True)
        outputs = {f"output_{name}": str(folder / f"{name}.tif") for name in self.rasters}
        given = {**self.given, "output": str(folder / "out.gpkg"), **outputs, **more}
        summary = run_job(self.job, given, monitor or Listener())["summary"]
        left = {path.name for path in folder.iterdir() if not path.name.endswith(".aux.xml")}  # the names of classes
        assert left == {"out.gpkg", *(f"{name}.tif" for name in self.rasters)}
        meta, _, shapes, columns = pyogrio.raw.read(folder / "out.gpkg", layer="out")
        return Result(
            [(folder / f"{name}.tif").read_bytes() for name in self.rasters],
            [list(meta["fields"]), list(shapes), *(column.tolist() for column in columns)],
            summary | {"seconds": 0},
        )


@dataclass(frozen=True)
class Result:
    """All that a job leaves: the bytes of its rasters, its layer by columns, and its summary but for the time."""

    rasters: Sequence[bytes]
    layer: Sequence[Sequence[Any]]
    summary: Mapping[str, Any]


def segment_case(folder: Path) -> Case:
    """The coarse model at 1 m, the refiner at 1 m, then at the image's 0.5 m, with two samples."""
    models = moving_refiner(bright_model(folder / "models", gsd_range_m=(1.0, 1.0)))
    image = write_raster(folder / "image.tif", blocks_image()[:, :250, :200])
    given = {"input": str(image), "model": "bright", "device": "cpu", "tile": 64, "samples": 2}
    return Case("segment", given, models, ("classes", "uncertainty"), ("segment", "sharpen", "refine"))


def refine_case(folder: Path) -> Case:
    """A class map of 0.1 m that is 0.6 m off: refined at 0.4 m, 0.2 m and 0.1 m, by the refiner that is shipped."""
    image, truth, rough = (folder / f"{name}.tif" for name in ("town", "truth", "rough"))
    write_scene(image, 300, 200, gsd_m=0.1, seed=5, truth_raster=truth)
    with rasterio.open(truth) as raster, rasterio.open(rough, "w", **raster.profile) as out:
        out.write(np.roll(raster.read(1), (6, -6), (0, 1)), 1)
    given = {"input": str(image), "coarse": str(rough), "device": "cpu", "tile": 64, "samples": 2}
    return Case("refine", given, folder, ("classes", "uncertainty"), ("sharpen", "refine"))


def detect_changes_case(folder: Path) -> Case:
    """Objects of both dates, the change between them, the refiner; each date has a block that cannot be read."""
    models = moving_refiner(difference_model(folder / "models"), right=1)
    before, after = ground(256, 330), ground(256, 330)
    before[:, 20:50, 40:80] = 250
    after[:, 90:130, 200:250] = 250
    paths = {"before": before, "after": after}
    given: dict[str, Any] = {name: str(write_tiled(folder / f"{name}.tif", pixels)) for name, pixels in paths.items()}
    damage(folder / "before.tif", 3, 1)
    damage(folder / "after.tif", 2, 4)
    given |= {"on_bad_block": "nodata", "device": "cpu", "tile": 64}
    return Case("detect-changes", given, models, ("probability",), ("segment", "compare", "refine"))


CASES: dict[str, Callable[[Path], Case]] = {
    "segment": segment_case,
    "refine": refine_case,
    "detect-changes": detect_changes_case,
}


def local(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """In this process, undisturbed."""
    listener = Listener()
    result = case.run(folder, listener)
    assert listener.stages() >= set(case.stages)
    return result


def resumed(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Cancelled in the middle of each stage, and run again each time."""
    for stage in case.stages:
        listener = Listener()
        stopping = Meanwhile(stage, 0.5, listener.cancel)
        stopping.check = listener.check  # type: ignore[method-assign]
        with pytest.raises(JobCancelled, match="Run the same job again"):
            case.run(folder, stopping)
        assert {path.name for path in folder.iterdir()} == {".out.gpkg.idgbr"}
        assert not (folder / ".out.gpkg.idgbr" / "lock").exists()
    listener = Listener()
    result = case.run(folder, listener)
    assert any("an earlier run" in text for text in listener.messages)
    assert not listener.stages() & set(case.stages[:-1])
    return result


def on_cluster(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """On a cluster of two workers, one of which is lost on the way; no network is loaded in this process."""

    def missing(*arguments: object, **options: object) -> None:
        raise AssertionError(arguments)

    module = f"idgbr.jobs.{case.job.replace('-', '_')}"
    for name in ("Refiner", "CoarseModel", "ChangeModel"):
        monkeypatch.setattr(f"{module}.{name}", missing, raising=False)
    with _two_workers(folder.with_name(f"{folder.name}_logs")) as processes:
        first = processes.workers[0]
        assert first.pid
        listener = Meanwhile("refine", 0.2, partial(os.kill, first.pid, signal.SIGKILL))
        result = case.run(folder, listener, cluster=processes.address)
        first.join(PATIENCE_S)
        assert first.exitcode == -signal.SIGKILL
    assert any("2 workers" in text for text in listener.messages)
    assert listener.stages() >= set(case.stages)
    return result


@contextmanager
def _two_workers(logs: Path) -> Iterator[Processes]:
    logs.mkdir()
    processes = Processes(dict(os.environ), logs)
    try:
        for _ in range(2):
            processes.add_worker()
        yield processes
    finally:
        processes.end()


Engine = Callable[[Case, Path, pytest.MonkeyPatch], Result]
#: Engines that give the same bytes.
ENGINES: dict[str, Engine] = {"local": local, "resumed": resumed, "cluster": on_cluster}


Outlines = dict[str, list[tuple[str, bytes]]]


def outlines(layer: Path | str) -> list[tuple[str, bytes]]:
    """Class and outline of all polygons of a layer, in an order that does not depend on that of the file."""
    meta, _, shapes, columns = pyogrio.raw.read(layer)
    names = columns[list(meta["fields"]).index("class")]
    return sorted(zip(names, shapely.to_wkb(shapely.normalize(shapely.from_wkb(shapes))), strict=True))


def previewed(case: Case, folder: Path) -> tuple[Outlines, Outlines]:
    """Outlines along pixels of what the preview shows, coarse and refined, and of what jobs make of the same."""
    given = {name: value for name, value in case.given.items() if name not in ("tile", "samples")} | {"simplify": 0.0}
    folder.mkdir()
    shown = run_job("preview", given | {"output": str(folder)}, Listener())["outputs"]
    given["min_area"] = 0.0
    jobs = {"COARSE": (case.job, given | {"refine": False}), "REFINED": (case.job, given)}
    if case.job == "refine":
        jobs["COARSE"] = "vectorize", {"input": given["coarse"], "simplify": 0.0, "min_area": 0.0}
    made = {}
    for name, (job, options) in jobs.items():
        output = str(folder / f"job_{name}.gpkg")
        run_job(job, options | {"output": output}, Listener())
        made[name] = outlines(output)
    return {name: outlines(path) for name, path in shown.items()}, made
