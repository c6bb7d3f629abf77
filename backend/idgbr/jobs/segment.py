"""The main job: coarse segmentation, boundary refinement, class raster, polygons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import idgbr
from idgbr.checkpoint.fingerprint import layer_fingerprint, model_fingerprint
from idgbr.classes import NODATA_CLASS
from idgbr.engines.devices import Device
from idgbr.engines.network_cache import NetworkCache
from idgbr.errors import InputError
from idgbr.exported import with_layer_names
from idgbr.jobs.staged import Rasters, run_staged
from idgbr.layers.polygons import PolygonMask, find_layer
from idgbr.models.card import CoarseCard, RefinerCard
from idgbr.models.coarse import CoarseModel
from idgbr.models.object_table import ObjectTable
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.outlines import map_outlines
from idgbr.parameters import SegmentParameters
from idgbr.paths import LayerOutput
from idgbr.pipeline.coarse_stage import CoarseStage
from idgbr.pipeline.coarse_to_fine import can_refine, refining
from idgbr.pipeline.executor import Connect, Run
from idgbr.pipeline.map_objects import open_contact
from idgbr.pipeline.outputs import (
    REFINER,
    common_identity,
)
from idgbr.pipeline.refine_stages import RefineSetting, result_stage
from idgbr.pipeline.result import Result, make_result, writing
from idgbr.pipeline.runner import in_this_process
from idgbr.pipeline.stage import AnyStage
from idgbr.polygonize import Contact, Reshape, VectorOptions, draw_layer
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.writer import RowWriter
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.normalize import ScaledSource, working_factor
from idgbr.tiling.score_store import StoredScores
from idgbr.tiling.tiles import fit_tiling


def run_segment(parameters: SegmentParameters, monitor: Monitor, connect: Connect = in_this_process) -> dict[str, Any]:
    """Run the job; returns outputs and a summary. See `run_staged`."""

    def opened(work: Path, stack: ExitStack) -> Segmentation:
        return Segmentation.opened(parameters, work, monitor, stack)

    def make(run: Run, job: Segmentation, rasters: Rasters) -> dict[str, Any]:
        return make_result(run, job.grid, job.draw, rasters)

    rasters = {
        "OUTPUT_CLASSES": parameters.output_classes,
        "OUTPUT_CONFIDENCE": parameters.output_confidence,
        "OUTPUT_UNCERTAINTY": parameters.output_uncertainty,
    }
    done = run_staged(parameters, rasters, opened, make, monitor, connect)
    figures, card = done.figures, done.job.coarse[1]
    if not figures["polygons"]:
        monitor.info(f"{parameters.input} has only background; the layer is empty.")
    return done.result(
        {
            "pixels": figures["pixels"],
            "changed_pixels": figures["changed_pixels"],
            "gsd_m": round(done.job.source.gsd_m, 4),
            "classes": card.summary()["classes"],
            "polygons": figures["polygons"],
            "model": card.id,
        }
    )


class Segmentation:
    """Inputs of a segmentation, and its stages; also on each worker of a cluster.

    `work` is the job's folder. The models are loaded when a stage first needs them, on the device of `use`.
    """

    name = "segment"

    def __init__(
        self, parameters: SegmentParameters, work: Path, monitor: Monitor, source: RasterSource, grid: Grid,
        mask: PolygonMask | None, coarse: tuple[Path, CoarseCard], refiner: tuple[Path, RefinerCard] | None,
    ) -> None:  # fmt: skip
        self.parameters, self.work, self.monitor = parameters, work, monitor
        self.source, self.grid, self.coarse = source, grid, coarse
        self._mask, self._refiner = mask, refiner
        self._factor = working_factor(source, coarse[1])

    @staticmethod
    def opened(parameters: SegmentParameters, work: Path, monitor: Monitor, stack: ExitStack) -> Segmentation:
        """Open the inputs until `stack` closes. Raises InputError or ModelError if one cannot be used."""
        source = stack.enter_context(RasterSource(parameters.input, parameters.on_bad_block, monitor))
        source.tell_place(monitor)
        grid = cut_grid(source.grid, parameters.extent, parameters.extent_crs, parameters.input)
        mask = PolygonMask(parameters.mask, grid, monitor) if parameters.mask else None
        coarse = find_model(parameters.model, "coarse")
        refiner = find_model(REFINER, "refiner") if parameters.refine else None
        return Segmentation(parameters, work, monitor, source, grid, mask, coarse, refiner)

    @property
    def sources(self) -> list[RasterSource]:
        """The image."""
        return [self.source]

    def identity(self, device: Device) -> dict[str, Any]:
        """Everything that the result depends on."""
        p = self.parameters
        named = asdict(p) | {"regularize": self._outline_method}
        return common_identity(named, self.source, self.grid, device) | {
            "mask": layer_fingerprint(find_layer(p.mask)) if p.mask else None,
            "model": model_fingerprint(self.coarse[1]),
            "refiner": model_fingerprint(self._refiner[1]) if self._refiner else None,
            "samples": p.uncertainty_samples,
        }

    def preparation(self) -> dict[str, Any]:
        """See `StagedJob`: nothing."""
        return {}

    def use(self, device: Device, networks: NetworkCache | None = None) -> None:
        """Set the device of the models, and the cache that loads them."""
        p, networks = self.parameters, networks or NetworkCache()
        self._load_coarse = networks.loader(CoarseModel, *self.coarse, device, contact=self.objects is not None)
        if self._refiner:
            self._load_refiner = networks.loader(
                Refiner, *self._refiner, device, gsd_m=self.source.gsd_m, steps=p.steps, samples=self.samples
            )

    @property
    def objects(self) -> ObjectTable | None:
        """How touching objects are parted; None if they are not."""
        return self.coarse[1].objects if self.parameters.objects else None

    @property
    def samples(self) -> int:
        """Number of samples for the uncertainty, 0 if it is not requested."""
        return self.parameters.uncertainty_samples

    def stages(self) -> list[AnyStage]:
        """From the image to class rows, in order: the coarse model, the refiner on coarser grids, the result."""
        coarse = self._coarse_stage()
        if not self._refiner or not self.can_refine(self._refiner[1]):
            return [coarse, self._result_stage("result.bin", coarse.scores)]
        sharpening, setting, scores = refining(
            self._image_at, self.grid, self._refiner[1], self._load_refiner, coarse.scores, self._factor, self.work,
            gsd_m=self.source.gsd_m, steps=self.parameters.steps, tile=self.parameters.tile, explore=self.samples > 1,
        )  # fmt: skip
        return [coarse, *sharpening, self._result_stage("result.bin", scores, setting)]

    def coarse_result(self) -> AnyStage:
        """A further stage: class rows of the coarse model, without refinement."""
        return self._result_stage("coarse.bin", self._coarse_stage().scores)

    def _coarse_stage(self) -> CoarseStage:
        card = self.coarse[1]
        scaled = ScaledSource(self.source, self.grid, card, self._factor)
        tiling = fit_tiling(scaled.height, scaled.width, card, self.parameters.tile)
        return CoarseStage(
            self.work / "scores.bin", scaled, self._load_coarse, tiling, len(card.classes),
            contact=self.objects is not None,
        )  # fmt: skip

    def _result_stage(self, file: str, scores: StoredScores, setting: RefineSetting | None = None) -> AnyStage:
        ids = np.array([c.id for c in self.coarse[1].classes], np.uint8)
        size = (self.grid.height, self.grid.width)
        return result_stage(
            self.work / file, scores, size, 1 + bool(self.samples), ids, self._known, setting,
            frees=self.objects is None,  # else polygons read their contact
        )  # fmt: skip

    def _image_at(self, factor: float) -> ScaledSource:
        """The image for the refiner, with a number of pixels per pixel of the grid."""
        assert self._refiner is not None
        return ScaledSource(self.source, self.grid, self._refiner[1], factor)

    def _known(self, first: int, last: int) -> NDArray[np.bool_]:
        """Where rows [first, last) have data and are inside the mask."""
        valid = self.source.valid_rows(self.grid, first, last)
        if self._mask is not None:
            valid &= self._mask.rows(first, last)
        return valid

    def begin(self) -> None:
        """Report facts about the coarse model, and if the image is resampled for it."""
        card, gsd = self.coarse[1], self.source.gsd_m
        if card.note:
            self.monitor.info(f"Model {card.id!r} {card.note}.")
        if self._factor != 1:
            finest, coarsest = card.gsd_range_m
            self.monitor.info(
                f"Model {card.id!r} was trained on {finest:g} to {coarsest:g} m; the image ({gsd:.3g} m) is resampled "
                f"to {gsd / self._factor:.3g} m for it, results return to the image's grid."
            )

    def can_refine(self, card: RefinerCard) -> bool:
        """Whether the refiner can read the image; reports if not. Raises InputError if uncertainty is requested."""
        if self.samples and not self.source.layout.bands_for(card):
            raise InputError(
                f"{self.source.path}: {self.source.layout.missing_text(card, 'the refiner')} to estimate the "
                "uncertainty of boundaries; choose another raster, or use no samples."
            )
        return can_refine(self.sources, card, "coarse", self.monitor)

    def draw(self, result: Result, layer: LayerOutput, rasters: Mapping[str, Path]) -> dict[str, Any]:
        """Write the rasters that have paths, and the layer; returns figures."""
        p, classes = self.parameters, self.coarse[1].classes
        strips = result.strips()
        if path := rasters.get("OUTPUT_CLASSES"):
            strips = writing(strips, partial(self._open_classes, path), lambda _, labels: labels)
        with ExitStack() as stack:
            strips = stack.enter_context(closing(result.writing_planes(strips, rasters)))
            made = draw_layer(
                result.source(strips, classes, self._contact(stack)), layer, monitor=result.monitor, work=self.work,
                options=VectorOptions(p.min_area, p.simplify, reshape=self.outlines()),
            )  # fmt: skip
        return {"polygons": made.polygons, "pixels": result.pixels}

    def outlines(self) -> Reshape | None:
        """What gives polygons regular outlines; None if they stay as they are."""
        return map_outlines(self._outline_method, self.source.gsd_m)

    @property
    def _outline_method(self) -> str:
        """Method for regular outlines: the chosen one, or that of the model's card."""
        method = self.parameters.outlines
        return self.coarse[1].outlines if method == "model" else method

    def _contact(self, stack: ExitStack) -> Contact | None:
        """Where touching objects meet, open until `stack` closes; None if they are not parted."""
        table, stored = self.objects, self._coarse_stage().contact
        if table is None or stored is None:
            return None
        size, ids = (self.grid.height, self.grid.width), [c.id for c in self.coarse[1].classes]
        parted = np.isin(ids, table.classes) if table.classes else None
        return open_contact(stored, table, size, self._factor, stack, parted)

    def _open_classes(self, path: Path) -> RowWriter:
        card = self.coarse[1]
        made_by = {
            "model": card.id,
            "version": card.version,
            "backend": idgbr.__version__,
            "image": with_layer_names(self.source.path),
        }
        out = RowWriter(path, self.grid, "uint8", NODATA_CLASS)
        out.describe(card.classes)
        out.tag(IDGBR_MADE_BY=json.dumps(made_by))
        return out
