"""Rasters and layers to evaluate, and how their tests run the job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from idgbr.classes import ClassInfo
from idgbr.jobs.evaluate import run_evaluate
from idgbr.monitor import Monitor
from idgbr.parameters import EvaluateParameters
from tests.backend.jobs import vectorize_files

UTM = vectorize_files.UTM
BUILDING = [ClassInfo(0, "background", (0, 0, 0), background=True), ClassInfo(1, "building", (200, 30, 30))]


class Recorder(Monitor):
    """Keeps what it is told, and cancels when a stage comes by."""

    def __init__(self, cancel_at: str = "") -> None:
        super().__init__()
        self.said: list[str] = []
        self.stages: set[str] = set()
        self._cancel_at = cancel_at

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        assert 0 <= done <= total
        self.stages.add(stage)
        if stage == self._cancel_at:
            self.cancel()

    def info(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        self.said.append(message)


def square(left: int = 40, *, size: int = 120, value: int = 1) -> NDArray[np.uint8]:
    labels = np.zeros((size, size), np.uint8)
    labels[40:80, left : left + 40] = value
    return labels


def write_raster(path: Path, values: np.ndarray, **options: Any) -> str:
    return str(vectorize_files.write_raster(path, values, **options))


def write_layer(path: Path, shapes: list[shapely.Geometry], crs: str = "EPSG:32632", **fields: list[Any]) -> str:
    columns = [np.array(v, object if isinstance(v[0], str) else None) if v else np.array([]) for v in fields.values()]
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(shapes, object)), columns, list(fields), geometry_type="Polygon", crs=crs,
        layer=path.stem,
    )  # fmt: skip
    return str(path)


def pixels(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    """A rectangle given in pixels of the grid `UTM`."""
    return shapely.box(*(UTM * (left, bottom)), *(UTM * (right, top)))


def run(predicted: str, truth: str, monitor: Monitor | None = None, **options: Any) -> dict[str, Any]:
    summary: dict[str, Any] = run_evaluate(EvaluateParameters(predicted, truth, **options), monitor or Monitor())[
        "summary"
    ]
    return summary


def iou(summary: dict[str, Any], name: str = "building") -> float:
    value: float = next(row["iou"] for row in summary["classes"] if row["name"] == name)
    return value
