"""Estimates the label noise of a given map: how many labels along boundaries the refiner disagrees with.

A bare label does not say how exact it is: digitized outlines may follow each eave or cut every corner, and those of a
network may be anywhere. If boundaries follow the image, the refiner gives the labels about the same probability as
those of maps known to be exact. The farther off the boundaries are, the lower the probability.
"""

from __future__ import annotations

import numpy as np

from idgbr.arrays import Labels, Mask
from idgbr.classes import NODATA_CLASS
from idgbr.refiner.acceptance import boundaries, dilate
from idgbr.refiner.label_pass import LabelPass
from idgbr.tiling.tiles import Tile, Tiling

#: Side of a sample, in px, and the number of samples.
SAMPLE, SAMPLES = 256, 8
#: Distance from a boundary, in px, that counts as along it: about the distance between exact outlines of two people.
NEAR = 3
#: Places searched for boundaries, and the least number of boundary pixels of a sample.
_PLACES, _WORTH = 512, 64


def sample_tiling(height: int, width: int, halo: int) -> Tiling:
    """Tiles to take samples from."""
    return Tiling(height, width, SAMPLE, halo)


def mean_label_noise(work: LabelPass, tiling: Tiling) -> float:
    """Label noise, 0 to 1: mean probability that pixels along boundaries are of another class; 0 without boundaries.

    `work` is over `tiling`, of `sample_tiling`. The choice of samples depends only on the map.
    """
    found = [np.zeros(0, np.float32)]
    for tile in _samples(work, tiling):
        found.append(1 - work.support(tile)[near_boundaries(work.labels(tile))])
    along_all = np.concatenate(found)
    return float(along_all.mean()) if along_all.size else 0.0


def near_boundaries(labels: Labels) -> Mask:
    """Pixels near a boundary between two classes, (H, W)."""
    known: Mask = labels != NODATA_CLASS
    return dilate(boundaries(labels, ignored=NODATA_CLASS), NEAR) & known


def _samples(work: LabelPass, tiling: Tiling) -> list[Tile]:
    """Tiles with most boundary pixels among the first that have enough, in an order that spreads them over the map."""
    columns = -(-tiling.width // tiling.core)
    # In a small map, part of it is enough, so that the estimate takes less time than the job.
    wanted = min(SAMPLES, max(1, tiling.count // 4))
    found: list[tuple[int, Tile]] = []
    enough = 0
    for number in np.random.default_rng(0).permutation(tiling.count)[:_PLACES]:
        row, col = (int(n) * tiling.core for n in divmod(int(number), columns))
        tile = Tile(row, col, min(tiling.core, tiling.height - row), min(tiling.core, tiling.width - col))
        if edge := int(np.count_nonzero(boundaries(work.labels(tile), ignored=NODATA_CLASS))):
            found.append((edge, tile))
            enough += edge >= _WORTH
            if enough == wanted:
                break
    return [tile for _, tile in sorted(found, key=lambda item: -item[0])[:wanted]]
