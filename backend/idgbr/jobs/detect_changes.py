"""The job `detect-changes`: what appeared, disappeared or was modified between two dates, with refined boundaries."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from idgbr.change.happened import CLASSES
from idgbr.classes import classes_to_json
from idgbr.cluster.scheduler import cluster_of
from idgbr.jobs.comparison import Comparison
from idgbr.jobs.job_folder import JobFolder
from idgbr.jobs.outputs import address, check_source, publish, vector_output
from idgbr.jobs.result import make_result
from idgbr.models.devices import choose_device
from idgbr.monitor import Monitor
from idgbr.parameters import DetectChangesParameters
from idgbr.paths import file_output
from idgbr.raster.write import check_raster_output


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
