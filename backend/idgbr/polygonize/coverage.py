"""Turns rows of class codes into polygons of the regions that they complete. See docs/glossary.md: coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from idgbr.arrays import AnyArray, Codes, Floats, Ints, Ints32
from idgbr.monitor import check_cancelled
from idgbr.polygonize.arcs.fit import FitOptions, fit_pieces
from idgbr.polygonize.arcs.neighbourhood import Neighbourhood, lag
from idgbr.polygonize.arcs.trace import Pieces, join_pieces, trace_strip
from idgbr.polygonize.assemble import Arcs, PolygonBatch, assemble
from idgbr.polygonize.cracks import FIRST_CLASS, OUTSIDE, corner_bits
from idgbr.polygonize.regions import (
    STEPS,
    RegionTable,
    Shares,
    count_shares,
    flatten,
    label_strip,
    open_regions,
    sum_regions,
)

#: Polygons in a batch: limits its memory, and the delay of a cancel.
BATCH = 20000


@dataclass(frozen=True)
class FinishedRegions:
    """Polygons with the code of their class and statistics of their pixels.

    `pixels` counts the pixels of each, `means` (n, values) are the means of the values, nan where none is known.
    `shares` tells which objects each polygon contains, by its index in the batch.
    """

    polygons: PolygonBatch
    codes: Codes
    pixels: Ints
    means: Floats
    shares: Shares


class CoverageBuilder:
    """Builds a coverage from strips of rows; holds only unfinished regions and their arcs."""

    def __init__(self, width: int, options: FitOptions, flip: bool, values: int = 0) -> None:
        """Start a coverage.

        Args:
            width: Columns of the raster.
            options: How arcs are fitted.
            flip: Whether to reverse rings, so that outer rings run anticlockwise in the world.
            values: Number of values per pixel, for their means.
        """
        self._width, self._options, self._flip = width, options, flip
        self._rim = options.reach + 1
        self._rows = np.full((self._rim, width), OUTSIDE, np.uint16)
        self._values = np.zeros((values, 0, width), np.int32)
        self._objects: Ints32 | None = None
        self._row0 = 0
        self._table = RegionTable.outside(values)
        self._shares = Shares.none()
        self._labels = np.zeros(width + 2, np.int32)
        self._pieces = Pieces.none()
        self._arcs = Arcs.none()
        #: For regular shapes: arcs and regions wait until the directions in their neighbourhood are known.
        self._around = Neighbourhood(width, options) if options.method else None
        self._lag = lag(options.cell) + 1 if options.method else 0

    def feed(
        self, codes: Codes, values: Sequence[AnyArray] = (), objects: Ints32 | None = None
    ) -> Iterator[FinishedRegions]:
        """Take the next rows, and yield the polygons that they complete.

        Args:
            codes: Codes of the pixels, `FIRST_CLASS` and up for polygons, (rows, width).
            values: Each of the same shape, from 0 up to some thousands, nan where unknown; as many as announced.
            objects: Number of the object on each pixel, 0 or less for none; with every call or with none.
        """
        self._rows = np.concatenate((self._rows, codes))
        if values:
            given = np.stack([np.nan_to_num(v.astype(np.float64), nan=-1.0) for v in values])
            steps = np.where(given >= 0, np.rint(given * STEPS), -1).astype(np.int32)
            self._values = np.concatenate((self._values, steps), axis=1)
        if objects is not None:
            before = (self._objects,) if self._objects is not None else ()
            self._objects = np.concatenate((*before, objects))
        yield from self._advance()

    def finish(self) -> Iterator[FinishedRegions]:
        """Yield the remaining polygons, after the last rows."""
        below = np.full((self._rim + 1, self._width), OUTSIDE, np.uint16)
        self._rows = np.concatenate((self._rows, below))
        unknown = np.full((len(self._values), *below.shape), -1, np.int32)
        self._values = np.concatenate((self._values, unknown), axis=1)
        if self._objects is not None:
            self._objects = np.concatenate((self._objects, np.zeros(below.shape, np.int32)))
        yield from self._advance(last=True)

    def _advance(self, *, last: bool = False) -> Iterator[FinishedRegions]:
        rim = self._rim
        count = self._rows.shape[0] - 2 * rim
        if count < 1:
            return
        window = np.pad(self._rows, ((0, 0), (rim, rim)), constant_values=OUTSIDE)
        inner = window[:, rim - 1 : window.shape[1] - rim + 1]
        codes = inner[rim : rim + count]
        labels, parent, _ = label_strip(codes, self._labels, inner[rim - 1], self._table.pixels.size)
        numbers, regions = flatten(parent)
        self._table = sum_regions(self._table, codes, labels, numbers, regions, self._values[:, :count], self._row0)
        if self._objects is not None:
            self._shares = count_shares(self._shares, labels[1:, 1:-1], numbers, self._objects[:count])
            self._objects = self._objects[count:]
        check_cancelled()
        bits = corner_bits(window)
        new = Pieces(*trace_strip(window, bits, labels, rim, self._row0, self._options.reach))
        seam = bits[rim, rim : rim + self._width + 1]
        check_cancelled()
        pieces = join_pieces(self._pieces, new, seam, self._row0)
        pieces = pieces.with_sides(numbers[pieces.sides])
        self._arcs = self._arcs.with_sides(numbers[self._arcs.sides])
        dangling = pieces.dangling[:, 0] | pieces.dangling[:, 1]
        self._pieces = pieces.select(dangling)
        complete = pieces.select(~dangling)
        check_cancelled()
        self._row0 += count
        self._fit(complete, numbers, last=last)

        self._rows, self._values = self._rows[count:].copy(), self._values[:, count:]
        is_open = open_regions(labels[-1], numbers, regions)
        is_open[0] = True
        if self._lag and not last:
            is_open |= self._table.last_row + self._lag >= self._row0
        yield from self._polygons(is_open)
        self._carry(is_open, numbers[labels[-1]])

    def _fit(self, complete: Pieces, numbers: Ints32, *, last: bool) -> None:
        """Fit complete arcs; for regular shapes, those whose neighbourhood is known."""
        if self._around is None:
            self._arcs = self._arcs.plus(fit_pieces(complete, self._width, self._options))
            return
        around = self._around
        around.waiting = around.waiting.with_sides(numbers[around.waiting.sides])
        around.add(complete)
        check_cancelled()
        ready, votes = around.take(None if last else self._row0)
        self._arcs = self._arcs.plus(fit_pieces(ready, self._width, self._options, votes))

    def _polygons(self, is_open: AnyArray) -> Iterator[FinishedRegions]:
        table = self._table
        finished = np.flatnonzero(~is_open & (table.code >= FIRST_CLASS))
        finished = finished[np.lexsort((table.key[finished], table.last_row[finished]))]
        for first in range(0, finished.size, BATCH):
            check_cancelled()
            some = finished[first : first + BATCH]
            rank = np.full(is_open.size, -1, np.int64)
            rank[some] = np.arange(some.size)
            rows = table.select(some)
            with np.errstate(invalid="ignore"):
                means = rows.sums / (rows.known * float(STEPS))
            shares = self._shares.select(rank >= 0, rank)
            yield FinishedRegions(assemble(self._arcs, rank, self._flip), rows.code, rows.pixels, means, shares)

    def _carry(self, is_open: AnyArray, last_labels: Ints32) -> None:
        """Drop what is finished and renumber the open regions."""
        renumbered: Ints = np.cumsum(is_open) - 1
        shrink = np.where(is_open, renumbered, 0).astype(np.int32)
        wanted = is_open & (self._table.code >= FIRST_CLASS)
        self._arcs = self._arcs.select(wanted[self._arcs.sides[:, 0]] | wanted[self._arcs.sides[:, 1]])
        # A finished neighbour becomes "outside": its polygon is already written.
        self._arcs = self._arcs.with_sides(shrink[self._arcs.sides])
        self._pieces = self._pieces.with_sides(shrink[self._pieces.sides])
        if self._around:
            self._around.waiting = self._around.waiting.with_sides(shrink[self._around.waiting.sides])
        self._labels = shrink[last_labels]
        self._table = self._table.select(is_open)
        self._shares = self._shares.select(is_open, renumbered)
