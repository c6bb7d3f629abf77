"""The job `preview`: the result of a job for a small part of the image, coarse and refined.

It runs the passes of the jobs `segment` and `refine` without a journal, and keeps the models loaded for the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.coarse_map import read_coarse_map
from idgbr.errors import InputError, OutputError
from idgbr.models.card import ModelCard
from idgbr.models.coarse import CoarseModel
from idgbr.models.devices import Device, choose_device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.parameters import PreviewParameters
from idgbr.pipeline.coarse_stage import coarse_pass
from idgbr.pipeline.coarse_to_fine import sharpen
from idgbr.pipeline.label_map import DrawnMap
from idgbr.pipeline.outputs import REFINER
from idgbr.polygonize import VectorOptions, vectorize
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import RowReader
from idgbr.raster.writer import RowWriter
from idgbr.refiner.probability_pass import Rows, coarse_rows, refined_rows
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.normalize import ScaledSource, working_factor
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import fit_tiling

#: Longest side of a preview, in px; of larger areas, the middle is used.
MAX_SIDE = 1024
#: Side of the tiles, in px: few different sizes, because engines compile for each new shape.
TILE = 1024

Labels = NDArray[np.uint8]
Loaded = TypeVar("Loaded", CoarseModel, Refiner)
#: The coarse model and the refiner that were used last, by their source.
_loaded: dict[type, tuple[object, Any]] = {}


@dataclass(frozen=True)
class _Part:
    """The previewed part, and the folder of working files."""

    parameters: PreviewParameters
    monitor: Monitor
    source: RasterSource
    grid: Grid
    device: Device
    work: Path

    @property
    def origin(self) -> tuple[int, int]:
        """Position of the part in the image: noise depends on it, so that the job itself gives the same result."""
        return self.grid.row0, self.grid.col0


@dataclass(frozen=True)
class _Maps:
    """Pixel values (H, W) before and after refinement, and their meaning."""

    classes: list[ClassInfo]
    coarse: Labels
    refined: Labels


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
        part = _Part(parameters, monitor, source, grid, choose_device(parameters.device, monitor), work)
        valid = source.valid_rows(grid, 0, grid.height)
        if not valid.any():
            raise InputError(f"{parameters.input}: has only nodata here; move the map and preview again.")
        maps = _refined_map(part) if parameters.coarse else _segmented(part)
        paths = {
            name: _outlines(part, maps.classes, np.where(valid, labels, np.uint8(NODATA_CLASS)), folder / f"{name}.fgb")
            for name, labels in (("coarse", maps.coarse), ("refined", maps.refined))
        }
    corners = [grid.transform * at for at in ((0, 0), (grid.width, 0), (grid.width, grid.height), (0, grid.height))]
    summary = {
        "pixels": grid.height * grid.width,
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
    folder, card = find_model(part.parameters.model, "coarse")
    factor = working_factor(part.source, card)
    scaled = ScaledSource(part.source, part.grid, card, factor)
    tiling = fit_tiling(scaled.height, scaled.width, card, TILE)
    network = _kept(CoarseModel, (folder, card, part.device.id), lambda: CoarseModel(folder, card, part.device))
    size = part.grid.height, part.grid.width
    channels = len(card.classes)
    with ExitStack() as stack:
        store = stack.enter_context(ScoreStore(part.work / "scores.bin", channels, (scaled.height, scaled.width), size))
        for _ in coarse_pass(scaled, network, tiling, store, part.monitor):
            pass
        coarse = _labels(coarse_rows(store, size[0], size[0], part.monitor))
        refined = coarse
        model, refiner_card = find_model(REFINER, "refiner")
        if not part.source.layout.chosen(refiner_card):
            lacking = part.source.layout.lacking(refiner_card, "the refiner")
            part.monitor.warn(f"{part.source.path}: {lacking}: boundaries stay as in the result of the coarse model.")
        else:
            image = ScaledSource(part.source, part.grid, refiner_card, 1.0)
            refiner, tiles = _refiner(part, model, refiner_card), fit_tiling(*size, refiner_card, TILE)
            found = sharpen(part.source, part.grid, refiner, store, factor, part.work, stack, part.monitor, tile=TILE)
            rows = refined_rows(
                image, refiner, tiles, found.scores, found.band_width, part.origin, part.monitor, drawn=found.drawn
            )
            refined = _labels(rows)
    ids = np.array([c.id for c in card.classes], np.uint8)
    return _Maps(list(card.classes), ids[coarse], ids[refined])


def _refined_map(part: _Part) -> _Maps:
    """The maps of the job `refine`."""
    p = part.parameters
    model, card = find_model(REFINER, "refiner")
    before = read_coarse_map(p.coarse or "", p.class_field, "auto", False, part.grid, part.work, part.monitor)
    refiner = _refiner(part, model, card)
    drawn_map = DrawnMap(before.path, len(before.classes), part.source, part.grid, card, steps=p.steps, tile=TILE)
    with RowReader(before.path) as rows:
        coarse = rows.read(0, part.grid.height).astype(np.uint8)
        return _Maps(before.indexed, coarse, drawn_map.refined(refiner, rows, part.work, part.monitor))


def _labels(rows: Iterator[Rows]) -> Labels:
    return np.concatenate([part.labels for part in rows])


def _refiner(part: _Part, folder: Path, card: ModelCard) -> Refiner:
    gsd_m, steps = part.source.gsd_m, part.parameters.steps
    key = (folder, card, part.device.id, gsd_m, steps)
    return _kept(Refiner, key, lambda: Refiner(folder, card, part.device, gsd_m=gsd_m, steps=steps))


def _kept(kind: type[Loaded], key: object, load: Callable[[], Loaded]) -> Loaded:
    """The model of a kind that was used last, if it is the same, else a new one."""
    if kind not in _loaded or _loaded[kind][0] != key:
        _loaded.pop(kind, None)  # before the other is loaded, so that both are never in memory
        _loaded[kind] = key, load()
    model: Loaded = _loaded[kind][1]
    return model


def _outlines(part: _Part, classes: list[ClassInfo], labels: Labels, path: Path) -> Path:
    """Write the polygons of a map, as the job would do it."""
    raster = part.work / f"{path.stem}.tif"
    with RowWriter(raster, part.grid, "uint8", NODATA_CLASS) as out:
        out.write(0, labels)
    p = part.parameters
    options = VectorOptions(p.min_area, p.simplify, square=p.square)
    vectorize(raster, path, classes=classes, options=options, monitor=part.monitor, work=part.work)
    return path
