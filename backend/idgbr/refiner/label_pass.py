"""Refinement of a label map with up to 255 classes; up to 16 of them take part in any one tile.

Probabilities of overlapping tiles are summed by class. Memory holds them only for the classes in a tile and in the
strips that it shares with its neighbours. Pixels that no tile decides keep their label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array, Labels, Mask
from idgbr.classes import NODATA_CLASS
from idgbr.monitor import Monitor
from idgbr.raster.rows import RowReader
from idgbr.refiner.acceptance import boundaries, dilate, disagreement, gate
from idgbr.refiner.codes import MAX_CLASSES
from idgbr.refiner.probability_pass import Rows
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.inference import prefetched
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.row_store import levels_of
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Box, Edges, Span, Tile, Tiling

#: Columns that are decided at a time if there are no tiles.
_COLUMNS = 2048


class LabelPass:
    """Refines the labels of a map on an image's grid."""

    def __init__(
        self, source: ScaledSource, valid: Callable[[int, int], Mask], refiner: Callable[[], Refiner], tiling: Tiling,
        coarse: RowReader, classes: int, band_width: int, origin: tuple[int, int], monitor: Monitor, *,
        margin: float, explore: bool = False, sharpened: ScoreStore | None = None,
    ) -> None:  # fmt: skip
        """Set up the pass.

        Args:
            source: The image.
            valid: Gives where the image has data in grid rows [first, last), (rows, W).
            refiner: Gives the network; called when it is first needed.
            tiling: Tiles over the grid.
            coarse: Class indices, uint8; `NODATA_CLASS` takes no part and stays.
            classes: Number of classes.
            band_width: How far from a boundary between classes a pixel may change, in px (chessboard distance).
            origin: Pixel position (row, column) of the grid in the source raster; noise depends on it.
            monitor: Gets the progress, and is asked whether to stop.
            margin: Probability by which a change must beat the existing label.
            explore: Whether uncertainty is that of several samples, else of the refined probabilities.
            sharpened: The refined scores of all classes from coarser grids, on this grid. With them, the network starts
                from these scores, not from the labels.
        """
        self._source, self._valid, self._refiner, self._tiling = source, valid, refiner, tiling
        self._coarse, self._classes, self._band_width, self._origin = coarse, classes, band_width, origin
        self._monitor, self._margin, self._explore, self._sharpened = monitor, margin, explore, sharpened
        #: Number of tiles with more classes than can take part, in the rows given so far.
        self.crowded = 0

    def rows(self, done: int = 0, span: Span | None = None) -> Iterator[Rows]:
        """Refined rows after the first `done`, row of tiles by row of tiles; labels are indices or `NODATA_CLASS`.

        With a `span`, only its own rows; the sums of the rows that it shares with others stay in its edges for `seam`.
        They cover all classes, so spans are for maps with few classes.
        """
        tiling, reach = self._tiling, self._tiling.ramp
        start, stop = (span.start, span.stop) if span else (tiling.start_after(done), None)
        context = max(tiling.halo, reach + self._band_width + 1)
        above: list[Patch] = []
        shared: list[Patch] = []
        border = max(start - reach, 0)
        first = border + (tiling.open_rows(start) if span else 0)
        begin = first
        count = tiling.count - tiling.count_from(start)
        for tiles in tiling.rows(start, stop):
            crowded = self.crowded
            end = tiles[0].row + tiles[0].height
            top = max(tiles[0].row - context, 0)
            labels = self._coarse.read(top, min(end + context, tiling.height)).astype(np.uint8)
            band = self._band(labels, top)
            final = tiling.final_row(tiles[0].row)
            after = labels[first - top : final - top].copy()
            confidence, uncertainty = np.full(after.shape, 255, np.uint8), np.zeros(after.shape, np.uint8)

            def load(tile: Tile, top: int = top, band: Mask = band) -> tuple[Box, Array] | None:
                """The window of the part of a tile that is to be refined, and its image; None if there is none."""
                part = tiling.active_part(tile, band, top, 0)
                return self._seen(tiling.window(tile, part)) if part else None

            live: list[Patch] = []
            below: list[Patch] = []
            left = 0
            for tile, seen in prefetched(tiles, load):
                self._monitor.check()
                patch = self._refine(tile, *seen, labels, top) if seen else None
                if patch:
                    live.append(patch)
                    below.append(patch.within(final, patch.end[0]))
                    if span and tile.row == start:
                        shared.append(patch.within(border, begin))
                right = tile.col + tile.width
                right -= 0 if right >= tiling.width else reach
                rows, cols = slice(first - top, final - top), slice(left, right)
                place = (first, left, labels[rows, cols], band[rows, cols])
                after[:, cols], *planes = decide(*place, above, live, self._margin)
                confidence[:, cols], uncertainty[:, cols] = map(levels_of, planes)
                live = [p for p in live if p.end[1] > right]
                left = right
                count += 1
                self._monitor.progress("refine", count, tiling.count)
            if first >= done:
                changed = int(np.count_nonzero(after != labels[first - top : final - top]))
                yield Rows(first, after, confidence, uncertainty, changed)
            else:  # done again for what it gives to the rows below, and counted before
                self.crowded = crowded
            above, first = below, final
        if span:
            upper, lower = self._sums(shared, border, begin - border), self._sums(above, first, 2 * reach)
            span.edges += [Edges(*pair) for pair in zip(upper, lower, strict=True)]

    def _sums(self, patches: list[Patch], row: int, height: int) -> Array:
        """Sums of patches for all classes in rows from `row` on, (maps, K, height, W)."""
        size = (height, self._tiling.width)
        return sum_patches(patches, row, 0, size, np.arange(self._classes), 1 + self._explore)

    def seam(self, row: int, scores: list[Array]) -> Rows:
        """The rows from `row` on that two spans share, from the sum of their edges, (K, rows, W) for each map."""
        height, width = scores[0].shape[1:]
        top = max(row - self._band_width - 1, 0)
        labels = self._coarse.read(top, min(row + height + self._band_width + 1, self._tiling.height)).astype(np.uint8)
        rows = slice(row - top, row - top + height)
        before, band = labels[rows], self._band(labels, top)[rows]
        after, confidence, uncertainty = np.empty((3, height, width), np.uint8)
        for left in range(0, width, _COLUMNS):
            cols = slice(left, left + _COLUMNS)
            sums = np.stack([some[:, :, cols] for some in scores])
            place = (before[:, cols], band[:, cols], np.arange(self._classes))
            after[:, cols], *planes = chosen(*place, sums, self._margin)
            confidence[:, cols], uncertainty[:, cols] = map(levels_of, planes)
        return Rows(row, after, confidence, uncertainty, int(np.count_nonzero(after != before)))

    def _refine(self, tile: Tile, box: Box, image: Array, labels: Labels, top: int) -> Patch | None:
        """Refined probabilities of the part of a tile in `box`, or None if there is only one class."""
        window = box.cut(labels, top, 0)
        counts = np.bincount(window.ravel(), minlength=NODATA_CLASS + 1)[:NODATA_CLASS]
        present = np.flatnonzero(counts)
        if len(present) > MAX_CLASSES:
            self.crowded += 1
            present = np.sort(np.argsort(-counts, kind="stable")[:MAX_CLASSES])
        if len(present) < 2:
            return None
        slots = code_slots(present)
        coarse = np.zeros((min(self._classes, MAX_CLASSES), *window.shape), np.float32)
        # Pixels without a class, or of a class that takes no part, get equal probabilities of all other classes.
        coarse[slots] = np.float32(1 / len(present))
        takes_part = np.isin(window, present)
        coarse[:, takes_part] = 0
        if self._sharpened is None:
            for value, slot in zip(present, slots, strict=True):
                coarse[slot][window == value] = 1
        else:
            scores = self._sharpened_window(box)[present]
            scores /= np.maximum(scores.sum(0), 1e-6)
            coarse[slots] = np.where(takes_part, scores, coarse[slots])
        place = (self._origin[0] + box.row, self._origin[1] + box.col, self._monitor)
        if self._explore:
            found = np.stack(self._refiner().explore(image, coarse, *place))
        else:
            found = self._refiner().refine(image, coarse, *place)[None]
        return self._weighted(tile, box, found[:, slots], present.astype(np.uint8), labels, top)

    def _sharpened_window(self, box: Box) -> Array:
        """Probabilities of all classes in the network's window, (K, H, W), mirrored beyond the grid's edges."""
        assert self._sharpened is not None
        top, left = max(box.row, 0), max(box.col, 0)
        bottom = min(box.row + box.height, self._tiling.height)
        right = min(box.col + box.width, self._tiling.width)
        return box.cut(self._sharpened.read(top, bottom, left, right), top, left)

    def labels(self, tile: Tile) -> Labels:
        """Existing labels of a tile's core."""
        return self._coarse.read(tile.row, tile.row + tile.height, tile.col, tile.col + tile.width).astype(np.uint8)

    def support(self, tile: Tile) -> Array:
        """Probability of the labels of a tile's core according to the refiner (h, w); 1 outside its band.

        Neighbouring tiles are not blended in.
        """
        tiling = self._tiling
        context = max(tiling.halo, tiling.ramp + self._band_width + 1)
        top, bottom = max(tile.row - context, 0), min(tile.row + tile.height + context, tiling.height)
        labels = self._coarse.read(top, bottom).astype(np.uint8)
        band = self._band(labels, top)
        core = (slice(tile.row - top, tile.row - top + tile.height), slice(tile.col, tile.col + tile.width))
        before = labels[core]
        out = np.ones(before.shape, np.float32)
        patch = self._refine(tile, *self._seen(tiling.window(tile)), labels, top) if band[core].any() else None
        if patch is None:
            return out
        inner = (slice(tile.row - patch.row, None), slice(tile.col - patch.col, None))
        scores = patch.scores[0][:, inner[0], inner[1]][:, : tile.height, : tile.width]
        total = scores.sum(0)
        for value, score in zip(patch.classes, scores, strict=True):
            known = (before == value) & (total > 0)
            out[known] = score[known] / total[known]
        return out

    def _band(self, labels: Labels, top: int) -> Mask:
        """Pixels of whole rows from grid row `top` on that may change, as a mask.

        The border to ground without a class is not a boundary, because such ground takes no part.
        """
        known: Mask = labels != NODATA_CLASS
        edges = boundaries(labels, ignored=NODATA_CLASS)
        return dilate(edges, self._band_width) & known & self._valid(top, top + len(labels))

    def _seen(self, box: Box) -> tuple[Box, Array]:
        return box, self._source.read(*box)[0]

    def _weighted(self, tile: Tile, box: Box, refined: Array, present: Labels, labels: Labels, top: int) -> Patch:
        """The final part of a tile's probabilities in `box`, weighted; 0 for pixels of classes that take no part.

        A boundary moves by at most the band's width: a pixel can only become a class that occurs within that distance.
        """
        tiling, band = self._tiling, self._band_width
        row, by_row = _within(*tiling.weights(tile.row, tile.height, tiling.height), box.row, box.height)
        col, by_col = _within(*tiling.weights(tile.col, tile.width, tiling.width), box.col, box.width)
        part = refined[:, :, row - box.row :, col - box.col :][:, :, : len(by_row), : len(by_col)]
        low, left = max(row - band - top, 0), max(col - band, 0)
        around = labels[low : row + len(by_row) + band - top, left : col + len(by_col) + band]
        inner = (slice(row - top - low, row - top - low + len(by_row)), slice(col - left, col - left + len(by_col)))
        near = np.stack([dilate(around == value, band)[inner] for value in present])
        scores = np.where(near, part, np.float32(0))
        total = scores.sum(1, keepdims=True)
        weight = by_row[:, None] * by_col[None, :] * np.isin(around[inner], present)
        scores *= np.where(total > 1e-6, weight / np.maximum(total, 1e-6), 0).astype(np.float32)
        return Patch(row, col, present, scores)


