"""Images and maps that are read through a virtual raster, a warp or an archive: previewed, and resumed after a kill."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from idgbr.checkpoint import journal
from idgbr.engines.network_cache import NetworkCache
from idgbr.jobs import preview
from idgbr.run import run_job
from tests.backend import processes
from tests.backend.jobs.image_kinds import write_image, write_map
from tests.backend.jobs.job_to_kill import run_until_killed
from tests.backend.jobs.stand_ins import Listener, Shifting, blocks_image
from tests.backend.tiny_models import bright_model, moving_refiner

IMAGES = ("palette", "mask", "gcps", "rpcs", "archive")
MAPS = ("scaled", "gcps", "alpha", "wide")
KINDS = [*(("segment", kind) for kind in IMAGES), *(("refine", kind) for kind in MAPS)]


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny models, a journal without pauses, and a state folder of the test's."""
    models = moving_refiner(bright_model(tmp_path / "models"))
    monkeypatch.setenv("IDGBR_MODELS", str(models))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)
    monkeypatch.setattr(preview, "_networks", NetworkCache(each_kind=True))


def inputs(folder: Path, job: str, kind: str) -> dict[str, Any]:
    bands = blocks_image()
    if job == "segment":
        return {"input": write_image(folder, kind, bands), "model": "bright", "device": "cpu"}
    codes = (bands[0] > 128).astype(np.uint8) + 3
    image = write_image(folder, "gcps" if kind == "gcps" else "mask", bands)
    return {"input": image, "coarse": write_map(folder, kind, codes), "device": "cpu"}


def outputs(folder: Path) -> dict[str, Any]:
    folder.mkdir()
    return {"output": str(folder / "out.gpkg"), "output_classes": str(folder / "classes.tif"), "tile": 96}


def results(folder: Path) -> tuple[bytes, list[Any]]:
    _, _, shapes, columns = pyogrio.raw.read(folder / "out.gpkg", layer="out")
    return (folder / "classes.tif").read_bytes(), [list(shapes), *(column.tolist() for column in columns)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize(("job", "kind"), KINDS)
def test_a_killed_job_goes_on_to_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, kind: str
) -> None:
    for module in ("segment", "refine"):
        monkeypatch.setattr(f"idgbr.jobs.{module}.Refiner", Shifting)
    given = inputs(tmp_path, job, kind)
    killed = given | outputs(tmp_path / "killed")
    log = tmp_path / "killed.log"
    process = processes.start(run_until_killed, job, killed, "refine", 8, log=log)
    process.join()
    assert process.exitcode == -signal.SIGKILL, log.read_text()
    listener = Listener()
    run_job(job, killed, listener)
    assert any("resuming an earlier run (refine" in text for text in listener.messages)
    run_job(job, given | outputs(tmp_path / "undisturbed"), Listener())
    assert results(tmp_path / "killed") == results(tmp_path / "undisturbed")


@pytest.mark.parametrize(("job", "kind"), KINDS)
def test_the_preview_is_what_the_job_gives(tmp_path: Path, job: str, kind: str) -> None:
    given = inputs(tmp_path, job, kind)
    (tmp_path / "preview").mkdir()
    run_job("preview", given | {"output": str(tmp_path / "preview")}, Listener())
    run_job(job, given | outputs(tmp_path / "job") | {"min_area": 0.0}, Listener())
    meta, _, shapes, _ = pyogrio.raw.read(tmp_path / "preview" / "refined.fgb")
    whole, _, expected, _ = pyogrio.raw.read(tmp_path / "job" / "out.gpkg", layer="out")
    seen, made = shapely.union_all(shapely.from_wkb(shapes)), shapely.union_all(shapely.from_wkb(expected))
    assert meta["crs"] == whole["crs"]
    assert seen.area == pytest.approx(made.area, rel=0.01)
    assert shapely.symmetric_difference(seen, made).area < 0.01 * made.area
