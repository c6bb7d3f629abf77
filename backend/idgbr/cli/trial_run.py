"""A small job from image to polygons: shows that an installation works, and compiles what later jobs use."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

from idgbr.monitor import Monitor
from idgbr.run import run_job

#: Side of the image (px), its ground sample distance (m), and the sides of its roofs (px).
_SIDE, _GSD_M, _ROOF = 384, 0.3, (30, 50)


def trial_run() -> int:
    """Segment a drawn image, refine its true map, and regularize the result; returns the number of polygons.

    Raises what the jobs raise.
    """
    with tempfile.TemporaryDirectory(prefix="idgbr_trial_") as temporary:
        folder = Path(temporary)
        image, truth = _scene()
        _write(folder / "image.tif", image)
        _write(folder / "truth.tif", truth[None])
        _run("segment", folder, "found.gpkg", regularize="auto")
        summary = _run("refine", folder, "refined.gpkg", coarse=str(folder / "truth.tif"))
        return int(summary["polygons"])


def _run(job: str, folder: Path, output: str, **parameters: str) -> dict[str, Any]:
    given = {"input": str(folder / "image.tif"), "output": str(folder / output), "device": "cpu", **parameters}
    return dict(run_job(job, given, Monitor())["summary"])


def _scene() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Roofs in a grid on green ground: image (3, H, W), and class raster (H, W), 1 on roofs."""
    rng = np.random.default_rng(0)
    truth = np.zeros((_SIDE, _SIDE), np.uint8)
    for top in range(20, _SIDE - 60, 80):
        for left in range(20, _SIDE - 60, 80):
            height, width = rng.integers(*_ROOF, 2)
            truth[top : top + height, left : left + width] = 1
    colours = np.array([(90, 110, 70), (190, 120, 90)])[truth] + rng.normal(0, 6, (_SIDE, _SIDE, 1))
    return np.ascontiguousarray(np.moveaxis(colours.clip(0, 255).astype(np.uint8), 2, 0)), truth


def _write(path: Path, values: NDArray[np.uint8]) -> None:
    count, height, width = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype="uint8", crs="EPSG:32633",
        transform=from_origin(500_000, 5_000_000, _GSD_M, _GSD_M),
    ) as out:  # fmt: skip
        out.write(values)
