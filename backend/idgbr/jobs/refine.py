"""The job `refine`: better boundaries for a given classification, with any classes and from any tool."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import idgbr
from idgbr.arrays import Bytes
from idgbr.checkpoint.fingerprint import map_fingerprint, model_fingerprint
from idgbr.classes import NODATA_CLASS, classes_to_json
from idgbr.coarse_map import CoarseMap, read_coarse_map
from idgbr.engines.devices import Device
from idgbr.engines.network_cache import NetworkCache
from idgbr.errors import InputError
from idgbr.exported import Staged, naming_layers, with_layer_names
from idgbr.jobs.staged import Rasters, run_staged
from idgbr.layers.polygons import find_layer
from idgbr.models.card import RefinerCard
from idgbr.models.coarse import CoarseModel
from idgbr.models.object_table import FINDER
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.parameters import AlignParameters, RefineParameters
from idgbr.paths import LayerOutput, layer_output
from idgbr.pipeline.coarse_stage import CoarseStage
from idgbr.pipeline.executor import Connect, Run
from idgbr.pipeline.label_map import LabelMap
from idgbr.pipeline.label_stage import LabelStage
from idgbr.pipeline.map_objects import contact_in_raster, given_objects
from idgbr.pipeline.map_values import change_table, writing_values
from idgbr.pipeline.outputs import (
    REFINER,
    common_identity,
    kept_figures,
)
from idgbr.pipeline.result import Result, Strips, make_result
from idgbr.pipeline.runner import in_this_process, run_at_once
from idgbr.pipeline.stage import AnyStage
from idgbr.polygonize import Cores, Lineage, VectorOptions, draw_layer
from idgbr.raster.class_table import write_category_names
from idgbr.raster.grid import Grid, cut_grid, within
from idgbr.raster.open_dataset import is_raster
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import RowReader
from idgbr.refiner.codes import MAX_CLASSES
from idgbr.refiner.refiner import Refiner
from idgbr.refiner.specks import CONTEXT, without_specks
from idgbr.tiling.normalize import ScaledSource, working_factor
from idgbr.tiling.tiles import fit_tiling


def run_refine(parameters: RefineParameters, monitor: Monitor, connect: Connect = in_this_process) -> dict[str, Any]:
    """Run the job; returns outputs and a summary. See `run_staged`."""

    def opened(work: Path, stack: ExitStack) -> Refinement:
        return Refinement.opened(parameters, work, monitor, stack)

    def make(run: Run, job: Refinement, rasters: Rasters) -> dict[str, Any]:
        job.read_coarse()
        classes = len(job.coarse.classes)
        if run.executor.in_spans and classes > MAX_CLASSES:
            raise InputError(
                f"{parameters.coarse}: has {classes} classes here, and a cluster refines maps of up to "
                f"{MAX_CLASSES}; run the job without the cluster, or on parts with fewer classes."
            )
        return _result(run, job, rasters)

    rasters = {
        "OUTPUT_CLASSES": parameters.output_classes,
        "OUTPUT_CONFIDENCE": parameters.output_confidence,
        "OUTPUT_UNCERTAINTY": parameters.output_uncertainty,
    }
    done = run_staged(parameters, rasters, opened, make, monitor, connect, published=Refinement.name_categories)
    return done.result(done.job.summary(done.figures) | {"model": done.job.refiner[1].id})


def _result(run: Run, job: Refinement, rasters: Rasters) -> dict[str, Any]:
    """Make the result, or what is missing of it; returns its figures."""
    if kept := kept_figures(run.folder, rasters):
        job.map.set_label_noise(kept["doubt"])
        return kept
    job.tell_resolution()
    job.map.set_label_noise(run.executor.label_noise(run))
    job.report_label_noise()
    figures = make_result(run, job.grid, job.draw, rasters)
    if crowded := (run.folder.journal.last(LabelStage.name) or {}).get("crowded"):
        job.monitor.warn(
            f"{job.parameters.coarse}: {crowded} of {job.map.tiling.count} tiles have more than 16 classes; the 16 "
            "most common ones in each took part, the others stayed."
        )
    return figures


class MapFacts(NamedTuple):
    """Facts about the given map after reading.

    They are its file in the job's folder, its label noise, and whether a model parts its touching objects.
    """

    file: str
    classes: int
    doubt: float = 0.0
    parted: bool = False


class Refinement:
    """Inputs of a refinement, and its stages; also on each worker of a cluster.

    `work` is the job's folder. `coarse` exists after `read_coarse` (not on workers), `map` after `set_map`. The refiner
    is loaded when it is first needed, on the device of `use`.
    """

    name = "refine"
    coarse: CoarseMap
    map: LabelMap

    def __init__(
        self, parameters: RefineParameters, work: Path, monitor: Monitor, source: RasterSource, grid: Grid,
        refiner: tuple[Path, RefinerCard],
    ) -> None:  # fmt: skip
        self.parameters, self.work, self.monitor = parameters, work, monitor
        self.source, self.grid, self.refiner = source, grid, refiner

    @staticmethod
    def opened(parameters: RefineParameters, work: Path, monitor: Monitor, stack: ExitStack) -> Refinement:
        """Open the inputs until `stack` closes. Raises InputError or ModelError if one cannot be used."""
        source = stack.enter_context(RasterSource(parameters.input, parameters.on_bad_block, monitor))
        source.tell_place(monitor)
        grid = cut_grid(source.grid, parameters.extent, parameters.extent_crs, parameters.input)
        return Refinement(parameters, work, monitor, source, grid, find_model(REFINER, "refiner"))

    @property
    def sources(self) -> list[RasterSource]:
        """The image."""
        return [self.source]

    def identity(self, device: Device) -> dict[str, Any]:
        """Everything that the result depends on."""
        p = self.parameters
        noted = asdict(p)
        # Former versions did not know them, and their jobs can be resumed.
        models = {"align": AlignParameters.model, "objects": FINDER}
        finders = {name: model_fingerprint(find_model(models[name], "coarse")[1]) for name in models if noted.pop(name)}
        return (
            common_identity(noted, self.source, self.grid, device)
            | finders
            | {
                "coarse": map_fingerprint(p.coarse),
                "refiner": model_fingerprint(self.refiner[1]),
                "samples": p.uncertainty_samples,
            }
        )

    def use(self, device: Device, networks: NetworkCache | None = None) -> None:
        """Set the device of the refiner, and the cache that loads it."""
        p, networks = self.parameters, networks or NetworkCache()
        self._device = device
        self._load_refiner = networks.loader(
            Refiner, *self.refiner, device, gsd_m=self.source.gsd_m, steps=p.steps, samples=self.samples
        )
        if p.objects:
            folder, self._finder = find_model(FINDER, "coarse")
            self._load_finder = networks.loader(CoarseModel, folder, self._finder, device, contact=True)

    def read_coarse(self) -> None:
        """Read the map onto the image's grid. Raises InputError if it cannot be read."""
        p = self.parameters
        coarse = self._aligned() if p.align else p.coarse
        with naming_layers({coarse: Staged(p.coarse)} if p.align else {}, self.monitor) as monitor:
            self.coarse = read_coarse_map(
                coarse, p.class_field, p.background, p.fill_gaps, self.grid, self.work, monitor
            )  # fmt: skip
        parted = p.objects and self.coarse.objects_path is None
        self.set_map(MapFacts(self.coarse.path.name, len(self.coarse.classes), parted=parted))

    def _aligned(self) -> str:
        """The path of the layer after its polygons were moved onto the image; an earlier run may have made it."""
        from idgbr.jobs.align import write_aligned

        p, output = self.parameters, layer_output(self.work / "aligned.gpkg")
        if is_raster(p.coarse, "the coarse map"):
            raise InputError(f"{p.coarse}: is a raster, and align moves polygons; give a layer, or leave align out.")
        if not output.path.exists():
            write_aligned(
                self.source, self.grid, find_layer(p.coarse), output, None, radius=AlignParameters.radius,
                model=AlignParameters.model, device=self._device, work=self.work, monitor=self.monitor,
            )  # fmt: skip
        return str(output.path)

    def set_map(self, facts: MapFacts) -> None:
        """Take the map with its settings for the known label noise."""
        p = self.parameters
        self.map = LabelMap(
            self.work / facts.file, facts.classes, self.source, self.grid, self.refiner[1],
            steps=p.steps, band_width=p.band_width, tile=p.tile,
        )  # fmt: skip
        self.map.set_label_noise(facts.doubt)
        self._parted = facts.parted

    def preparation(self) -> dict[str, Any]:
        """See `StagedJob`: facts about the map."""
        return {"found": MapFacts(self.map.path.name, self.map.classes, self.map.label_noise, self._parted)._asdict()}

    def estimate_label_noise(self, monitor: Monitor) -> float:
        """Label noise of the map; settings are not changed."""
        with RowReader(self.map.path) as rows:
            return self.map.estimate_label_noise(self._load_refiner, rows, monitor)

    @property
    def samples(self) -> int:
        """Number of samples for the uncertainty, 0 if it is not requested."""
        return self.parameters.uncertainty_samples

    def stages(self) -> list[AnyStage]:
        """The stages in order: the model that finds where objects meet, and the refiner.

        The first is there only if a model parts objects. The refiner runs on coarser grids if the map is rough, and
        last on the image's grid.
        """
        finding = [self._contact_stage()] if self._parted else []
        sharpening = self.map.sharpening(self._load_refiner, self.work)
        result = LabelStage(
            self.work / "result.bin", self.map, self._load_refiner, sharpening[-1].scores if sharpening else None,
            1 + bool(self.samples), explore=self.samples > 1,
        )  # fmt: skip
        return [*finding, *sharpening, result]

    def _contact_stage(self) -> CoarseStage:
        card = self._finder
        scaled = ScaledSource(self.source, self.grid, card, working_factor(self.source, card))
        tiling = fit_tiling(scaled.height, scaled.width, card, self.parameters.tile)
        path = self.work / "contact.bin"
        return CoarseStage(path, scaled, self._load_finder, tiling, len(card.classes), contact=True)

    def _cores(self, stack: ExitStack) -> Cores | None:
        """Where objects have their cores, open until `stack` closes; None if touching ones stay together."""
        if not self._parted:
            return given_objects(self.coarse, stack) if self.parameters.objects else None
        factor = working_factor(self.source, self._finder)
        return contact_in_raster(
            self.coarse, self.parameters.coarse, self._contact_stage(), self._finder, self.grid, factor, stack,
            self.monitor,
        )  # fmt: skip

    def refined_at_once(self) -> tuple[Bytes, Bytes]:
        """Class indices (H, W) of a small map before and after refinement, made without a journal."""
        self.map.set_label_noise(self.estimate_label_noise(self.monitor))
        self.begin()
        labels = run_at_once(self.stages(), self.monitor)
        with RowReader(self.map.path) as drawn:
            before = drawn.read(0, self.grid.height).astype(np.uint8)
        return before, without_specks(before, labels)

    def begin(self) -> None:
        """Resample a rough map to its first grid."""
        if self.map.factor < 1:
            self.map.fill(self.work, self.monitor)

    def tell_resolution(self) -> None:
        """Report if the image's pixels are smaller or larger than those that the refiner knows."""
        finest, coarsest = self.refiner[1].gsd_range_m
        if not within(self.source.gsd_m, finest, coarsest):
            self.monitor.warn(
                f"{self.source.path}: its ground sample distance is {self.source.gsd_m:.3g} m, but the refiner was "
                f"trained on {finest:g} to {coarsest:g} m; check its result with care."
            )

    def report_label_noise(self) -> None:
        """Report how exact the map is, if that is known."""
        label_map = self.map
        if not label_map.label_noise:
            return
        grid_m = self.source.gsd_m / label_map.factor
        begins = f" Refinement starts on a grid of {grid_m:.2g} m." if label_map.factor < 1 else ""
        rule = f"A change is accepted if its probability exceeds that of the label by {label_map.margin:.2f}."
        if self.refiner[1].acceptance:
            rule = "Changes are accepted pixel by pixel."
        self.monitor.info(
            f"{self.parameters.coarse}: the refiner disagrees with {label_map.label_noise:.0%} of the labels along "
            f"boundaries, {label_map.margins.times(label_map.label_noise):.1f} times as many as in an exact map. "
            f"{rule}{begins}"
        )

    def draw(self, result: Result, layer: LayerOutput, rasters: Rasters) -> dict[str, Any]:
        """Write the rasters that have paths, and the layer; returns figures."""
        p, coarse = self.parameters, self.coarse
        changes = np.zeros((NODATA_CLASS, NODATA_CLASS), np.int64)
        strips = self._without_specks(result, changes)
        if path := rasters.get("OUTPUT_CLASSES"):
            card = self.refiner[1]
            made_by = {"model": card.id, "version": card.version, "backend": idgbr.__version__}
            made_by |= {"image": with_layer_names(self.source.path), "coarse": with_layer_names(p.coarse)}
            strips = writing_values(strips, path, coarse, self.grid, made_by)
        with ExitStack() as stack:
            strips = stack.enter_context(closing(result.writing_planes(strips, rasters)))
            made = draw_layer(
                result.source(strips, coarse.indexed, self._cores(stack)), layer, ids=[c.id for c in coarse.classes],
                lineage=self._lineage(coarse),
                options=VectorOptions(p.min_area, p.simplify, regularize=p.outlines),
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
            "doubt": self.map.label_noise,
        }

    def _lineage(self, coarse: CoarseMap) -> Lineage:
        """Lineage of the result; boundaries move by at most the band's width, except for small areas that disappear."""
        reach = 2 * self.map.band_width + 8
        return Lineage(
            coarse.path, reach, coarse.layer, coarse.objects_path, coarse.object_pixels, coarse.object_classes
        )

    def _without_specks(self, result: Result, changes: NDArray[np.int64]) -> Strips:
        """Strips of the refined map, without the specks that the refinement made.

        Counts in `changes` (255, 255) the pixels that went from each class to each other class.
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

    def name_categories(self, rasters: Rasters) -> None:
        """Write the names of the classes beside their raster."""
        if path := rasters.get("OUTPUT_CLASSES"):
            write_category_names(path, [*self.coarse.legend, *self.coarse.classes])

    def summary(self, figures: dict[str, Any]) -> dict[str, Any]:
        """The summary of the result, from its figures."""
        coarse = self.coarse
        pixel_m2 = self.source.gsd_m**2
        changed = sum(pixels for _, _, pixels in figures["changes"])
        return {
            "pixels": self.grid.pixels,
            "changed_pixels": changed,
            "changed_m2": round(changed * pixel_m2, 2),
            **{name: figures[name] for name in ("polygons", "moved_share", "moved_mean_m", "moved_p95_m")},
            "unclassified_pixels": coarse.unclassified_pixels,
            "gap_pixels": coarse.gap_pixels,
            "filled_pixels": coarse.filled_pixels,
            "overlap_pixels": coarse.overlap_pixels,
            "band_width": self.map.band_width,
            "gsd_m": round(self.source.gsd_m, 4),
            "doubt": self.map.label_noise,
            "changes": change_table(figures["changes"], coarse, pixel_m2),
            "classes": json.loads(classes_to_json(coarse.classes)),
        }
