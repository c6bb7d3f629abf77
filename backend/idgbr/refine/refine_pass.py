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
from idgbr.raster.tiles import RowBlender, Tile, Tiling
from idgbr.refine.gate import best_class, gate, refinable
from idgbr.refine.refiner import Refiner

Array = NDArray[np.float32]


class Rows(NamedTuple):
    """Finished output rows: first grid row, class index and confidence (rows, W), and how many pixels changed class."""

    first: int
    labels: NDArray[np.uint8]
    confidence: Array
    changed: int


def coarse_rows(store: ScoreStore, height: int, step: int, monitor: Monitor, done: int = 0) -> Iterator[Rows]:
    """The coarse result as it is, strip by strip after `done` rows: what a job without refinement writes."""
    for first in range(done, height, step):
        monitor.check()
        yield Rows(first, *best_class(store.read(first, min(first + step, height))), 0)


def refined_rows(
    source: ScaledSource, refiner: Refiner, tiling: Tiling, store: ScoreStore, band_width: int, origin: tuple[int, int],
    monitor: Monitor, done: int = 0,
) -> Iterator[Rows]:  # fmt: skip
    """Refined rows after the first `done`, row of tiles by row of tiles.

    `origin` is the pixel position (row, column) of the output grid in the source raster, on which noise depends.
    The coarse result stays outside the band of `band_width` px around coarse boundaries, where there is no doubt.
    """
    start = tiling.start_after(done)
    blender = RowBlender(tiling, store.channels, start)
    margin = max(tiling.halo, tiling.ramp + band_width + 1)
    count = tiling.count - tiling.count_from(start)
    for tiles in tiling.rows(start):
        top = max(tiles[0].row - margin, 0)
        coarse = store.read(top, min(tiles[-1].row + tiles[-1].height + margin, tiling.height))
        labels, certainty = best_class(coarse)
        band = refinable(labels, certainty, band_width)

        def load(tile: Tile, top: int = top, band: NDArray[np.bool_] = band) -> Array | None:
            """The image of a tile that has something to refine, else None."""
            reach = tiling.ramp
            rows = slice(max(tile.row - reach - top, 0), tile.row + tile.height + reach - top)
            if not band[rows, max(tile.col - reach, 0) : tile.col + tile.width + reach].any():
                return None
            image, valid = source.read(tile.row - tiling.halo, tile.col - tiling.halo, tiling.size, tiling.size)
            return image if valid.any() else None

        for tile, image in prefetched(tiles, load):
            monitor.check()
            window = _window(coarse, tile.row - tiling.halo - top, tile.col - tiling.halo, tiling.size)
            if image is not None:
                row, col = origin[0] + tile.row - tiling.halo, origin[1] + tile.col - tiling.halo
                window = refiner.refine(image, window, row, col, monitor)
            blender.add(tile, window)
            count += 1
            monitor.progress("refine", count, tiling.count)
        first, refined = blender.finish_row(tiles[-1])
        if first < done:
            continue
        rows = slice(first - top, first - top + refined.shape[1])
        after, confidence = gate(labels[rows], certainty[rows], refined, band[rows], refiner.margin)
        yield Rows(first, after, confidence, int(np.count_nonzero(after != labels[rows])))


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
