"""Labels of connected pixels of a class raster, given while its rows are read, and facts about each label."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from idgbr.arrays import Codes, Floats, Ints, Ints32, Mask
from idgbr.polygonize.regions import find_root, flatten

#: A place after all pixels.
LAST = np.iinfo(np.int64).max


class Labels(NamedTuple):
    """Facts about each label.

    They are the label it has been joined to, its m², its number of pixels, the index of its first pixel, the code of
    its class, and its group: the given object that it is a part of, 0 for none.
    """

    parent: Ints32
    area: Floats
    pixels: Ints
    first: Ints
    code: Codes
    group: Ints32

    @staticmethod
    def none() -> Labels:
        """The facts before the first label; label 0 means that a pixel has none."""
        zero, count = np.zeros(1, np.int32), np.zeros(1, np.int64)
        return Labels(zero, np.zeros(1), count, count - 1, np.zeros(1, np.uint16), zero)

    def more(self, count: int) -> Labels:
        """With room for more labels."""
        filled = Labels(
            np.zeros(count, np.int32), np.zeros(count), np.zeros(count, np.int64), np.full(count, LAST),
            np.zeros(count, np.uint16), np.zeros(count, np.int32),
        )  # fmt: skip
        return Labels(
            np.concatenate((self.parent, filled.parent)),
            np.concatenate((self.area, filled.area)),
            np.concatenate((self.pixels, filled.pixels)),
            np.concatenate((self.first, filled.first)),
            np.concatenate((self.code, filled.code)),
            np.concatenate((self.group, filled.group)),
        )

    def up_to(self, count: int) -> Labels:
        """The first labels."""
        return self.at(np.arange(count))

    def at(self, which: Ints) -> Labels:
        """Some of the labels."""
        return Labels(
            self.parent[which], self.area[which], self.pixels[which], self.first[which], self.code[which],
            self.group[which],
        )  # fmt: skip

    def joined(self) -> tuple[Ints32, Labels]:
        """Number of each label among the joined ones, and the facts about those."""
        numbers, count = flatten(self.parent)
        out = Labels.none().up_to(0).more(count)
        np.add.at(out.area, numbers, self.area)
        np.add.at(out.pixels, numbers, self.pixels)
        np.minimum.at(out.first, numbers, self.first)
        out.code[numbers], out.group[numbers] = self.code, self.group
        return numbers, out._replace(parent=np.arange(count, dtype=np.int32))

    def in_order(self, keep: Mask) -> tuple[Ints32, Labels]:
        """Number of each label, 1, 2, … in the order of first pixels, and the facts; 0 for labels that are not kept."""
        order = np.argsort(np.where(keep, self.first, LAST), kind="stable")[: np.count_nonzero(keep)]
        order = np.concatenate(([0], order[order > 0]))
        numbers = np.zeros(keep.size, np.int32)
        numbers[order] = np.arange(order.size)
        return numbers, self.at(order)._replace(parent=np.arange(order.size, dtype=np.int32))


@njit(cache=True, nogil=True)
def _label(
    wanted: Mask, codes: Codes, groups: Ints32, above: Ints32, labels: Labels, count: int
) -> tuple[Ints32, int]:  # fmt: skip
    """Label the 4-connected `wanted` pixels of a code and group, joined to those of the row above (labels, 0 for none).

    Returns their labels (rows, cols), 0 for the others, and the number of labels.
    """
    rows, cols = codes.shape
    out = np.zeros((rows, cols), np.int32)
    for r in range(rows):
        row_above = out[r - 1] if r else above
        for c in range(cols):
            if not wanted[r, c]:
                continue
            up, left = row_above[c], out[r, c - 1] if c else 0
            up *= labels.code[up] == codes[r, c] and labels.group[up] == groups[r, c]
            left *= labels.code[left] == codes[r, c] and labels.group[left] == groups[r, c]
            out[r, c] = max(up, left)
            if up and left:
                a, b = find_root(labels.parent, up), find_root(labels.parent, left)
                labels.parent[max(a, b)] = min(a, b)
            elif not up and not left:
                labels.parent[count] = count
                labels.code[count], labels.group[count] = codes[r, c], groups[r, c]
                out[r, c] = count
                count += 1
    return out, count


def labelled(
    wanted: Mask, codes: Codes, groups: Ints32, above: Ints32, labels: Labels
) -> tuple[Ints32, Labels]:  # fmt: skip
    """Labels of the `wanted` pixels of rows, and the facts about all labels; see `_label`."""
    count = len(labels.parent)
    labels = labels.more(codes.shape[0] * (codes.shape[1] // 2 + 1))
    found, count = _label(wanted, codes, groups, above, labels, count)
    return found, labels.up_to(count)


@njit(cache=True, nogil=True)
def measure(found: Ints32, labels: Labels, row: int, areas: Floats, cell: int) -> None:
    """Add areas, pixels and first pixels of rows of labels, from grid row `row` on."""
    rows, cols = found.shape
    for r in range(rows):
        for c in range(cols):
            label = found[r, c]
            if label:
                labels.area[label] += areas[r, c // cell]
                labels.pixels[label] += 1
                labels.first[label] = min(labels.first[label], (row + r) * cols + c)


@njit(cache=True, nogil=True)
def find_walls(found: Ints32, above: Ints32, labels: Labels) -> Ints:
    """Pairs of labels of one class that meet, once for each pixel edge: the lower one times 2**32 plus the other."""
    rows, cols = found.shape
    walls = np.empty(rows * cols // 8 + 2 * cols, np.int64)
    n = 0
    for r in range(rows):
        row_above = found[r - 1] if r else above
        if n + 2 * cols > walls.size:
            walls = np.concatenate((walls, np.empty(walls.size, np.int64)))
        for c in range(cols):
            label = found[r, c]
            for other in (found[r, max(c - 1, 0)], row_above[c]):
                if label and other and other != label and labels.code[other] == labels.code[label]:
                    walls[n] = np.int64(min(label, other)) << 32 | max(label, other)
                    n += 1
    return walls[:n].copy()


@njit(cache=True, nogil=True)
def join(parent: Ints32, pairs: Ints) -> None:
    """Join the two labels of each pair."""
    for i in range(pairs.shape[0]):
        a, b = find_root(parent, pairs[i, 0]), find_root(parent, pairs[i, 1])
        parent[max(a, b)] = min(a, b)


def longest_walls(pairs: Ints32, lengths: Ints, small: Mask, first: Ints) -> Ints:
    """For each `small` object with neighbours, it and the neighbour with the longest wall, (n, 2).

    Args:
        pairs: Both objects of stretches of walls, (n, 2).
        lengths: Lengths of these stretches.
        small: Whether each object must join another.
        first: First pixel of each object; of two walls of equal length, the one to the earlier object counts.
    """
    both = np.concatenate((pairs, pairs[:, ::-1])).astype(np.int64)
    wanted = small[both[:, 0]] & (both[:, 0] != both[:, 1])
    found, at = np.unique(both[wanted, 0] << 32 | both[wanted, 1], return_inverse=True)
    total = np.bincount(at, np.concatenate((lengths, lengths))[wanted], found.size)
    one, other = found >> 32, found & 0xFFFFFFFF
    order = np.lexsort((first[other], -total, one))
    one, other = one[order], other[order]
    starts = np.flatnonzero(np.diff(one, prepend=-1))
    return np.stack((one[starts], other[starts]), 1)
