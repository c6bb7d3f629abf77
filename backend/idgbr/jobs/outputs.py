"""What the jobs that end in rasters and polygons share: checks before the work, a folder for it, and the last step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.errors import InputError, OutputError
from idgbr.monitor import Monitor
from idgbr.raster.write import NODATA_CONFIDENCE, check_raster_output, publish_cog

#: Id of the refiner that comes with the tool.
REFINER = "refiner"


def check_common(steps: int, min_area: float, simplify: float, tile: int) -> None:
    """Raise InputError for values of common parameters that make no sense."""
    if not 0 <= steps <= 100:
        raise InputError(f"steps is {steps}; give 1 to 100, or 0 for the model's default.")
    if min_area < 0 or simplify < 0:
        raise InputError("min_area and simplify cannot be negative; give 0 to switch them off.")
    if tile and (tile < 160 or tile % 32):
        raise InputError(f"tile is {tile}; give a multiple of 32 from 160 up, or 0 for the model's own.")


def requested_rasters(classes: str | None, confidence: str | None) -> dict[str, Path]:
    """Paths of the rasters that are asked for, by output name; raises OutputError for what cannot be written."""
    given = {"OUTPUT_CLASSES": classes, "OUTPUT_CONFIDENCE": confidence}
    rasters = {name: Path(path) for name, path in given.items() if path}
    for path in rasters.values():
        check_raster_output(path)
    return rasters


def publish_rasters(made: Mapping[str, Path], rasters: Mapping[str, Path], monitor: Monitor) -> None:
    """Put the rasters made, by output name, at the paths asked for."""
    for done, (name, path) in enumerate(rasters.items()):
        monitor.progress("write", done, len(rasters))
        publish_cog(made[name], path, overviews="mode" if name == "OUTPUT_CLASSES" else "average")


def stored_confidence(confidence: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Confidence as it is written: eight bits of it are more than it deserves, and compress well."""
    rounded = np.round(confidence * np.float32(255)) / np.float32(255)
    return np.where(known, rounded, np.float32(NODATA_CONFIDENCE))


@contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """A folder for intermediate files on the output's disk; removed at the end, whatever happens."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".idgbr-", dir=parent))
    except OSError as error:
        raise OutputError(f"{parent}: cannot be written to ({error.strerror}); choose another folder.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
