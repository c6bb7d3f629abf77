"""Outputs of jobs that write rasters and polygons: checks before the work, and the steps to published files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import idgbr
from idgbr.checkpoint.fingerprint import raster_fingerprint
from idgbr.checkpoint.job_folder import JobFolder
from idgbr.engines.devices import Device
from idgbr.errors import InputError, OutputError
from idgbr.layers.geopackage.transaction import find_replaced, is_geopackage
from idgbr.layers.replace import MADE
from idgbr.layers.writer import check_vector_output, move_layer
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput, file_output, layer_output
from idgbr.raster.bad_blocks import blocks_text
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.writer import check_raster_output, put_raster, write_cog

#: Id of the bundled refiner.
REFINER = "refiner"
#: Parameters that a resumed job may change: places of results, machines, and paths whose content counts instead; also
#: the treatment of damaged blocks, so that a job stopped at one resumes with the other choice.
_NOT_IN_IDENTITY = (
    "input", "coarse", "mask", "model", "device", "resume", "output", "output_classes", "output_confidence",
    "output_uncertainty", "samples", "on_bad_block", "cluster",
)  # fmt: skip


def vector_output(text: str, monitor: Monitor) -> LayerOutput:
    """The layer that a job will write; reports what happens to existing content. Raises OutputError."""
    output = layer_output(text)
    if message := check_vector_output(output):
        monitor.info(message)
    return output


def address(output: LayerOutput) -> str:
    """The address of the written layer for clients: with its name if the file has others, too."""
    path = output.path
    if not output.named and is_geopackage(path) and find_replaced(path, output.layer).others:
        return str(LayerOutput(path, output.layer, named=True))
    return str(output)


def requested_rasters(wanted: Mapping[str, str | None]) -> dict[str, Path]:
    """Paths of the requested rasters, by output name. Raises OutputError for paths that cannot be written."""
    rasters = {name: file_output(path) for name, path in wanted.items() if path}
    for path in rasters.values():
        check_raster_output(path)
    places = [os.path.realpath(path) for path in rasters.values()]
    if len(set(places)) < len(places):
        twice = next(path for path, place in zip(rasters.values(), places, strict=True) if places.count(place) > 1)
        raise InputError(f"{twice}: is given for two rasters; choose two names.")
    return rasters


def common_identity(parameters: Mapping[str, Any], source: RasterSource, grid: Grid, device: Device) -> dict[str, Any]:
    """What the result of any job depends on, and what a resumed run must have in common with it."""
    return {name: value for name, value in outline_identity(parameters).items() if name not in _NOT_IN_IDENTITY} | {
        "backend": idgbr.__version__,
        "device": [device.id, device.engine],
        "image": raster_fingerprint(source),
        "grid": [list(grid.transform), grid.crs_wkt, grid.height, grid.width],
        "origin": [grid.row0, grid.col0],
    }


def outline_identity(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with the method for outlines as former versions noted it, so that their jobs can be resumed."""
    named = dict(parameters)
    method = named.pop("regularize", "none")
    if method == "right-angles":
        named["square"] = True
    elif method != "none":
        named |= {"square": False, "regularize": method}
    return named


def check_source(source: RasterSource, monitor: Monitor) -> None:
    """Raise InputError if the image was changed while it was read; report nodata and bad blocks."""
    source.check_unchanged()
    source.tell_missing(monitor)
    if source.bad_blocks:
        monitor.warn(f"{source.path}: the {blocks_text(source.bad_blocks)} cannot be read and counts as nodata.")


def layer_path(folder: JobFolder) -> LayerOutput:
    """Path of the unpublished layer, in a folder that is made for it. Raises OutputError."""
    path = _layer_path(folder)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be made ({error.strerror}); free disk space.") from error
    return LayerOutput(path, folder.target.layer)


def _layer_path(folder: JobFolder) -> Path:
    """Path of the unpublished layer."""
    return folder.path / "layer" / f"{MADE}{folder.output.suffix}"


def made_path(folder: JobFolder, name: str) -> Path:
    """Path of an output's unpublished raster."""
    return folder.path / f"{name.lower()}.tif"


def kept_figures(folder: JobFolder, rasters: Iterable[str] = ()) -> dict[str, Any] | None:
    """The figures of the layer and the `rasters`, by output name, if an earlier run has written all of them."""
    record = folder.journal.last("vectorize")
    paths = [_layer_path(folder), *(made_path(folder, name) for name in rasters)]
    if record is None or not all(path.exists() for path in paths):
        return None
    kept: dict[str, Any] = record["figures"]
    return kept


def note_figures(folder: JobFolder, figures: dict[str, Any], rasters: Iterable[str] = ()) -> dict[str, Any]:
    """Note in the journal that the layer and the rasters are written; returns their figures."""
    written = [*_layer_path(folder).parent.iterdir(), *(made_path(folder, name) for name in rasters)]
    folder.journal.record("vectorize", 1, 1, written, figures=figures)
    return figures


def publish(rasters: Mapping[str, Path], folder: JobFolder, monitor: Monitor) -> None:
    """Move the layer and the rasters, by output name, to their final paths: all of them at the end, or none."""
    for done, (name, path) in enumerate(rasters.items()):
        monitor.progress("write", done, len(rasters))
        overviews = "mode" if name == "OUTPUT_CLASSES" else "average"
        write_cog(made_path(folder, name), folder.part(path), overviews=overviews, monitor=monitor)
    monitor.check()
    for path in rasters.values():
        try:
            put_raster(folder.part(path), path)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror}); close it in other programs.") from error
    move_layer(_layer_path(folder).parent, folder.target, monitor.check)