def _within(first: int, weights: Array, start: int, length: int) -> tuple[int, Array]:
    """First index and weights along one axis, of those between `start` and `start + length`."""
    low = max(first, start)
    return low, weights[low - first : start + length - first]


def code_slots(present: NDArray[np.int64]) -> NDArray[np.int64]:
    """Code (of 16) for each class index in a tile: its own code if possible, whatever other classes there are.

    So tiles agree on codes as far as possible; in a map of up to 16 classes, all tiles have the same codes.
    """
    free = list(range(MAX_CLASSES))
    slots = np.full(len(present), -1, np.int64)
    for own in (True, False):
        for i, index in enumerate(present):
            wanted = int(index) % MAX_CLASSES
            if slots[i] < 0 and (wanted in free or not own):
                slots[i] = wanted if wanted in free else free[0]
                free.remove(int(slots[i]))
    return slots


class Patch(NamedTuple):
    """Weighted probabilities of a tile for its classes, from grid pixel (row, col) on.

    scores (1 or 2, K, h, w): the deciding probabilities, and the mean over samples if there are several.
    """

    row: int
    col: int
    classes: Labels
    scores: Array

    @property
    def end(self) -> tuple[int, int]:
        """First grid row and column beyond it."""
        return self.row + self.scores.shape[2], self.col + self.scores.shape[3]

    def within(self, first: int, last: int) -> Patch:
        """The part in grid rows [first, last), copied."""
        top, bottom = max(first - self.row, 0), max(last - self.row, 0)
        return Patch(self.row + top, self.col, self.classes, self.scores[:, :, top:bottom].copy())

    def meets(self, row: int, col: int, size: tuple[int, int]) -> bool:
        """Whether it overlaps the window (height, width) from grid pixel (row, col) on."""
        end_row, end_col = self.end
        return self.row < row + size[0] and end_row > row and self.col < col + size[1] and end_col > col


