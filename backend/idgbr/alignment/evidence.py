"""Evidence of where objects are, on a working grid: the probability of a model, and the edges of the image."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

from idgbr.arrays import Array, Floats, Mask
from idgbr.models.card import CoarseCard
from idgbr.models.coarse import CoarseModel
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.tiling.inference import tile_pass
from idgbr.tiling.normalize import ScaledSource, working_factor
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Tile, fit_tiling

#: Pixel size in m of the working grid. Finer images are resampled: a finer grid was hardly more exact, and slower.
WORKING_M = 0.3
#: Probability of an object, and the energy of edges whose normal is to the right, down, and right and down.
PLANES = 4
#: Smoothing of the image before its gradient is taken, and side of the square of the mean gradient, in px.
_SMOOTH, _AROUND = 0.7, 33


def working_pixels(source: RasterSource, card: CoarseCard) -> float:
    """Working pixels per pixel of the image. Raises InputError for an image that is too coarse for the model."""
    factor = working_factor(source, card)
    finest, coarsest = card.gsd_range_m
    return min(factor, source.gsd_m / min(max(WORKING_M, finest), coarsest))


def evidence_of(
    source: RasterSource, grid: Grid, card: CoarseCard, model: Callable[[], CoarseModel], bounds: Floats, path: Path,
    monitor: Monitor,
) -> StoredScores:  # fmt: skip
    """Write the evidence near objects into a file: `PLANES` planes, on a grid with `working_pixels` per pixel.

    Args:
        source: The image.
        grid: The part of its grid to read.
        card: Card of the coarse model.
        model: Gives the model. All its classes that are not background count as objects.
        bounds: Left, top, right and bottom of areas in working pixels, (n, 4); tiles beside them are left at 0.
        path: File to make.
        monitor: Gets the progress; is asked whether to stop.
    """
    scaled = ScaledSource(source, grid, card, working_pixels(source, card))
    tiling = fit_tiling(scaled.height, scaled.width, card)
    objects = np.array([not c.background for c in card.classes])
    network = model()
    left, top, right, bottom = bounds.T

    def wanted(tile: Tile) -> bool:
        reach = tiling.ramp
        rows = (top < tile.row + tile.height + reach) & (bottom > tile.row - reach)
        return bool((rows & (left < tile.col + tile.width + reach) & (right > tile.col - reach)).any())

    def load(tile: Tile) -> tuple[Array, Mask] | None:
        if not wanted(tile):
            return None
        return scaled.read(*tiling.window(tile))

    def scores_of(tile: Tile, read: tuple[Array, Mask] | None) -> Array | None:
        if read is None or not read[1].any():
            return None
        window, (row, col) = tiling.window(tile), scaled.origin
        corner = (row + window.row, col + window.col)
        found = network.predict(read[0], corner)[objects].sum(0)
        return np.concatenate((np.clip(found, 0, 1)[None], edges(read[0].mean(0))))

    stored = StoredScores(path, PLANES, (scaled.height, scaled.width))
    with ScoreStore(path, PLANES, stored.size, stored.size) as store:
        _run(tile_pass(
            tiling, load, scores_of, store, monitor,
            lambda tiles: monitor.progress("segment", tiles, tiling.count),
        ))  # fmt: skip
    return stored


def _run(steps: Iterator[int]) -> None:
    for _ in steps:
        pass


def edges(image: Array) -> Array:
    """Energy (3, H, W) of the edges of an image (H, W) in three directions, 0…1, alike for weak and strong contrast.

    The gradient is divided by its length and the mean length around it. Planes are the squares of its parts to the
    right, down, and right and down at 45°.
    """
    right, down = (gaussian_filter(image, _SMOOTH, order=order) for order in ((0, 1), (1, 0)))
    length = np.hypot(right, down)
    over = length + uniform_filter(length, _AROUND) + np.float32(1e-6)
    right, down = right / over, down / over
    return np.stack((right**2, down**2, (right + down) ** 2 / 2)).astype(np.float32)
