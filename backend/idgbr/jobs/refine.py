"""The job `refine`: better boundaries for a classification that the user brings, of any classes and from any tool."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import idgbr
from idgbr.classes import NODATA_CLASS, classes_to_json
from idgbr.coarse_map import BACKGROUND_CHOICES, CoarseMap, read_coarse_map
from idgbr.errors import InputError
from idgbr.jobs.drawn_map import DrawnMap
from idgbr.jobs.fingerprint import map_fingerprint, model_fingerprint
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
from idgbr.jobs.stages import run_stage
from idgbr.models.card import ModelCard
from idgbr.models.devices import Device, choose_device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.raster.class_table import write_category_names
from idgbr.raster.grid import Grid, cut_grid
from idgbr.raster.raw_rows import ResultRows
from idgbr.raster.scores import ScoreStore
from idgbr.raster.source import RasterSource
from idgbr.raster.strips import RowReader, strips
from idgbr.raster.write import RowWriter
from idgbr.refine.refiner import Refiner
from idgbr.vector import Lineage, VectorOptions, check_vector_output, vectorize

#: Widest band, in px: three times what the network sees around a tile's core.
MAX_BAND = 96
#: Most rows of the table of changes; what is rarer is summed up.
MAX_CHANGES = 50


@dataclass(frozen=True)
class RefineParameters:
    """Parameters of `idgbr:refine`; see the algorithm's help for their meaning."""

    input: str
    coarse: str
    output: str
    class_field: str | None = None
    extent: tuple[float, float, float, float] | None = None
    extent_crs: str | None = None
    background: str = "auto"
    fill_gaps: bool = False
    band_width: int = 0
    steps: int = 0
    samples: int = 0
    min_area: float = 0.0
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
        sample_count(self.samples, self.output_uncertainty)
        if not 0 <= self.band_width <= MAX_BAND:
            raise InputError(f"band_width is {self.band_width}; give 1 to {MAX_BAND} px, or 0 for the refiner's own.")
        if self.background not in BACKGROUND_CHOICES:
            raise InputError(f"background is {self.background!r}; give {', '.join(BACKGROUND_CHOICES)}.")


def run_refine(parameters: RefineParameters, monitor: Monitor) -> dict[str, Any]:
    """Run the job, or what an earlier run left of it; returns outputs and a summary.

    Outputs appear under their names only when all is done.
    """
    output = Path(parameters.output)
    check_vector_output(output)
    rasters = requested_rasters(parameters.output_classes, parameters.output_confidence, parameters.output_uncertainty)
    with ExitStack() as stack:
        folder = stack.enter_context(JobFolder(output, rasters.values(), monitor))
        source = stack.enter_context(RasterSource(parameters.input, parameters.on_bad_block, monitor))
        grid = cut_grid(source.grid, parameters.extent, parameters.extent_crs, parameters.input)
        model, card = find_model(REFINER, "refiner")
        device = choose_device(parameters.device, monitor)
        identity = common_identity(asdict(parameters), source, grid, device) | {
            "coarse": map_fingerprint(parameters.coarse),
            "refiner": model_fingerprint(card),
            "samples": sample_count(parameters.samples, parameters.output_uncertainty),
        }
        folder.begin("refine", asdict(parameters), identity, resume=parameters.resume)
        coarse = read_coarse_map(
            parameters.coarse, parameters.class_field, parameters.background, parameters.fill_gaps, grid, folder.path,
            monitor,
        )  # fmt: skip
        run = _Run(parameters, monitor, source, grid, coarse, folder, card)
        changes = run.rasters(model, device)
        check_source(source, monitor)
        figures = drawn(folder, run.vectorize)
        written = {"OUTPUT_CONFIDENCE": run.confidence, "OUTPUT_UNCERTAINTY": run.uncertainty}
        if "OUTPUT_CLASSES" in rasters:
            written["OUTPUT_CLASSES"] = run.valued()
        publish(written, rasters, folder, monitor)
        if "OUTPUT_CLASSES" in rasters:
            write_category_names(rasters["OUTPUT_CLASSES"], [*coarse.legend, *coarse.classes])
    summary = run.summary(changes, figures) | {
        "model": card.id,
        "device": device.id,
        "seconds": round(folder.journal.elapsed_s, 2),
    }
    return {"outputs": {"OUTPUT": str(output)} | {n: str(p) for n, p in rasters.items()}, "summary": summary}


