"""The job `vectorize`: a class raster to a polygon layer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from idgbr.errors import InputError
from idgbr.jobs.job_folder import JobFolder
from idgbr.jobs.outputs import address, vector_output
from idgbr.monitor import Monitor
from idgbr.vector import VectorOptions, vectorize


@dataclass(frozen=True)
class VectorizeParameters:
    """Parameters of `idgbr vectorize` and `idgbr:vectorize`; areas in m², tolerance in pixels."""

    input: str
    output: str
    confidence: str | None = None
    min_area: float = 0.0
    simplify: float = 0.75
    smooth: bool = False
    square: bool = False


def run_vectorize(params: VectorizeParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job: the layer's path and how many polygons it holds."""
    for name, value in (("min_area", params.min_area), ("simplify", params.simplify)):
        if not (math.isfinite(value) and value >= 0):
            raise InputError(f"{name} is {value}; it must be 0 or more.")
    output = vector_output(params.output, monitor)
    with JobFolder(output, [], monitor) as folder:
        summary = vectorize(
            params.input,
            output,
            confidence_path=params.confidence or None,
            options=VectorOptions(params.min_area, params.simplify, params.smooth, params.square),
            monitor=monitor,
            work=folder.path,
        )
    if not summary.polygons:
        monitor.info(f"{params.input} has no regions to draw; the layer is empty.")
    return {
        "outputs": {"OUTPUT": address(output)},
        "summary": {"polygons": summary.polygons, "pixels": summary.pixels, "vertices": summary.vertices},
    }
