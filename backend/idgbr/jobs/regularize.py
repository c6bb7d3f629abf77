"""The job `regularize`: regular outlines for a polygon layer of any origin."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from idgbr.checkpoint.job_folder import JobFolder
from idgbr.layers.attributes import check_names
from idgbr.layers.edited import EditedLayer
from idgbr.layers.polygon_store import PolygonStore
from idgbr.layers.polygons import find_layer, read_shapes
from idgbr.layers.reader import layer_info
from idgbr.monitor import Monitor
from idgbr.outlines import RegularSummary, regular_polygons
from idgbr.parameters import RegularizeParameters
from idgbr.pipeline.outputs import address, vector_output


def run_regularize(params: RegularizeParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job: gives the layer's path, its number of polygons and how many have a new outline."""
    output = vector_output(params.output, monitor)
    source = find_layer(params.input)
    info = layer_info(source.path, source.layer)
    check_names(source, info.fields)
    if info.word:
        monitor.info(f"{source}: {info.word}")
    summary = RegularSummary()
    with JobFolder(output, [], monitor) as folder:
        store = read_shapes(source, monitor, folder.path, info)
        if not info.crs:
            monitor.warn(f"{source}: has no CRS; its units are taken for metres.")
        total = int(np.count_nonzero(store.there))
        with EditedLayer(output, source, info.crs, monitor, folder.path, multi=_has_parts(store)) as layer:
            made = regular_polygons(store, info.crs, params.method, params.tolerance, summary, monitor)
            for numbers, shapes in made:
                layer.write(numbers, shapes)
                monitor.check()
    if summary.kept:
        monitor.warn(f"{source}: {summary.kept} polygons keep their outline, because the new one would be invalid.")
    return {
        "outputs": {"OUTPUT": address(output)},
        "summary": {"polygons": total, "regularized": summary.changed},
    }


def _has_parts(store: PolygonStore) -> bool:
    """Whether there are multipolygons."""
    multi = shapely.GeometryType.MULTIPOLYGON
    return any((shapely.get_type_id(store.take(batch)) == multi).any() for batch in store.batches())
