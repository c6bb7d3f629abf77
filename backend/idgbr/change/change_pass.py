"""First pass of a job: where something changed, and where each date has a building, over all tiles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from idgbr.change.dates import DatePair, Window
from idgbr.change.network import ChangeModel
from idgbr.monitor import Monitor
from idgbr.raster.prefetch import prefetched
from idgbr.raster.scores import ScoreStore
from idgbr.raster.tiles import Blender, Tile, Tiling
from idgbr.segment.coarse import CoarseModel

Array = NDArray[np.float32]

#: Channels of the score store: P(change), and P(building) of each date.
CHANGE, BUILDING_BEFORE, BUILDING_AFTER = range(3)
CHANNELS = 3
#: Below this probability of change nobody asks what a tile showed before and after.
IDLE = 0.05


def change_pass(
    pair: DatePair, model: ChangeModel, buildings: CoarseModel, tiling: Tiling, store: ScoreStore, monitor: Monitor,
    done: int = 0,
) -> Iterator[int]:  # fmt: skip
    """Fill `store` with blended scores after its first `done` rows; yields how many rows it holds then.

    Tiles that no valid pixel lies in, or whose dates are equal, are skipped.
    """
    start = tiling.start_after(done)
    blender = Blender(tiling, CHANNELS)

    def load(tile: Tile) -> Window:
        halo, size = tiling.halo, tiling.size
        return pair.read(tile.row - halo, tile.col - halo, size, size)

    tiles = chain.from_iterable(tiling.rows(start))
    first_tile = tiling.count - tiling.count_from(start) + 1
    for count, (tile, window) in enumerate(prefetched(tiles, load), start=first_tile):
        monitor.check()
        part = blender.add(tile, pair_scores(pair, window, model, buildings))
        if part.row >= done:
            store.write(*part)
            if tile.col + tile.width == tiling.width:
                yield blender.final_row(tile)
        monitor.progress("compare", count, tiling.count)


def pair_scores(pair: DatePair, window: Window, model: ChangeModel, buildings: CoarseModel) -> Array | None:
    """Scores (3, S, S) of a tile; None for zeros."""
    possible = window.valid & ~window.equal
    if not possible.any():
        return None
    scores = np.zeros((CHANNELS, *possible.shape), np.float32)
    scores[CHANGE] = np.where(possible, model.predict(*pair.standardized(window)), np.float32(0))
    if scores[CHANGE].max() > IDLE:
        scores[BUILDING_BEFORE] = buildings.predict(window.before)[1]
        scores[BUILDING_AFTER] = buildings.predict(window.after)[1]
    return scores
