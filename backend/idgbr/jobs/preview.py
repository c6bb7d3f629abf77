"""The job `preview`: the result of a job for a small part of the image, coarse and refined.

It runs the stages of the jobs `segment` and `refine` without a journal, and keeps the models loaded for the next one.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from idgbr.arrays import Bytes
from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.engines.devices import Device, choose_device
from idgbr.engines.network_cache import NetworkCache
from idgbr.errors import InputError, OutputError
from idgbr.jobs.refine import Refinement
from idgbr.jobs.segment import Segmentation
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.parameters import PreviewParameters, RefineParameters, SegmentParameters
from idgbr.pipeline.outputs import REFINER
from idgbr.pipeline.runner import run_at_once
from idgbr.polygonize import VectorOptions, vectorize
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.writer import RowWriter

#: Longest side of a preview, in px; of larger areas, the middle is used.
MAX_SIDE = 1024
#: Side of the tiles, in px: few different sizes, because engines compile for each new shape.
TILE = 1024

#: The coarse model and the refiner that were used last.
_networks = NetworkCache(each_kind=True)


@dataclass(frozen=True)
class _Part:
    """The previewed part, and the folder of working files."""

    parameters: PreviewParameters
    monitor: Monitor
    source: RasterSource
    grid: Grid
    device: Device
    work: Path


@dataclass(frozen=True)
class _Maps:
    """Pixel values (H, W) before and after refinement, their meaning, and how polygons are made from them."""

    classes: list[ClassInfo]
    coarse: Bytes
    refined: Bytes
    options: VectorOptions


def run_preview(parameters: PreviewParameters, monitor: Monitor) -> dict[str, Any]:
    """Write the outlines of both results as layers; returns their paths, and a summary with the corners of the part."""
    begun = time.monotonic()
    folder = Path(parameters.output)
    if not folder.is_dir():
        raise OutputError(f"{folder}: no such folder for the preview.")
    with ExitStack() as stack:
        source = stack.enter_context(RasterSource(parameters.input, monitor=monitor))
        source.tell_place(monitor)
        grid = middle(cut_grid(source.grid, parameters.extent, parameters.extent_crs, parameters.input))
        work = Path(stack.enter_context(TemporaryDirectory(prefix="idgbr_preview_")))
        part = _Part(parameters, monitor, source, grid, choose_device(parameters.device, monitor, grid.pixels), work)
        valid = source.valid_rows(grid, 0, grid.height)
        if not valid.any():
            raise InputError(f"{parameters.input}: has only nodata here; move the map and preview again.")
        maps = _refined_map(part, parameters.coarse) if parameters.coarse else _segmented(part)
        # A map that is refined stays as it is where the image has no data.
        shown = valid | bool(parameters.coarse)
        paths = {
            name: _outlines(part, maps, np.where(shown, labels, np.uint8(NODATA_CLASS)), folder / f"{name}.fgb")
            for name, labels in (("coarse", maps.coarse), ("refined", maps.refined))
        }
    corners = [grid.transform * at for at in ((0, 0), (grid.width, 0), (grid.width, grid.height), (0, grid.height))]
    summary = {
        "pixels": grid.pixels,
        "changed_pixels": int(np.count_nonzero((maps.coarse != maps.refined) & valid)),
        "corners": corners,
        "device": part.device.id,
        "seconds": round(time.monotonic() - begun, 2),
    }
    return {"outputs": {name.upper(): str(path) for name, path in paths.items()}, "summary": summary}


def middle(grid: Grid) -> Grid:
    """The middle of a grid, at most `MAX_SIDE` in each direction."""
    side = MAX_SIDE
    row, col = max(grid.height - side, 0) // 2, max(grid.width - side, 0) // 2
    return grid.part(row, col, min(grid.height, side), min(grid.width, side))


def _segmented(part: _Part) -> _Maps:
    """The maps of the job `segment`."""
    p = SegmentParameters(
        part.parameters.input, part.parameters.output, model=part.parameters.model, steps=part.parameters.steps,
        tile=TILE, objects=False, regularize=part.parameters.outlines,
    )  # fmt: skip
    coarse, refiner = find_model(p.model, "coarse"), find_model(REFINER, "refiner")
    job = Segmentation(p, part.work, part.monitor, part.source, part.grid, None, coarse, refiner)
    job.use(part.device, _networks)
    refined = run_at_once(job.stages(), part.monitor)
    given = part.parameters
    options = VectorOptions(given.min_area, given.simplify, reshape=job.outlines())
    return _Maps(list(coarse[1].classes), run_at_once([job.coarse_result()], part.monitor), refined, options)


def _refined_map(part: _Part, coarse: str) -> _Maps:
    """The maps of the job `refine`."""
    given = part.parameters
    p = RefineParameters(
        given.input, coarse, given.output, class_field=given.class_field, steps=given.steps, tile=TILE
    )  # fmt: skip
    job = Refinement(p, part.work, part.monitor, part.source, part.grid, find_model(REFINER, "refiner"))
    job.use(part.device, _networks)
    job.read_coarse()
    labels, refined = job.refined_at_once()
    # What a model recommends does not count here.
    method = "none" if given.outlines == "model" else given.outlines
    options = VectorOptions(given.min_area, given.simplify, regularize=method)
    return _Maps(job.coarse.indexed, labels, refined, options)


def _outlines(part: _Part, maps: _Maps, labels: Bytes, path: Path) -> Path:
    """Write the polygons of a map, as the job would do it."""
    raster = part.work / f"{path.stem}.tif"
    with RowWriter(raster, part.grid, "uint8", NODATA_CLASS) as out:
        out.write(0, labels)
    vectorize(raster, path, classes=maps.classes, options=maps.options, monitor=part.monitor, work=part.work)
    return path
