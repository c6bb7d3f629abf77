"""Change detection on real pairs that no shipped weights were trained on, beside three simpler methods.

    python -m benchmarks.change --data DATA [--model change] [--only levir xbd false-alarms] [--output TABLE.md]

- `levir`: F1 of changed pixels on the LEVIR-CD chips; `xbd`: F1 of lost buildings (destroyed; major damage is ignored)
  on the xBD pairs. Intervals are 95 % bootstrap intervals over the pairs. Boundary F (3 px) of the change with and
  without refinement; slivers, polygons less than 1.5 m wide on average (twice the area over the perimeter), per km².
- `false-alarms`: share of the area reported as changed on pairs of one image with itself, in another season and sun
  and 2 px off.

The other methods: difference of brightness with Otsu's threshold, IR-MAD with Otsu's, and where two segmentations by
the bundled `buildings` model differ.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
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
from idgbr.evaluation.boundary import BoundaryCounts, boundary_counts
from idgbr.jobs import run_job
from idgbr.monitor import Monitor

GSD_M = 0.5
GRID = Affine(GSD_M, 0, 500000, 0, -GSD_M, 3300000)
SLIVER_M = 1.5
TOLERANCE_PX = 3
RESAMPLES = 1000
IGNORED = 255
DESTROYED, MAJOR = 4, 3
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Pair:
    """Two dates (3, H, W) uint8 and what changed: 1, 0, or `IGNORED` (H, W)."""

    name: str
    before: Image
    after: Image
    truth: NDArray[np.uint8]


@dataclass(frozen=True)
class Found:
    """What a method found: changed pixels (H, W), and its polygons."""

    changed: NDArray[np.bool_]
    polygons: NDArray[np.object_]


def read(path: Path) -> Image:
    """Bands of an image."""
    with rasterio.open(path) as source:
        bands: Image = source.read()
    return bands


def levir_pairs(data: Path) -> Iterator[Pair]:
    """LEVIR-CD chips: buildings that appeared or disappeared."""
    folder = data / "change_levir_dsifn_samples"
    for stem in json.loads((data / "splits.json").read_text())[folder.name]["test"]:
        if stem.startswith("levir"):
            before, after, label = (read(folder / part / f"{stem}.png") for part in ("A", "B", "label"))
            yield Pair(stem, before[:3], after[:3], (label[0] > 0).astype(np.uint8))


def xbd_pairs(data: Path) -> Iterator[Pair]:
    """Pairs of xBD: buildings that a disaster destroyed."""
    folder = data / "change_xbd_idabd_disaster"
    for stem in json.loads((data / "splits.json").read_text())[folder.name]["test"]:
        damage = read(folder / "masks_damage_post" / f"{stem}.png")[0]
        truth = np.where(damage == MAJOR, IGNORED, damage == DESTROYED).astype(np.uint8)
        before, after = (read(folder / part / f"{stem}.jpg") for part in ("pre", "post"))
        yield Pair(stem, before, after, truth)


def unchanged_pairs(data: Path) -> Iterator[Pair]:
    """Real images beside themselves in another season and sun, 2 px off."""
    from idgbr.training.change_pairs import relit
    from idgbr.training.sampling import degrade

    for pair in (*levir_pairs(data), *list(xbd_pairs(data))[:3]):
        rng = np.random.default_rng(len(pair.name) + int(pair.before.sum()) % 1000)
        image = np.moveaxis(pair.before, 0, 2)
        angle = rng.uniform(0, 2 * np.pi)
        down, right = np.rint(2 * np.array([np.sin(angle), np.cos(angle)])).astype(int)
        other = degrade(relit(np.roll(image, (down, right), (0, 1)), rng), rng)
        truth = np.zeros(image.shape[:2], np.uint8)
        truth[:3] = truth[-3:] = truth[:, :3] = truth[:, -3:] = IGNORED  # where the shift wraps around
        yield Pair(pair.name, pair.before, np.moveaxis(other, 2, 0), truth)


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


class Methods:
    """All methods, on one pair after the other."""

    def __init__(self, model: str, device: str, *, lost: bool) -> None:
        self._model, self._device, self._lost = model, device, lost

    def run(self, pair: Pair, folder: Path) -> dict[str, Found]:
        """What each method found, by name."""
        before, after = write(folder / "before.tif", pair.before), write(folder / "after.tif", pair.after)
        shape = pair.truth.shape
        found = {}
        for name, refine in (("SCN", False), ("SCN, refined", True)):
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


def counts(found: Found, pair: Pair) -> NDArray[np.int64]:
    """True positives, false positives, false negatives and pixels that count."""
    known, truth = pair.truth != IGNORED, pair.truth == 1
    hit = found.changed & known
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
                totals.setdefault(method, []).append(counts(found, pair))
                narrow[method] = narrow.get(method, 0) + slivers(found.polygons)
                edge = boundary_counts(found.changed.astype(np.uint8), pair.truth, 2, [TOLERANCE_PX])[TOLERANCE_PX]
                edges[method] = edges[method] + edge if method in edges else edge
        sys.stderr.write(f"{name} {pair.name} done\n")
    unchanged = name == "false-alarms"
    head = "changed area, %" if unchanged else f"F1 | boundary F {TOLERANCE_PX} px"
    lines = [f"### {name}", "", f"| method | {head} | slivers per km² |", "|" + "---|" * (3 if unchanged else 4)]
    for method, per_pair in totals.items():
        km2 = sum(t[3] for t in per_pair) * GSD_M**2 / 1e6
        cells = [with_interval(np.array(per_pair), area if unchanged else f1)]
        if not unchanged:
            cells.append(f"{edges[method].mean_f_score([1]):.3f}")
        lines.append(f"| {method} | " + " | ".join(cells) + f" | {narrow[method] / km2:.0f} |")
    return "\n".join(lines) + "\n"


#: Sets of pairs: how they are read, and whether only lost buildings count.
SETS: dict[str, tuple[Callable[[Path], Iterator[Pair]], bool]] = {
    "levir": (levir_pairs, False),
    "xbd": (xbd_pairs, True),
    "false-alarms": (unchanged_pairs, False),
}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--model", default="change", help="change model: an id, or a model's folder")
    parser.add_argument("--only", nargs="*", choices=list(SETS), default=list(SETS))
    parser.add_argument("--device", default="auto")
    parser.add_argument("--output", type=Path, help="also write the tables to this file")
    arguments = parser.parse_args()
    tables = []
    for name in arguments.only:
        pairs, lost = SETS[name]
        tables.append(evaluate(name, pairs(arguments.data), Methods(arguments.model, arguments.device, lost=lost)))
    text = "\n".join(tables)
    sys.stdout.write(text)
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
