"""The main job: coarse segmentation, boundary refinement, class raster, polygons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import idgbr
from idgbr.classes import NODATA_CLASS
from idgbr.errors import InputError
from idgbr.jobs.fingerprint import layer_fingerprint, model_fingerprint
from idgbr.jobs.job_folder import JobFolder
from idgbr.jobs.outputs import (
    REFINER,
    check_common,
    check_source,
    common_identity,
    drawn,
    publish,
    requested_rasters,
    sample_count,
    write_rasters,
)
from idgbr.jobs.sharpen import sharpen
from idgbr.models.card import ModelCard
from idgbr.models.devices import Device, choose_device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.masking import PolygonMask
from idgbr.raster.polygons import find_layer
from idgbr.raster.raw_rows import ResultRows
from idgbr.raster.scores import ScoreStore
from idgbr.raster.source import RasterSource, ScaledSource
from idgbr.raster.write import RowWriter
from idgbr.refine.refine_pass import Rows, coarse_rows, refined_rows
from idgbr.refine.refiner import Refiner
from idgbr.segment.coarse import CoarseModel
from idgbr.segment.coarse_pass import coarse_pass, fit_tiling
from idgbr.vector import VectorOptions, check_vector_output, vectorize

#: A raster this many times coarser than the model's coarsest training data is refused rather than blown up.
MAX_UPSAMPLING = 4.0
#: A model's folder and card.
Model = tuple[Path, ModelCard]


@dataclass(frozen=True)
class SegmentParameters:
    """Parameters of `idgbr:segment`; see the algorithm's help for their meaning."""

    input: str
    output: str
    extent: tuple[float, float, float, float] | None = None
    extent_crs: str | None = None
    mask: str | None = None
    model: str = "buildings"
    refine: bool = True
    steps: int = 0
    samples: int = 0
    min_area: float = 4.0
    simplify: float = 0.75
    square: bool = False
    device: str = "auto"
    output_classes: str | None = None
    output_confidence: str | None = None
    output_uncertainty: str | None = None
    tile: int = 0
    on_bad_block: str = "stop"
    resume: bool = True

    def __post_init__(self) -> None:
        check_common(self.steps, self.min_area, self.simplify, self.tile)
        if self.uncertainty_samples and not self.refine:
            raise InputError("samples tell how uncertain refined boundaries are; switch the refinement on for them.")

    @property
    def uncertainty_samples(self) -> int:
        """Samples that tell the uncertainty, 0 if it is not wanted."""
        return sample_count(self.samples, self.output_uncertainty)


