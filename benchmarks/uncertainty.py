"""Whether the uncertainty of refined boundaries ranks their true errors: AUROC on the refiner's test sets.

    python benchmarks/uncertainty.py --data DATA [--only SET …] [--tiles N] [--steps N] [--samples 1 4 8]

Coarse maps are cheap ones made of the truth: what a network of stride 8 would give at best, outlines simplified to
5 px, and a shift by 2 px. They are refined and gated as the product does it. Two questions are asked of each map of
uncertainty, and of 1 − confidence as the baseline:

- band: are wrong pixels of the band more uncertain than right ones?
- edge: are pixels of the refined outline that lie more than 2 px from any true one more uncertain than the others?
  As for a polygon's field `uncertain`, the mean of the ground within 4 px is asked; the baseline gets the same mean.

An AUROC of 0.5 is a coin, 1 a perfect ranking; the table has means over tiles.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from scipy.stats import rankdata

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.refiner.methods import Choice, padded
from benchmarks.refiner.producers import POLYGONS, SHIFTED, spoiled
from benchmarks.refiner.tiles import IGNORE, Tile, choose_tiles, chosen_sets, read_set
from idgbr.engines.devices import choose_device
from idgbr.monitor import Monitor
from idgbr.polygonize.class_source import NEAR_PX
from idgbr.refiner.acceptance import best_class, boundaries, disagreement, gate, refinable
from idgbr.refiner.refiner import Refiner
from idgbr.training.damage import without_ignored

Array = NDArray[np.float32]
STRIDE = "stride 8"
PRODUCERS = (STRIDE, POLYGONS, SHIFTED)
BASELINE = "1 - confidence"
_STRIDE_PX, _DISPLACED_PX = 8, 2
#: Fewer errors (or pixels without) than this on a tile rank nothing.
_FEWEST = 20


def auroc(scores: Array, wrong: NDArray[np.bool_]) -> float:
    """Probability that a wrong pixel scores above a right one, ties counting half; nan with too few of either."""
    errors = int(np.count_nonzero(wrong))
    rest = wrong.size - errors
    if min(errors, rest) < _FEWEST:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[wrong].sum() - errors * (errors + 1) / 2) / (errors * rest))


def coarse_map(producer: str, tile: Tile) -> Array:
    """Coarse probabilities (K, H, W) of a tile."""
    if producer != STRIDE:
        return spoiled(producer, tile)
    labels = without_ignored(tile.truth)
    height, width = labels.shape
    size = (width // _STRIDE_PX, height // _STRIDE_PX)
    shares = [(labels == k).astype(np.float32) for k in range(tile.classes)]
    full = [cv2.resize(cv2.resize(s, size, interpolation=cv2.INTER_AREA), (width, height)) for s in shares]
    coarse = np.stack(full).astype(np.float32)
    return np.ascontiguousarray(coarse / coarse.sum(0))


def results(tile: Tile, coarse: Array, refiner: Refiner, counts: Sequence[int]) -> dict[str, tuple[float, float]]:
    """AUROC of band and edge by what is asked: the baseline, and the uncertainty of so many samples."""
    image = np.ascontiguousarray(np.moveaxis(tile.image, 2, 0)).astype(np.float32) / np.float32(255)
    halo = refiner.card.halo
    wide_image, wide_coarse, window = padded(image, coarse, halo)
    drawn = refiner.sample(wide_image, wide_coarse, -halo, -halo, max(counts), Monitor())
    samples = [np.ascontiguousarray(sample[window]) for sample in drawn]
    labels, certainty = best_class(coarse)
    band = refinable(labels, certainty, refiner.card.band_width)
    margin = refiner.margins.hard if (certainty == 1).all() else refiner.margins.soft
    after, confidence = gate(labels, certainty, samples[0], band, margin)
    known = tile.truth != IGNORE
    inside, edge = band & known, boundaries(after) & band & known
    true_edge = boundaries(np.where(known, tile.truth, 0).astype(np.uint8))
    distance = cv2.distanceTransform((~true_edge).astype(np.uint8), cv2.DIST_L2, 5)
    maps = {BASELINE: np.where(band, 1 - confidence, np.float32(0))}
    for count in counts:
        mean = np.mean(samples[:count], axis=0, dtype=np.float32)
        maps[f"{count} sample{'s' * (count > 1)}"] = disagreement(mean, after, band)
    side = 2 * NEAR_PX + 1
    return {
        name: (
            auroc(values[inside], (after != tile.truth)[inside]),
            auroc(cv2.blur(values, (side, side))[edge], (distance > _DISPLACED_PX)[edge]),
        )
        for name, values in maps.items()
    }


def rows(data: Path, names: Sequence[str], tiles: int, steps: int, counts: Sequence[int]) -> Iterator[str]:
    """Lines of the table, set by set, then the means over all of them."""
    folder, card = Choice().card()
    device = choose_device("cpu", Monitor())
    found: dict[tuple[str, str], dict[str, list[tuple[float, float]]]] = {}
    yield "| test set | coarse maps | ask | band | edge |\n|---|---|---|---|---|"
    for name in names:
        chosen = choose_tiles(read_set(data, name), tiles)
        if not chosen:
            continue
        refiner = Refiner(folder, card, device, gsd_m=chosen[0].gsd_m, steps=steps)
        for producer in PRODUCERS:
            began = time.monotonic()
            scores = found.setdefault((name, producer), defaultdict(list))
            for tile in chosen:
                for ask, pair in results(tile, coarse_map(producer, tile), refiner, counts).items():
                    scores[ask].append(pair)
            sys.stderr.write(f"{name}, {producer}: {time.monotonic() - began:.0f} s\n")
            for ask, pairs in scores.items():
                yield _row(name, producer, ask, pairs)
    for producer in PRODUCERS:
        for ask in next(iter(found.values()), {}):
            kept = [_means(scores[ask]) for (_, made_by), scores in found.items() if made_by == producer]
            yield _row("**mean of sets**", producer, ask, kept)


def _means(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Means of both columns over those that are known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of nothing
        band, edge = np.nanmean(np.array(pairs), axis=0)
    return float(band), float(edge)


def _row(name: str, producer: str, ask: str, pairs: Sequence[tuple[float, float]]) -> str:
    cells = ["–" if np.isnan(value) else f"{value:.3f}" for value in _means(pairs)]
    return f"| {name} | {producer} | {ask} | {' | '.join(cells)} |"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--only", nargs="*", help="only test sets that begin with one of these")
    parser.add_argument("--tiles", type=int, default=6, help="at most so many tiles a set")
    parser.add_argument("--steps", type=int, default=0, help="refinement steps (0: the refiner's default)")
    parser.add_argument("--samples", type=int, nargs="+", default=[1, 4, 8], help="numbers of samples to compare")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)
    try:
        names = chosen_sets(arguments.only)
    except ValueError as error:
        parser.error(str(error))
    for line in rows(arguments.data, names, arguments.tiles, arguments.steps, sorted(arguments.samples)):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
