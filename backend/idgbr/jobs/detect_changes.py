"""The job `detect-changes`: objects that appeared, disappeared or were modified between two dates."""

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
from idgbr.change.classify import CLASSES, FUSIONS, UNCHANGED, Evidence, OpenEvidence, VisibleDate, reach_px
from idgbr.change.image_pair import DatePair, check_pair
from idgbr.change.registration import Shift, estimate_shift
from idgbr.checkpoint.fingerprint import model_fingerprint, raster_fingerprint
from idgbr.classes import NODATA_CLASS, classes_to_json
from idgbr.engines.devices import Device
from idgbr.engines.network_cache import NetworkCache
from idgbr.errors import ModelError
from idgbr.exported import with_layer_names
from idgbr.jobs.staged import Rasters, run_staged
from idgbr.models.card import ChangeCard, ModelCard
from idgbr.models.change import ChangeModel
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.outlines import map_outlines
from idgbr.parameters import DetectChangesParameters
from idgbr.paths import LayerOutput
from idgbr.pipeline.change_stages import CompareStage, DecideStage, change_tiling
from idgbr.pipeline.coarse_stage import CoarseStage
from idgbr.pipeline.coarse_to_fine import can_refine, refining
from idgbr.pipeline.executor import Connect, Run
from idgbr.pipeline.outputs import REFINER, common_identity
from idgbr.pipeline.refine_stages import SharpenStage, result_stage
from idgbr.pipeline.result import Result, Strips, make_result, writing
from idgbr.pipeline.runner import in_this_process
from idgbr.pipeline.stage import AnyStage
from idgbr.polygonize import VectorOptions, draw_layer
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.warp import WarpedSource
from idgbr.raster.writer import NODATA_CONFIDENCE, RowWriter
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.normalize import ScaledSource, working_factor
from idgbr.tiling.score_store import StoredScores
from idgbr.tiling.tiles import fit_tiling

#: Rasters with pixels this many times larger than those of the model's training data are refused.
MAX_UPSAMPLING = 2.0
#: A shift below this many px of BEFORE needs no correction; from this many px of the model's grid on, it is reported.
NO_SHIFT_PX, MUCH_SHIFT_PX = 0.25, 2.0
#: How P(change) is combined, and the threshold, if the card of a change model does not set them.
FUSION, THRESHOLD = "none", 0.5
#: Parameters of places, or whose content counts instead of their value.
_NOT_IN_IDENTITY = ("before", "after", "output_probability")


def run_detect_changes(
    parameters: DetectChangesParameters, monitor: Monitor, connect: Connect = in_this_process
) -> dict[str, Any]:
    """Run the job; returns outputs and a summary. See `run_staged`."""

    def opened(work: Path, stack: ExitStack) -> Comparison:
        return Comparison.opened(parameters, work, monitor, stack)

    def make(run: Run, job: Comparison, rasters: Rasters) -> dict[str, Any]:
        return make_result(run, job.grid, job.draw, rasters)

    rasters = {"OUTPUT_PROBABILITY": parameters.output_probability}
    done = run_staged(parameters, rasters, opened, make, monitor, connect)
    figures, job = done.figures, done.job
    if not figures["polygons"]:
        monitor.info(f"There are no changes between {parameters.before} and {parameters.after}.")
    return done.result(
        {
            "pixels": figures["pixels"],
            "changed_pixels": figures["found"],
            "gsd_m": round(job.before.gsd_m, 4),
            **job.shift_figures,
            "classes": json.loads(classes_to_json(CLASSES)),
            "polygons": figures["polygons"],
            "model": job.model[1].id,
        }
    )


