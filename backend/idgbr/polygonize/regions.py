"""Regions of a class raster (4-connected), joined across strips, and sums over each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from idgbr.arrays import AnyArray, Codes, Ints, Ints32, Mask

#: Values are summed in these integer steps, so that sums do not depend on the order of adding.
STEPS = 65535


@dataclass(frozen=True)
class RegionTable:
    """One row for each open region. `key` is the index of its first pixel in the raster: a name independent of strips.

    `sums` (n, values) adds up values of pixels, in `STEPS`, over the pixels where they are known, `known` (n, values).
    """

    code: Codes
    pixels: Ints
    sums: Ints
    known: Ints
    key: Ints
    last_row: Ints

    def select(self, keep: AnyArray) -> RegionTable:
        """Select rows by a mask or by their numbers, in that order."""
        return RegionTable(
            self.code[keep],
            self.pixels[keep],
            self.sums[keep],
            self.known[keep],
            self.key[keep],
            self.last_row[keep],
        )

    @staticmethod
    def outside(values: int) -> RegionTable:
        """The table at the start, for a number of values per pixel: region 0 is the outside of the raster."""
        zero, none = np.zeros(1, np.int64), np.zeros((1, values), np.int64)
        return RegionTable(np.zeros(1, np.uint16), zero, none, none, zero, zero)


@njit(cache=True, nogil=True)
def find_root(parent: Ints32, i: int) -> int:
    """Find the region that `i` has been joined to, and shorten the path for the next time."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@njit(cache=True, nogil=True)