def sum_patches(
    patches: Sequence[Patch], row: int, col: int, size: tuple[int, int], classes: NDArray[np.integer], maps: int
) -> Array:
    """Sum of patches for sorted `classes`, which include theirs, in a window: (maps, K, height, width)."""
    out = np.zeros((maps, len(classes), *size), np.float32)
    for p in patches:
        if not p.meets(row, col, size):
            continue
        low, left = max(p.row, row), max(p.col, col)
        high, right = min(p.end[0], row + size[0]), min(p.end[1], col + size[1])
        part = p.scores[:, :, low - p.row : high - p.row, left - p.col : right - p.col]
        for k, place in enumerate(np.searchsorted(classes, p.classes)):
            out[:, place, low - row : high - row, left - col : right - col] += part[:, k]
    return out


def decide(
    row: int, col: int, labels: Labels, band: Mask, above: list[Patch], here: list[Patch], margin: float
) -> tuple[Labels, Array, Array]:
    """Labels, confidence and uncertainty (h, w) of a window from grid pixel (row, col) on; see `chosen`.

    `above` are the patches of the row of tiles above, `here` those of the window's own row. Each row is summed up
    before both are added, as for two rows in different spans (`idgbr.tiling.tiles.Span`): both ways give the same
    bytes.
    """
    size = (labels.shape[0], labels.shape[1])
    above, here = ([p for p in patches if p.meets(row, col, size)] for patches in (above, here))
    inside = [*above, *here]
    if not inside or not band.any():
        return labels, np.ones(size, np.float32), np.zeros(size, np.float32)
    classes, maps = np.unique(np.concatenate([p.classes for p in inside])), len(inside[0].scores)
    scores = sum_patches(here, row, col, size, classes, maps)
    if above:
        shared = min(max(p.end[0] for p in above) - row, size[0])
        scores[:, :, :shared] += sum_patches(above, row, col, (shared, size[1]), classes, maps)
    return chosen(labels, band, classes, scores, margin)


