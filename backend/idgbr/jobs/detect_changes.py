"""The job `detect-changes`: what appeared, disappeared or was modified between two dates, with refined boundaries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import idgbr
from idgbr.change.change_pass import CHANGE, CHANNELS, change_pass
from idgbr.change.dates import DatePair, WarpedSource, check_pair
from idgbr.change.happened import CLASSES, ChangeScores, VisibleDate
from idgbr.change.network import ChangeModel
from idgbr.change.registration import MAX_SHIFT_PX, Shift, estimate_shift
from idgbr.classes import NODATA_CLASS, classes_to_json
from idgbr.errors import InputError
from idgbr.jobs.fingerprint import model_fingerprint, raster_fingerprint
from idgbr.jobs.job_folder import JobFolder
from idgbr.jobs.outputs import REFINER, check_common, common_identity, drawn, publish, write_rasters
from idgbr.jobs.segment import working_factor
from idgbr.jobs.sharpen import reach_of
from idgbr.models.card import ModelCard
from idgbr.models.devices import Device, choose_device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.raw_rows import ResultRows, levels_of
from idgbr.raster.scores import ScoreStore
from idgbr.raster.source import RasterSource
from idgbr.raster.strips import strips
from idgbr.raster.write import NODATA_CONFIDENCE, RowWriter, check_raster_output
from idgbr.refine.gate import best_class
from idgbr.refine.refine_pass import refined_rows
from idgbr.refine.refiner import Refiner
from idgbr.segment.coarse import CoarseModel
from idgbr.segment.coarse_pass import fit_tiling
from idgbr.vector import VectorOptions, check_vector_output, vectorize

#: Rasters this many times coarser than the model's coarsest training data are refused rather than blown up.
MAX_UPSAMPLING = 2.0
#: So little a difference of ground sample distance is not worth resampling: scale varies as much within a raster.
SAME_GSD = 0.03
#: A shift below this many px of BEFORE's needs no correction; from this many of the model's on, the user is told.
NO_SHIFT_PX, MUCH_SHIFT_PX = 0.25, 2.0
#: Parameters that say where things are, or whose content counts rather than their name.
_NAMES = ("before", "after", "output_probability")
#: A model's folder and card.
Model = tuple[Path, ModelCard]


@dataclass(frozen=True)
class DetectChangesParameters:
    """Parameters of `idgbr:detectchanges`; see the algorithm's help for their meaning."""

    before: str
    after: str
    output: str
    extent: tuple[float, float, float, float] | None = None
    extent_crs: str | None = None
    model: str = "change"
    threshold: float = 0.0
    refine: bool = True
    steps: int = 0
    both_orders: bool = False
    align: bool = False
    min_area: float = 10.0
    simplify: float = 0.75
    square: bool = False
    date_before: str | None = None
    date_after: str | None = None
    device: str = "auto"
    output_probability: str | None = None
    tile: int = 0
    resume: bool = True

    def __post_init__(self) -> None:
        check_common(self.steps, self.min_area, self.simplify, self.tile)
        if not 0 <= self.threshold < 1:
            raise InputError(f"threshold is {self.threshold:g}; give a probability below 1, or 0 for the model's own.")
        first, last = (_parsed(name, getattr(self, name)) for name in ("date_before", "date_after"))
        if first and last and first >= last:
            raise InputError(f"date_before {first} is not before date_after {last}; are the two rasters swapped?")


