"""Change detection on real pairs that no shipped weights were trained on, beside three simpler methods.

    python -m benchmarks.change --data DATA [--model change] [--only levir xbd-loss …] [--output TABLE.md]

- `made`: pairs made of the training places, on which the threshold of each way to combine P(change) with the buildings
  of both dates is chosen (`idgbr.change.classify.FUSIONS`): the one of the best F1.
- `levir`: F1 of changed pixels on the LEVIR-CD chips, `dsifn` on those of DSIFN, whose labels are changes of any
  ground. Intervals are 95 % bootstrap intervals over the pairs. Boundary F (3 px) of the change with and without
  refinement; slivers, polygons less than 1.5 m wide on average (twice the area over the perimeter), per km².
- `xbd-loss`: F1 of lost buildings on pairs of xBD, real dates, from the later of which a third of the buildings was
  taken out.
- `xbd`: share of the area reported as lost buildings on the same pairs as they are: none of their buildings was
  destroyed (major damage is ignored). Other sun, angle and flood, and nothing to find.
- `dates`: share of the area reported as changed between two real dates of a city that no weights were trained on
  (NAIP, four years apart, sun and lean of high buildings differ). A few buildings did change there.
- `false-alarms`: share of the area reported as changed on pairs of one image with itself, in another season and sun
  and 2 px off.
- `tiles`: how far P(change) of the first xBD pair depends on the tiles.

The other methods: difference of brightness with Otsu's threshold, IR-MAD with Otsu's, and where two segmentations by
the bundled `buildings` model differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from benchmarks.change_classical import differencing, ir_mad
from benchmarks.change_sets import (
    IGNORED,
    Image,
    Pair,
    dated_pairs,
    dsifn_pairs,
    levir_pairs,
    lost_pairs,
    made_pairs,
    read,
    unchanged_pairs,
    xbd_pairs,
)
from idgbr.change.classify import APPEARED, FUSIONS, UNCHANGED, narrowest_px, reach_px
from idgbr.engines.devices import choose_device
from idgbr.evaluation.boundary import BoundaryCounts, boundary_counts
from idgbr.jobs.detect_changes import Comparison
from idgbr.monitor import Monitor
from idgbr.parameters import DetectChangesParameters
from idgbr.run import run_job

GSD_M = 0.5
GRID = Affine(GSD_M, 0, 500000, 0, -GSD_M, 3300000)
SLIVER_M = 1.5
TOLERANCE_PX = 3
RESAMPLES = 1000
#: Thresholds that are tried.
THRESHOLDS = np.arange(0.1, 0.95, 0.05).round(2)
#: What tables call the ways to combine P(change) with the buildings of both dates.
TITLES = {"none": "SCN", "evidence": "SCN × evidence", "logits": "SCN + evidence, mean of logits"}


@dataclass(frozen=True)
class Found:
    """What a method found: changed pixels (H, W), and its polygons."""

    changed: NDArray[np.bool_]
    polygons: NDArray[np.object_]


def write(path: Path, bands: Image) -> str:
    """A GeoTIFF of half a metre a pixel."""
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands), dtype=bands.dtype,
        crs="EPSG:32615", transform=GRID,
    ) as out:  # fmt: skip
        out.write(bands)
    return str(path)


def drawn(layer: Path, shape: tuple[int, int], lost: bool) -> Found:
    """The polygons of a layer, and the pixels inside; with `lost` without what appeared."""
    _, _, wkb, columns = pyogrio.raw.read(layer, columns=["class"])
    shapes = shapely.from_wkb(wkb)
    if lost:
        shapes = shapes[columns[0] != "appeared"]
    if not len(shapes):
        return Found(np.zeros(shape, bool), shapes)
    return Found(rasterio.features.rasterize(shapes, shape, transform=GRID).astype(bool), shapes)


def vectorized(changed: NDArray[np.bool_], folder: Path) -> Found:
    """A mask of changed pixels as the pipeline draws it."""
    mask = write(folder / "mask.tif", changed.astype(np.uint8)[None])
    run_job("vectorize", {"input": mask, "output": str(folder / "mask.fgb"), "min_area": 0.0}, Monitor())
    _, _, wkb, columns = pyogrio.raw.read(folder / "mask.fgb", columns=["class_id"])
    return Found(changed, shapely.from_wkb(wkb)[np.asarray(columns[0]) == 1])


class Networks:
    """What the networks found on a pair, kept to be thresholded in several ways."""

    def __init__(self, before: str, after: str, folder: Path, model: str, device: str, stack: ExitStack) -> None:
        parameters = DetectChangesParameters(before, after, str(folder / "x.gpkg"), model=model, refine=False)
        self._run = Comparison.opened(parameters, folder, Monitor(), stack)
        self._run.use(choose_device(device, Monitor()))
        for stage in self._run.stages()[:-2]:  # without what decides
            with stage.open(stage.path) as rows:
                for _ in stage.run(rows, Monitor()):
                    pass

    def classes(self, fusion: str, threshold: float) -> NDArray[np.int64]:
        """Class of `idgbr.change.classify` of each pixel, (H, W), nothing refined."""
        size = (self._run.grid.height, self._run.grid.width)
        gsd_m = self._run.before.gsd_m
        with self._run.evidence._replace(fusion=fusion).on(size, reach_px(gsd_m)) as evidence:
            found = evidence.classes(
                0, size[0], 0, size[1], threshold=threshold, narrowest=narrowest_px(gsd_m)
            )  # fmt: skip
            return np.asarray(found.argmax(0))

    def change(self, fusion: str) -> NDArray[np.float32]:
        """Combined P(change), (H, W)."""
        size = (self._run.grid.height, self._run.grid.width)
        with self._run.evidence._replace(fusion=fusion).on(size, 0) as evidence:
            return evidence.change(0, size[0])


def chosen_thresholds(data: Path, model: str, device: str) -> tuple[dict[str, float], str]:
    """The threshold of best F1 for each fusion on the made pairs, and a table."""
    counts_of = {fusion: np.zeros((len(THRESHOLDS), 4), np.int64) for fusion in FUSIONS}
    for pair in made_pairs(data):
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            before, after = write(folder / "before.tif", pair.before), write(folder / "after.tif", pair.after)
            found = Networks(before, after, folder, model, device, stack)
            for fusion, totals in counts_of.items():
                change = found.change(fusion)
                for number, threshold in enumerate(THRESHOLDS):
                    totals[number] += counts(change >= threshold, pair)
    lines = ["### made", "", "| method | threshold | F1 |", "|---|---|---|"]
    best = {}
    for fusion, totals in counts_of.items():
        scores = [f1(total) for total in totals]
        best[fusion] = float(THRESHOLDS[int(np.argmax(scores))])
        lines.append(f"| {TITLES[fusion]} | {best[fusion]:.2f} | {max(scores):.3f} |")
    return best, "\n".join(lines) + "\n"


class Methods:
    """All methods, on one pair after the other."""

    def __init__(self, model: str, device: str, thresholds: dict[str, float], *, lost: bool) -> None:
        self._model, self._device, self._thresholds, self._lost = model, device, thresholds, lost

    def run(self, pair: Pair, folder: Path) -> dict[str, Found]:
        """What each method found, by name."""
        before, after = write(folder / "before.tif", pair.before), write(folder / "after.tif", pair.after)
        shape = pair.truth.shape
        found = {}
        with ExitStack() as stack:
            networks = Networks(before, after, folder, self._model, self._device, stack)
            for fusion, threshold in self._thresholds.items():
                classes = networks.classes(fusion, threshold)
                changed = (classes != UNCHANGED) & ~(self._lost & (classes == APPEARED))
                found[TITLES[fusion]] = vectorized(changed, folder)
        for name, refine in (("as shipped, not refined", False), ("as shipped", True)):
            layer = folder / "changes.fgb"
            parameters = {"before": before, "after": after, "output": str(layer), "model": self._model,
                          "device": self._device, "refine": refine, "min_area": 0.0}  # fmt: skip
            run_job("detect-changes", parameters, Monitor())
            found[name] = drawn(layer, (shape[0], shape[1]), self._lost)
        found["differencing, Otsu"] = vectorized(differencing(pair.before, pair.after), folder)
        found["IR-MAD, Otsu"] = vectorized(ir_mad(pair.before, pair.after), folder)
        was, now = (self._buildings(image, folder) for image in (before, after))
        found["two segmentations"] = vectorized(was & ~now if self._lost else was != now, folder)
        return found

    def _buildings(self, image: str, folder: Path) -> NDArray[np.bool_]:
        classes = folder / "classes.tif"
        parameters = {"input": image, "output": str(folder / "buildings.fgb"), "output_classes": str(classes),
                      "model": "buildings", "refine": False, "min_area": 0.0, "device": self._device}  # fmt: skip
        run_job("segment", parameters, Monitor())
        return np.asarray(read(classes)[0] == 1)


def counts(changed: NDArray[np.bool_], pair: Pair) -> NDArray[np.int64]:
    """True positives, false positives, false negatives and pixels that count."""
    known, truth = pair.truth != IGNORED, pair.truth == 1
    hit = changed & known
    return np.array([(hit & truth).sum(), (hit & ~truth).sum(), (truth & known & ~hit).sum(), known.sum()])


def f1(total: NDArray[np.int64]) -> float:
    """F1 of the positive class."""
    both, wrong, missed, _ = total
    return float(2 * both / max(2 * both + wrong + missed, 1))


def area(total: NDArray[np.int64]) -> float:
    """Share of the area that is reported as changed, in per cent."""
    return float(100 * (total[0] + total[1]) / max(total[3], 1))


def with_interval(per_pair: NDArray[np.int64], score: Callable[[NDArray[np.int64]], float]) -> str:
    """A score over all pairs, and its 95 % bootstrap interval over them."""
    rng = np.random.default_rng(1)
    drawn_pairs = rng.integers(len(per_pair), size=(RESAMPLES, len(per_pair)))
    low, high = np.percentile([score(per_pair[chosen].sum(0)) for chosen in drawn_pairs], [2.5, 97.5])
    return f"{score(per_pair.sum(0)):.3f} ({low:.3f}–{high:.3f})"


def slivers(polygons: NDArray[np.object_]) -> int:
    """Polygons narrower than `SLIVER_M` on average."""
    width = 2 * shapely.area(polygons) / np.maximum(shapely.length(polygons), 1e-9)
    return int((width < SLIVER_M).sum())


def evaluate(name: str, pairs: Iterator[Pair], methods: Methods) -> str:
    """Markdown table of all methods on a set of pairs."""
    totals: dict[str, list[NDArray[np.int64]]] = {}
    narrow: dict[str, int] = {}
    edges: dict[str, BoundaryCounts] = {}
    for pair in pairs:
        with tempfile.TemporaryDirectory() as folder:
            for method, found in methods.run(pair, Path(folder)).items():
                totals.setdefault(method, []).append(counts(found.changed, pair))
                narrow[method] = narrow.get(method, 0) + slivers(found.polygons)
                edge = boundary_counts(found.changed.astype(np.uint8), pair.truth, 2, [TOLERANCE_PX])[TOLERANCE_PX]
                edges[method] = edges[method] + edge if method in edges else edge
        sys.stderr.write(f"{name} {pair.name} done\n")
    unchanged = name in UNCHANGED_SETS
    head = "changed area, %" if unchanged else f"F1 | boundary F {TOLERANCE_PX} px"
    lines = [f"### {name}", "", f"| method | {head} | slivers per km² |", "|" + "---|" * (3 if unchanged else 4)]
    for method, per_pair in totals.items():
        km2 = sum(t[3] for t in per_pair) * GSD_M**2 / 1e6
        cells = [with_interval(np.array(per_pair), area if unchanged else f1)]
        if not unchanged:
            cells.append(f"{edges[method].mean_f_score([1]):.3f}")
        lines.append(f"| {method} | " + " | ".join(cells) + f" | {narrow[method] / km2:.0f} |")
    return "\n".join(lines) + "\n"


def tile_dependence(data: Path, model: str, device: str) -> str:
    """P(change) of a pair with three sides of tiles against that of the model's own, as a table."""
    pair = next(xbd_pairs(data))
    lines = ["### tiles", "", "| side of the cores, px | largest difference | pixels on another side of 0.5, ppm |"]
    lines.append("|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before, after = write(folder / "before.tif", pair.before), write(folder / "after.tif", pair.after)
        found = {}
        for tile in (0, 128, 256, 384):
            parameters = {"before": before, "after": after, "output": str(folder / "x.fgb"), "model": model,
                          "device": device, "refine": False, "tile": tile,
                          "output_probability": str(folder / "p.tif")}  # fmt: skip
            run_job("detect-changes", parameters, Monitor())
            with rasterio.open(folder / "p.tif") as raster:
                found[tile] = raster.read(1)
    for tile in (128, 256, 384):
        other = 1e6 * ((found[tile] >= 0.5) != (found[0] >= 0.5)).mean()
        lines.append(f"| {tile} | {np.abs(found[tile] - found[0]).max():.4f} | {other:.1f} |")
    return "\n".join(lines) + "\n"


#: Sets without any change: what is found there is wrong.
UNCHANGED_SETS = ("xbd", "dates", "false-alarms")
#: Sets of pairs: how they are read, and whether only lost buildings count.
SETS: dict[str, tuple[Callable[[Path], Iterator[Pair]], bool]] = {
    "levir": (levir_pairs, False),
    "dsifn": (dsifn_pairs, False),
    "xbd-loss": (lost_pairs, True),
    "xbd": (xbd_pairs, True),
    "dates": (dated_pairs, False),
    "false-alarms": (unchanged_pairs, False),
}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--model", default="change", help="change model: an id, or a model's folder")
    parser.add_argument("--only", nargs="*", choices=["made", *SETS, "tiles"], default=["made", *SETS, "tiles"])
    parser.add_argument("--thresholds", nargs=3, type=float, help=f"of {', '.join(FUSIONS)}, if `made` is left out")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--output", type=Path, help="also write the tables to this file")
    arguments = parser.parse_args()
    tables = []
    thresholds = dict(zip(FUSIONS, arguments.thresholds or [0.5] * len(FUSIONS), strict=True))
    if "made" in arguments.only:
        thresholds, table = chosen_thresholds(arguments.data, arguments.model, arguments.device)
        tables.append(table)
    for name in (name for name in SETS if name in arguments.only):
        pairs, lost = SETS[name]
        methods = Methods(arguments.model, arguments.device, thresholds, lost=lost)
        tables.append(evaluate(name, pairs(arguments.data), methods))
    if "tiles" in arguments.only:
        tables.append(tile_dependence(arguments.data, arguments.model, arguments.device))
    text = "\n".join(tables)
    sys.stdout.write(text)
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
