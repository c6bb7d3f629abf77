"""The main job: coarse segmentation, boundary refinement, class raster, polygons."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import idgbr
from idgbr.classes import NODATA_CLASS
from idgbr.errors import InputError
from idgbr.jobs.outputs import REFINER, check_common, publish_rasters, requested_rasters, stored_confidence, work_folder
from idgbr.models.card import ModelCard
from idgbr.models.devices import Device, choose_device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.masking import PolygonMask
from idgbr.raster.scores import ScoreStore
from idgbr.raster.source import RasterSource, ScaledSource
from idgbr.raster.write import NODATA_CONFIDENCE, RowWriter
from idgbr.refine.refine_pass import Rows, coarse_rows, refined_rows
from idgbr.refine.refiner import Refiner
from idgbr.segment.coarse import CoarseModel
from idgbr.segment.coarse_pass import coarse_pass, fit_tiling
from idgbr.vector import VectorOptions, check_vector_output, vectorize

#: A raster this many times coarser than the model's coarsest training data is refused rather than blown up.
MAX_UPSAMPLING = 4.0


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
    min_area: float = 4.0
    simplify: float = 0.75
    square: bool = False
    device: str = "auto"
    output_classes: str | None = None
    output_confidence: str | None = None
    tile: int = 0

    def __post_init__(self) -> None:
        check_common(self.steps, self.min_area, self.simplify, self.tile)


def run_segment(parameters: SegmentParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job; returns outputs and a summary. Outputs appear under their names only when all is done."""
    began = time.monotonic()
    output = Path(parameters.output)
    check_vector_output(output)
    rasters = requested_rasters(parameters.output_classes, parameters.output_confidence)
    with ExitStack() as stack:
        source = stack.enter_context(RasterSource(parameters.input))
        grid = cut_grid(source.grid, parameters.extent, parameters.extent_crs, parameters.input)
        mask = PolygonMask(parameters.mask, grid, monitor) if parameters.mask else None
        folder, card = find_model(parameters.model, "coarse")
        device = choose_device(parameters.device, monitor)
        work = stack.enter_context(work_folder(output.parent))
        classes_path, confidence_path = work / "classes.tif", work / "confidence.tif"
        run = _Run(parameters, monitor, source, grid, mask, device)
        with ScoreStore(
            work / "scores.bin", len(card.classes), run.working_size(card), (grid.height, grid.width)
        ) as store:
            run.coarse(folder, card, store)
            rows = run.refined(card, store) if parameters.refine else coarse_rows(store, grid.height, 512, monitor)
            summary = run.write(rows, card, classes_path, confidence_path)
        made = vectorize(
            classes_path, output, confidence_path=confidence_path, classes=card.classes,
            options=VectorOptions(parameters.min_area, parameters.simplify, square=parameters.square),
            monitor=monitor,
        )  # fmt: skip
        publish_rasters({"OUTPUT_CLASSES": classes_path, "OUTPUT_CONFIDENCE": confidence_path}, rasters, monitor)
    if not made.polygons:
        monitor.info(f"Nothing but background was found in {parameters.input}; the layer is empty.")
    summary |= {
        "polygons": made.polygons,
        "model": card.id,
        "device": device.id,
        "seconds": round(time.monotonic() - began, 2),
    }
    return {"outputs": {"OUTPUT": str(output)} | {n: str(p) for n, p in rasters.items()}, "summary": summary}


@dataclass(frozen=True)
class _Run:
    """What the passes of one job share."""

    parameters: SegmentParameters
    monitor: Monitor
    source: RasterSource
    grid: Grid
    mask: PolygonMask | None
    device: Device

    def factor(self, card: ModelCard) -> float:
        """Working pixels per source pixel: 1 inside the card's ground sample distance range."""
        finest, coarsest = card.gsd_range_m
        gsd = self.source.gsd_m
        if gsd > coarsest * MAX_UPSAMPLING:
            raise InputError(
                f"{self.source.path}: its ground sample distance is {gsd:.3g} m, but model {card.id!r} was trained on "
                f"{finest:g} to {coarsest:g} m; choose a finer raster or another model."
            )
        return gsd / min(max(gsd, finest), coarsest)

    def working_size(self, card: ModelCard) -> tuple[int, int]:
        """Height and width of the working grid."""
        factor = self.factor(card)
        return max(1, round(self.grid.height * factor)), max(1, round(self.grid.width * factor))

    def coarse(self, folder: Path, card: ModelCard, store: ScoreStore) -> None:
        """First pass."""
        factor = self.factor(card)
        if factor != 1:
            finest, coarsest = card.gsd_range_m
            self.monitor.info(
                f"Model {card.id!r} was trained on {finest:g} to {coarsest:g} m; the image ({self.source.gsd_m:.3g} m) "
                f"is resampled to {self.source.gsd_m / factor:.3g} m for it, results return to the image's grid."
            )
        scaled = ScaledSource(self.source, self.grid, card, factor)
        tiling = fit_tiling(scaled.height, scaled.width, card, self.parameters.tile)
        coarse_pass(scaled, CoarseModel(folder, card, self.device), tiling, store, self.monitor)

    def refined(self, coarse_card: ModelCard, store: ScoreStore) -> Iterator[Rows]:
        """Second pass, on the output grid."""
        folder, card = find_model(REFINER, "refiner")
        refiner = Refiner(folder, card, self.device, steps=self.parameters.steps)
        if len(self.source.bands) < card.bands:
            self.monitor.warn(
                f"{self.source.path} has {len(self.source.bands)} band(s), the refiner needs {card.bands}: boundaries "
                "stay as the coarse model drew them."
            )
            return coarse_rows(store, self.grid.height, 512, self.monitor)
        scaled = ScaledSource(self.source, self.grid, card, 1.0)
        tiling = fit_tiling(self.grid.height, self.grid.width, card, self.parameters.tile)
        # Where the coarse model worked on a coarser grid, its boundaries are off by so many more pixels.
        factor = min(1.0, self.factor(coarse_card))
        band = min(round(int(card.extra.get("band_width", 8)) / factor), 3 * card.halo)
        origin = (self.grid.row0, self.grid.col0)
        return refined_rows(scaled, refiner, tiling, store, band, origin, self.monitor)

    def write(self, rows: Iterator[Rows], card: ModelCard, classes_path: Path, confidence_path: Path) -> dict[str, Any]:
        """Write class and confidence rasters; returns pixel counts."""
        ids = np.array([c.id for c in card.classes], np.uint8)
        pixels = changed = 0
        made_by = {"model": card.id, "version": card.version, "backend": idgbr.__version__, "image": self.source.path}
        with (
            RowWriter(classes_path, self.grid, "uint8", NODATA_CLASS) as classes,
            RowWriter(confidence_path, self.grid, "float32", NODATA_CONFIDENCE) as confidence,
        ):
            classes.describe(card.classes)
            classes.tag(IDGBR_MADE_BY=json.dumps(made_by))
            for first, labels, surest, moved in rows:
                count = len(labels)
                valid = self.source.valid_rows(self.grid, first, first + count)
                if self.mask is not None:
                    valid &= self.mask.rows(first, first + count)
                classes.write(first, np.where(valid, ids[labels], np.uint8(NODATA_CLASS)))
                confidence.write(first, stored_confidence(surest, valid))
                pixels += int(valid.sum())
                changed += moved
        return {
            "pixels": pixels,
            "changed_pixels": changed,
            "gsd_m": round(self.source.gsd_m, 4),
            "classes": card.summary()["classes"],
        }
