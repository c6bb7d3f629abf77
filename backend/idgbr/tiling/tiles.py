"""Tiles and their blending: cores that partition the raster, halos for context, linear ramps across the core borders.

Weights are a partition of unity that depends only on the absolute position. Tiles start at multiples of the core size,
so repeated runs agree. The part of a halo beyond the ramp is only context and never reaches the result. The terms are
defined in docs/glossary.md#tiles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array, Mask
from idgbr.errors import ModelError
from idgbr.models.card import RAMP, ModelCard

#: Sides and positions of windows are multiples of this, the deepest stride of most networks.
STRIDE = 32
#: Least core, in px, to which tiles are halved when memory runs out: below it, windows are mostly halo.
LEAST_CORE = 96
#: Sides of windows around a part of a tile are multiples of this, because an engine prepares for each new shape.
_COARSE_STRIDE = 128

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True)
class Tile:
    """One tile: core rows [row, row + height) and columns [col, col + width) of the grid."""

    row: int
    col: int
    height: int
    width: int


class Box(NamedTuple):
    """A window of the grid, which may extend beyond it: rows from `row` on, columns from `col` on."""

    row: int
    col: int
    height: int
    width: int

    def cut(self, values: NDArray[Value], row: int, col: int) -> NDArray[Value]:
        """The part of values (…, H, W), which are from grid pixel (row, col) on, in the box; mirrored beyond them."""
        return mirrored_window(values, self.row - row, self.col - col, (self.height, self.width))

    def filled(self, values: NDArray[Value], row: int, col: int) -> NDArray[Value]:
        """Values (…, H, W), which are from grid pixel (row, col) on, in the box; zeros where there are none."""
        out = np.zeros((*values.shape[:-2], self.height, self.width), values.dtype)
        high, right = row + values.shape[-2], col + values.shape[-1]
        top, left = max(self.row, row), max(self.col, col)
        bottom, end = min(self.row + self.height, high), min(self.col + self.width, right)
        inside = values[..., top - row : bottom - row, left - col : end - col]
        out[..., top - self.row : bottom - self.row, left - self.col : end - self.col] = inside
        return out


@dataclass(frozen=True)
class Tiling:
    """Tiles of `core` px over a (height, width) grid, each read with `halo` px around it.

    A window of the network is a square of `core + 2·halo` px. With `cut`, it ends where the grid does, but for less
    than a `stride`: what a network is shown beyond is a mirror image, which takes time and does not help it. Networks
    of a fixed side get whole windows. All windows begin at the same phase of the `stride` of the network, so it sees
    the same cells in each.
    """

    height: int
    width: int
    core: int
    halo: int
    cut: bool = False
    stride: int = STRIDE

    @property
    def size(self) -> int:
        """Largest side of the network's window."""
        return self.core + 2 * self.halo

    def window(self, tile: Tile, part: Box | None = None) -> Box:
        """The network's window for a tile, or for a `part` of its core and ramps."""
        (row, height), (col, width) = self._side(tile.row, self.height), self._side(tile.col, self.width)
        if part and self.cut:
            row, height = self._near(row, height, part.row, part.height)
            col, width = self._near(col, width, part.col, part.width)
        return Box(row, col, height, width)

    def _side(self, core: int, total: int) -> tuple[int, int]:
        """First index and length of a window along one axis; `core` is where the tile's core begins."""
        first, last = core - self.halo, core + self.core + self.halo
        if not self.cut:
            return first, last - first
        low = first + max(-first, 0) // self.stride * self.stride
        high = min(last, total)
        return low, min(-(-(high - low) // self.stride) * self.stride, last - low)

    def _near(self, low: int, length: int, start: int, count: int) -> tuple[int, int]:
        """First index and length of the part of a window that shows `count` pixels from `start` on with their halo."""
        first = low + max(start - self.halo - low, 0) // _COARSE_STRIDE * _COARSE_STRIDE
        needed = start + count + self.halo - first
        return first, min(-(-needed // _COARSE_STRIDE) * _COARSE_STRIDE, low + length - first)

    def active_part(self, tile: Tile, mask: Mask, row: int, col: int) -> Box | None:
        """The part of a tile, with its ramps, that holds all of `mask`, from grid pixel (row, col) on; or None."""
        reach = self.ramp
        top, left = max(tile.row - reach, 0), max(tile.col - reach, 0)
        here = mask[top - row : tile.row + tile.height + reach - row, left - col : tile.col + tile.width + reach - col]
        rows, cols = np.flatnonzero(here.any(1)), np.flatnonzero(here.any(0))
        if not rows.size:
            return None
        return Box(top + int(rows[0]), left + int(cols[0]), int(np.ptp(rows)) + 1, int(np.ptp(cols)) + 1)

    def halved(self) -> Tiling | None:
        """Tiles of half the core; None if the network has a fixed side, or if the core is small already."""
        core = self.core // 2 // self.stride * self.stride
        return replace(self, core=core) if self.cut and core >= LEAST_CORE else None

    @property
    def ramp(self) -> int:
        """Half-width of the blending ramp around a core border; ramps of two borders never meet."""
        return min(RAMP, self.halo // 2, self.core // 2)

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[list[Tile]]:
        """Tiles row by row, with cores that begin at grid rows from `start` on and before `stop`."""
        for row in range(start, self.height if stop is None else min(stop, self.height), self.core):
            height = min(self.core, self.height - row)
            yield [Tile(row, col, height, min(self.core, self.width - col)) for col in range(0, self.width, self.core)]

    def start_after(self, done: int) -> int:
        """Grid row of the first tiles that are needed to resume exactly after `done` finished rows.

        Tiles above that blend into unfinished rows are included: they are computed again.
        """
        finished = -(-self.height // self.core) if done >= self.height else (done + self.ramp) // self.core
        return max(finished - -(-2 * self.ramp // self.core), 0) * self.core if done else 0

    def count_from(self, start: int) -> int:
        """Number of tiles from grid row `start` on."""
        return -(-(self.height - start) // self.core) * -(-self.width // self.core)

    @property
    def count(self) -> int:
        """Number of tiles."""
        return self.count_from(0)

    def final_row(self, start: int) -> int:
        """Grid row up to which all rows are final after the row of tiles whose cores begin at `start`."""
        end = start + self.core
        return self.height if end >= self.height else end - self.ramp

    def open_rows(self, start: int) -> int:
        """Number of rows, from `start` - ramp on, that this row of tiles shares with the one above."""
        return min(2 * self.ramp, self.final_row(start) - (start - self.ramp)) if start else 0

    def weights(self, start: int, length: int, total: int) -> tuple[int, Array]:
        """First index and weights along one axis of the tile whose core is [start, start + length) of `total`."""
        before = self.ramp if start > 0 else 0
        after = min(self.ramp, total - start - length)
        first, last = start - before, start + length + after
        position = np.arange(first, last) + 0.5
        weights = np.ones(last - first, np.float32)
        if before:
            weights = np.minimum(weights, (position - (start - before)) / (2.0 * before))
        if start + length < total:
            # The neighbour's ramp has the same width, even if the raster's end cuts it short.
            weights = np.minimum(weights, (start + length + self.ramp - position) / (2.0 * self.ramp))
        return first, weights.astype(np.float32)


class Edges(NamedTuple):
    """Sums that separately computed rows of tiles share with those above and below, (K, rows, width) each.

    The sum of the upper rows' `below` and the lower rows' `top` is, to the bit, that of computing both in sequence.
    """

    top: Array
    below: Array


@dataclass
class Span:
    """Rows of tiles to compute separately: those whose cores begin at grid rows [start, stop).

    A pass stores its unfinished sums in `edges`, for each map that it blends.
    """

    start: int
    stop: int
    edges: list[Edges] = field(default_factory=list)


class Part(NamedTuple):
    """Blended scores (K, h, w) from grid pixel (row, col) on that no later tile changes."""

    row: int
    col: int
    scores: Array


class Blender:
    """Blends tile scores (K, H, W), row of tiles by row of tiles; holds only the ramps below one row of tiles.

    The tiles of a row are summed up first, then the rows, so rows may be joined in any order.
    """

    def __init__(self, tiling: Tiling, channels: int, apart: int | None = None) -> None:
        """Start with any row of tiles. Contributions from above are ignored.

        If the first row of tiles is at grid row `apart`, the rows that it shares with the one above are not part of the
        result, but of `edges`.
        """
        self._tiling, self._channels, self._apart = tiling, channels, apart
        ramps = np.zeros((2, channels, 2 * tiling.ramp, tiling.width), np.float32)
        self._above, self._below = ramps  # what the last and this row of tiles give across the border between rows
        self._left: Array | None = None  # what the last tile gives to the next
        self._top = np.zeros((channels, tiling.open_rows(apart or 0), tiling.width), np.float32)

    @property
    def edges(self) -> Edges:
        """Unfinished sums after the tiles so far."""
        return Edges(self._top, self._below)

    def final_row(self, tile: Tile) -> int:
        """Grid row up to which all rows are final after the row of tiles with `tile`."""
        return self._tiling.final_row(tile.row)

    def add(self, tile: Tile, scores: Array | None) -> Part:
        """Add the scores of a tile's window, (K, H, W), None for zeros; returns the newly final parts."""
        tiling = self._tiling
        window = tiling.window(tile)
        if tile.col == 0:
            self._above, self._below = self._below, self._above
            self._below[:] = 0
            self._left = None
        row, by_row = tiling.weights(tile.row, tile.height, tiling.height)
        col, by_col = tiling.weights(tile.col, tile.width, tiling.width)
        if scores is None:
            blended = np.zeros((self._channels, len(by_row), len(by_col)), np.float32)
        else:
            assert scores.shape[1:] == window[2:], "scores of another window"
            top, left = row - window.row, col - window.col
            blended = scores[:, top : top + len(by_row), left : left + len(by_col)] * (by_row[:, None] * by_col)
        if self._left is not None:
            blended[:, :, : self._left.shape[2]] += self._left
        rows = tiling.final_row(tile.row) - row
        cols = len(by_col) if tile.col + tile.width >= tiling.width else tile.col + tile.width - tiling.ramp - col
        self._left = blended[:, :, cols:].copy()
        place = slice(col, col + cols)
        below, blended = blended[:, rows:, :cols], blended[:, :rows, :cols]
        self._below[:, : below.shape[1], place] = below
        if tile.row > 0:
            shared = tiling.open_rows(tile.row)
            if tile.row == self._apart:
                self._top[:, :, place] = blended[:, :shared]
                return Part(row + shared, col, blended[:, shared:])
            blended[:, :shared] += self._above[:, :shared, place]
        return Part(row, col, blended)


def mirrored_window(values: NDArray[Value], row: int, col: int, size: tuple[int, int]) -> NDArray[Value]:
    """Window (…, *size) from pixel (row, col) on of values (…, H, W), mirrored beyond their edges."""
    (height, width), (down, right) = values.shape[-2:], size
    inner = values[..., max(row, 0) : min(row + down, height), max(col, 0) : min(col + right, width)]
    pad = [(0, 0)] * (values.ndim - 2)
    pad += [(max(-row, 0), max(row + down - height, 0)), (max(-col, 0), max(col + right - width, 0))]
    return np.pad(inner, pad, mode="symmetric") if any(map(any, pad)) else np.ascontiguousarray(inner)


def fit_tiling(height: int, width: int, card: ModelCard, tile: int = 0, stride: int = STRIDE) -> Tiling:
    """Tiling for a model: cores of `tile` px or the card's; one tile if the raster fits into the card's.

    Windows are cut at the edges of the raster. A graph with a fixed tile side gets the card's tile. Raises ModelError
    if its halo leaves no core.
    """
    core = card.tile - 2 * card.halo
    if core < 1:
        raise ModelError(
            f"model {card.id!r}: its halo of {card.halo} px leaves nothing of its tile of {card.tile} px; "
            "correct its card."
        )
    if card.one_tile_size:
        return Tiling(height, width, core, card.halo)
    whole = -(-max(height, width) // stride) * stride
    core = min(tile or (whole if whole <= card.tile else core), whole)
    return Tiling(height, width, core, card.halo, cut=True, stride=stride)
