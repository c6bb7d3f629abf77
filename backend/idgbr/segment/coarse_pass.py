"""First pass of a job: the coarse model over all tiles of the working grid, blended into the score store."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from idgbr.models.coarse import CoarseModel
from idgbr.monitor import Monitor
from idgbr.tiling.inference import progress_of, tile_pass
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Span, Tile, Tiling


def coarse_pass(
    source: ScaledSource, model: CoarseModel, tiling: Tiling, store: ScoreStore, monitor: Monitor, done: int = 0,
    span: Span | None = None, *, part: tuple[int, int] = (0, 1),
) -> Iterator[int]:  # fmt: skip
    """Fill `store` with blended probabilities after its first `done` rows; yields how many rows it holds then.

    Of a `span`, its own rows alone, with what it shares with others left in its edges. Tiles without a valid pixel are
    skipped. `part` says, for the progress, which of how many images this is.
    """

    def load(tile: Tile) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        halo, size = tiling.halo, tiling.size
        return source.read(tile.row - halo, tile.col - halo, size, size)

    def scores_of(_: Tile, read: tuple[NDArray[np.float32], NDArray[np.bool_]]) -> NDArray[np.float32] | None:
        image, valid = read
        return model.predict(image) if valid.any() else None

    def progress(tiles: int) -> None:
        monitor.progress("segment", *progress_of(tiles, tiling, part))

    return tile_pass(tiling, load, scores_of, store, monitor, progress, done, span)
