"""The job `vectorize`: a class raster to a polygon layer."""

from __future__ import annotations

from typing import Any

from idgbr.checkpoint.job_folder import JobFolder
from idgbr.monitor import Monitor
from idgbr.parameters import VectorizeParameters
from idgbr.pipeline.outputs import address, vector_output
from idgbr.polygonize import VectorOptions, vectorize


def run_vectorize(params: VectorizeParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job: gives the layer's path and its number of polygons."""
    output = vector_output(params.output, monitor)
    with JobFolder(output, [], monitor) as folder:
        summary = vectorize(
            params.input,
            output,
            confidence_path=params.confidence or None,
            options=VectorOptions(params.min_area, params.simplify, params.smooth, params.outlines),
            monitor=monitor,
            work=folder.path,
        )
    if not summary.polygons:
        monitor.info(f"{params.input} has no regions; the layer is empty.")
    return {
        "outputs": {"OUTPUT": address(output)},
        "summary": {"polygons": summary.polygons, "pixels": summary.pixels, "vertices": summary.vertices},
    }
