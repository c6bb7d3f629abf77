"""How much the refiner doubts a drawn map, judged by itself on samples of it.

Of a bare label nobody knows how exact it is: hand-drawn outlines may follow each eave or cut every corner, and those of
a network may lie anywhere. Along boundaries that lie where the image shows them, the refiner finds the labels about as
probable as those of maps known to be exact; the farther off boundaries are, the less.
"""

from __future__ import annotations

import numpy as np

from idgbr.classes import NODATA_CLASS
from idgbr.refiner.acceptance import Labels, Mask, boundaries, grown
from idgbr.refiner.label_pass import LabelPass
from idgbr.tiling.tiles import Tile, Tiling

#: Side of a sample, px, and how many are wanted.
SAMPLE, SAMPLES = 256, 8
#: So many px from a boundary is along it, about as far as exact outlines of two people lie apart.
NEAR = 3
#: Places looked at in search of boundaries, and pixels of boundary that make one worth a sample.
_PLACES, _WORTH = 512, 64


def sample_tiling(height: int, width: int, halo: int) -> Tiling:
    """Tiles to draw samples from."""
    return Tiling(height, width, SAMPLE, halo)


def doubt(work: LabelPass, tiling: Tiling) -> float:
    """Mean probability, in 0…1, that what lies along the boundaries of a map is of another class; 0 where it has none.

    `work` is over `tiling`, of `sample_tiling`. What is sampled depends on the map alone.
    """
    found = [np.zeros(0, np.float32)]
    for tile in _samples(work, tiling):
        found.append(1 - work.support(tile)[along(work.labels(tile))])
    along_all = np.concatenate(found)
    return float(along_all.mean()) if along_all.size else 0.0


def along(labels: Labels) -> Mask:
    """Pixels near a boundary between two classes, (H, W)."""
    known: Mask = labels != NODATA_CLASS
    return grown(boundaries(labels, ignored=NODATA_CLASS), NEAR) & known


def _samples(work: LabelPass, tiling: Tiling) -> list[Tile]:
    """Tiles with the most boundary among the first that have enough, in an order that spreads them."""
    columns = -(-tiling.width // tiling.core)
    # Of a small map a part will do, so that the look takes less time than the work.
    wanted = min(SAMPLES, max(1, tiling.count // 4))
    found: list[tuple[int, Tile]] = []
    enough = 0
    for number in np.random.default_rng(0).permutation(tiling.count)[:_PLACES]:
        row, col = (int(n) * tiling.core for n in divmod(int(number), columns))
        tile = Tile(row, col, min(tiling.core, tiling.height - row), min(tiling.core, tiling.width - col))
        if edge := _boundary_px(work.labels(tile)):
            found.append((edge, tile))
            enough += edge >= _WORTH
            if enough == wanted:
                break
    return [tile for _, tile in sorted(found, key=lambda item: -item[0])[:wanted]]


def _boundary_px(labels: Labels) -> int:
    return int(np.count_nonzero(boundaries(labels, ignored=NODATA_CLASS)))
