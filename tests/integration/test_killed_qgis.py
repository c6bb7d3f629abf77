"""QGIS killed in the middle of a job: its worker ends by itself, and the same job goes on, with names in any script."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr

Run = Callable[..., object]
UTM = {"epsg": 32632, "transform": (500000.0, 0.5, 0.0, 5000000.0, 0.0, -0.5)}
PATIENCE_S = 300.0


def wait(until: Callable[[], bool]) -> None:
    """Wait for something that takes seconds on an idle machine."""
    end = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_the_job_of_a_killed_qgis_goes_on(
    qgis_process: Run,
    profile: dict[str, str],
    backend_python: str,
    threshold_model: Path,
    write_raster: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "Straße Ω 地図"
    folder.mkdir()
    blocks = np.random.default_rng(2).choice(np.array([40, 210], np.uint8), (300, 100))
    image = write_raster("орто фото.tif", np.stack([np.kron(blocks, np.ones((10, 10), np.uint8))] * 3), **UTM)
    inputs = {
        "INPUT": str(image), "MODEL": str(threshold_model), "REFINE": False, "DEVICE": "cpu", "MIN_AREA": 0,
        "OUTPUT": str(folder / "наш район.gpkg"), "OUTPUT_CLASSES": str(folder / "класи.tif"),
    }  # fmt: skip
    job = folder / ".наш район.gpkg.idgbr"
    journal = job / "journal.jsonl"
    with subprocess.Popen(
        ["qgis_process", "--json", "run", "idgbr:segment", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=profile | {"IDGBR_BACKEND_PYTHON": backend_python},
        text=True,
    ) as killed:
        assert killed.stdin is not None
        killed.stdin.write(json.dumps({"inputs": inputs}))
        killed.stdin.close()
        wait(lambda: journal.is_file() and b"segment" in journal.read_bytes())
        killed.send_signal(signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL
    wait(lambda: not (job / "lock").exists())
    assert {path.name for path in folder.iterdir()} == {job.name}
    outcome = qgis_process("segment", **inputs)
    assert outcome.status == 0, outcome.text
    assert "resuming an earlier run" in outcome.text
    assert {path.name for path in folder.iterdir()} >= {"наш район.gpkg", "класи.tif"}
    assert not job.exists()
    layer = ogr.Open(outcome.results["OUTPUT"])
    assert layer.GetLayer(0).GetFeatureCount() == outcome.results["POLYGONS"] > 0
