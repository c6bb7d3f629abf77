"""Second pass of a job: refinement of the tiles that hold a boundary or doubt, gated, on the output grid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from idgbr.monitor import Monitor
from idgbr.raster.prefetch import prefetched
from idgbr.raster.scores import ScoreStore
from idgbr.raster.source import ScaledSource
from idgbr.raster.tiles import Blender, Tile, Tiling
from idgbr.refine.gate import Labels, Mask, best_class, gate, refinable
from idgbr.refine.refiner import Refiner
from idgbr.refine.uncertainty import disagreement

Array = NDArray[np.float32]
#: Columns of scores held at once where there are no tiles.
_COLUMNS = 2048


class Rows(NamedTuple):
    """Finished output rows: first grid row, class index, confidence, uncertainty (rows, W), how many pixels changed.

    Uncertainty is that of the refiner (`idgbr.refine.uncertainty.disagreement`), 0 where it had no say.
    """

    first: int
    labels: NDArray[np.uint8]
    confidence: Array
    uncertainty: Array
    changed: int


def coarse_rows(store: ScoreStore, height: int, step: int, monitor: Monitor, done: int = 0) -> Iterator[Rows]:
    """The coarse result as it is, strip by strip after `done` rows: what a job without refinement writes."""
    for first in range(done, height, step):
        last = min(first + step, height)
        labels = np.empty((last - first, store.width), np.uint8)
        certainty = np.empty(labels.shape, np.float32)
        # By parts, as the scores of all classes take far more memory than what becomes of them.
        for left in range(0, store.width, _COLUMNS):
            monitor.check()
            right = min(left + _COLUMNS, store.width)
            labels[:, left:right], certainty[:, left:right] = best_class(store.read(first, last, left, right))
        yield Rows(first, labels, certainty, np.zeros_like(certainty), 0)


def refined_rows(
    source: ScaledSource, refiner: Refiner, tiling: Tiling, store: ScoreStore, band_width: int, origin: tuple[int, int],
    monitor: Monitor, done: int = 0, *, explore: bool = False,
) -> Iterator[Rows]:  # fmt: skip
    """Refined rows after the first `done`, row of tiles by row of tiles.

    `origin` is the pixel position (row, column) of the output grid in the source raster, on which noise depends.
    With `explore` the uncertainty is that of several samples, else of the refined probabilities themselves.
    The coarse result stays outside the band of `band_width` px around coarse boundaries, where there is no doubt.
    """
    start = tiling.start_after(done)
    blenders = [Blender(tiling, store.channels) for _ in range(1 + explore)]
    count = tiling.count - tiling.count_from(start)

    def load(tile: Tile) -> _Coarse:
        """What is known of a tile, and its image if there is something to refine."""
        return _Coarse.read(tile, tiling, store, band_width, source)

    for tiles in tiling.rows(start):
        first = max(tiles[0].row - tiling.ramp, 0)
        last = blenders[0].final_row(tiles[0])
        labels = np.empty((last - first, tiling.width), np.uint8)
        confidence, uncertainty = np.empty((2, *labels.shape), np.float32)
        changed = 0
        for tile, coarse in prefetched(tiles, load):
            monitor.check()
            scores = _window(
                coarse.scores, tile.row - tiling.halo - coarse.row, tile.col - tiling.halo - coarse.col, tiling.size
            )
            found: tuple[Array, ...] = (scores,) * len(blenders)
            if coarse.image is not None:
                place = (origin[0] + tile.row - tiling.halo, origin[1] + tile.col - tiling.halo, monitor)
                if explore:
                    found = refiner.explore(coarse.image, scores, *place)
                else:
                    found = (refiner.refine(coarse.image, scores, *place),)
            part, *sampled = (blender.add(tile, some) for blender, some in zip(blenders, found, strict=True))
            height, width = part.scores.shape[1:]
            at = (
                slice(part.row - coarse.row, part.row - coarse.row + height),
                slice(part.col - coarse.col, part.col - coarse.col + width),
            )
            before = coarse.labels[at]
            cols = slice(part.col, part.col + width)
            labels[:, cols], confidence[:, cols] = gate(
                before, coarse.certainty[at], part.scores, coarse.band[at], refiner.margins.soft
            )
            likely = sampled[0].scores if sampled else part.scores
            uncertainty[:, cols] = disagreement(likely, labels[:, cols], coarse.band[at])
            changed += int(np.count_nonzero(labels[:, cols] != before))
            count += 1
            monitor.progress("refine", count, tiling.count)
        if first >= done:
            yield Rows(first, labels, confidence, uncertainty, changed)


class _Coarse(NamedTuple):
    """The coarse result around a tile from grid pixel (row, col) on, and the image if there is something to refine."""

    row: int
    col: int
    scores: Array
    labels: Labels
    certainty: Array
    band: Mask
    image: Array | None

    @staticmethod
    def read(tile: Tile, tiling: Tiling, store: ScoreStore, band_width: int, source: ScaledSource) -> _Coarse:
        """Read it as far around the core as the network sees, and as decides where pixels may change."""
        halo, reach = tiling.halo, tiling.ramp
        margin = max(halo, reach + band_width + 1)
        top, left = max(tile.row - margin, 0), max(tile.col - margin, 0)
        bottom, right = tile.row + tile.height + margin, tile.col + tile.width + margin
        scores = store.read(top, min(bottom, tiling.height), left, min(right, tiling.width))
        labels, certainty = best_class(scores)
        band = refinable(labels, certainty, band_width)
        image = None
        rows = slice(max(tile.row - reach - top, 0), tile.row + tile.height + reach - top)
        if band[rows, max(tile.col - reach - left, 0) : tile.col + tile.width + reach - left].any():
            pixels, valid = source.read(tile.row - halo, tile.col - halo, tiling.size, tiling.size)
            image = pixels if valid.any() else None
        return _Coarse(top, left, scores, labels, certainty, band, image)


def _window(scores: Array, row: int, col: int, size: int) -> Array:
    """Window (K, size, size) of `scores`, mirrored beyond its edges."""
    _, height, width = scores.shape
    inner = scores[:, max(row, 0) : min(row + size, height), max(col, 0) : min(col + size, width)]
    pad = (
        (0, 0),
        (max(-row, 0), max(row + size - height, 0)),
        (max(-col, 0), max(col + size - width, 0)),
    )
    return np.pad(inner, pad, mode="symmetric") if any(map(any, pad)) else np.ascontiguousarray(inner)