class _Run:
    """The steps of one job, and the files between them."""

    def __init__(
        self, parameters: RefineParameters, monitor: Monitor, source: RasterSource, grid: Grid, coarse: CoarseMap,
        folder: JobFolder, card: ModelCard,
    ) -> None:  # fmt: skip
        self._parameters, self._monitor, self._source = parameters, monitor, source
        self._grid, self._coarse, self._folder, self._card = grid, coarse, folder, card
        self._map = DrawnMap(
            coarse, source, grid, card, monitor, steps=parameters.steps, band_width=parameters.band_width,
            tile=parameters.tile,
        )  # fmt: skip
        self._indices = folder.path / "indices.tif"
        self.confidence, self.uncertainty = folder.path / "confidence.tif", folder.path / "uncertainty.tif"
        self._samples = sample_count(parameters.samples, parameters.output_uncertainty)
        self._shares = [self.confidence] + [self.uncertainty] * bool(self._samples)

    def rasters(self, model: Path, device: Device) -> NDArray[np.int64]:
        """Make refined indices, confidence and uncertainty, or what is missing of them.

        Returns how many pixels went from which class to which, (255, 255).
        """
        changes = np.zeros((NODATA_CLASS, NODATA_CLASS), np.int64)
        if record := self._folder.journal.last("rasters"):
            for before, after, pixels in record["changes"]:
                changes[before, after] = pixels
            self._map.weigh(record["doubt"])
            return changes
        results = self._folder.path / "result.bin"
        done = self._folder.rows_done("refine", results, ResultRows.row_bytes(self._grid.width, len(self._shares)))
        with (
            ResultRows(results, self._grid.width, done, shares=len(self._shares)) as rows,
            RowReader(self._coarse.path) as coarse,
        ):
            if done < self._grid.height:
                self._refine(model, device, coarse, rows, done)
            with RowWriter(self._indices, self._grid, "uint8", NODATA_CLASS) as indices:
                for first, labels in write_rasters(
                    rows, indices, self._shares, self._grid, self._monitor, before=coarse
                ):
                    before = coarse.read(first, first + len(labels))
                    changed = before != labels
                    np.add.at(changes, (before[changed], labels[changed]), 1)
        table = [[int(i), int(j), int(changes[i, j])] for i, j in np.argwhere(changes)]
        self._folder.journal.record(
            "rasters", 1, 1, (self._indices, *self._shares), changes=table, doubt=self._map.doubt
        )
        for path in (results, *self._folder.path.glob("sharp*.bin")):
            path.unlink()
        return changes

    def _refine(self, model: Path, device: Device, coarse: RowReader, results: ResultRows, done: int) -> None:
        """Fill `results` after its first `done` rows."""
        card, journal = self._card, self._folder.journal
        finest, coarsest = card.gsd_range_m
        if not finest <= self._source.gsd_m <= coarsest:
            self._monitor.warn(
                f"{self._source.path}: its ground sample distance is {self._source.gsd_m:.3g} m, but the refiner was "
                f"trained on {finest:g} to {coarsest:g} m; check its result with care."
            )
        refiner = Refiner(
            model, card, device, gsd_m=self._source.gsd_m, steps=self._parameters.steps, samples=self._samples
        )
        self._look(refiner, coarse)
        with ExitStack() as stack:
            sharpened, explore = self._sharpened(refiner, stack), self._samples > 1
            work = self._map.label_pass(refiner, coarse, self._map.tiling, sharpened, explore=explore)
            if done:
                work.crowded = (journal.last("refine") or {})["crowded"]
            for rows in work.rows(done):
                results.write(rows.first, rows.labels, rows.confidence, rows.uncertainty)
                last = rows.first + len(rows.labels)
                journal.record("refine", last, self._grid.height, [results.path], crowded=work.crowded)
        if work.crowded:
            self._monitor.warn(
                f"{self._parameters.coarse}: {work.crowded} of {self._map.tiling.count} tiles have more than 16 "
                "classes; the 16 commonest in each took part, the rest stayed."
            )

    def _look(self, refiner: Refiner, coarse: RowReader) -> None:
        """Find out how far the map is to be trusted, and tell of it."""
        drawn_map = self._map
        drawn_map.look(refiner, coarse)
        if not drawn_map.doubt:
            return
        grid_m = self._source.gsd_m / drawn_map.factor
        begins = f" Refinement begins on a grid of {grid_m:.2g} m." if drawn_map.factor < 1 else ""
        self._monitor.info(
            f"{self._parameters.coarse}: along its boundaries {drawn_map.doubt:.0%} of the labels are doubted, "
            f"{drawn_map.margins.times(drawn_map.doubt):.1f} times as many as of an exact map; what is to change "
            f"must be surer than the label there by {drawn_map.margin:.2f}.{begins}"
        )

    def _sharpened(self, refiner: Refiner, stack: ExitStack) -> ScoreStore | None:
        """What coarser grids make of a rough map, on the image's grid until `stack` closes; None of an exact map."""
        work = self._folder.path
        stages = self._map.sharpening(refiner, work)
        for stage in stages:
            done = self._folder.rows_done(stage.name, stage.path, stage.row_bytes)
            if done < stage.height:
                if stage is stages[0]:
                    self._map.fill(work)
                run_stage(stage, done, self._folder, self._monitor)
        return stack.enter_context(stages[-1].scores.on((self._grid.height, self._grid.width))) if stages else None

    def vectorize(self, output: Path) -> dict[str, Any]:
        """Write the polygons; returns how many, and how far boundaries moved."""
        coarse, parameters = self._coarse, self._parameters
        made = vectorize(
            self._indices,
            output,
            confidence_path=self.confidence,
            uncertainty_path=self.uncertainty if self._samples else None,
            classes=coarse.indexed,
            ids=[c.id for c in coarse.classes],
            # A boundary moves by the band's width at most, but for what a minimum area swallows.
            lineage=Lineage(
                coarse.path, 2 * self._map.band_width + 8, coarse.layer, coarse.objects_path, coarse.object_pixels
            ),
            options=VectorOptions(parameters.min_area, parameters.simplify, square=parameters.square),
            monitor=self._monitor,
            work=self._folder.path,
        )
        moved = made.moved
        assert moved is not None
        return {
            "polygons": made.polygons,
            "moved_share": round(moved.share, 4),
            "moved_mean_m": round(moved.mean_m, 4),
            "moved_p95_m": round(moved.percentile_m(95), 4),
        }

    def valued(self) -> Path:
        """Write the refined classes with the map's own values, colours and names; returns the file."""
        path, card = self._folder.path / "classes.tif", self._card
        values = [c.id for c in self._coarse.classes]
        dtype, nodata = value_type(values, self._coarse.nodata)
        table = np.full(NODATA_CLASS + 1, nodata, dtype)
        table[: len(values)] = values
        made_by = {"model": card.id, "version": card.version, "backend": idgbr.__version__}
        made_by |= {"image": self._source.path, "coarse": self._parameters.coarse}
        with RowReader(self._indices) as indices, RowWriter(path, self._grid, dtype.name, nodata) as out:
            out.describe(self._coarse.classes, self._coarse.legend)
            out.tag(IDGBR_MADE_BY=json.dumps(made_by))
            for first, last in strips(self._grid):
                self._monitor.check()
                out.write(first, table[indices.read(first, last)])
        return path

    def summary(self, changes: NDArray[np.int64], figures: dict[str, Any]) -> dict[str, Any]:
        """Figures of the result."""
        coarse = self._coarse
        pixel_m2 = self._source.gsd_m**2
        changed = int(changes.sum())
        return {
            "pixels": self._grid.height * self._grid.width,
            "changed_pixels": changed,
            "changed_m2": round(changed * pixel_m2, 2),
            **figures,
            "unclassified_pixels": coarse.unclassified_pixels,
            "gap_pixels": coarse.gap_pixels,
            "filled_pixels": coarse.filled_pixels,
            "overlap_pixels": coarse.overlap_pixels,
            "band_width": self._map.band_width,
            "gsd_m": round(self._source.gsd_m, 4),
            "doubt": self._map.doubt,
            "changes": _change_table(changes, coarse, pixel_m2),
            "classes": json.loads(classes_to_json(coarse.classes)),
        }


