"""The job `align`: the polygons of a misplaced layer moved to where an image shows them."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from idgbr.alignment import LineLayer, Moves, Shifts, find_shifts, moved, moves_in_layer
from idgbr.arrays import Mask
from idgbr.checkpoint.job_folder import JobFolder
from idgbr.engines.devices import Device, choose_device
from idgbr.engines.network_cache import NetworkCache
from idgbr.errors import InputError
from idgbr.layers.attributes import check_names
from idgbr.layers.edited import EditedLayer
from idgbr.layers.polygons import LayerReference, find_layer, given_shapes, read_polygons
from idgbr.layers.reader import LayerInfo, layer_info
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.parameters import AlignParameters
from idgbr.paths import LayerOutput
from idgbr.pipeline.outputs import address, check_source, vector_output
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource

#: Fields of moved polygons: metres on the ground along the axes of the layer's CRS, and the confidence.
FIELDS = ("shift_x", "shift_y", "shift_conf")
#: Shorter shifts in m count as none.
_LEAST_M = 0.05


def run_align(params: AlignParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job: gives the paths of the layers, and how many polygons moved how far."""
    began = time.monotonic()
    output = vector_output(params.output, monitor)
    arrows = vector_output(params.output_shifts, monitor) if params.output_shifts else None
    others = _others(output, arrows)
    source = find_layer(params.layer)
    with ExitStack() as stack:
        folder = stack.enter_context(JobFolder(output, others, monitor))
        image = stack.enter_context(RasterSource(params.input, params.on_bad_block, monitor))
        image.tell_place(monitor)
        device = choose_device(params.device, monitor, image.grid.pixels)
        figures = write_aligned(
            image, image.grid, source, output, arrows, radius=params.radius, model=params.model, device=device,
            work=folder.path, monitor=monitor,
        )  # fmt: skip
        check_source(image, monitor)
    outputs = {"OUTPUT": address(output)} | ({"OUTPUT_SHIFTS": address(arrows)} if arrows else {})
    return {
        "outputs": outputs,
        "summary": {**figures, "device": device.id, "seconds": round(time.monotonic() - began, 2)},
    }


def _others(output: LayerOutput, arrows: LayerOutput | None) -> list[Path]:
    """Files besides the output. Raises InputError if two layers have the same place."""
    if arrows is None:
        return []
    if os.path.realpath(arrows.path) != os.path.realpath(output.path):
        return [arrows.path]
    if output.path.suffix.lower() != ".gpkg" or arrows.layer.lower() == output.layer.lower():
        raise InputError(f"{arrows}: is given for the polygons and for their shifts; choose two names.")
    return []


def write_aligned(
    image: RasterSource, grid: Grid, source: LayerReference, output: LayerOutput, arrows: LayerOutput | None, *,
    radius: float, model: str, device: Device, work: Path, monitor: Monitor,
) -> dict[str, Any]:  # fmt: skip
    """Write the moved polygons of a layer, and lines of their shifts if wanted; returns figures.

    Args:
        image: Raster that shows the objects.
        grid: The part of its grid that may be used.
        source: The layer.
        output: Layer to write.
        arrows: Layer of lines to write, or None.
        radius: Longest shift in m.
        model: Id or path of the coarse model that finds such objects.
        device: Device of the model.
        work: Folder for temporary files.
        monitor: Gets progress and messages.

    Raises InputError if the layer is not on the image, or if one of them cannot be read.
    """
    info = layer_info(source.path, source.layer)
    check_names(source, info.fields)
    if info.word:
        monitor.info(f"{source}: {info.word}")
    folder, card = find_model(model, "coarse")
    store, _ = read_polygons(source, grid, monitor, (), work, info, tell_flat=True)
    network = NetworkCache().loader(CoarseModel, folder, card, device)
    shifts = find_shifts(image, grid, store, card, network, radius, work, monitor)
    if shifts is None:
        raise InputError(f"{source}: does not overlap the image; check its CRS, or choose another image.")
    moves = moves_in_layer(shifts, grid.crs, info.crs, str(source))
    _write(source, info, output, arrows, shifts, moves, work, monitor)
    there = store.there
    _report(source, shifts, there, radius, monitor)
    length = np.hypot(*moves.metres[there].T)
    return {
        "polygons": int(np.count_nonzero(there)),
        "moved": int(np.count_nonzero(length > _LEAST_M)),
        "followed": int(np.count_nonzero(shifts.followed & there)),
        "still": int(np.count_nonzero(shifts.still)),
        "beyond": int(np.count_nonzero(shifts.beyond)),
        "outside": int(np.count_nonzero(shifts.outside)),
        "shift_median_m": round(float(np.median(length)), 3),
        "shift_max_m": round(float(length.max()), 3),
        "gsd_m": round(image.gsd_m, 4),
        "model": card.id,
    }


def _write(
    source: LayerReference, info: LayerInfo, output: LayerOutput, arrows: LayerOutput | None, shifts: Shifts,
    moves: Moves, work: Path, monitor: Monitor,
) -> None:  # fmt: skip
    """Write the layers, with the vertices of the source."""
    total = len(moves.steps)
    values = np.column_stack((moves.metres, shifts.confidence))
    multi = shapely.GeometryType.MULTIPOLYGON
    parts = any((shapely.get_type_id(shapes) == multi).any() for shapes in given_shapes(source, info))
    with ExitStack() as stack:
        layer = stack.enter_context(EditedLayer(output, source, info.crs, monitor, work, multi=parts, extra=FIELDS))
        lines = stack.enter_context(LineLayer(arrows, info.crs, FIELDS, monitor, work)) if arrows else None
        first = 0
        for shapes in given_shapes(source, info):
            monitor.check()
            there = np.flatnonzero(~shapely.is_missing(shapes))
            numbers = first + there
            layer.write(numbers, moved(shapes[there], moves.steps[numbers]), *values[numbers].T)
            if lines:
                starts = moves.centres[numbers]
                known = np.isfinite(starts).all(1)
                numbers, starts = numbers[known], starts[known]
                lines.write(starts, starts + moves.steps[numbers], *values[numbers].T)
            first += len(shapes)
            monitor.progress("write", first, total)


def _report(source: LayerReference, shifts: Shifts, there: Mask, radius: float, monitor: Monitor) -> None:
    """Say which polygons the image does not show."""
    total = int(np.count_nonzero(there))
    beyond, still, outside, followed = (
        int(np.count_nonzero(which & there)) for which in (shifts.beyond, shifts.still, shifts.outside, shifts.followed)
    )
    if outside:
        monitor.info(
            f"{source}: {outside} of {total} polygons are more than {radius:g} m outside the image or extent, and stay."
        )
    if followed:
        monitor.info(
            f"{source}: {followed} of {total} polygons are not clear in the image; they follow their neighbours and "
            "have a low shift_conf."
        )
    if still:
        monitor.info(
            f"{source}: {still} of {total} polygons stay where they are, because the image shows nothing like them "
            "around there; their shift_conf is 0."
        )
    if beyond:
        monitor.warn(
            f"{source}: {beyond} of {total} polygons seem to be displaced by more than {radius:g} m and stay where "
            "they are; give a larger radius."
        )
    if 2 * (still + beyond) > total - outside:
        monitor.warn(
            f"{source}: most polygons fit nothing in the image within {radius:g} m. They may be farther off, or of "
            "objects that the model does not find; check the CRS, or give a larger radius or another model."
        )
