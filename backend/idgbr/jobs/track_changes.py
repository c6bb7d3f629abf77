"""The job `track-changes`: when buildings were first and last seen, from rasters of several dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

import idgbr
from idgbr.change.classify import APPEARED, CLASSES, DISAPPEARED, MODIFIED
from idgbr.change.history import Changes, Seen, history
from idgbr.checkpoint import job_folder
from idgbr.checkpoint.fingerprint import model_fingerprint, raster_fingerprint
from idgbr.checkpoint.job_folder import JobFolder, folder_of, has_progress
from idgbr.engines.devices import Device
from idgbr.errors import IdgbrError, InputError
from idgbr.jobs.detect_changes import check_dates, run_detect_changes
from idgbr.layers.copy_process import copy_layer
from idgbr.layers.geoparquet import DRIVER
from idgbr.layers.ogr import raw
from idgbr.layers.qml import qml_style
from idgbr.layers.writer import FORMATS, finish_layer, output_errors
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor, Relay, check_cancelled
from idgbr.parameters import DetectChangesParameters, TrackChangesParameters
from idgbr.paths import LayerOutput, literal, on_disk
from idgbr.pipeline.executor import Connect
from idgbr.pipeline.outputs import (
    REFINER,
    address,
    kept_figures,
    layer_path,
    note_figures,
    outline_identity,
    publish,
    vector_output,
)
from idgbr.pipeline.runner import in_this_process
from idgbr.raster.reader import RasterSource

#: A year, or a year, month and day, in the name of a file.
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
RASTER_SUFFIXES = (".tif", ".tiff", ".vrt", ".jp2", ".img")
#: Parameters of places, or whose content counts instead of their value.
_NOT_IN_IDENTITY = ("rasters", "output", "model", "device", "on_bad_block", "resume", "cluster")
#: Categories of the layer's style, and the QGIS expression for them; shapefiles have no null.
_HAPPENED = (CLASSES[APPEARED], CLASSES[DISAPPEARED], replace(CLASSES[MODIFIED], name="appeared and disappeared"))
_WHAT_HAPPENED = (
    f"CASE WHEN coalesce(last_seen, '') = '' THEN {APPEARED} "
    f"WHEN coalesce(first_seen, '') = '' THEN {DISAPPEARED} ELSE {MODIFIED} END"
)
#: Fractions of a comparison for its stages, for the progress: begin and end of each.
SHARES = {
    "segment": (0.0, 0.25),
    "compare": (0.25, 0.6),
    "sharpen": (0.6, 0.65),
    "refine": (0.65, 0.9),
    "vectorize": (0.9, 0.96),
    "regularize": (0.96, 1.0),
}


class _Once(Relay):
    """Passes each message on only once, such as that of the device, which every comparison repeats."""

    def __init__(self, outer: Monitor) -> None:
        super().__init__(outer)
        self._told: set[str] = set()

    def info(self, message: str) -> None:
        """See `Monitor`."""
        if message not in self._told:
            self._told.add(message)
            super().info(message)


class _Comparing(Relay):
    """Passes on the reports of one of several comparisons, as a fraction of all."""

    def __init__(self, outer: Monitor, number: int, count: int) -> None:
        super().__init__(outer)
        self._number, self._count = number, count

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        begin, end = SHARES.get(stage, (1.0, 1.0))
        super().progress("dates", self._number + begin + (end - begin) * done / max(total, 1), self._count, message)


def run_track_changes(
    parameters: TrackChangesParameters, monitor: Monitor, connect: Connect = in_this_process
) -> dict[str, Any]:
    """Compare each raster with the next, and write the buildings that were not there all the time.

    Resumes after the comparisons that an earlier run has finished, and within the one in which it was stopped. Returns
    outputs and a summary.
    """
    monitor = _Once(monitor)
    output = vector_output(parameters.output, monitor)
    rasters = dated_rasters(parameters.rasters)
    with JobFolder(output, (), monitor) as folder:
        steps = [
            DetectChangesParameters(
                before=before, after=after, output=str(folder.path / f"step{number}.fgb"), extent=parameters.extent,
                extent_crs=parameters.extent_crs, model=parameters.model, threshold=parameters.threshold,
                refine=parameters.refine, steps=parameters.steps, align=parameters.align, min_area=parameters.min_area,
                simplify=parameters.simplify, regularize=parameters.outlines, device=parameters.device,
                on_bad_block=parameters.on_bad_block, cluster=parameters.cluster,
            )
            for number, ((_, before), (_, after)) in enumerate(pairwise(rasters))
        ]  # fmt: skip
        for step in steps:
            monitor.check()
            check_dates(step)
        with connect(parameters.cluster, monitor) as executor:
            device = executor.device(parameters.device)
        folder.begin(
            "track-changes", asdict(parameters), _identity(parameters, rasters, device), resume=parameters.resume
        )
        done = int((folder.journal.last("dates") or {}).get("done", 0))
        count = len(steps)
        for number, step in enumerate(steps):
            if number < done:
                continue
            (first, _), (last, _) = rasters[number : number + 2]
            monitor.info(f"Comparing {step.before} ({first}) with {step.after} ({last}).")
            layer = Path(step.output)
            try:
                run_detect_changes(step, _Comparing(monitor, number, count), connect)
            except IdgbrError:
                if has_progress(folder_of(layer)):  # worth keeping, though no comparison is finished
                    folder.journal.record("dates", number, count)
                job_folder.forget(folder_of(layer).resolve())
                raise
            folder.journal.record("dates", number + 1, count, [layer])
        figures = kept_figures(folder) or note_figures(folder, _joined(folder.path, rasters, layer_path(folder)))
        publish({}, folder, monitor)
    if not figures["polygons"]:
        monitor.info("There are no changes between any two dates.")
    summary = {**figures, "dates": len(rasters), "device": device.id, "seconds": round(folder.journal.elapsed_s, 2)}
    return {"outputs": {"OUTPUT": address(output)}, "summary": summary}


def _identity(parameters: TrackChangesParameters, rasters: list[tuple[str, str]], device: Device) -> dict[str, Any]:
    """Everything that the result depends on, besides what each comparison checks against its own journal."""
    dates = {}
    for day, path in rasters:
        with RasterSource(path, parameters.on_bad_block) as source:
            dates[day] = raster_fingerprint(source)
    named = outline_identity(
        {name: value for name, value in asdict(parameters).items() if name not in _NOT_IN_IDENTITY}
    )
    model = find_model(parameters.model, "change")[1]
    return named | {
        "backend": idgbr.__version__,
        "device": [device.id, device.engine],
        "dates": dates,
        "model": model_fingerprint(model),
        "refiner": model_fingerprint(find_model(REFINER, "refiner")[1]) if parameters.refine else None,
    }


def _joined(work: Path, rasters: Sequence[tuple[str, str]], layer: LayerOutput) -> dict[str, int]:
    """Join the layers of all comparisons into one of buildings; returns counts."""
    steps: list[Changes] = []
    crs: str | None = None
    for number in range(len(rasters) - 1):
        found, own_crs = _changes(work / f"step{number}.fgb", crs)
        crs = crs or own_crs
        steps.append(found)
    seen = history(steps)
    _write(layer, seen, [day for day, _ in rasters], crs)
    return {
        "polygons": len(seen),
        "appeared": sum(s.first is not None for s in seen),
        "disappeared": sum(s.last is not None for s in seen),
    }


def dated_rasters(text: str) -> list[tuple[str, str]]:
    """Dates and paths of the given rasters, one a line, or in a folder; the earliest first. Raises InputError."""
    paths = [line if on_disk(line) else line.strip() for line in text.splitlines() if line.strip()]
    where = ", ".join(paths) or "nothing"
    if len(paths) == 1 and Path(paths[0]).is_dir():
        paths = [str(path) for path in sorted(Path(paths[0]).iterdir()) if path.suffix.lower() in RASTER_SUFFIXES]
        where += f", with {len(paths)} files of {', '.join(RASTER_SUFFIXES)}"
    if len(paths) < 2:
        raise InputError(f"{where}: at least two rasters are needed; name them, or their folder.")
    dated = sorted((_date_of(path), path) for path in paths)
    for (first, one), (last, other) in pairwise(dated):
        if last.startswith(first):
            raise InputError(
                f"{one} and {other}: have the dates {first} and {last} in their names, and neither "
                "is earlier; write full dates, and name each raster once."
            )
    return dated


def _date_of(path: str) -> str:
    """The date in a raster's name; a full date comes before a year. Raises InputError."""
    found = list(_DATE.finditer(Path(path).stem))
    if not found:
        raise InputError(f"{path}: has no date in its name; name it like ortho_2024-05-31.tif or ortho_2024.tif.")
    match = next((match for match in found if match[2]), found[0])
    if match[2] is None:
        return match[1]
    text = "-".join(match.groups())
    try:
        date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{path}: the date in its name, {text}, is invalid; name it like ortho_2024-05-31.tif."
        ) from None
    return text


