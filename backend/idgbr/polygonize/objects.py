"""Touching objects: parts the regions of a class raster where a model finds that two objects meet.

An object begins as a core: connected pixels of a class, away from its border and from contact, and large enough. All
other pixels of the class go to the nearest core. What no core reaches, and an object below the minimum area, joins the
object with which it shares the longest wall.

Three passes do this: cores are labelled, the rows are divided among them, and the result is read with final numbers.
Between them, rows are in temporary files, so an object may have any size. Memory holds some rows and a few numbers for
each object, and the result does not depend on how rows are fed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numba import njit

from idgbr.arrays import AnyArray, Codes, Floats, Ints, Ints32, Mask
from idgbr.monitor import check_cancelled
from idgbr.polygonize.cracks import FIRST_CLASS
from idgbr.polygonize.regions import find_root, flatten
from idgbr.tiling.row_store import RawRows

#: Code of the first object; lower ones are classes.
FIRST_OBJECT = FIRST_CLASS + 256
#: How far a pixel may be from its core, in steps from pixel to pixel; also rows of context above and below.
REACH = 48
#: Pixels in memory at a time, besides the context.
_PIXELS = 1 << 20
_LAST = np.iinfo(np.int64).max


class Areas(Protocol):
    """Areas of pixels by rows and by cells of `cell` columns, such as `PixelAreas`."""

    cell: int

    def rows(self, first: int, last: int) -> Floats:
        """Areas of rows [first, last), (rows, cells), in m²; called in order."""
        ...


class Contact(NamedTuple):
    """Where objects of a class raster meet.

    `rows` gives the probability of contact of rows [first, last), (rows, width). Pixels from `threshold` on belong to
    no core, nor do pixels within `margin` px of them, or of the border of their class. A core has at least `core_m2`.
    Regions below `region_m2` stay whole.
    """

    rows: Callable[[int, int], AnyArray]
    threshold: float
    margin: float
    core_m2: float
    region_m2: float = 0.0


class _Labels(NamedTuple):
    """Facts about each label: the one it has been joined to, m², index of its first pixel, code of its class."""

    parent: Ints32
    area: Floats
    first: Ints
    code: Codes

    @staticmethod
    def none() -> _Labels:
        """The facts before the first label; label 0 means that a pixel has none."""
        return _Labels(np.zeros(1, np.int32), np.zeros(1), np.full(1, -1, np.int64), np.zeros(1, np.uint16))

    def more(self, count: int) -> _Labels:
        """With room for more labels."""
        return _Labels(
            np.concatenate((self.parent, np.zeros(count, np.int32))),
            np.concatenate((self.area, np.zeros(count))),
            np.concatenate((self.first, np.full(count, _LAST))),
            np.concatenate((self.code, np.zeros(count, np.uint16))),
        )

    def up_to(self, count: int) -> _Labels:
        """The first labels."""
        return _Labels(
            self.parent[:count].copy(), self.area[:count].copy(), self.first[:count].copy(), self.code[:count].copy()
        )

    def joined(self) -> tuple[Ints32, _Labels]:
        """Number of each label among the joined ones, and the facts about those."""
        numbers, count = flatten(self.parent)
        area, first, code = np.zeros(count), np.full(count, _LAST), np.zeros(count, np.uint16)
        np.add.at(area, numbers, self.area)
        np.minimum.at(first, numbers, self.first)
        code[numbers] = self.code
        return numbers, _Labels(np.arange(count, dtype=np.int32), area, first, code)

    def in_order(self, keep: Mask) -> tuple[Ints32, _Labels]:
        """Number of each label, 1, 2, … in the order of first pixels, and the facts; 0 for labels that are not kept."""
        order = np.argsort(np.where(keep, self.first, _LAST), kind="stable")[: np.count_nonzero(keep)]
        order = np.concatenate(([0], order[order > 0]))
        numbers = np.zeros(keep.size, np.int32)
        numbers[order] = np.arange(order.size)
        own = np.arange(order.size, dtype=np.int32)
        return numbers, _Labels(own, self.area[order], self.first[order], self.code[order])


@njit(cache=True, nogil=True)
def _find_cores(codes: Codes, meets: Mask, parted: Mask, margin: float) -> Mask:
    """Pixels (rows, cols) of the classes in `parted` with no border of a class and no contact within `margin`."""
    rows, cols = codes.shape
    far = cols + rows
    beside = np.empty((rows, cols), np.int32)  # Distance to the nearest border or contact in the same row.
    for r in range(rows):
        last = -far
        for c in range(cols):
            code = codes[r, c]
            if (
                meets[r, c]
                or (c > 0 and codes[r, c - 1] != code)
                or (c + 1 < cols and codes[r, c + 1] != code)
                or (r > 0 and codes[r - 1, c] != code)
                or (r + 1 < rows and codes[r + 1, c] != code)
            ):
                last = c
            beside[r, c] = c - last
        last = cols + far
        for c in range(cols - 1, -1, -1):
            if beside[r, c] == 0:
                last = c
            beside[r, c] = min(beside[r, c], last - c)
    cores = np.zeros((rows, cols), np.bool_)
    reach = int(margin)
    for r in range(rows):
        for c in range(cols):
            if not parted[codes[r, c]]:
                continue
            free = True
            for other in range(max(r - reach, 0), min(r + reach + 1, rows)):
                if beside[other, c] ** 2 + (other - r) ** 2 <= margin * margin:
                    free = False
                    break
            cores[r, c] = free
    return cores


@njit(cache=True, nogil=True)
def _label(wanted: Mask, codes: Codes, above: Ints32, labels: _Labels, count: int) -> tuple[Ints32, int]:
    """Label the 4-connected `wanted` pixels of rows, joined to those of the row above (labels, 0 for none).

    Returns their labels (rows, cols), 0 for the others, and the number of labels.
    """
    rows, cols = codes.shape
    out = np.zeros((rows, cols), np.int32)
    for r in range(rows):
        row_above = out[r - 1] if r else above
        for c in range(cols):
            if not wanted[r, c]:
                continue
            up = row_above[c] * (labels.code[row_above[c]] == codes[r, c])
            left = out[r, c - 1] if c and codes[r, c - 1] == codes[r, c] else 0
            out[r, c] = max(up, left)
            if up and left:
                a, b = find_root(labels.parent, up), find_root(labels.parent, left)
                labels.parent[max(a, b)] = min(a, b)
            elif not up and not left:
                labels.parent[count] = count
                labels.code[count] = codes[r, c]
                out[r, c] = count
                count += 1
    return out, count


@njit(cache=True, nogil=True)
def _grow(labels: Ints32, codes: Codes, reach: int) -> None:
    """Give each pixel of a class within `reach` steps of a core its label, the nearest one's.

    Of cores at the same distance, the one whose nearest pixel comes first in the raster wins.
    """
    rows, cols = labels.shape
    queue = np.empty(rows * cols, np.int32)
    n = 0
    for r in range(rows):
        for c in range(cols):
            if labels[r, c] and (
                (r > 0 and not labels[r - 1, c])
                or (r + 1 < rows and not labels[r + 1, c])
                or (c > 0 and not labels[r, c - 1])
                or (c + 1 < cols and not labels[r, c + 1])
            ):
                queue[n] = r * cols + c
                n += 1
    begin = 0
    for _ in range(reach):
        end = n
        for i in range(begin, end):
            r, c = queue[i] // cols, queue[i] % cols
            for k in range(4):
                y, x = r + (k == 3) - (k == 0), c + (k == 2) - (k == 1)
                if 0 <= y < rows and 0 <= x < cols and not labels[y, x] and codes[y, x] == codes[r, c]:
                    labels[y, x] = labels[r, c]
                    queue[n] = y * cols + x
                    n += 1
        begin = end


@njit(cache=True, nogil=True)
def _measure(found: Ints32, labels: _Labels, row: int, areas: Floats, cell: int) -> None:
    """Add areas and first pixels of rows of labels, from grid row `row` on."""
    rows, cols = found.shape
    for r in range(rows):
        for c in range(cols):
            label = found[r, c]
            if label:
                labels.area[label] += areas[r, c // cell]
                labels.first[label] = min(labels.first[label], (row + r) * cols + c)


@njit(cache=True, nogil=True)
def _walls(found: Ints32, above: Ints32, labels: _Labels) -> Ints:
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
def _join(parent: Ints32, pairs: Ints) -> None:
    for i in range(pairs.shape[0]):
        a, b = find_root(parent, pairs[i, 0]), find_root(parent, pairs[i, 1])
        parent[max(a, b)] = min(a, b)


class ObjectParts:
    """Takes rows of class codes and gives them back with a code of its own for each object.

    `classes` has the class code of each code of the result, once that is given.
    """

    def __init__(
        self, work: Path, width: int, contact: Contact, parted: Mask, areas: Callable[[], Areas],
        min_area: float = 0.0,
    ) -> None:  # fmt: skip
        """Prepare the passes.

        Args:
            work: Folder for temporary files, with 8 bytes a pixel.
            width: Columns of the raster.
            contact: Where objects meet.
            parted: Whether regions of a code are parted, for all codes below `FIRST_OBJECT`.
            areas: Makes the areas of pixels, for each pass.
            min_area: Objects below this many m² join a neighbour.
        """
        self._work, self._width, self._contact, self._parted = work, width, contact, parted
        self._areas, self._min_area = areas, min_area
        self._step = max(1, _PIXELS // width)
        self.classes: Codes = np.arange(FIRST_OBJECT, dtype=np.uint16)

    def parted(self, strips: Iterable[Codes], tell: Callable[[int], None]) -> Iterator[Ints32]:
        """The rows with a code from `FIRST_OBJECT` on for each object, after all `strips` have been read.

        Objects are numbered in the order of their first pixels. `tell` gets the number of rows read.
        """
        row_bytes = 4 * self._width
        with (
            RawRows(self._work / "cores.bin", row_bytes) as cores,
            RawRows(self._work / "parts.bin", row_bytes) as parts,
        ):
            height, labels = self._write_cores(strips, cores, tell)
            table = self._write_parts(cores, height, labels, parts)
            for first in range(0, height, self._step):
                check_cancelled()
                rows = parts.read(first, min(first + self._step, height)).view(np.int32)
                yield np.where(rows < 0, -rows, table[np.maximum(rows, 0)])

    def _write_cores(self, strips: Iterable[Codes], into: RawRows, tell: Callable[[int], None]) -> tuple[int, _Labels]:
        """Write rows with the labels of cores, and minus the class code of other pixels.

        Returns the number of rows, and the facts about the labels.
        """
        areas, contact, context = self._areas(), self._contact, int(self._contact.margin) + 1
        labels, above = _Labels.none(), np.zeros(self._width, np.int32)
        held: Codes = np.zeros((0, self._width), np.uint16)
        meets: Mask = np.zeros((0, self._width), np.bool_)
        top = done = 0

        def write(end: int) -> None:
            nonlocal labels, above, held, meets, top, done
            inner = slice(done - top, end - top)
            wanted, codes = _find_cores(held, meets, self._parted, contact.margin)[inner], held[inner]
            found, labels = _labelled(wanted, codes, above, labels)
            _measure(found, labels, done, areas.rows(done, end), areas.cell)
            into.write(done, np.where(wanted, found, -codes.astype(np.int32)).view(np.uint8))
            above, done = found[-1].copy(), end
            gone = max(done - context, 0) - top
            held, meets, top = held[gone:].copy(), meets[gone:].copy(), top + gone

        for codes in strips:
            check_cancelled()
            if not len(codes):
                continue
            first = top + len(held)
            held = np.concatenate((held, codes))
            meets = np.concatenate((meets, contact.rows(first, first + len(codes)) >= contact.threshold))
            if first + len(codes) - context > done:
                write(first + len(codes) - context)
            tell(first + len(codes))
        height = top + len(held)
        if height > done:
            write(height)
        return height, labels

    def _write_parts(self, cores: RawRows, height: int, labels: _Labels, into: RawRows) -> Ints32:
        """Write rows with the label of the object of each pixel; returns the code of each label."""
        areas, codes_of = self._areas(), labels.code
        numbers, joined = labels.joined()
        kept, labels = joined.in_order(joined.area >= self._contact.core_m2)
        numbers, whole = kept[numbers], len(labels.code)
        labels.area[:] = 0
        above: Ints32 = np.zeros(self._width, np.int32)
        walls: list[tuple[Ints, Ints]] = []
        for first in range(0, height, self._step):
            check_cancelled()
            last, top = min(first + self._step, height), max(first - REACH, 0)
            rows = cores.read(top, min(last + REACH, height)).view(np.int32)
            codes = np.where(rows < 0, -rows, codes_of[np.maximum(rows, 0)]).astype(np.uint16)
            found = numbers[np.maximum(rows, 0)]
            _grow(found, codes, REACH)
            found, codes = found[first - top : last - top], codes[first - top : last - top]
            rest, labels = _labelled(
                self._parted[codes] & (found == 0), codes, np.where(above < whole, 0, above), labels
            )  # fmt: skip
            found += rest
            _measure(found, labels, first, areas.rows(first, last), areas.cell)
            walls.append(np.unique(_walls(found, above, labels), return_counts=True))
            into.write(first, np.where(found > 0, found, -codes.astype(np.int32)).view(np.uint8))
            above = found[-1].copy()
        return self._final_codes(labels, whole, walls)

    def _final_codes(self, labels: _Labels, whole: int, walls: list[tuple[Ints, Ints]]) -> Ints32:
        """The code of each label, after small objects, and labels from `whole` on, have joined others."""
        none = np.zeros(0, np.int64)
        pairs, lengths = (np.concatenate(parts) for parts in zip((none, none), *walls, strict=True))
        pairs = np.stack((pairs >> 32, pairs & 0xFFFFFFFF), 1)
        regions = labels._replace(parent=labels.parent.copy())
        _join(regions.parent, pairs)
        numbers, region = regions.joined()
        _join(labels.parent, pairs[region.area[numbers[pairs[:, 0]]] < self._contact.region_m2])
        while True:
            numbers, joined = labels.joined()
            cored = np.zeros(len(joined.code), np.bool_)
            cored[numbers[:whole]] = True
            chosen = _longest_walls(numbers[pairs], lengths, ~cored | (joined.area < self._min_area), joined.first)
            if not len(chosen):
                break
            roots = np.flatnonzero(labels.parent == np.arange(labels.parent.size))
            _join(labels.parent, roots[chosen])
        order, final = joined.in_order(joined.first < _LAST)
        self.classes = np.concatenate((np.arange(FIRST_OBJECT, dtype=np.uint16), final.code[1:]))
        return (order[numbers] + np.int32(FIRST_OBJECT - 1)).astype(np.int32)


def _labelled(wanted: Mask, codes: Codes, above: Ints32, labels: _Labels) -> tuple[Ints32, _Labels]:
    """Labels of the `wanted` pixels of rows, and the facts about all labels; see `_label`."""
    count = len(labels.parent)
    labels = labels.more(codes.shape[0] * (codes.shape[1] // 2 + 1))
    found, count = _label(wanted, codes, above, labels, count)
    return found, labels.up_to(count)


def _longest_walls(pairs: Ints32, lengths: Ints, small: Mask, first: Ints) -> Ints:
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
