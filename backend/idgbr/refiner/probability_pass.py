"""Refines probabilities tile by tile, in the tiles that contain a part of the band."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array, Labels, Mask
from idgbr.monitor import Monitor
from idgbr.refiner.acceptance import best_class, disagreement, gate, refinable
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.inference import prefetched
from idgbr.tiling.row_store import levels_of
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Blender, Box, Part, Span, Tile, Tiling

Levels = NDArray[np.uint8]
#: A grid with at least this many pixels per pixel of the image is treated as the image's own.
_SAME_GRID = 0.75
#: Columns of scores in memory at a time if there are no tiles.
_COLUMNS = 2048


class Scores(Protocol):
    """Coarse probabilities on the output grid, read by windows: a `ScoreStore`, or what is derived from one."""

    channels: int

    def read(self, first: int, last: int, left: int = 0, right: int | None = None) -> Array:
        """Rows [first, last) and columns [left, right) as (K, rows, cols) in 0…1."""
        ...


class Image(Protocol):
    """The image on the output grid, scaled for the refiner: a `ScaledSource`, or one made of several."""

    height: int
    width: int

    def read(self, row: int, col: int, height: int, width: int) -> tuple[Array, NDArray[np.bool_]]:
        """Pixels (bands, height, width) and validity of a window, which may extend beyond the area."""
        ...


class Rows(NamedTuple):
    """Finished output rows: first grid row, class index, confidence, uncertainty (rows, W), number of changed pixels.

    Confidence and uncertainty are uint8, as 255ths, because rows may be long. Uncertainty is that of the refiner
    (`idgbr.refiner.acceptance.disagreement`), 0 outside the band.
    """

    first: int
    labels: Levels
    confidence: Levels
    uncertainty: Levels
    changed: int


def coarse_rows(store: ScoreStore, height: int, step: int, monitor: Monitor, done: int = 0) -> Iterator[Rows]:
    """The coarse result unchanged, strip by strip after `done` rows: the output of a job without refinement."""
    for first in range(done, height, step):
        last = min(first + step, height)
        rows = _empty_rows(first, last - first, store.width)
        rows.uncertainty[:] = 0
        # In parts, because the scores of all classes take far more memory than the result.
        for left in range(0, store.width, _COLUMNS):
            monitor.check()
            right = min(left + _COLUMNS, store.width)
            rows.labels[:, left:right], certainty = best_class(store.read(first, last, left, right))
            rows.confidence[:, left:right] = levels_of(certainty)
        yield rows


class _Pass(NamedTuple):
    """The refiner on the tiles of a grid, with its image and its coarse scores."""

    source: Image
    refiner: Refiner
    tiling: Tiling
    store: Scores
    band_width: int
    origin: tuple[int, int]
    monitor: Monitor
    #: Which of several grids this is, and how many there are, if the map is refined from coarse to fine.
    level: tuple[int, int] | None = None

    def parts(
        self, done: int, span: Span | None, *, explore: bool = False
    ) -> Iterator[tuple[Tile, _Coarse, list[Part]]]:
        """Tiles after `done` rows, or of a span, with something to refine: the coarse result and the final parts.

        The parts are the refined scores and, with `explore`, the mean over the samples, blended.
        """
        tiling = self.tiling
        start, stop = (span.start, span.stop) if span else (tiling.start_after(done), None)
        blenders = [Blender(tiling, self.store.channels, span.start if span else None) for _ in range(1 + explore)]
        count = tiling.count - tiling.count_from(start)

        def load(tile: Tile) -> _Coarse:
            return _Coarse.read(tile, tiling, self.store, self.band_width, self.source)

        for tile, coarse in prefetched(chain.from_iterable(tiling.rows(start, stop)), load):
            self.monitor.check()
            scores = tiling.window(tile).cut(coarse.scores, coarse.row, coarse.col)
            found = [scores] * len(blenders)
            if coarse.image is not None:
                found = self._refined(tile, coarse, coarse.image, scores, explore)
            count += 1
            if self.level:
                self.monitor.progress("sharpen", self.level[0] + count / tiling.count, self.level[1])
            else:
                self.monitor.progress("refine", count, tiling.count)
            yield tile, coarse, [blender.add(tile, some) for blender, some in zip(blenders, found, strict=True)]
        if span:
            span.edges += [blender.edges for blender in blenders]

    def _refined(self, tile: Tile, coarse: _Coarse, image: Array, scores: Array, explore: bool) -> list[Array]:
        """The refined scores of a tile's window, and with `explore` the mean over the samples; refined near the band.

        `scores` are the coarse ones of the window.
        """
        whole, box = self.tiling.window(tile), self.tiling.window(tile, coarse.part)
        inside = np.s_[:, box.row - whole.row :, box.col - whole.col :]
        inner = np.ascontiguousarray(scores[inside][:, : box.height, : box.width])
        place = (self.origin[0] + box.row, self.origin[1] + box.col, self.monitor)
        refined: tuple[Array, ...]
        if explore:
            refined = self.refiner.explore(image, inner, *place)
        else:
            refined = (self.refiner.refine(image, inner, *place),)
        found = [scores.copy() for _ in refined]
        for out, part in zip(found, refined, strict=True):
            out[inside][:, : box.height, : box.width] = part
        return found


class OriginalMap(NamedTuple):
    """The map of the coarse model, and how far from its boundaries pixels may change, in px of the output grid."""

    store: Scores
    band_width: int


def refined_rows(
    source: Image, refiner: Refiner, tiling: Tiling, store: Scores, band_width: int, origin: tuple[int, int],
    monitor: Monitor, done: int = 0, *, explore: bool = False, original: OriginalMap | None = None,
    span: Span | None = None,
) -> Iterator[Rows]:  # fmt: skip
    """Refined rows after the first `done`, row of tiles by row of tiles.

    `origin` is the pixel position (row, column) of the output grid in the source raster; noise depends on it. With
    `explore`, the uncertainty is that of several samples, else of the refined probabilities. Outside the band, the
    coarse result stays. The band is `band_width` px around coarse boundaries, and uncertain pixels. If `store` has
    scores from coarser grids (`sharpened`), the band is that of the `original` map. With a `span`, only its own rows
    are given; the sums of the rows that it shares with others stay in its edges for `refined_seam`.
    """
    work = _Pass(source, refiner, tiling, store, band_width, origin, monitor)
    rows = _empty_rows(0, 0, 0)
    for tile, coarse, parts in work.parts(done, span, explore=explore):
        part = parts[0]
        if tile.col == 0:
            rows = _empty_rows(part.row, part.scores.shape[1], tiling.width)
        rows = _decided(rows, parts, coarse, tiling, refiner.margins.soft, original)
        if tile.col + tile.width == tiling.width and rows.first >= done:
            yield rows


def refined_seam(
    store: Scores, tiling: Tiling, band_width: int, margin: float, row: int, scores: list[Array],
    original: OriginalMap | None = None,
) -> Rows:  # fmt: skip
    """The rows from `row` on that two spans share, from the sum of their edges, (K, rows, width) for each map."""
    rows = _empty_rows(row, scores[0].shape[1], tiling.width)
    for left in range(0, tiling.width, _COLUMNS):
        parts = [Part(row, left, some[:, :, left : left + _COLUMNS]) for some in scores]
        coarse = _Coarse.around(parts[0], store, band_width, tiling)
        rows = _decided(rows, parts, coarse, tiling, margin, original)
    return rows


def _empty_rows(first: int, height: int, width: int) -> Rows:
    labels, confidence, uncertainty = np.empty((3, height, width), np.uint8)
    return Rows(first, labels, confidence, uncertainty, 0)


def _decided(
    rows: Rows, parts: list[Part], coarse: _Coarse, tiling: Tiling, margin: float, original: OriginalMap | None
) -> Rows:
    """`rows` with the accepted result of parts: the refined scores, and the mean of several samples."""
    part = parts[0]
    before, certainty, band = coarse.at(part)
    after, surest = gate(before, certainty, part.scores, band, margin)
    if original is not None:
        before, certainty, wide = _Coarse.around(part, original.store, original.band_width, tiling).at(part)
        band = band & wide
        after, surest = np.where(wide, after, before), np.where(wide, surest, certainty)
    cols = slice(part.col, part.col + after.shape[1])
    rows.labels[:, cols] = after
    rows.confidence[:, cols] = levels_of(surest)
    rows.uncertainty[:, cols] = levels_of(disagreement(parts[-1].scores, after, band))
    return rows._replace(changed=rows.changed + int(np.count_nonzero(after != before)))


def resolutions(factor: float) -> list[float]:
    """Grids on which a map made on a coarser grid is refined before the image's own, as pixels per pixel of the image.

    `factor` is that of the map's grid. On its own grid, the map's boundaries are off by a pixel or two; on the image's
    grid, by more than the network can reach. So it is refined on its own grid first, then at each doubling.
    """
    found = []
    while factor < _SAME_GRID:
        found.append(factor)
        factor *= 2
    return found


def sharpened(
    source: Image, refiner: Refiner, tiling: Tiling, store: Scores, into: ScoreStore, band_width: int,
    origin: tuple[int, int], monitor: Monitor, done: int = 0, *, level: tuple[int, int], span: Span | None = None,
) -> Iterator[int]:  # fmt: skip
    """Fill `into`, on the grid of `tiling`, with refined scores after its first `done` rows; yields how many it has.

    Outside the band, the scores of `store` stay. `level` is the number of this grid and of all grids, for the progress.
    With a `span`, only its own rows are filled; the shared sums stay in its edges for `sharpened_seam`.
    """
    work = _Pass(source, refiner, tiling, store, band_width, origin, monitor, level)
    for tile, coarse, (part,) in work.parts(done, span):
        if part.row < done:
            continue
        into.write(part.row, part.col, coarse.banded(part))
        if tile.col + tile.width == tiling.width:
            yield part.row + part.scores.shape[1]


def sharpened_seam(store: Scores, into: ScoreStore, tiling: Tiling, band_width: int, row: int, scores: Array) -> None:
    """Fill the rows from `row` on that two spans share, from the sum of their edges, (K, rows, width)."""
    for left in range(0, tiling.width, _COLUMNS):
        part = Part(row, left, scores[:, :, left : left + _COLUMNS])
        into.write(row, left, _Coarse.around(part, store, band_width, tiling).banded(part))


class _Coarse(NamedTuple):
    """The coarse result around a tile from grid pixel (row, col) on.

    If there is something to refine, `part` of the tile holds it, and `image` shows the network's window of that part.
    """

    row: int
    col: int
    scores: Array
    labels: Labels
    certainty: Array
    band: Mask
    part: Box | None = None
    image: Array | None = None

    @staticmethod
    def read(tile: Tile, tiling: Tiling, store: Scores, band_width: int, source: Image) -> _Coarse:
        """Read the window of the network, or more if the band needs it."""
        context = max(tiling.halo, tiling.ramp + band_width + 1)
        core = (tile.row, tile.col, tile.height, tile.width)
        found = _Coarse._read(core, context, store, band_width, tiling)
        if not (part := tiling.active_part(tile, found.band, found.row, found.col)):
            return found
        window = tiling.window(tile, part)
        pixels, valid = source.read(*window)
        if not valid.all():
            seen = Box(found.row, found.col, *found.band.shape).filled(valid, window.row, window.col)
            if not (part := tiling.active_part(tile, found.band & seen, found.row, found.col)):
                return found
            pixels = tiling.window(tile, part).cut(pixels, window.row, window.col)
        return found._replace(part=part, image=pixels)

    @staticmethod
    def around(part: Part, store: Scores, band_width: int, tiling: Tiling) -> _Coarse:
        """Read as much around a final part as the band needs."""
        core = (part.row, part.col, *part.scores.shape[1:])
        return _Coarse._read(core, band_width + 1, store, band_width, tiling)

    @staticmethod
    def _read(core: tuple[int, int, int, int], context: int, store: Scores, band_width: int, tiling: Tiling) -> _Coarse:
        row, col, height, width = core
        top, left = max(row - context, 0), max(col - context, 0)
        bottom, right = min(row + height + context, tiling.height), min(col + width + context, tiling.width)
        scores = store.read(top, bottom, left, right)
        labels, certainty = best_class(scores)
        return _Coarse(top, left, scores, labels, certainty, refinable(labels, certainty, band_width))

    def at(self, part: Part) -> tuple[Labels, Array, Mask]:
        """Class, its probability, and whether it may change, in `part`."""
        height, width = part.scores.shape[1:]
        top, left = part.row - self.row, part.col - self.col
        window = (slice(top, top + height), slice(left, left + width))
        return self.labels[window], self.certainty[window], self.band[window]

    def banded(self, part: Part) -> Array:
        """The scores of `part` inside the band, the coarse ones elsewhere."""
        _, _, band = self.at(part)
        height, width = band.shape
        top, left = part.row - self.row, part.col - self.col
        return np.where(band, part.scores, self.scores[:, top : top + height, left : left + width])