class Comparison:
    """Inputs of a comparison, and its stages; also on each worker of a cluster.

    `work` is the job's folder. `before` and `after` are read on one grid; `grid` is the compared part of it. `shift` is
    the measured shift of `after`, and `corrected` says whether it was corrected. The models are loaded when a stage
    first needs them, on the device of `use`.
    """

    name = "detect-changes"

    def __init__(
        self, parameters: DetectChangesParameters, work: Path, monitor: Monitor, before: RasterSource,
        after: RasterSource, grid: Grid, model: tuple[Path, ChangeCard], shift: Shift, *, corrected: bool,
    ) -> None:  # fmt: skip
        """Take the inputs. Raises ModelError if a model in the card does not exist."""
        self.parameters, self.work, self.monitor = parameters, work, monitor
        self.before, self.after, self.grid, self.model = before, after, grid, model
        self.shift, self._corrected = shift, corrected
        card = model[1]
        self._factor = change_factor(before, card)
        named = card.direction_model
        self._objects = find_model(named, "coarse") if named else None
        if self._objects and not self._background:
            raise ModelError(
                f"model {named!r}: has no background class, so it cannot find objects; name another in the card."
            )
        self._fusion = card.fusion or FUSION
        if self._fusion not in FUSIONS:
            raise ModelError(f"model {card.id!r}: fusion is {self._fusion!r}; it is one of {', '.join(FUSIONS)}.")
        self._refiner = find_model(REFINER, "refiner") if parameters.refine else None

    @staticmethod
    def opened(
        parameters: DetectChangesParameters, work: Path, monitor: Monitor, stack: ExitStack, shift: Shift | None = None
    ) -> Comparison:
        """Open the inputs until `stack` closes; reports oddities. Raises InputError or ModelError.

        Estimates the `shift` between both dates unless it is given.
        """
        p = parameters
        before = stack.enter_context(RasterSource(p.before, p.on_bad_block, monitor))
        before.tell_place(monitor)
        grid = cut_grid(before.grid, p.extent, p.extent_crs, p.before)
        model = find_model(p.model, "change")
        factor = change_factor(before, model[1])
        if shift is None:
            with WarpedSource(p.after, before.grid, (0.0, 0.0), p.on_bad_block, monitor) as as_georeferenced:
                as_georeferenced.tell_place(monitor)
                common = as_georeferenced.covered(grid)
                check_pair(before, as_georeferenced, common, model[1], monitor)
                shift = estimate_shift(DatePair(before, as_georeferenced, common, model[1], factor)).scaled(1 / factor)
            if common != grid:
                monitor.info(
                    f"{p.after} covers {common.width} × {common.height} of the {grid.width} × {grid.height} px of "
                    f"{p.before}: only these are compared."
                )
        moved = correction(shift, factor, parameters, before.gsd_m, monitor)
        after = stack.enter_context(WarpedSource(p.after, before.grid, moved, p.on_bad_block, monitor))
        return Comparison(
            parameters, work, monitor, before, after, after.covered(grid), model, shift, corrected=any(moved)
        )

    @property
    def sources(self) -> list[RasterSource]:
        """Both dates."""
        return [self.before, self.after]

    def identity(self, device: Device) -> dict[str, Any]:
        """Everything that the result depends on."""
        named = {name: value for name, value in asdict(self.parameters).items() if name not in _NOT_IN_IDENTITY}
        return common_identity(named, self.before, self.grid, device) | {
            "after": raster_fingerprint(self.after),
            "model": model_fingerprint(self.model[1]),
            "objects": model_fingerprint(self._objects[1]) if self._objects else None,
            "refiner": model_fingerprint(self._refiner[1]) if self._refiner else None,
        }

    def preparation(self) -> dict[str, Any]:
        """See `StagedJob`: the shift between the dates."""
        return {"shift": asdict(self.shift)}

    def use(self, device: Device) -> None:
        """Set the device of the models."""
        p, networks = self.parameters, NetworkCache()
        self._load_model = networks.loader(ChangeModel, *self.model, device, both_orders=p.both_orders)
        if self._objects:
            self._load_objects = networks.loader(CoarseModel, *self._objects, device)
        if self._refiner:
            gsd_m = self.before.gsd_m
            self._load_refiner = networks.loader(Refiner, *self._refiner, device, gsd_m=gsd_m, steps=p.steps)

    @property
    def shift_figures(self) -> dict[str, Any]:
        """Figures of the shift for the summary; numbers only if they are reliable."""
        shift = self.shift
        if not shift.trusted:
            return {"shift_trusted": False}
        return {
            "shift_trusted": True,
            "shift_right_px": round(shift.right, 2),
            "shift_down_px": round(shift.down, 2),
            "shift_m": round(shift.length * self.before.gsd_m, 3),
            "shift_corrected": self._corrected,
        }

    def stages(self) -> list[AnyStage]:
        """The stages in order: objects, change, kind of change, coarse-to-fine refinement, the result."""
        card, tile, grid = self.model[1], self.parameters.tile, self.grid
        pair = DatePair(self.before, self.after, grid, card, self._factor)
        tiling = change_tiling(pair.height, pair.width, card, tile)
        compare = CompareStage(self.work / "change.bin", pair, self._load_model, tiling)
        dates = self._object_stages()
        self.evidence = self._found(compare.scores, [stage.scores for stage in dates])
        threshold = self.parameters.threshold or (THRESHOLD if card.threshold is None else card.threshold)
        decide = DecideStage(self.work / "decided.bin", self.evidence, threshold, self.before.gsd_m / self._factor)
        scores, setting = decide.scores, None
        sharpening: list[SharpenStage] = []
        if self._refiner and can_refine(self.sources, self._refiner[1], "change", self.monitor):
            sharpening, setting, scores = refining(
                self._visible_at, grid, self._refiner[1], self._load_refiner, scores, self._factor, self.work,
                gsd_m=self.before.gsd_m, steps=self.parameters.steps, tile=tile,
            )  # fmt: skip
        ids = np.array([c.id for c in CLASSES], np.uint8)
        size = (grid.height, grid.width)
        result = result_stage(self.work / "result.bin", scores, size, 1, ids, self._known, setting)
        return [*dates, compare, decide, *sharpening, result]

    def _object_stages(self) -> list[CoarseStage]:
        """Stages for the objects in each date; none without an object model."""
        if self._objects is None:
            return []
        card = self._objects[1]
        factor = working_factor(self.before, card)
        stages = []
        for number, source in enumerate((self.before, self.after)):
            image = ScaledSource(source, self.grid, card, factor)
            tiling = fit_tiling(image.height, image.width, card, self.parameters.tile)
            path = self.work / f"objects{number}.bin"
            stages.append(CoarseStage(path, image, self._load_objects, tiling, len(card.classes), (number, 2)))
        return stages

    @property
    def _background(self) -> tuple[int, ...]:
        """Channels of the object model that are not objects."""
        return tuple(i for i, c in enumerate(self._objects[1].classes) if c.background) if self._objects else ()

    def _found(self, change: StoredScores, dates: list[StoredScores]) -> Evidence:
        return Evidence(change, (dates[0], dates[1]) if dates else None, self._background, self._fusion)

    def _visible_at(self, factor: float) -> VisibleDate:
        """The image for the refiner, with a number of pixels per pixel of the grid."""
        assert self._refiner is not None
        pair = DatePair(self.before, self.after, self.grid, self._refiner[1], factor)
        return VisibleDate(pair, self.evidence, reach_px(self.before.gsd_m / factor))

    def _known(self, first: int, last: int) -> NDArray[np.bool_]:
        """Where both dates have data in rows [first, last)."""
        return self.before.valid_rows(self.grid, first, last) & self.after.valid_rows(self.grid, first, last)

    def begin(self) -> None:
        """Report if both dates are resampled for the change model."""
        card, gsd = self.model[1], self.before.gsd_m
        if self._factor != 1:
            finest, coarsest = card.gsd_range_m
            self.monitor.info(
                f"Model {card.id!r} works at {finest:g} to {coarsest:g} m; both dates are resampled to "
                f"{gsd / self._factor:.3g} m for it, results return to the grid of {self.before.path}."
            )

    def draw(self, result: Result, layer: LayerOutput, rasters: Mapping[str, Path]) -> dict[str, Any]:
        """Write P(change), if it has a path, and the layer; returns figures."""
        p = self.parameters
        found = 0

        def counted(strips: Strips) -> Strips:
            nonlocal found
            for first, labels in strips:
                found += int(np.count_nonzero((labels != UNCHANGED) & (labels != NODATA_CLASS)))
                yield first, labels

        with ExitStack() as stack:
            strips = counted(result.strips())
            if path := rasters.get("OUTPUT_PROBABILITY"):
                evidence = stack.enter_context(self.evidence.on((self.grid.height, self.grid.width), 0))
                strips = writing(strips, partial(self._open_probability, path), partial(self._probability, evidence))
            stack.enter_context(closing(strips))
            made = draw_layer(
                result.source(strips, CLASSES), layer, monitor=result.monitor, work=self.work,
                options=VectorOptions(p.min_area, p.simplify, reshape=map_outlines(p.outlines, self.before.gsd_m)),
                constants=self._date_fields(layer.path),
            )  # fmt: skip
        return {"polygons": made.polygons, "pixels": result.pixels, "found": found}

    def _date_fields(self, layer: Path) -> dict[str, str]:
        """The given dates, by the names of their fields; those of a shapefile have at most ten letters."""
        names = ("date_before", "date_after")
        length = 10 if layer.suffix == ".shp" else None
        return {name[:length]: day.isoformat() for name, day in zip(names, self.parameters.days, strict=True) if day}

    def _open_probability(self, path: Path) -> RowWriter:
        card = self.model[1]
        made_by = {"model": card.id, "version": card.version, "backend": idgbr.__version__}
        made_by |= {"before": with_layer_names(self.before.path), "after": with_layer_names(self.after.path)}
        out = RowWriter(path, self.grid, "float32", NODATA_CONFIDENCE)
        out.tag(IDGBR_MADE_BY=json.dumps(made_by))
        return out

    @staticmethod
    def _probability(evidence: OpenEvidence, first: int, labels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """P(change) of the models, before threshold and refinement, where both dates are known."""
        change = evidence.change(first, first + len(labels))
        return np.where(labels != NODATA_CLASS, change, np.float32(NODATA_CONFIDENCE))


def check_dates(parameters: DetectChangesParameters) -> None:
    """Raise InputError or ModelError if two dates cannot be compared, before much is read."""
    p = parameters
    card = find_model(p.model, "change")[1]
    with RasterSource(p.before, p.on_bad_block) as before:
        change_factor(before, card)
        grid = cut_grid(before.grid, p.extent, p.extent_crs, p.before)
        with WarpedSource(p.after, before.grid, (0.0, 0.0), p.on_bad_block) as after:
            check_pair(before, after, after.covered(grid), card, Monitor())


def change_factor(before: RasterSource, card: ModelCard) -> float:
    """Working pixels per pixel of BEFORE: 1 inside the model's range of ground sample distances, or next to it."""
    return working_factor(before, card, MAX_UPSAMPLING)


def correction(
    shift: Shift, factor: float, parameters: DetectChangesParameters, gsd_m: float, monitor: Monitor
) -> tuple[float, float]:
    """Correction of AFTER in px (right, down) of BEFORE's grid; reports the shift."""
    nothing = (0.0, 0.0)
    if not shift.trusted:
        monitor.warn(
            f"{parameters.after}: its shift against {parameters.before} is unknown: {shift.problem}. Nothing is moved; "
            "check that both show the same place, and register them if the shift is large."
        )
        return nothing
    away = f"{shift.length:.1f} px ({shift.length * gsd_m:.2g} m)"
    if parameters.align and shift.length >= NO_SHIFT_PX:
        monitor.info(f"{parameters.after} is shifted by {away} against {parameters.before}; this is corrected.")
        return shift.right, shift.down
    if shift.length * factor >= MUCH_SHIFT_PX:
        monitor.warn(f"{parameters.after} is shifted by {away} against {parameters.before}; align corrects it.")
    return nothing
