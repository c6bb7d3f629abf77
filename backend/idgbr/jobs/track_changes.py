"""The job `track-changes`: when buildings were first and last seen, from rasters of several dates."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio import raw
from pyproj import CRS, Transformer

from idgbr.change.history import Changes, Seen, history
from idgbr.errors import InputError, JobCancelled
from idgbr.jobs.detect_changes import DetectChangesParameters, run_detect_changes
from idgbr.monitor import Monitor
from idgbr.vector import check_vector_output, move_layer
from idgbr.vector.writer import FORMATS

#: A year, or a year, month and day, in the name of a file.
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
RASTER_SUFFIXES = (".tif", ".tiff", ".vrt", ".jp2", ".img")
#: Name of the layers between neighbouring dates; FlatGeobuf keeps no style beside the polygons.
STEP = "step.fgb"


@dataclass(frozen=True)
class TrackChangesParameters:
    """Parameters of `idgbr track-changes`; `rasters` is a folder, or paths, one a line."""

    rasters: str
    output: str
    extent: tuple[float, float, float, float] | None = None
    extent_crs: str | None = None
    model: str = "change"
    threshold: float = 0.0
    refine: bool = True
    align: bool = False
    min_area: float = 10.0
    device: str = "auto"


def run_track_changes(parameters: TrackChangesParameters, monitor: Monitor) -> dict[str, Any]:
    """Compare each raster with the next, and write what was not there all the time; returns outputs and a summary."""
    output = Path(parameters.output)
    check_vector_output(output)
    rasters = dated_rasters(parameters.rasters)
    steps: list[Changes] = []
    crs: str | None = None
    with tempfile.TemporaryDirectory(prefix=f".{output.stem}.", suffix=".part", dir=output.parent) as folder:
        layer = Path(folder) / STEP
        for (first, before), (last, after) in pairwise(rasters):
            monitor.info(f"Comparing {before} ({first}) with {after} ({last}).")
            step = DetectChangesParameters(
                before, after, str(layer), parameters.extent, parameters.extent_crs, parameters.model,
                parameters.threshold, parameters.refine, align=parameters.align, min_area=parameters.min_area,
                device=parameters.device,
            )  # fmt: skip
            try:
                run_detect_changes(step, monitor)
            except JobCancelled:
                raise JobCancelled from None  # what a single comparison says, that it can go on, is not so here
            found, own_crs = _changes(layer, crs)
            crs = crs or own_crs
            steps.append(found)
        seen = history(steps)
        made = Path(folder) / "layer"
        made.mkdir()
        _write(made / output.name, seen, [date for date, _ in rasters], crs)
        move_layer(made, output)
    summary = {
        "polygons": len(seen),
        "dates": len(rasters),
        "appeared": sum(s.first is not None for s in seen),
        "disappeared": sum(s.last is not None for s in seen),
    }
    return {"outputs": {"OUTPUT": str(output)}, "summary": summary}


def dated_rasters(text: str) -> list[tuple[str, str]]:
    """Dates and paths of the rasters named, one a line, or in a folder; the earliest first. Raises InputError."""
    paths = [line.strip() for line in text.splitlines() if line.strip()]
    if len(paths) == 1 and Path(paths[0]).is_dir():
        paths = [str(path) for path in sorted(Path(paths[0]).iterdir()) if path.suffix.lower() in RASTER_SUFFIXES]
    if len(paths) < 2:
        raise InputError(
            f"{text.strip() or 'nothing'}: that is not two rasters or more; name them, or a folder of them."
        )
    dated = []
    for path in paths:
        match = _DATE.search(Path(path).stem)
        if match is None:
            raise InputError(f"{path}: has no date in its name; name it like ortho_2024-05-31.tif or ortho_2024.tif.")
        dated.append(("-".join(part for part in match.groups() if part), path))
    dated.sort()
    for (first, one), (last, other) in pairwise(dated):
        if first == last:
            raise InputError(f"{one} and {other}: have the same date {first} in their names; give it to the day.")
    return dated


def _changes(layer: Path, crs: str | None) -> tuple[Changes, str | None]:
    """The polygons of a comparison, in the CRS of the first one, and their own CRS."""
    meta, _, wkb, columns = raw.read(layer, columns=["class_id", "confidence", "area_m2"])
    values = dict(zip(meta["fields"], columns, strict=True))
    shapes = shapely.from_wkb(wkb)
    own = meta["crs"]
    if crs and own and CRS(crs) != CRS(own):
        transformer = Transformer.from_crs(own, crs, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.stack(transformer.transform(*xy.T), axis=1))
    return Changes(shapes, values["class_id"].astype(np.int64), values["confidence"], values["area_m2"]), own


def _write(path: Path, seen: Sequence[Seen], dates: Sequence[str], crs: str | None) -> None:
    """Write buildings with the dates that first and last show them; none where they lie outside the dates."""
    driver, options = FORMATS[path.suffix.lower()]

    def column(indices: list[int | None]) -> Any:
        return np.array([None if i is None else dates[i] for i in indices], object)

    shapes = np.array([s.shape for s in seen], object)
    data = [
        column([s.first for s in seen]),
        column([s.last for s in seen]),
        np.array([s.confidence for s in seen], float),
        np.array([s.area_m2 for s in seen], float),
    ]
    fields = ["first_seen", "last_seen", "confidence", "area_m2"]
    raw.write(
        path, shapely.to_wkb(shapes), data, fields, layer=path.stem, driver=driver, geometry_type="Polygon", crs=crs,
        **options,
    )  # fmt: skip