def _changes(layer: Path, crs: str | None) -> tuple[Changes, str | None]:
    """The polygons of a comparison, in the CRS of the first one, and their own CRS."""
    meta, _, wkb, columns = raw.read(literal(layer), columns=["class_id", "confidence", "area_m2"])
    values = dict(zip(meta["fields"], columns, strict=True))
    shapes = shapely.from_wkb(wkb)
    own = meta["crs"]
    if crs and own and CRS(crs) != CRS(own):
        transformer = Transformer.from_crs(own, crs, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.stack(transformer.transform(*xy.T), axis=1))
    return Changes(shapes, values["class_id"].astype(np.int64), values["confidence"], values["area_m2"]), own


def _write(output: LayerOutput, seen: Sequence[Seen], dates: Sequence[str], crs: str | None) -> None:
    """Write buildings with the first and last date that shows them; none if it is outside the dates."""
    path = output.path
    layer = path.stem if path.suffix == ".shp" else output.layer
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
    drawn = path.with_suffix(".gpkg") if driver == DRIVER else path
    with output_errors(path):
        raw.write(
            literal(drawn), shapely.to_wkb(shapes), data, fields, layer=layer, geometry_type="Polygon", crs=crs,
            driver="GPKG" if drawn != path else driver, **options,
        )  # fmt: skip
        if drawn != path:
            copy_layer(drawn, path, check_cancelled, reading={}, writing={"driver": driver})
            drawn.unlink()
        finish_layer(path, layer, len(seen), qml_style(_HAPPENED, _WHAT_HAPPENED))
