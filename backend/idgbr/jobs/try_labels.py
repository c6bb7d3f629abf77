"""The job `try-labels`: what a quick model makes of the labels so far, shown for a small part of the image."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from idgbr.arrays import Array, Bytes, Mask
from idgbr.checkpoint.fingerprint import raster_fingerprint
from idgbr.classes import NODATA_CLASS
from idgbr.engines.devices import Device, choose_device
from idgbr.engines.network_cache import NetworkCache
from idgbr.errors import InputError, OutputError
from idgbr.jobs.preview import TILE, middle
from idgbr.jobs.segment import Segmentation
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.own_labels.labels import OwnLabels, own_labels
from idgbr.own_labels.layer import read_label_layer
from idgbr.own_labels.rasterize import Window
from idgbr.parameters import SegmentParameters, TryLabelsParameters
from idgbr.pipeline.outputs import REFINER
from idgbr.pipeline.runner import run_at_once
from idgbr.quick.samples import HALO
from idgbr.quick.trial import FeatureMemory, Trial, try_labels
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.writer import RowWriter

#: Features of the last views, the refiner that was used last, and the fingerprint of the last raster by its files.
_memory = FeatureMemory()
_networks = NetworkCache(each_kind=True)
_fingerprints: dict[str, tuple[object, tuple[str, ...]]] = {}


def run_try_labels(parameters: TryLabelsParameters, monitor: Monitor) -> dict[str, Any]:
    """Write rasters of the classes and of how sure they are; returns their paths, and a summary with their corners."""
    begun = time.monotonic()
    p, folder = parameters, Path(parameters.output)
    if not folder.is_dir():
        raise OutputError(f"{folder}: no such folder for the rasters.")
    with ExitStack() as stack:
        source = stack.enter_context(RasterSource(p.input, monitor=monitor))
        grid = middle(cut_grid(source.grid, p.extent, p.extent_crs, p.input))
        valid = source.valid_rows(grid, 0, grid.height)
        if not valid.any():
            raise InputError(f"{p.input}: has only nodata here; move the map and preview again.")
        layer = read_label_layer(p.labels, p.class_field, monitor)
        labels = own_labels([(source, layer)], p.background, monitor)
        device = choose_device(p.device, monitor)
        work = Path(stack.enter_context(TemporaryDirectory(prefix="idgbr_trial_")))
        view = Window(grid.row0, grid.col0, grid.height, grid.width)
        trial = try_labels(labels, view, _memory, _fingerprint(source), device, work, monitor)
        scores = trial.scores[:, HALO : HALO + grid.height, HALO : HALO + grid.width]
        paths = {
            "CLASSES": _written(folder / "classes.tif", grid, _classes(scores, labels, valid), labels),
            "AGREEMENT": _written(folder / "agreement.tif", grid, _agreement(scores, valid)),
        }
        if p.refine:
            refined = _refined(source, grid, trial, work, device, monitor)
            refined[~valid] = NODATA_CLASS
            paths["REFINED"] = _written(folder / "refined.tif", grid, refined, labels)
    corners = [grid.transform * at for at in ((0, 0), (grid.width, 0), (grid.width, grid.height), (0, grid.height))]
    pixels = trial.trained.samples.pixels.tolist()
    shown = [
        item | {"labels": int(count), "pixels": number}
        for item, count, number in zip(
            trial.trained.card.summary()["classes"], labels.counts.tolist(), pixels, strict=True
        )
    ]
    summary = {"classes": shown, "corners": corners, "device": device.id, "seconds": round(time.monotonic() - begun, 2)}
    return {"outputs": {name: str(path) for name, path in paths.items()}, "summary": summary}


def _fingerprint(source: RasterSource) -> tuple[str, ...]:
    """The fingerprint of a raster; while its files stay as they are, their content is not read again."""
    states = source.states
    if source.path not in _fingerprints or _fingerprints[source.path][0] != states:
        _fingerprints.clear()
        _fingerprints[source.path] = states, tuple(raster_fingerprint(source))
    return _fingerprints[source.path][1]


def _classes(scores: Array, labels: OwnLabels, valid: Mask) -> Bytes:
    """The id of the most probable class of each pixel, (H, W)."""
    ids = np.array([info.id for info in labels.classes], np.uint8)
    return np.where(valid, ids[scores.argmax(0)], np.uint8(NODATA_CLASS))


def _agreement(scores: Array, valid: Mask) -> Bytes:
    """How much more probable the first class of each pixel is than the second, in 255ths, (H, W)."""
    best = np.partition(scores, -2, axis=0)
    return np.where(valid, np.rint((best[-1] - best[-2]) * 255), 255).astype(np.uint8)


def _written(path: Path, grid: Grid, values: Bytes, labels: OwnLabels | None = None) -> Path:
    with RowWriter(path, grid, "uint8", NODATA_CLASS if labels else None) as out:
        if labels:
            out.describe(labels.classes)
        out.write(0, values)
    return path


def _refined(source: RasterSource, grid: Grid, trial: Trial, work: Path, device: Device, monitor: Monitor) -> Bytes:
    """The classes after the refinement, as the job `segment` makes them."""
    card = replace(trial.trained.card, halo=HALO, tile=TILE + 2 * HALO)
    p = SegmentParameters(source.path, "", model=str(work), tile=TILE)
    job = Segmentation(p, work, monitor, source, grid, None, (work, card), find_model(REFINER, "refiner"))
    job.use(device, _Computed(trial.scores, (grid.row0 - HALO, grid.col0 - HALO)))
    return run_at_once(job.stages(), monitor)


class _Computed(NetworkCache):
    """Gives the scores of a view in place of a coarse model; keeps the refiner."""

    def __init__(self, scores: Array, origin: tuple[int, int]) -> None:
        """Take scores (K, H, W) from the absolute pixel `origin` (row, column) on."""
        super().__init__()
        self._scores, self._origin = scores, origin

    def loader(self, kind: Callable[..., Any], *arguments: Any, **options: Any) -> Callable[[], Any]:
        """See `NetworkCache.loader`."""
        return (lambda: self) if kind is CoarseModel else _networks.loader(kind, *arguments, **options)

    def predict(self, image: Array, corner: tuple[int, int]) -> Array:
        """The scores (K, H, W) of the only tile; see `CoarseModel.predict`."""
        top, left = (at - first for at, first in zip(corner, self._origin, strict=True))
        height, width = image.shape[1:]
        inner = self._scores[:, top : top + height, left : left + width]
        return np.pad(inner, ((0, 0), (0, height - inner.shape[1]), (0, width - inner.shape[2])), mode="edge")