def label_strip(codes: Codes, carried: Ints32, carried_codes: Codes, regions: int) -> tuple[Ints32, Ints32, int]:
    """Label the 4-connected regions of a strip and join them to those of the row above it.

    Args:
        codes: Codes of the strip's pixels with one column of outside at each side, (rows, cols).
        carried: Labels of the row above, (cols,).
        carried_codes: Codes of the row above, (cols,).
        regions: Number of labels in use by regions above.

    Returns:
        Labels (rows + 1, cols), the first row being `carried`; the parent of each label; the number of labels.
    """
    rows, cols = codes.shape
    labels = np.empty((rows + 1, cols), np.int32)
    labels[0] = carried
    parent = np.empty(regions + rows * (cols // 2 + 1), np.int32)
    for i in range(regions):
        parent[i] = i
    count = regions
    for r in range(rows):
        above = codes[r - 1] if r else carried_codes
        joined = -1  # Label above that was last found to be of the region to the left.
        for c in range(cols):
            code = codes[r, c]
            if code == 0:
                labels[r + 1, c] = 0
            elif code == codes[r, c - 1]:
                left = labels[r + 1, c - 1]
                labels[r + 1, c] = left
                if code == above[c] and labels[r, c] != joined:
                    joined = labels[r, c]
                    a, b = find_root(parent, left), find_root(parent, joined)
                    if a < b:
                        parent[b] = a
                    elif b < a:
                        parent[a] = b
            elif code == above[c]:
                joined = labels[r + 1, c] = labels[r, c]
            else:
                joined = -1
                if count == parent.size:
                    parent = np.concatenate((parent, np.empty(parent.size, np.int32)))
                parent[count] = count
                labels[r + 1, c] = count
                count += 1
    return labels, parent[:count].copy(), count


@njit(cache=True, nogil=True)
def flatten(parent: Ints32) -> tuple[Ints32, int]:
    """Number the roots 0, 1, … in order and give each label the number of its root."""
    numbers = np.empty(parent.size, np.int32)
    count = 0
    for i in range(parent.size):
        if parent[i] == i:
            numbers[i] = count
            count += 1
        else:
            numbers[i] = numbers[find_root(parent, i)]
    return numbers, count


@njit(cache=True, nogil=True)
def _sum_strip(
    codes: Codes,
    labels: Ints32,
    numbers: Ints32,
    values: Ints32,
    row0: int,
    code: Codes,
    pixels: Ints,
    sums: Ints,
    known: Ints,
    key: Ints,
    last_row: Ints,
) -> None:
    rows, cols = codes.shape
    for r in range(rows):
        for c in range(1, cols - 1):
            i = numbers[labels[r + 1, c]]
            if pixels[i] == 0:
                code[i] = codes[r, c]
                key[i] = (row0 + r) * (cols - 2) + c - 1
            pixels[i] += 1
            last_row[i] = row0 + r
            for v in range(values.shape[0]):
                if values[v, r, c - 1] >= 0:
                    sums[i, v] += values[v, r, c - 1]
                    known[i, v] += 1


def sum_regions(
    table: RegionTable, codes: Codes, labels: Ints32, numbers: Ints32, count: int, values: Ints32, row0: int
) -> RegionTable:
    """Add a strip's pixels to the regions carried from above, which may have joined, and to new ones.

    Args:
        table: Regions carried from above; their labels are 0, 1, …
        codes: Codes of the strip, as for `label_strip`.
        labels: Labels from `label_strip`.
        numbers: Number of the region of each label, from `flatten`.
        count: Number of regions.
        values: Values to sum, in `STEPS`, -1 where unknown, without the outside columns: (values, rows, cols - 2).
        row0: First row of the strip in the raster.
    """
    carried = numbers[: table.pixels.size]
    code = np.zeros(count, codes.dtype)
    code[carried] = table.code
    pixels = np.zeros(count, np.int64)
    sums, known = np.zeros((2, count, len(values)), np.int64)
    np.add.at(pixels, carried, table.pixels)
    np.add.at(sums, carried, table.sums)
    np.add.at(known, carried, table.known)
    key = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(key, carried, table.key)
    last_row = np.zeros(count, np.int64)
    np.maximum.at(last_row, carried, table.last_row)
    _sum_strip(codes, labels, numbers, values, row0, code, pixels, sums, known, key, last_row)
    return RegionTable(code, pixels, sums, known, key, last_row)


def open_regions(last_labels: Ints32, numbers: Ints32, count: int) -> Mask:
    """Mark the regions that reach a strip's last row, and so may continue."""
    flags = np.zeros(count, np.bool_)
    flags[numbers[last_labels]] = True
    return flags


@dataclass(frozen=True)
class Shares:
    """Number of pixels of each object in each region: one row a pair, regions by their numbers."""

    region: Ints
    object: Ints
    pixels: Ints

    @staticmethod
    def none() -> Shares:
        """An empty table."""
        zero = np.zeros(0, np.int64)
        return Shares(zero, zero, zero)

    def select(self, keep: Mask, renumbered: Ints) -> Shares:
        """Select the rows of the regions in a mask, and renumber them."""
        rows = keep[self.region]
        return Shares(renumbered[self.region[rows]], self.object[rows], self.pixels[rows])


def count_shares(table: Shares, labels: Ints32, numbers: Ints32, objects: Ints32) -> Shares:
    """Count a strip's pixels of objects (numbers above 0) in regions carried from above and in new ones.

    Args:
        table: Counts so far; regions by their labels in the strip.
        labels: Labels of the strip's pixels, (rows, cols).
        numbers: Number of the region of each label, from `flatten`.
        objects: Object of each pixel, 0 or less for none, (rows, cols).
    """
    pairs = (numbers[labels].astype(np.int64) << 32 | np.maximum(objects, 0)).ravel()
    starts = np.concatenate(([0], np.flatnonzero(np.diff(pairs)) + 1))
    lengths = np.diff(starts, append=pairs.size)
    old = numbers[table.region].astype(np.int64) << 32 | table.object
    found, inverse = np.unique(np.concatenate((old, pairs[starts])), return_inverse=True)
    pixels = np.zeros(found.size, np.int64)
    np.add.at(pixels, inverse, np.concatenate((table.pixels, lengths)))
    there = found & 0xFFFFFFFF > 0
    return Shares(found[there] >> 32, found[there] & 0xFFFFFFFF, pixels[there])
