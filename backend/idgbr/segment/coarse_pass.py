"""First pass of a job: the coarse model over all tiles of the working grid, blended into the score store."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from idgbr.errors import ModelError
from idgbr.models.card import ModelCard
from idgbr.monitor import Monitor
from idgbr.raster.scores import ScoreStore
from idgbr.raster.tile_pass import progress_of, tile_pass
from idgbr.raster.tiles import Span, Tile, Tiling
from idgbr.segment.coarse import CoarseModel
from idgbr.tiling.normalize import ScaledSource

#: Tile sides are multiples of this, the deepest stride of the bundled networks.
STRIDE = 32


def fit_tiling(height: int, width: int, card: ModelCard, tile: int = 0) -> Tiling:
    """Tiling for a model: cores of `tile` px or as the card's tile allows, smaller where the raster is smaller.

    A graph that takes one tile side only gets the card's. Raises ModelError if its halo leaves nothing of that.
    """
    core = card.tile - 2 * card.halo
    if core < 1:
        raise ModelError(
            f"model {card.id!r}: its halo of {card.halo} px leaves nothing of its tile of {card.tile} px; "
            "correct its card."
        )
    if not card.extra.get("fixed_tile", "activation" in card.extra):
        core = min(tile or core, -(-max(height, width) // STRIDE) * STRIDE)
    return Tiling(height, width, core, card.halo)


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
