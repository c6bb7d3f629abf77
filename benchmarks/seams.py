"""Seams: whether the result depends on the tiles it was made in, and whether it is worse along their borders or edges.

    python benchmarks/seams.py [--image RASTER --truth RASTER] [--size 1024] [--model landcover] [--tiles 256 384 512]
                               [--halos 64 0] [--cut 192]

Class rasters made from tiles of several sides and halos are held against those of one single tile: the share of pixels
of another class (ppm), the largest and the 99.99th percentile difference of scores, and the pixels computed for each
pixel of the raster, which is the price of the halo. With a truth, as for the procedural scene: the error rate in all,
by how many points it is higher along the borders of cores than that of the single tile at the same pixels (a step, if
any), and the error rate within 16 px of the raster's edge. Halo 0 is each model's own.

`--cut` tells what an edge costs instead: a frame of so many pixels is cut off the raster, or taken for nodata, and what
remains is held against the same pixels of the whole raster's result, by their distance from the frame.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import Affine

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from idgbr.engines.devices import Device, choose_device
from idgbr.models.card import ModelCard
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.pipeline.coarse_stage import coarse_pass
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.refiner.acceptance import best_class
from idgbr.refiner.probability_pass import refined_rows
from idgbr.refiner.refiner import Refiner
from idgbr.scenes import CLASSES, write_scene
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import STRIDE, Tiling, fit_tiling

#: Width of the strips along core borders and raster edges whose error is counted apart, px.
NEAR_PX = 16
SEED = 11
#: Distances from an edge that are told apart, px.
DISTANCES = (0, 8, 16, 32, 64, 128, 256)
#: Value of the truth where it is not scored.
UNKNOWN = 255
Truth = NDArray[np.uint8]


@dataclass(frozen=True)
class Made:
    """Labels (H, W) and scores of one tiling: (K, H, W) of the coarse pass, (H, W) confidence of the refined one."""

    labels: NDArray[np.uint8]
    scores: NDArray[np.float32]


class Bench:
    """One raster and the models run on it."""

    def __init__(self, image: Path, model: str, device: Device, work: Path, cut: int = 0) -> None:
        """Use the raster without a frame of `cut` px."""
        self._source = RasterSource(str(image))
        full = self._source.grid
        sides = full.height - 2 * cut, full.width - 2 * cut
        self._grid = Grid(full.transform @ Affine.translation(cut, cut), full.crs, *sides, cut, cut)
        self.shape = self._grid.height, self._grid.width
        self._work = work
        folder, self.card = find_model(model, "coarse")
        refiner_folder, self.refiner_card = find_model("refiner", "refiner")
        self._coarse = CoarseModel(folder, self.card, device)
        self._refiner = Refiner(refiner_folder, self.refiner_card, device, gsd_m=self._source.gsd_m)

    def tiling(self, card: ModelCard, tile: int, halo: int) -> Tiling:
        """Tiles with cores of side `tile`; 0 is one tile for all."""
        whole = -(-max(self.shape) // STRIDE) * STRIDE
        return fit_tiling(*self.shape, replace(card, halo=halo or card.halo), tile or whole)

    def store(self, name: str) -> ScoreStore:
        """A store of coarse scores on disk."""
        return ScoreStore(self._work / name, len(self.card.classes), self.shape, self.shape)

    def coarse(self, tiling: Tiling, store: ScoreStore) -> Made:
        """The coarse pass, into `store`."""
        scaled = ScaledSource(self._source, self._grid, self.card, 1.0)
        for _ in coarse_pass(scaled, self._coarse, tiling, store, Monitor()):
            pass
        scores = store.read(0, self.shape[0])
        return Made(best_class(scores)[0], scores)

    def refined(self, tiling: Tiling, store: ScoreStore) -> Made:
        """The refined pass over the coarse scores of `store`."""
        scaled = ScaledSource(self._source, self._grid, self.refiner_card, 1.0)
        band = self.refiner_card.band_width
        rows = list(refined_rows(scaled, self._refiner, tiling, store, band, (0, 0), Monitor()))
        return Made(
            np.concatenate([r.labels for r in rows]), np.concatenate([r.confidence for r in rows]) / np.float32(255)
        )


def near(shape: tuple[int, int], core: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Pixels within `NEAR_PX` of a core border inside the raster, and of the raster's edge; (H, W) each."""
    rows, cols = np.arange(shape[0]), np.arange(shape[1])

    def border(at: NDArray[np.int64], length: int) -> NDArray[np.bool_]:
        nearest = np.round((at + 0.5) / core) * core
        return (np.abs(at + 0.5 - nearest) < NEAR_PX) & (nearest > 0) & (nearest < length)

    def edge(at: NDArray[np.int64], length: int) -> NDArray[np.bool_]:
        return (at < NEAR_PX) | (at >= length - NEAR_PX)

    outer = edge(rows, shape[0])[:, None] | edge(cols, shape[1])[None]
    return (border(rows, shape[0])[:, None] | border(cols, shape[1])[None]) & ~outer, outer


def line(name: str, tile: int, tiling: Tiling, made: Made, whole: Made, truth: Truth | None) -> str:
    """A row of the table."""
    difference = np.abs(made.scores - whole.scores)
    windows = [tiling.window(tile) for row in tiling.rows() for tile in row]
    cost = sum(box.height * box.width for box in windows) / (tiling.height * tiling.width)
    text = (
        f"{name:<8} {tile or 'single':>6} {tiling.halo:>5} {1e6 * np.mean(made.labels != whole.labels):>9.1f}"
        f" {difference.max():>9.4f} {np.quantile(difference, 0.9999):>9.4f} {cost:>6.2f}"
    )
    if truth is not None:
        wrong, alone = made.labels != truth, whole.labels != truth
        known = truth != UNKNOWN
        borders, edges = (known & part for part in near(truth.shape, tiling.core))
        step = wrong[borders].mean() - alone[borders].mean() if borders.any() else 0.0
        text += f" {100 * wrong[known].mean():>8.3f} {100 * step:>+8.3f} {100 * wrong[edges].mean():>8.3f}"
    return text


