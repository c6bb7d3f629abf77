"""How far off the boundaries of a drawn map are, judged by the refiner itself on samples of the map.

Of a bare label nobody knows how exact it is: hand-drawn outlines may follow each eave or cut every corner. Where the
refiner, let to change whatever it likes, would move boundaries by no more than those of maps known to be exact, the map
is as good as the image shows; the farther it would move them, the less the map is to be trusted.
"""

from __future__ import annotations

import numpy as np

from idgbr.classes import NODATA_CLASS
from idgbr.raster.tiles import Tile, Tiling
from idgbr.refine.gate import Labels, boundaries
from idgbr.refine.label_pass import LabelPass

#: Side of a sample, px, and how many are wanted.
SAMPLE, SAMPLES = 256, 8
#: Places looked at in search of boundaries, and pixels of boundary that make one worth a sample.
_PLACES, _WORTH = 512, 64


def sample_tiling(height: int, width: int, halo: int) -> Tiling:
    """Tiles to draw samples from."""
    return Tiling(height, width, SAMPLE, halo)


def displacement(work: LabelPass, tiling: Tiling) -> float:
    """Mean displacement (px) that the refiner would give to the boundaries of a map; 0 where it has none.

    `work` is over `tiling`, of `sample_tiling`. What is sampled depends on the map alone.
    """
    changed = length = 0
    for tile in _samples(work, tiling):
        before, after = work.proposed(tile)
        changed += int(np.count_nonzero(before != after))
        length += _boundary_px(before)
    # A boundary has pixels on both of its sides.
    return changed / (length / 2) if length else 0.0


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