def run_detect_changes(parameters: DetectChangesParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job, or what an earlier run left of it; returns outputs and a summary.

    Outputs appear under their names only when all is done.
    """
    output = Path(parameters.output)
    check_vector_output(output)
    rasters = {"OUTPUT_PROBABILITY": Path(parameters.output_probability)} if parameters.output_probability else {}
    for path in rasters.values():
        check_raster_output(path)
    with ExitStack() as stack:
        folder = stack.enter_context(JobFolder(output, rasters.values(), monitor))
        before = stack.enter_context(RasterSource(parameters.before, monitor=monitor))
        grid = cut_grid(before.grid, parameters.extent, parameters.extent_crs, parameters.before)
        model = find_model(parameters.model, "change")
        card = model[1]
        factor = _factor(before, card)
        with WarpedSource(parameters.after, before.grid) as as_georeferenced:
            check_pair(before, as_georeferenced, grid, card, monitor)
            shift = _shift(DatePair(before, as_georeferenced, grid, card, factor), factor)
        moved = _correction(shift, factor, parameters, before, monitor)
        after = stack.enter_context(WarpedSource(parameters.after, before.grid, moved))
        buildings = find_model(str(card.extra.get("direction_model", "buildings")), "coarse")
        refiner = find_model(REFINER, "refiner") if parameters.refine else None
        device = choose_device(parameters.device, monitor)
        named = {name: value for name, value in asdict(parameters).items() if name not in _NAMES}
        identity = common_identity(named, before, grid, device) | {
            "after": raster_fingerprint(after),
            "model": model_fingerprint(card),
            "buildings": model_fingerprint(buildings[1]),
            "refiner": model_fingerprint(refiner[1]) if refiner else None,
        }
        folder.begin("detect-changes", asdict(parameters), identity, resume=parameters.resume)
        run = _Run(parameters, monitor, before, after, grid, factor, device, folder)
        pixels = run.rasters(model, buildings, refiner)
        figures = drawn(folder, run.vectorize)
        publish({"OUTPUT_PROBABILITY": run.probability_path}, rasters, folder, monitor)
    if not figures["polygons"]:
        monitor.info(f"Nothing was found to have changed between {parameters.before} and {parameters.after}.")
    summary = {
        "pixels": pixels,
        "gsd_m": round(before.gsd_m, 4),
        **_shift_figures(shift, before.gsd_m, corrected=any(moved)),
        "classes": json.loads(classes_to_json(CLASSES)),
        **figures,
        "model": card.id,
        "device": device.id,
        "seconds": round(folder.journal.elapsed_s, 2),
    }
    return {"outputs": {"OUTPUT": str(output)} | {n: str(p) for n, p in rasters.items()}, "summary": summary}


class _Run:
    """The passes of one job, and the files between them."""

    def __init__(
        self, parameters: DetectChangesParameters, monitor: Monitor, before: RasterSource, after: RasterSource,
        grid: Grid, factor: float, device: Device, folder: JobFolder,
    ) -> None:  # fmt: skip
        self._parameters, self._monitor, self._before, self._after = parameters, monitor, before, after
        self._grid, self._factor, self._device, self._folder = grid, factor, device, folder
        self._classes = folder.path / "classes.tif"
        self._confidence = folder.path / "confidence.tif"
        self.probability_path = folder.path / "probability.tif"

    def rasters(self, model: Model, buildings: Model, refiner: Model | None) -> int:
        """Make the rasters, or what is missing of them; returns how many pixels both dates know."""
        journal, grid = self._folder.journal, self._grid
        if record := journal.last("rasters"):
            return int(record["pixels"])
        pair = DatePair(self._before, self._after, grid, model[1], self._factor)
        working, output = (pair.height, pair.width), (grid.height, grid.width)
        scores, results = self._folder.path / "scores.bin", self._folder.path / "result.bin"
        done = self._folder.rows_done("compare", scores, ScoreStore.row_bytes(CHANNELS, working))
        finished = self._folder.rows_done("refine", results, ResultRows.row_bytes(grid.width))
        with (
            ScoreStore(scores, CHANNELS, working, output, done) as store,
            ResultRows(results, grid.width, finished) as rows,
        ):
            if done < working[0]:
                self._compare(pair, model, buildings, store, done)
            if finished < grid.height:
                self._decide(model[1], refiner, store, rows, finished)
            self._write_probability(store)
            pixels = self._write(rows)
        written = (self._classes, self._confidence, self.probability_path)
        journal.record("rasters", 1, 1, written, pixels=pixels)
        scores.unlink()
        results.unlink()
        return pixels

    def _compare(self, pair: DatePair, model: Model, buildings: Model, store: ScoreStore, done: int) -> None:
        """First pass, after `done` rows of the working grid."""
        folder, card = model
        if self._factor != 1:
            self._monitor.info(
                f"Model {card.id!r} works at {card.gsd_range_m[0]:g} to {card.gsd_range_m[1]:g} m; both dates are "
                f"resampled to {self._before.gsd_m / self._factor:.3g} m for it, results return to the grid of "
                f"{self._before.path}."
            )
        network = ChangeModel(folder, card, self._device, both_orders=self._parameters.both_orders)
        segmenter = CoarseModel(*buildings, self._device)
        tiling = fit_tiling(pair.height, pair.width, card, self._parameters.tile)
        for rows in change_pass(pair, network, segmenter, tiling, store, self._monitor, done):
            self._folder.journal.record("compare", rows, pair.height, [store.path])

    def _decide(
        self, card: ModelCard, refiner: Model | None, store: ScoreStore, results: ResultRows, done: int
    ) -> None:
        """Second pass, after `done` rows: what happened, refined if there is a refiner."""
        threshold = self._parameters.threshold or float(card.extra.get("threshold", 0.5))
        scores = ChangeScores(store, (self._grid.height, self._grid.width), threshold, self._before.gsd_m)
        rows = self._refined(refiner, scores, done) if refiner else self._coarse(scores, done)
        for first, labels, confidence in rows:
            last = first + len(labels)
            known = self._before.valid_rows(self._grid, first, last) & self._after.valid_rows(self._grid, first, last)
            results.write(first, np.where(known, labels, np.uint8(NODATA_CLASS)), confidence)
            self._folder.journal.record("refine", last, self._grid.height, [results.path])

    def _coarse(self, scores: ChangeScores, done: int) -> Iterator[tuple[int, NDArray[np.uint8], NDArray[np.uint8]]]:
        for first, last in strips(self._grid):
            if first >= done:
                self._monitor.check()
                labels, certainty = best_class(scores.read(first, last))
                yield first, labels, levels_of(certainty)

    def _refined(
        self, model: Model, scores: ChangeScores, done: int
    ) -> Iterator[tuple[int, NDArray[np.uint8], NDArray[np.uint8]]]:
        folder, card = model
        grid = self._grid
        refiner = Refiner(folder, card, self._device, gsd_m=self._before.gsd_m, steps=self._parameters.steps)
        image = VisibleDate(DatePair(self._before, self._after, grid, card, 1.0), scores)
        tiling = fit_tiling(grid.height, grid.width, card, self._parameters.tile)
        band = reach_of(card.band_width, self._factor)
        origin = (grid.row0, grid.col0)
        for rows in refined_rows(image, refiner, tiling, scores, band, origin, self._monitor, done):
            yield rows.first, rows.labels, rows.confidence

    def _write(self, rows: ResultRows) -> int:
        """Write classes and confidence; returns how many pixels both dates know."""
        pixels = 0
        with RowWriter(self._classes, self._grid, "uint8", NODATA_CLASS) as classes:
            classes.describe(CLASSES)
            for _, labels in write_rasters(rows, classes, [self._confidence], self._grid, self._monitor):
                pixels += int(np.count_nonzero(labels != NODATA_CLASS))
        return pixels

    def _write_probability(self, store: ScoreStore) -> None:
        """Write P(change) as the model gave it, before threshold and refinement."""
        made_by = {"model": self._parameters.model, "backend": idgbr.__version__}
        made_by |= {"before": self._before.path, "after": self._after.path}
        with closing(RowWriter(self.probability_path, self._grid, "float32", NODATA_CONFIDENCE)) as out:
            out.tag(IDGBR_MADE_BY=json.dumps(made_by))
            for first, last in strips(self._grid):
                self._monitor.check()
                known = self._before.valid_rows(self._grid, first, last)
                known &= self._after.valid_rows(self._grid, first, last)
                change = store.read(first, last)[CHANGE]
                out.write(first, np.where(known, change, np.float32(NODATA_CONFIDENCE)))

    def vectorize(self, layer: Path) -> dict[str, Any]:
        """Write the polygons; returns how many."""
        parameters = self._parameters
        dates = {"date_before": parameters.date_before, "date_after": parameters.date_after}
        made = vectorize(
            self._classes, layer, confidence_path=self._confidence, classes=CLASSES,
            options=VectorOptions(parameters.min_area, parameters.simplify, square=parameters.square),
            constants={name: value for name, value in dates.items() if value},
            monitor=self._monitor, work=self._folder.path,
        )  # fmt: skip
        return {"polygons": made.polygons}


def _parsed(name: str, text: str | None) -> date | None:
    """An ISO date. Raises InputError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a date; write it as 2024-05-31.") from None


def _factor(before: RasterSource, card: ModelCard) -> float:
    """Working pixels per pixel of BEFORE: 1 inside the model's range of ground sample distances, or next to it."""
    factor = working_factor(before, card, MAX_UPSAMPLING)
    return factor if abs(factor - 1) > SAME_GSD else 1.0


def _shift(pair: DatePair, factor: float) -> Shift:
    """The shift between both dates in px of BEFORE's grid."""
    found = estimate_shift(pair)
    return Shift(
        found.right / factor, found.down / factor, found.spread / factor, found.blocks, found.tried, 1 / factor
    )


def _correction(
    shift: Shift, factor: float, parameters: DetectChangesParameters, before: RasterSource, monitor: Monitor
) -> tuple[float, float]:
    """By how many px (right, down) of BEFORE's grid AFTER is to be moved back; says what is known of the shift."""
    nothing = (0.0, 0.0)
    if not shift.trusted:
        monitor.warn(
            f"{parameters.after}: how far it is off {parameters.before} cannot be told: {shift.blocks} of "
            f"{shift.tried} parts show a shift, and not one and the same of up to {MAX_SHIFT_PX / factor:.0f} px. "
            "Nothing is moved; check that both show the same place, and register them if they are off by much."
        )
        return nothing
    away = f"{shift.length:.1f} px ({shift.length * before.gsd_m:.2g} m)"
    if parameters.align and shift.length >= NO_SHIFT_PX:
        monitor.info(f"{parameters.after} is {away} off {parameters.before}; it is moved back.")
        return shift.right, shift.down
    if shift.length * factor >= MUCH_SHIFT_PX:
        monitor.warn(f"{parameters.after} is {away} off {parameters.before}; let it be aligned.")
    return nothing


def _shift_figures(shift: Shift, gsd_m: float, *, corrected: bool) -> dict[str, Any]:
    """What the summary says of the shift; numbers only where they are to be trusted."""
    if not shift.trusted:
        return {"shift_trusted": False}
    return {
        "shift_trusted": True,
        "shift_right_px": round(shift.right, 2),
        "shift_down_px": round(shift.down, 2),
        "shift_m": round(shift.length * gsd_m, 3),
        "shift_corrected": corrected,
    }
