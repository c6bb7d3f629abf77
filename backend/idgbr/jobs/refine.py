"""The job `refine`: better boundaries for a classification that the user brings, of any classes and from any tool."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import idgbr
from idgbr.classes import NODATA_CLASS, classes_to_json
from idgbr.cluster.scheduler import Cluster, cluster_of
from idgbr.coarse_map import CoarseMap, read_coarse_map
from idgbr.errors import InputError
from idgbr.jobs.drawn_map import DrawnMap
from idgbr.jobs.fingerprint import map_fingerprint, model_fingerprint
from idgbr.jobs.job_folder import JobFolder
from idgbr.jobs.label_stage import LabelStage
from idgbr.jobs.outputs import (
    REFINER,
    address,
    check_source,
    common_identity,
    kept_figures,
    publish,
    requested_rasters,
    vector_output,
)
from idgbr.jobs.refine_outputs import change_table, writing_values
from idgbr.jobs.result import Result, Strips, make_result
from idgbr.jobs.stages import Stage
from idgbr.models.card import ModelCard
from idgbr.models.devices import Device, choose_device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.parameters import RefineParameters
from idgbr.paths import LayerOutput
from idgbr.raster.class_table import write_category_names
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.gsd import within
from idgbr.raster.source import RasterSource
from idgbr.raster.strips import RowReader
from idgbr.refine.codes import MAX_CLASSES
from idgbr.refine.refiner import Refiner
from idgbr.refine.specks import CONTEXT, without_specks
from idgbr.staged import called
from idgbr.vector import Lineage, VectorOptions, draw_layer


def run_refine(parameters: RefineParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job, or what an earlier run left of it; returns outputs and a summary.

    Outputs appear under their names only when all is done.
    """
    output = vector_output(parameters.output, monitor)
    rasters = requested_rasters(parameters.output_classes, parameters.output_confidence, parameters.output_uncertainty)
    with ExitStack() as stack:
        folder = stack.enter_context(JobFolder(output, rasters.values(), monitor))
        run = Refinement.opened(parameters, folder.path, monitor, stack)
        cluster = stack.enter_context(cluster_of(parameters.cluster, monitor))
        device = cluster.device(parameters.device) if cluster else choose_device(parameters.device, monitor)
        identity = run.identity(device)
        folder.begin("refine", asdict(parameters), identity, resume=parameters.resume)
        run.use(device)
        coarse = read_coarse_map(
            parameters.coarse, parameters.class_field, parameters.background, parameters.fill_gaps, run.grid,
            folder.path, monitor,
        )  # fmt: skip
        if cluster and len(coarse.classes) > MAX_CLASSES:
            raise InputError(
                f"{parameters.coarse}: has {len(coarse.classes)} classes here, and a cluster refines maps of up to "
                f"{MAX_CLASSES}; run the job without the cluster, or on parts with fewer classes."
            )
        run.take(Found(coarse.path.name, len(coarse.classes)))
        figures = _result(run, coarse, folder, cluster, identity, rasters)
        check_source(run.source, monitor)
        publish(rasters, folder, monitor)
        if "OUTPUT_CLASSES" in rasters:
            write_category_names(rasters["OUTPUT_CLASSES"], [*coarse.legend, *coarse.classes])
    summary = run.summary(coarse, figures) | {
        "model": run.refiner[1].id,
        "device": device.id,
        "seconds": round(folder.journal.elapsed_s, 2),
    }
    return {"outputs": {"OUTPUT": address(output)} | {n: str(p) for n, p in rasters.items()}, "summary": summary}


def _result(
    run: Refinement, coarse: CoarseMap, folder: JobFolder, cluster: Cluster | None, identity: dict[str, Any],
    rasters: Mapping[str, Path],
) -> dict[str, Any]:  # fmt: skip
    """Make the result, or what is missing of it; returns its figures."""
    if kept := kept_figures(folder, rasters):
        run.map.weigh(kept["doubt"])
        return kept
    run.tell_resolution()
    order = {"job": "refine", "parameters": asdict(run.parameters), "identity": identity, "found": run.found._asdict()}
    run.map.weigh(cluster.doubt(run, folder, order) if cluster else run.look(run.monitor))
    run.tell_doubt()
    order["found"] = run.found._asdict()
    figures = make_result(run, run.grid, folder, cluster, order, partial(run.draw, coarse), rasters)
    if crowded := (folder.journal.last(LabelStage.name) or {}).get("crowded"):
        run.monitor.warn(
            f"{run.parameters.coarse}: {crowded} of {run.map.tiling.count} tiles have more than 16 classes; the 16 "
            "commonest in each took part, the rest stayed."
        )
    return figures


