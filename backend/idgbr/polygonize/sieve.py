"""Merges regions below a minimum area into a neighbour, in one pass over the rows.

A region is decided at the first row that does not touch it: by then, its neighbours are known. It takes the class with
which it shares the longest border, and joins its neighbours of that class. Background that reaches nodata or the edge
of the raster is no hole and stays. Rows are released when no region in them is open. So fewer rows are held than the
minimum area has pixels, and the result does not depend on how rows are fed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numba import njit

from idgbr.arrays import Codes, Floats, Ints, Ints32, Mask
from idgbr.polygonize.cracks import FIRST_CLASS, VOID
from idgbr.polygonize.regions import find_root

#: Largest number of codes.
CODES = FIRST_CLASS + 256


class _Rows(NamedTuple):
    """Rows in memory, as runs of equal code, and the regions of these runs."""

    row_runs: Ints  # First run of each row, and the end.
    start: Ints32  # Column where each run starts.
    label: Ints32
    next_run: Ints32  # Next run of the same undecided region, -1 at the end.
    run_row: Ints32
    parent: Ints32
    code: Codes
    area: Floats  # Infinite once decided otherwise.
    first_run: Ints32
    last_run: Ints32
    last_row: Ints32


@njit(cache=True, nogil=True)
def _unite(rows: _Rows, keep: int, drop: int) -> None:
    """Merge region `drop` into region `keep`, whose code it takes."""
    rows.parent[drop] = keep
    rows.area[keep] += rows.area[drop]
    rows.last_row[keep] = max(rows.last_row[keep], rows.last_row[drop])
    if rows.first_run[keep] < 0:
        rows.first_run[keep] = rows.first_run[drop]
    else:
        rows.next_run[rows.last_run[keep]] = rows.first_run[drop]
    if rows.first_run[drop] >= 0:
        rows.last_run[keep] = rows.last_run[drop]


@njit(cache=True, nogil=True)
def _first_overlap(rows: _Rows, row: int, column: int) -> int:
    """Run of a row that covers a column."""
    low, high = int(rows.row_runs[row]), int(rows.row_runs[row + 1]) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if rows.start[middle] <= column:
            low = middle
        else:
            high = middle - 1
    return low


@njit(cache=True, nogil=True)
def _visit_borders(
    rows: _Rows, region: int, n_rows: int, width: int, lengths: Ints, wanted: int
) -> tuple[int, bool, bool]:
    """Walk around a region: add up border lengths by code or, given a code, join its neighbours of that code.

    Returns the neighbours, joined, and whether the region touches nodata, and the edge of the raster.
    """
    into = -1
    any_void = any_edge = False
    run = rows.first_run[region]
    last = rows.last_run[region]
    while run >= 0:
        row, first = rows.run_row[run], rows.start[run]
        end = rows.start[run + 1] if run + 1 < rows.row_runs[row + 1] else width
        for where in range(4):
            if where < 2:  # The runs to the left and right.
                other = run - 1 if where == 0 else run + 1
                stop = other + 1
                if other < rows.row_runs[row] or other >= rows.row_runs[row + 1]:
                    any_edge = True
                    continue
            else:  # Those above and below.
                beside = row - 1 if where == 2 else row + 1
                if beside < 0 or beside >= n_rows:  # A row beside an undecided region is held if there is one.
                    any_edge = True
                    continue
                other = _first_overlap(rows, beside, first)
                stop = rows.row_runs[beside + 1]
            while other < stop and (where < 2 or rows.start[other] < end):
                root = find_root(rows.parent, rows.label[other])
                code = rows.code[root]
                if wanted < 0 and root != region:
                    if code == VOID:
                        any_void = True
                    elif where < 2:
                        lengths[code] += 1
                    else:
                        other_end = rows.start[other + 1] if other + 1 < stop else width
                        lengths[code] += min(end, other_end) - max(first, rows.start[other])
                elif wanted >= 0 and code == wanted and root != region and root != into:
                    if into >= 0:
                        _unite(rows, into, root)
                    else:
                        into = root
                other += 1
        if run == last:
            break
        run = rows.next_run[run]
    return into, any_void, any_edge


@njit(cache=True, nogil=True)
def _decide(rows: _Rows, region: int, n_rows: int, width: int, background: Mask, lengths: Ints) -> None:
    """Merge a small region whose neighbours are all known."""
    lengths[:] = 0
    _, any_void, any_edge = _visit_borders(rows, region, n_rows, width, lengths, -1)
    best = int(np.argmax(lengths))
    no_hole = background[rows.code[region]] and (any_void or any_edge)
    if lengths[best] > 0 and not no_hole:
        into, _, _ = _visit_borders(rows, region, n_rows, width, lengths, best)
        _unite(rows, into, region)
        return
    if any_void and lengths[best] == 0:  # Alone in nodata.
        rows.code[region] = VOID
    rows.area[region] = np.inf


@njit(cache=True, nogil=True)
def _close(
    rows: _Rows, row: int, n_rows: int, width: int, min_area: float, background: Mask, lengths: Ints
) -> None:  # fmt: skip
    """Decide the small regions of a row that do not continue below it."""
    for run in range(rows.row_runs[row], rows.row_runs[row + 1]):
        region = find_root(rows.parent, rows.label[run])
        if rows.last_row[region] == row and rows.area[region] < min_area:
            _decide(rows, region, n_rows, width, background, lengths)


@njit(cache=True, nogil=True)
def _add_rows(old: _Rows, codes: Codes, areas: Floats, cell: int, min_area: float, background: Mask) -> _Rows:
    """Append rows, and decide the regions that they close."""
    held, (n, width) = old.row_runs.size - 1, codes.shape
    runs = old.start.size
    for r in range(n):
        runs += 1
        for c in range(1, width):
            runs += codes[r, c] != codes[r, c - 1]
    grow = runs - old.start.size
    more = np.full(grow, -1, np.int32)
    rows = _Rows(
        np.concatenate((old.row_runs, np.zeros(n, np.int64))),
        np.concatenate((old.start, more)),
        np.concatenate((old.label, more)),
        np.concatenate((old.next_run, more)),
        np.concatenate((old.run_row, more)),
        np.concatenate((old.parent, more)),
        np.concatenate((old.code, np.zeros(grow, np.uint16))),
        np.concatenate((old.area, np.zeros(grow))),
        np.concatenate((old.first_run, more)),
        np.concatenate((old.last_run, more)),
        np.concatenate((old.last_row, more)),
    )
    lengths = np.zeros(CODES, np.int64)
    run, regions = old.start.size, old.parent.size
    for r in range(n):
        row = held + r
        above = rows.row_runs[row - 1] if row else 0
        above_end = rows.row_runs[row]
        c, k, edge = 0, 0, cell  # Areas are by cells of columns: cell k ends at `edge`.
        while c < width:
            code = codes[r, c]
            end = c + 1
            while end < width and codes[r, end] == code:
                end += 1
            label = -1
            while above < above_end and row:
                up_end = rows.start[above + 1] if above + 1 < above_end else width
                root = find_root(rows.parent, rows.label[above])
                if rows.code[root] == code and up_end > c and rows.start[above] < end:
                    if label < 0:
                        label = root
                    elif root != label:
                        _unite(rows, label, root)
                if up_end > end:
                    break
                above += 1
            if label < 0:
                label = regions
                rows.parent[label] = label
                rows.code[label] = code
                if code == VOID:
                    rows.area[label] = np.inf
                regions += 1
            rows.start[run], rows.label[run], rows.run_row[run] = c, label, row
            left, total = c, 0.0
            while end > edge:
                total += (edge - left) * areas[r, k]
                left, edge, k = edge, edge + cell, k + 1
            rows.area[label] += total + (end - left) * areas[r, k]
            rows.last_row[label] = row
            if rows.first_run[label] < 0:
                rows.first_run[label] = run
            else:
                rows.next_run[rows.last_run[label]] = run
            rows.last_run[label] = run
            run += 1
            c = end
        rows.row_runs[row + 1] = run
        if row:
            _close(rows, row - 1, row + 1, width, min_area, background, lengths)
    return _Rows(
        rows.row_runs,
        rows.start,
        rows.label,
        rows.next_run,
        rows.run_row,
        rows.parent[:regions],
        rows.code[:regions],
        rows.area[:regions],
        rows.first_run[:regions],
        rows.last_run[:regions],
        rows.last_row[:regions],
    )


@njit(cache=True, nogil=True)
def _release(rows: _Rows, width: int, min_area: float, everything: bool) -> tuple[_Rows, Codes]:
    """Split off the rows at the top whose regions are all decided, except the last one, and renumber the rest."""
    held = rows.row_runs.size - 1
    ready = held
    for row in range(held):
        for run in range(rows.row_runs[row], rows.row_runs[row + 1]):
            if rows.area[find_root(rows.parent, rows.label[run])] < min_area and not everything:
                ready = row
                break
        if ready < held:
            break
    if not everything:
        ready = max(
            0, min(ready - 1, held - 1)
        )  # A row above undecided regions, and the last row, are still looked at.
    out = np.empty((ready, width), np.uint16)
    for row in range(ready):
        for run in range(rows.row_runs[row], rows.row_runs[row + 1]):
            end = rows.start[run + 1] if run + 1 < rows.row_runs[row + 1] else width
            out[row, rows.start[run] : end] = rows.code[find_root(rows.parent, rows.label[run])]
    gone = rows.row_runs[ready]
    number = np.full(rows.parent.size, -1, np.int32)
    label = rows.label[gone:].copy()
    kept = 0
    order = np.empty(rows.parent.size, np.int64)
    for i in range(label.size):
        root = find_root(rows.parent, label[i])
        if number[root] < 0:
            number[root] = kept
            order[kept] = root
            kept += 1
        label[i] = number[root]
    order = order[:kept]
    next_run = rows.next_run[gone:].copy()
    next_run[next_run >= 0] -= np.int32(gone)
    first_run, last_run = rows.first_run[order], rows.last_run[order]
    for i in range(kept):
        decided = rows.area[order[i]] >= min_area
        first_run[i] = -1 if decided else first_run[i] - gone
        last_run[i] = -1 if decided else last_run[i] - gone
    return _Rows(
        rows.row_runs[ready:] - gone,
        rows.start[gone:].copy(),
        label,
        next_run,
        rows.run_row[gone:] - np.int32(ready),
        np.arange(kept).astype(np.int32),
        rows.code[order],
        rows.area[order],
        first_run,
        last_run,
        rows.last_row[order] - np.int32(ready),
    ), out


@njit(cache=True, nogil=True)
def _close_last(rows: _Rows, width: int, min_area: float, background: Mask) -> None:
    held = rows.row_runs.size - 1
    if held:
        _close(rows, held - 1, held, width, min_area, background, np.zeros(CODES, np.int64))


class Sieve:
    """Takes rows of codes and yields them with regions below a minimum area merged into their neighbours."""

    def __init__(
        self, areas: Callable[[int, int], Floats], min_area: float, cell: int, background: Mask | None = None
    ) -> None:
        """Take a function of pixel areas, and the area below which regions are merged.

        `areas` gives those of rows [first, last) by cells of `cell` columns, (rows, cells); it is called in order.
        `background` says which codes get no polygons, (CODES,); None: all get some.
        """
        self._background = np.zeros(CODES, np.bool_) if background is None else background
        self._areas, self._cell, self._min_area, self._row = areas, cell, min_area, 0
        none: Ints32 = np.zeros(0, np.int32)
        self._rows = _Rows(
            np.zeros(1, np.int64), none, none, none, none, none, np.zeros(0, np.uint16), np.zeros(0), none, none, none
        )

    def feed(self, codes: Codes) -> Iterator[Codes]:
        """Take rows (`FIRST_CLASS` and up, or `VOID`, which is never changed), and yield the decided ones."""
        if not codes.shape[0]:
            return
        areas = self._areas(self._row, self._row + codes.shape[0])
        self._row += codes.shape[0]
        rows = _add_rows(self._rows, codes, areas, self._cell, self._min_area, self._background)
        self._rows, done = _release(rows, codes.shape[1], self._min_area, False)
        self._width = codes.shape[1]
        if done.shape[0]:
            yield done

    def finish(self) -> Iterator[Codes]:
        """Yield the remaining rows."""
        _close_last(self._rows, self._width, self._min_area, self._background)
        self._rows, done = _release(self._rows, self._width, self._min_area, True)
        if done.shape[0]:
            yield done