def edge_lines(image: Path, model: str, device: Device, work: Path, cut: int, truth: Truth | None) -> Iterator[str]:
    """What the raster's result loses within a frame that is cut off or nodata, by distance from it."""

    def both(image: Path, cut: int = 0) -> dict[str, NDArray[np.uint8]]:
        bench = Bench(image, model, device, work, cut)
        with bench.store("edges") as store:
            coarse = bench.coarse(bench.tiling(bench.card, 0, 0), store)
            refined = bench.refined(bench.tiling(bench.refiner_card, 0, 0), store)
        return {"coarse": coarse.labels, "refined": refined.labels}

    inner = (slice(cut, -cut), slice(cut, -cut))
    masked = work / "masked.tif"
    shutil.copyfile(image, masked)
    with rasterio.open(masked, "r+") as out:
        mask = np.zeros(out.shape, np.uint8)
        mask[inner] = 255
        out.write_mask(mask)
    whole = {name: labels[inner] for name, labels in both(image).items()}
    height, width = whole["coarse"].shape
    rows, cols = (np.minimum(np.arange(n), n - 1 - np.arange(n)) for n in (height, width))
    distance = np.minimum(rows[:, None], cols[None])
    found = {"cut off": both(image, cut), "nodata": {name: labels[inner] for name, labels in both(masked).items()}}
    for kind, results in found.items():
        for name, labels in results.items():
            for nearest, farthest in pairwise((*DISTANCES, max(height, width))):
                there = (distance >= nearest) & (distance < farthest)
                if not there.any():
                    continue
                text = f"{kind:<8} {name:<8} {nearest:>6} {100 * np.mean(labels[there] != whole[name][there]):>9.3f}"
                if truth is not None:
                    known = there & (truth[inner] != UNKNOWN)
                    right = truth[inner][known]
                    text += f" {100 * np.mean(whole[name][known] != right):>8.3f}"
                    text += f" {100 * np.mean(labels[known] != right):>8.3f}"
                yield text


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--image", type=Path, help="raster to segment; by default a procedural scene")
    parser.add_argument("--truth", type=Path, help="class raster of the model's class indices on the same grid")
    parser.add_argument("--size", type=int, default=1024, help="side of the procedural scene, pixels")
    parser.add_argument("--gsd", type=float, default=0.5, help="metres a pixel of the procedural scene")
    parser.add_argument("--model", default="landcover")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--tiles", type=int, nargs="+", default=[256, 384, 512])
    parser.add_argument("--halos", type=int, nargs="+", default=[64, 0])
    parser.add_argument("--cut", type=int, default=0, help="width of the frame that is cut off, pixels")
    parser.add_argument("--passes", nargs="+", default=["coarse", "refined", "both"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        image, truth_path = options.image, options.truth
        if image is None:
            image, truth_path = work / "scene.tif", work / "truth.tif"
            write_scene(image, options.size, options.size, gsd_m=options.gsd, seed=SEED, truth_raster=truth_path)
        truth = None
        if truth_path is not None:
            with rasterio.open(truth_path) as dataset:
                truth = dataset.read(1)
        device = choose_device(options.device, Monitor())
        bench = Bench(image, options.model, device, work)
        if truth is not None and options.image is None:
            names = [info.name for info in bench.card.classes]
            truth = np.array([names.index(c.name) if c.name in names else 0 for c in CLASSES], np.uint8)[truth]
        if options.cut:
            print(
                f"{'frame':<8} {'pass':<8} {'from':>6} {'differ %':>9}" + " whole, cut: error %" * (truth is not None)
            )
            for text in edge_lines(image, options.model, device, work, options.cut, truth):
                print(text, flush=True)
            return
        print(
            f"{'pass':<8} {'tile':>6} {'halo':>5} {'ppm':>9} {'largest':>9} {'p99.99':>9} {'cost':>6}"
            + (f" {'error %':>8} {'step':>8} {'edge %':>8}" if truth is not None else "")
        )
        with bench.store("whole") as store:
            single = bench.tiling(bench.card, 0, 0)
            coarse = bench.coarse(single, store)
            single_refined = bench.tiling(bench.refiner_card, 0, 0)
            refined = bench.refined(single_refined, store)
            print(line("coarse", 0, single, coarse, coarse, truth), flush=True)
            print(line("refined", 0, single_refined, refined, refined, truth), flush=True)
            for halo in options.halos:
                for tile in options.tiles:
                    own = bench.tiling(bench.card, tile, halo)
                    theirs = bench.tiling(bench.refiner_card, tile, halo)
                    if "coarse" in options.passes or "both" in options.passes:
                        with bench.store("tiled") as tiled:
                            print(line("coarse", tile, own, bench.coarse(own, tiled), coarse, truth), flush=True)
                            if "both" in options.passes:
                                print(
                                    line("both", tile, theirs, bench.refined(theirs, tiled), refined, truth), flush=True
                                )
                    if "refined" in options.passes:
                        print(line("refined", tile, theirs, bench.refined(theirs, store), refined, truth), flush=True)


if __name__ == "__main__":
    main()