def chosen(
    labels: Labels, band: Mask, classes: NDArray[np.integer], scores: Array, margin: float
) -> tuple[Labels, Array, Array]:
    """Labels, confidence and uncertainty (h, w) from sums of weighted probabilities (maps, K, h, w) of sorted classes.

    Missing weight counts for the existing class of a pixel; it is added to `scores`. Outside `band`, labels stay as
    they are, with confidence 1 and uncertainty 0. Inside, confidence is the refined probability of the chosen class,
    and uncertainty is the probability of the other classes, over the samples if there are several.
    """
    place = np.full(NODATA_CLASS + 1, len(classes), np.uint8)
    place[classes] = np.arange(len(classes))
    local = place[labels]
    acts = band & (local < len(classes))
    local = np.where(acts, local, np.uint8(0))
    rest = np.maximum(1 - scores.sum(1, keepdims=True), 0)
    index = np.broadcast_to(local.astype(np.int64), rest.shape)
    before = np.take_along_axis(scores, index, axis=1) + rest
    np.put_along_axis(scores, index, before, axis=1)
    after, confidence = gate(local, np.where(acts, before[0, 0], np.float32(1)), scores[0], acts, margin)
    uncertainty = disagreement(scores[-1], after, acts)
    return np.where(acts, classes[after], labels).astype(np.uint8), np.minimum(confidence, 1), uncertainty
