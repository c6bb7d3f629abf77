"""The plugin's client with the real worker: what it says of itself, a cancel and a kill in the middle of a job."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from idgbr_qgis.core.backend_client import BackendClient, Listener, Progress
from idgbr_qgis.core.environment import worker_environment
from idgbr_qgis.core.errors import BackendError, BackendLostError, JobCancelledError
from idgbr_qgis.core.paths import BACKEND, plugin_version

UTM = {"epsg": 32632, "transform": (500000.0, 0.5, 0.0, 5000000.0, 0.0, -0.5)}


class AtFirstProgress(Listener):
    """Does something once, at the first progress of a stage or of any."""

    def __init__(self, act: Callable[[], None], stage: str | None = None) -> None:
        self._act: Callable[[], None] | None = act
        self._stage = stage
        self.stop = False

    def cancelled(self) -> bool:
        return self.stop

    def progress(self, progress: Progress) -> None:
        if self._act is not None and self._stage in (None, progress.stage):
            act, self._act = self._act, None
            act()


def client(python: str, listener: Listener | None = None) -> BackendClient:
    return BackendClient([python, "-m", "idgbr", "worker"], worker_environment(BACKEND), listener)


@pytest.fixture
def busy_raster(write_raster: Callable[..., Path]) -> Path:
    """A class raster that takes seconds to vectorize."""
    blocks = np.random.default_rng(1).integers(0, 4, (500, 500), dtype=np.uint8)
    return write_raster("busy.tif", np.kron(blocks, np.ones((6, 6), np.uint8)), **UTM)


def test_worker_says_what_it_is(backend_python: str) -> None:
    with client(backend_python) as worker:
        assert worker.info.version == plugin_version()
        assert "cpu" in [device["id"] for device in worker.info.devices]
        assert all({"id", "kind", "folder", "problem"} <= model.keys() for model in worker.info.models)


def test_cancel_leaves_nothing_behind(backend_python: str, busy_raster: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    listener = AtFirstProgress(lambda: setattr(listener, "stop", True))
    begun = time.monotonic()
    with pytest.raises(JobCancelledError), client(backend_python, listener) as worker:
        worker.run_job("vectorize", {"input": str(busy_raster), "output": str(out / "polygons.gpkg")})
    assert time.monotonic() - begun < 60
    assert list(out.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_killed_worker_is_reported_and_leaves_no_layer(backend_python: str, busy_raster: Path, tmp_path: Path) -> None:
    listener = AtFirstProgress(lambda: os.kill(worker._process.processId(), signal.SIGKILL))
    with pytest.raises(BackendLostError, match="crashed"), client(backend_python, listener) as worker:
        worker.run_job("vectorize", {"input": str(busy_raster), "output": str(tmp_path / "polygons.gpkg")})
    assert not (tmp_path / "polygons.gpkg").exists()


def test_worker_goes_on_after_a_failed_job(
    backend_python: str, write_raster: Callable[..., Path], tmp_path: Path
) -> None:
    raster = write_raster("classes.tif", np.kron(np.eye(4, dtype=np.uint8), np.ones((20, 20), np.uint8)), **UTM)
    with client(backend_python) as worker:
        with pytest.raises(BackendError, match=r"no-such-raster\.tif") as caught:
            worker.run_job("vectorize", {"input": "no-such-raster.tif", "output": str(tmp_path / "a.gpkg")})
        assert caught.value.code == -32001
        with pytest.raises(BackendError, match="output"):
            worker.run_job("vectorize", {"input": str(raster)})
        result = worker.run_job("vectorize", {"input": str(raster), "output": str(tmp_path / "a.gpkg")})
    assert (tmp_path / "a.gpkg").exists()
    assert result["summary"]["polygons"] > 0


@pytest.mark.parametrize("stage", ["segment", "vectorize", "write"])
def test_cancel_in_each_stage_leaves_all_or_the_job_folder(
    backend_python: str, threshold_model: Path, write_raster: Callable[..., Path], tmp_path: Path, stage: str
) -> None:
    blocks = np.random.default_rng(2).choice(np.array([40, 210], np.uint8), (120, 120))
    image = write_raster("image.tif", np.stack([np.kron(blocks, np.ones((12, 12), np.uint8))] * 3), **UTM)
    out = tmp_path / "out"
    out.mkdir()
    listener = AtFirstProgress(lambda: setattr(listener, "stop", True), stage)
    parameters = {
        "input": str(image),
        "output": str(out / "polygons.gpkg"),
        "output_classes": str(out / "classes.tif"),
        "model": str(threshold_model),
        "refine": False,
        "device": "cpu",
    }
    try:
        with client(backend_python, listener) as worker:
            worker.run_job("segment", parameters)
    except JobCancelledError:
        assert {path.name for path in out.iterdir()} <= {".polygons.gpkg.idgbr"}
    else:
        # Once the layers are being moved into place, it is too late to cancel.
        assert stage == "write"
        assert {"polygons.gpkg", "classes.tif"} <= {path.name for path in out.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_the_same_job_goes_on_after_its_worker_was_killed(
    backend_python: str, threshold_model: Path, write_raster: Callable[..., Path], tmp_path: Path
) -> None:
    blocks = np.random.default_rng(2).choice(np.array([40, 210], np.uint8), (60, 60))
    image = write_raster("image.tif", np.stack([np.kron(blocks, np.ones((10, 10), np.uint8))] * 3), **UTM)
    out = tmp_path / "out"
    out.mkdir()
    parameters = {
        "input": str(image),
        "output": str(out / "polygons.gpkg"),
        "model": str(threshold_model),
        "refine": False,
        "device": "cpu",
    }
    listener = AtFirstProgress(lambda: os.kill(worker._process.processId(), signal.SIGKILL), "vectorize")
    with pytest.raises(BackendLostError, match="crashed"), client(backend_python, listener) as worker:
        worker.run_job("segment", parameters)
    assert [path.name for path in out.iterdir()] == [".polygons.gpkg.idgbr"]
    texts: list[str] = []
    again = AtFirstProgress(lambda: texts.append("segmented again"), "segment")
    again.message = lambda _level, text: texts.append(text)  # type: ignore[method-assign]
    with client(backend_python, again) as worker:
        worker.run_job("segment", parameters)
    assert any("resuming an earlier run" in text for text in texts)
    assert "segmented again" not in texts
    assert [path.name for path in out.iterdir()] == ["polygons.gpkg"]