def value_type(values: list[int], nodata: int | None) -> tuple[np.dtype[Any], int]:
    """The smallest data type that holds `values` and a nodata value beside them, and that: `nodata` where it fits."""
    used = set(values)
    for name in ("uint8", "uint16", "int16", "uint32", "int32"):
        low, high = int(np.iinfo(name).min), int(np.iinfo(name).max)
        if low <= min(values) and max(values) <= high:
            if nodata is not None and low <= nodata <= high and nodata not in used:
                return np.dtype(name), nodata
            return np.dtype(name), next(v for v in range(high, low - 1, -1) if v not in used)
    return np.dtype("int64"), next(v for v in range(-(2**53), 2**53) if v not in used)


def _change_table(changes: NDArray[np.int64], coarse: CoarseMap, pixel_m2: float) -> list[dict[str, Any]]:
    """Pixels that went from one class to another, the commonest first."""
    before, after = np.nonzero(changes)
    order = np.argsort(-changes[before, after], kind="stable")
    rows = [
        {
            "from": coarse.classes[before[i]].name,
            "to": coarse.classes[after[i]].name,
            "from_id": coarse.classes[before[i]].id,
            "to_id": coarse.classes[after[i]].id,
            "pixels": int(changes[before[i], after[i]]),
            "area_m2": round(float(changes[before[i], after[i]] * pixel_m2), 2),
        }
        for i in order
    ]
    rest = sum(row["pixels"] for row in rows[MAX_CHANGES:])
    if rest:
        others = {"from": "others", "to": "others", "from_id": None, "to_id": None}
        rows[MAX_CHANGES:] = [{**others, "pixels": rest, "area_m2": round(rest * pixel_m2, 2)}]
    return rows
