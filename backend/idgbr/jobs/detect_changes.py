"""The job `detect-changes`: what appeared, disappeared or was modified between two dates, with refined boundaries."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from idgbr.change.happened import CLASSES
from idgbr.classes import classes_to_json
from idgbr.cluster.scheduler import cluster_of
from idgbr.errors import InputError
from idgbr.jobs.comparison import Comparison
from idgbr.jobs.job_folder import JobFolder
from idgbr.jobs.outputs import address, check_common, check_source, publish, vector_output
from idgbr.jobs.result import make_result
from idgbr.models.devices import choose_device
from idgbr.monitor import Monitor
from idgbr.paths import file_output
from idgbr.raster.write import check_raster_output


@dataclass(frozen=True)
class DetectChangesParameters:
    """Parameters of `idgbr:detectchanges`; see the algorithm's help for their meaning."""

    before: str
    after: str
    output: str
    extent: tuple[float, float, float, float] | None = None
    extent_crs: str | None = None
    model: str = "change"
    threshold: float = 0.0
    refine: bool = True
    steps: int = 0
    both_orders: bool = False
    align: bool = False
    min_area: float = 10.0
    simplify: float = 0.75
    square: bool = False
    date_before: str | None = None
    date_after: str | None = None
    device: str = "auto"
    output_probability: str | None = None
    tile: int = 0
    on_bad_block: str = "stop"
    resume: bool = True
    cluster: str | None = None

    def __post_init__(self) -> None:
        check_common(self.steps, self.min_area, self.simplify, self.tile)
        if not 0 <= self.threshold < 1:
            raise InputError(f"threshold is {self.threshold:g}; give a probability below 1, or 0 for the model's own.")
        first, last = self.days
        if first and last and first >= last:
            raise InputError(f"date_before {first} is not before date_after {last}; are the two rasters swapped?")

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Both dates, None for one that is not given. Raises InputError."""
        return _parsed("date_before", self.date_before), _parsed("date_after", self.date_after)


def run_detect_changes(parameters: DetectChangesParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job, or what an earlier run left of it; returns outputs and a summary.

    Outputs appear under their names only when all is done.
    """
    output = vector_output(parameters.output, monitor)
    rasters = (
        {"OUTPUT_PROBABILITY": file_output(parameters.output_probability)} if parameters.output_probability else {}
    )
    for path in rasters.values():
        check_raster_output(path)
    with ExitStack() as stack:
        folder = stack.enter_context(JobFolder(output, rasters.values(), monitor))
        run = Comparison.opened(parameters, folder.path, monitor, stack)
        cluster = stack.enter_context(cluster_of(parameters.cluster, monitor))
        device = cluster.device(parameters.device) if cluster else choose_device(parameters.device, monitor)
        identity = run.identity(device)
        folder.begin("detect-changes", asdict(parameters), identity, resume=parameters.resume)
        run.use(device)
        order = {"job": "detect-changes", "parameters": asdict(parameters), "identity": identity}
        order["shift"] = asdict(run.shift)
        figures = make_result(run, run.grid, folder, cluster, order, run.draw, rasters)
        for source in run.sources:
            check_source(source, monitor)
        publish(rasters, folder, monitor)
    if not figures["polygons"]:
        monitor.info(f"Nothing was found to have changed between {parameters.before} and {parameters.after}.")
    summary = {
        "pixels": figures["pixels"],
        "changed_pixels": figures["found"],
        "gsd_m": round(run.before.gsd_m, 4),
        **run.shift_figures,
        "classes": json.loads(classes_to_json(CLASSES)),
        "polygons": figures["polygons"],
        "model": run.model[1].id,
        "device": device.id,
        "seconds": round(folder.journal.elapsed_s, 2),
    }
    return {"outputs": {"OUTPUT": address(output)} | {n: str(p) for n, p in rasters.items()}, "summary": summary}


def _parsed(name: str, text: str | None) -> date | None:
    """An ISO date. Raises InputError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a date; write it as 2024-05-31.") from None