class Found(NamedTuple):
    """What is known of a drawn map once it was read and looked at: its file in the job's folder, and its doubt."""

    file: str
    classes: int
    doubt: float = 0.0


class Refinement:
    """What a refinement reads, and the stages that it goes through; also on each worker of a cluster.

    `work` is the job's folder, `map` is there after `take`. The refiner is loaded when it is first needed, on the
    device of `use`.
    """

    map: DrawnMap

    def __init__(
        self, parameters: RefineParameters, work: Path, monitor: Monitor, source: RasterSource, grid: Grid,
        refiner: tuple[Path, ModelCard],
    ) -> None:  # fmt: skip
        self.parameters, self.work, self.monitor = parameters, work, monitor
        self.source, self.grid, self.refiner = source, grid, refiner

    @staticmethod
    def opened(parameters: RefineParameters, work: Path, monitor: Monitor, stack: ExitStack) -> Refinement:
        """Open what the job reads until `stack` closes. Raises InputError or ModelError for what cannot be used."""
        source = stack.enter_context(RasterSource(parameters.input, parameters.on_bad_block, monitor))
        source.tell_place(monitor)
        grid = cut_grid(source.grid, parameters.extent, parameters.extent_crs, parameters.input)
        return Refinement(parameters, work, monitor, source, grid, find_model(REFINER, "refiner"))

    @property
    def sources(self) -> list[RasterSource]:
        """The image."""
        return [self.source]

    def identity(self, device: Device) -> dict[str, Any]:
        """All that the result rests on."""
        p = self.parameters
        return common_identity(asdict(p), self.source, self.grid, device) | {
            "coarse": map_fingerprint(p.coarse),
            "refiner": model_fingerprint(self.refiner[1]),
            "samples": p.uncertainty_samples,
        }

    def use(self, device: Device) -> None:
        """Say where the refiner is to run."""
        p = self.parameters

        @cache
        def refiner() -> Refiner:
            return Refiner(*self.refiner, device, gsd_m=self.source.gsd_m, steps=p.steps, samples=self.samples)

        self._load_refiner = refiner

    def take(self, found: Found) -> None:
        """Take the map as it was read, and weigh it by the doubt found."""
        p = self.parameters
        self.map = DrawnMap(
            self.work / found.file, found.classes, self.source, self.grid, self.refiner[1],
            steps=p.steps, band_width=p.band_width, tile=p.tile,
        )  # fmt: skip
        self.map.weigh(found.doubt)

    @property
    def found(self) -> Found:
        """What is known of the map."""
        return Found(self.map.path.name, self.map.classes, self.map.doubt)

    def look(self, monitor: Monitor) -> float:
        """How much the map is doubted; it is not weighed anew."""
        with RowReader(self.map.path) as rows:
            return self.map.look(self._load_refiner, rows, monitor)

    @property
    def samples(self) -> int:
        """Samples that tell the uncertainty, 0 if it is not wanted."""
        return self.parameters.uncertainty_samples

    def stages(self) -> list[Stage]:
        """From the map to refined rows, in order: the refiner on coarser grids, if the map is rough, and on its own."""
        sharpening = self.map.sharpening(self._load_refiner, self.work)
        result = LabelStage(
            self.work / "result.bin", self.map, self._load_refiner, sharpening[-1].scores if sharpening else None,
            1 + bool(self.samples), explore=self.samples > 1,
        )  # fmt: skip
        return [*sharpening, result]

    def begin(self) -> None:
        """Put a rough map on the grid where it is refined first."""
        if self.map.factor < 1:
            self.map.fill(self.work, self.monitor)

    def tell_resolution(self) -> None:
        """Say so if the image is finer or coarser than those that the refiner knows."""
        finest, coarsest = self.refiner[1].gsd_range_m
        if not within(self.source.gsd_m, finest, coarsest):
            self.monitor.warn(
                f"{self.source.path}: its ground sample distance is {self.source.gsd_m:.3g} m, but the refiner was "
                f"trained on {finest:g} to {coarsest:g} m; check its result with care."
            )

    def tell_doubt(self) -> None:
        """Say how far the map is to be trusted, if that is known."""
        drawn_map = self.map
        if not drawn_map.doubt:
            return
        grid_m = self.source.gsd_m / drawn_map.factor
        begins = f" Refinement begins on a grid of {grid_m:.2g} m." if drawn_map.factor < 1 else ""
        rule = f"what is to change must be surer than the label there by {drawn_map.margin:.2f}"
        if self.refiner[1].extra.get("acceptance"):
            rule = "what is to change is decided pixel by pixel"
        self.monitor.info(
            f"{self.parameters.coarse}: along its boundaries {drawn_map.doubt:.0%} of the labels are doubted, "
            f"{drawn_map.margins.times(drawn_map.doubt):.1f} times as many as of an exact map; {rule}.{begins}"
        )

    def draw(
        self, coarse: CoarseMap, result: Result, layer: LayerOutput, rasters: Mapping[str, Path]
    ) -> dict[str, Any]:
        """Write the rasters that there are paths for, and the layer; returns figures."""
        p = self.parameters
        changes = np.zeros((NODATA_CLASS, NODATA_CLASS), np.int64)
        strips = self._without_specks(result, changes)
        if path := rasters.get("OUTPUT_CLASSES"):
            card = self.refiner[1]
            made_by = {"model": card.id, "version": card.version, "backend": idgbr.__version__}
            made_by |= {"image": called(self.source.path), "coarse": called(p.coarse)}
            strips = writing_values(strips, path, coarse, self.grid, made_by)
        with closing(result.writing_shares(strips, rasters)) as strips:
            made = draw_layer(
                result.source(strips, coarse.indexed), layer, ids=[c.id for c in coarse.classes],
                lineage=self._lineage(coarse),
                options=VectorOptions(p.min_area, p.simplify, square=p.square),
                monitor=result.monitor, work=self.work,
            )  # fmt: skip
        moved = made.moved
        assert moved is not None
        return {
            "polygons": made.polygons,
            "moved_share": round(moved.share, 4),
            "moved_mean_m": round(moved.mean_m, 4),
            "moved_p95_m": round(moved.percentile_m(95), 4),
            "changes": [[int(i), int(j), int(changes[i, j])] for i, j in np.argwhere(changes)],
            "doubt": self.map.doubt,
        }

    def _lineage(self, coarse: CoarseMap) -> Lineage:
        """Where the result comes from; a boundary moves by the band's width at most, but for small areas that go."""
        reach = 2 * self.map.band_width + 8
        return Lineage(
            coarse.path, reach, coarse.layer, coarse.objects_path, coarse.object_pixels, coarse.object_classes
        )

    def _without_specks(self, result: Result, changes: NDArray[np.int64]) -> Strips:
        """Strips of the refined map, without the specks that the refinement made.

        Adds up in `changes` (255, 255) how many pixels went from which class to which.
        """
        with RowReader(self.map.path) as drawn:
            for first, last in result.rows():
                top, bottom = max(first - CONTEXT, 0), min(last + CONTEXT, self.grid.height)
                before = drawn.read(top, bottom).astype(np.uint8)
                labels = without_specks(before, result.classes(top, bottom))[first - top : last - top]
                before = before[first - top : last - top]
                changed = before != labels
                np.add.at(changes, (before[changed], labels[changed]), 1)
                yield first, labels

    def summary(self, coarse: CoarseMap, figures: dict[str, Any]) -> dict[str, Any]:
        """What is told of the result, from its figures."""
        pixel_m2 = self.source.gsd_m**2
        changed = sum(pixels for _, _, pixels in figures["changes"])
        return {
            "pixels": self.grid.height * self.grid.width,
            "changed_pixels": changed,
            "changed_m2": round(changed * pixel_m2, 2),
            **{name: figures[name] for name in ("polygons", "moved_share", "moved_mean_m", "moved_p95_m")},
            "unclassified_pixels": coarse.unclassified_pixels,
            "gap_pixels": coarse.gap_pixels,
            "filled_pixels": coarse.filled_pixels,
            "overlap_pixels": coarse.overlap_pixels,
            "band_width": self.map.band_width,
            "gsd_m": round(self.source.gsd_m, 4),
            "doubt": self.map.doubt,
            "changes": change_table(figures["changes"], coarse, pixel_m2),
            "classes": json.loads(classes_to_json(coarse.classes)),
        }
