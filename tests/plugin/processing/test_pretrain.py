"""What the algorithm for a diffusion prior asks of the backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

from idgbr_qgis.processing.provider import IdgbrProvider


def test_images_and_parameters_go_along(
    provider: IdgbrProvider, backend: Callable[..., None], make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    images = [str(make_raster(f"image{n}.tif", bands=3)) for n in range(2)]
    backend("trains", tmp_path / "job.json")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    given = {"INPUTS": images, "OUTPUT": str(tmp_path / "prior"), "STEPS": 50, "MINUTES": 1.5, "BANDS": " 3,2,1 "}
    given["REPORT"] = str(tmp_path / "curves.html")
    results, fine = provider.algorithm("pretrain").create().run(given, context, QgsProcessingFeedback(), {}, False)
    assert fine
    assert results["OUTPUT"] == str(tmp_path / "prior")
    assert results["LOSS"] == 0.25
    job = json.loads((tmp_path / "job.json").read_text())
    assert job["job"] == "pretrain"
    assert job["inputs"].splitlines() == images
    assert (job["output"], job["bands"], job["steps"]) == (str(tmp_path / "prior"), "3,2,1", 50)
    assert (job["minutes"], job["size"], job["crop"], job["device"]) == (1.5, "cpu", 256, "auto")
    assert job["report"] == str(tmp_path / "curves.html")
    assert "start_from" not in job
