"""The pass that compares both dates: where something changed, over all tiles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from idgbr.change.image_pair import DatePair, Window
from idgbr.models.card import ModelCard
from idgbr.models.change import ChangeModel
from idgbr.monitor import Monitor
from idgbr.tiling.inference import tile_pass
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Span, Tile, Tiling, fit_tiling

Array = NDArray[np.float32]
#: Sides of what the change network sees are multiples of this, and so are its places in the raster.
STRIDE = 16


def change_tiling(height: int, width: int, card: ModelCard, tile: int = 0) -> Tiling:
    """As `fit_tiling`; an area that fits into one tile, which is cut off at its edges and needs no halo, is one."""
    if not tile and not card.extra.get("fixed_tile") and max(height, width) <= card.tile:
        return Tiling(height, width, -(-max(height, width) // STRIDE) * STRIDE, card.halo)
    return fit_tiling(height, width, card, tile)


def change_pass(
    pair: DatePair, model: ChangeModel, tiling: Tiling, store: ScoreStore, monitor: Monitor, done: int = 0,
    span: Span | None = None,
) -> Iterator[int]:  # fmt: skip
    """Fill `store` with blended P(change) after its first `done` rows; yields how many rows it holds then.

    Tiles that no valid pixel lies in, or whose dates are equal, are skipped. At the edges of the area tiles are cut
    off, unless the model takes one side only: what is mirrored there tells nothing and takes time, of a small area
    most. Of a `span`, its own rows alone, see `idgbr.tiling.inference.tile_pass`.
    """
    fixed = bool(model.card.extra.get("fixed_tile"))

    def load(tile: Tile) -> Window:
        halo, size = tiling.halo, tiling.size
        return pair.read(tile.row - halo, tile.col - halo, size, size)

    def scores_of(tile: Tile, window: Window) -> Array | None:
        possible = window.valid & ~window.equal
        if not possible.any():
            return None
        rows = cols = slice(None)
        if not fixed:
            rows = _inside(tile.row - tiling.halo, tiling.size, tiling.height)
            cols = _inside(tile.col - tiling.halo, tiling.size, tiling.width)
        before, after = (np.ascontiguousarray(date[:, rows, cols]) for date in pair.standardized(window))
        scores = np.zeros((1, *possible.shape), np.float32)
        scores[0, rows, cols] = np.where(possible[rows, cols], model.predict(before, after), np.float32(0))
        return scores

    def progress(tiles: int) -> None:
        monitor.progress("compare", tiles, tiling.count)

    return tile_pass(tiling, load, scores_of, store, monitor, progress, done, span)


def _inside(start: int, size: int, total: int) -> slice:
    """What of `size` px from `start` on lies in 0…`total`, rounded up to the stride."""
    return slice(max(-start, 0), min(size, -(-total // STRIDE) * STRIDE - start))