def run_segment(parameters: SegmentParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job, or what an earlier run left of it; returns outputs and a summary.

    Outputs appear under their names only when all is done.
    """
    output = Path(parameters.output)
    check_vector_output(output)
    rasters = requested_rasters(parameters.output_classes, parameters.output_confidence, parameters.output_uncertainty)
    with ExitStack() as stack:
        folder = stack.enter_context(JobFolder(output, rasters.values(), monitor))
        source = stack.enter_context(RasterSource(parameters.input, parameters.on_bad_block))
        grid = cut_grid(source.grid, parameters.extent, parameters.extent_crs, parameters.input)
        mask = PolygonMask(parameters.mask, grid, monitor) if parameters.mask else None
        coarse = find_model(parameters.model, "coarse")
        refiner = find_model(REFINER, "refiner") if parameters.refine else None
        device = choose_device(parameters.device, monitor)
        card = coarse[1]
        identity = common_identity(asdict(parameters), source, grid, device) | {
            "mask": layer_fingerprint(find_layer(parameters.mask)) if parameters.mask else None,
            "model": model_fingerprint(card),
            "refiner": model_fingerprint(refiner[1]) if refiner else None,
            "samples": parameters.uncertainty_samples,
        }
        folder.begin("segment", asdict(parameters), identity, resume=parameters.resume)
        run = _Run(parameters, monitor, source, grid, mask, device, folder)
        counts = run.rasters(coarse, refiner)
        check_source(source, monitor)

        def draw(layer: Path) -> dict[str, Any]:
            made = vectorize(
                run.classes_path, layer, confidence_path=run.confidence_path,
                uncertainty_path=run.uncertainty_path if run.samples else None, classes=card.classes,
                options=VectorOptions(parameters.min_area, parameters.simplify, square=parameters.square),
                monitor=monitor, work=folder.path,
            )  # fmt: skip
            return {"polygons": made.polygons}

        figures = drawn(folder, draw)
        made = {"OUTPUT_CLASSES": run.classes_path, "OUTPUT_CONFIDENCE": run.confidence_path}
        made["OUTPUT_UNCERTAINTY"] = run.uncertainty_path
        publish(made, rasters, folder, monitor)
    if not figures["polygons"]:
        monitor.info(f"Nothing but background was found in {parameters.input}; the layer is empty.")
    summary = {
        **counts,
        "gsd_m": round(source.gsd_m, 4),
        "classes": card.summary()["classes"],
        **figures,
        "model": card.id,
        "device": device.id,
        "seconds": round(folder.journal.elapsed_s, 2),
    }
    return {"outputs": {"OUTPUT": str(output)} | {n: str(p) for n, p in rasters.items()}, "summary": summary}


def working_factor(source: RasterSource, card: ModelCard) -> float:
    """Working pixels per source pixel: 1 inside the card's ground sample distance range. Raises InputError."""
    finest, coarsest = card.gsd_range_m
    gsd = source.gsd_m
    if gsd > coarsest * MAX_UPSAMPLING:
        raise InputError(
            f"{source.path}: its ground sample distance is {gsd:.3g} m, but model {card.id!r} was trained on "
            f"{finest:g} to {coarsest:g} m; choose a finer raster or another model."
        )
    return gsd / min(max(gsd, finest), coarsest)


@dataclass(frozen=True)
class _Run:
    """What the passes of one job share."""

    parameters: SegmentParameters
    monitor: Monitor
    source: RasterSource
    grid: Grid
    mask: PolygonMask | None
    device: Device
    folder: JobFolder

    @property
    def classes_path(self) -> Path:
        """Class raster, until it is published."""
        return self.folder.path / "classes.tif"

    @property
    def confidence_path(self) -> Path:
        """Confidence raster, until it is published."""
        return self.folder.path / "confidence.tif"

    @property
    def uncertainty_path(self) -> Path:
        """Raster of the boundaries' uncertainty, until it is published."""
        return self.folder.path / "uncertainty.tif"

    @property
    def samples(self) -> int:
        """Samples that tell the uncertainty, 0 if it is not wanted."""
        return self.parameters.uncertainty_samples

    @property
    def share_paths(self) -> list[Path]:
        """Confidence raster, and that of the uncertainty if it is wanted."""
        return [self.confidence_path] + [self.uncertainty_path] * bool(self.samples)

    def rasters(self, coarse: Model, refiner: Model | None) -> dict[str, int]:
        """Make the rasters, or what is missing of them; returns pixel counts."""
        card, journal = coarse[1], self.folder.journal
        if record := journal.last("rasters"):
            return {"pixels": record["pixels"], "changed_pixels": record["changed"]}
        scores, results = self.folder.path / "scores.bin", self.folder.path / "result.bin"
        shares = len(self.share_paths)
        working, output = self.working_size(card), (self.grid.height, self.grid.width)
        done = self.folder.rows_done("segment", scores, ScoreStore.row_bytes(len(card.classes), working))
        finished = self.folder.rows_done("refine", results, ResultRows.row_bytes(self.grid.width, shares))
        with (
            ScoreStore(scores, len(card.classes), working, output, done) as store,
            ResultRows(results, self.grid.width, finished, shares=shares) as rows,
        ):
            if done < working[0]:
                self.coarse(coarse, store, done)
            if finished < self.grid.height:
                self.finish(coarse, refiner, store, rows, finished)
            pixels = self.write(rows, card)
        changed = (journal.last("refine") or {})["changed"]
        written = (self.classes_path, *self.share_paths)
        journal.record("rasters", 1, 1, written, pixels=pixels, changed=changed)
        for path in (scores, results, *self.folder.path.glob("sharp*.bin")):
            path.unlink()
        return {"pixels": pixels, "changed_pixels": changed}

    def working_size(self, card: ModelCard) -> tuple[int, int]:
        """Height and width of the working grid."""
        factor = working_factor(self.source, card)
        return max(1, round(self.grid.height * factor)), max(1, round(self.grid.width * factor))

    def coarse(self, model: Model, store: ScoreStore, done: int) -> None:
        """First pass, after `done` rows of the working grid."""
        folder, card = model
        factor = working_factor(self.source, card)
        if factor != 1:
            finest, coarsest = card.gsd_range_m
            self.monitor.info(
                f"Model {card.id!r} was trained on {finest:g} to {coarsest:g} m; the image ({self.source.gsd_m:.3g} m) "
                f"is resampled to {self.source.gsd_m / factor:.3g} m for it, results return to the image's grid."
            )
        scaled = ScaledSource(self.source, self.grid, card, factor)
        tiling = fit_tiling(scaled.height, scaled.width, card, self.parameters.tile)
        network = CoarseModel(folder, card, self.device)
        for rows in coarse_pass(scaled, network, tiling, store, self.monitor, done):
            self.folder.journal.record("segment", rows, scaled.height, [store.path])

    def finish(self, coarse: Model, refiner: Model | None, store: ScoreStore, results: ResultRows, done: int) -> None:
        """Second pass, after `done` rows: refined if there is a refiner, masked."""
        card, journal = coarse[1], self.folder.journal
        ids = np.array([c.id for c in card.classes], np.uint8)
        changed = (journal.last("refine") or {"changed": 0})["changed"] if done else 0
        with ExitStack() as stack:
            if refiner and self.can_refine(refiner[1]):
                rows = self.refined(card, refiner, store, stack, done)
            else:
                rows = coarse_rows(store, self.grid.height, 512, self.monitor, done)
            for first, labels, surest, uncertain, moved in rows:
                last = first + len(labels)
                valid = self.source.valid_rows(self.grid, first, last)
                if self.mask is not None:
                    valid &= self.mask.rows(first, last)
                results.write(first, np.where(valid, ids[labels], np.uint8(NODATA_CLASS)), surest, uncertain)
                changed += moved
                journal.record("refine", last, self.grid.height, [results.path], changed=changed)

    def can_refine(self, card: ModelCard) -> bool:
        """Whether the refiner can read the image; says so if not. Raises InputError if its uncertainty is wanted."""
        if len(self.source.bands) >= card.bands:
            return True
        lacking = f"{self.source.path} has {len(self.source.bands)} band(s), the refiner needs {card.bands}"
        if self.samples:
            raise InputError(
                f"{lacking} to tell how uncertain boundaries are; choose another raster, or do without samples."
            )
        self.monitor.warn(f"{lacking}: boundaries stay as the coarse model drew them.")
        return False

    def refined(
        self, coarse_card: ModelCard, model: Model, store: ScoreStore, stack: ExitStack, done: int
    ) -> Iterator[Rows]:
        """Refined rows on the output grid after the first `done`; what they need is open until `stack` closes."""
        folder, card = model
        refiner = Refiner(
            folder, card, self.device, gsd_m=self.source.gsd_m, steps=self.parameters.steps, samples=self.samples
        )
        tile = self.parameters.tile
        found = sharpen(
            self.source, self.grid, refiner, store, working_factor(self.source, coarse_card), self.folder.path, stack,
            self.monitor, tile=tile, folder=self.folder,
        )  # fmt: skip
        return refined_rows(
            ScaledSource(self.source, self.grid, card, 1.0), refiner,
            fit_tiling(self.grid.height, self.grid.width, card, tile), found.scores, found.band_width,
            (self.grid.row0, self.grid.col0), self.monitor, done, explore=self.samples > 1, drawn=found.drawn,
        )  # fmt: skip

    def write(self, rows: ResultRows, card: ModelCard) -> int:
        """Write the rasters; returns how many pixels have a class."""
        made_by = {"model": card.id, "version": card.version, "backend": idgbr.__version__, "image": self.source.path}
        pixels = 0
        with RowWriter(self.classes_path, self.grid, "uint8", NODATA_CLASS) as classes:
            classes.describe(card.classes)
            classes.tag(IDGBR_MADE_BY=json.dumps(made_by))
            for _, labels in write_rasters(rows, classes, self.share_paths, self.grid, self.monitor):
                pixels += int(np.count_nonzero(labels != NODATA_CLASS))
        return pixels
