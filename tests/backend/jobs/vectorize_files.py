"""Class rasters for tests of the job `vectorize`, and what reads its layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from pyogrio import raw

from idgbr.classes import CLASSES_TAG, ClassInfo, classes_to_json
from idgbr.jobs.vectorize import run_vectorize
from idgbr.monitor import Monitor
from idgbr.parameters import VectorizeParameters

UTM = Affine(0.5, 0, 500_000, 0, -0.5, 5_400_000)


CLASSES = [
    ClassInfo(0, "background", (0, 0, 0), background=True),
    ClassInfo(1, "building", (200, 30, 30)),
    ClassInfo(2, "Grünfläche & Wald", (30, 160, 60)),
]


class Recorder(Monitor):
    """Keeps what it is told, and cancels when progress comes by."""

    def __init__(self, *, cancel: bool = False) -> None:
        super().__init__()
        self.said: list[str] = []
        self.done: list[float] = []
        self._cancel_at_progress = cancel

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        assert stage == "vectorize"
        assert 0 <= done <= total
        self.done.append(done)
        if self._cancel_at_progress:
            self.cancel()

    def info(self, message: str) -> None:
        self.said.append(message)

    warn = info


def write_raster(
    path: Path,
    values: np.ndarray,
    *,
    transform: Affine = UTM,
    crs: str | None = "EPSG:32632",
    nodata: float | None = None,
    classes: list[ClassInfo] | None = None,
) -> Path:
    profile = {"driver": "GTiff", "count": 1, "height": values.shape[0], "width": values.shape[1], "nodata": nodata}
    with rasterio.open(path, "w", dtype=values.dtype, crs=crs, transform=transform, **profile) as raster:
        raster.write(values, 1)
        if classes:
            raster.update_tags(**{CLASSES_TAG: classes_to_json(classes)})
    return path


def sample() -> np.ndarray:
    values = np.zeros((60, 80), np.uint8)
    values[10:30, 10:40] = 1
    values[30:50, 20:60] = 2
    values[15:20, 15:20] = 0
    values[0:5, 60:80] = 255
    return values


def read(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, object]]:
    meta, _, geometry, data = raw.read(path, layer=path.stem if path.suffix == ".gpkg" else None)
    return shapely.from_wkb(geometry), dict(zip(meta["fields"], data, strict=True)), meta


def run(source: Path, output: Path, monitor: Monitor | None = None, **options: object) -> dict[str, object]:
    return run_vectorize(VectorizeParameters(str(source), str(output), **options), monitor or Monitor())  # type: ignore[arg-type]
