"""The pass that compares both dates: where something changed, over all tiles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from idgbr.change.dates import DatePair, Window
from idgbr.change.network import ChangeModel
from idgbr.monitor import Monitor
from idgbr.raster.scores import ScoreStore
from idgbr.raster.tile_pass import tile_pass
from idgbr.raster.tiles import Span, Tile, Tiling

Array = NDArray[np.float32]


def change_pass(
    pair: DatePair, model: ChangeModel, tiling: Tiling, store: ScoreStore, monitor: Monitor, done: int = 0,
    span: Span | None = None,
) -> Iterator[int]:  # fmt: skip
    """Fill `store` with blended P(change) after its first `done` rows; yields how many rows it holds then.

    Tiles that no valid pixel lies in, or whose dates are equal, are skipped. Of a `span`, its own rows alone, see
    `idgbr.raster.tile_pass.tile_pass`.
    """

    def load(tile: Tile) -> Window:
        halo, size = tiling.halo, tiling.size
        return pair.read(tile.row - halo, tile.col - halo, size, size)

    def scores_of(_: Tile, window: Window) -> Array | None:
        possible = window.valid & ~window.equal
        if not possible.any():
            return None
        return np.where(possible, model.predict(*pair.standardized(window)), np.float32(0))[None]

    def progress(tiles: int) -> None:
        monitor.progress("compare", tiles, tiling.count)

    return tile_pass(tiling, load, scores_of, store, monitor, progress, done, span)
