"""Touching objects: parts the regions of a class raster where a model finds that two objects meet.

An object begins as a core: connected pixels of a class, large enough, either away from its border and from contact or
of one object of a given layer. All other pixels of the class go to the nearest core. What no core reaches, and an
object below the minimum area, joins the object with which it shares the longest wall.

Three passes do this: cores are labelled, the rows are divided among them, and the result is read with final numbers.
Between them, rows are in temporary files, so an object may have any size. Memory holds some rows and a few numbers for
each object, and the result does not depend on how rows are fed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numba import njit

from idgbr.arrays import AnyArray, Codes, Floats, Ints, Ints32, Mask
from idgbr.monitor import check_cancelled
from idgbr.polygonize.cracks import FIRST_CLASS
from idgbr.polygonize.objects.cores import Cores
from idgbr.polygonize.objects.labels import LAST, Labels, find_walls, join, labelled, longest_walls, measure
from idgbr.tiling.row_store import RawRows

#: Code of the first object; lower ones are classes.
FIRST_OBJECT = FIRST_CLASS + 256
#: How far a pixel may be from its core, in steps from pixel to pixel; also rows of context above and below.
REACH = 48
#: Pixels in memory at a time, besides the context.
_PIXELS = 1 << 20


class Areas(Protocol):
    """Areas of pixels by rows and by cells of `cell` columns, such as `PixelAreas`."""

    cell: int

    def rows(self, first: int, last: int) -> Floats:
        """Areas of rows [first, last), (rows, cells), in m²; called in order."""
        ...


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


class ObjectParts:
    """Takes rows of class codes and gives them back with a code of its own for each object.

    `classes` has the class code of each code of the result, once that is given.
    """

    def __init__(
        self, work: Path, width: int, cores: Cores, parted: Mask, areas: Callable[[], Areas],
        min_area: float = 0.0,
    ) -> None:  # fmt: skip
        """Prepare the passes.

        Args:
            work: Folder for temporary files, with 8 bytes a pixel.
            width: Columns of the raster.
            cores: Where objects have their cores.
            parted: Whether regions of a code are parted, for all codes below `FIRST_OBJECT`; those of classes that
                `cores` leaves out are not.
            areas: Makes the areas of pixels, for each pass.
            min_area: Objects below this many m² join a neighbour.
        """
        self._work, self._width, self._cores, self._parted = work, width, cores, parted.copy()
        if cores.classes is not None:
            self._parted[FIRST_CLASS : FIRST_CLASS + len(cores.classes)] &= cores.classes
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

    def _write_cores(self, strips: Iterable[Codes], into: RawRows, tell: Callable[[int], None]) -> tuple[int, Labels]:
        """Write rows with the labels of cores, and minus the class code of other pixels.

        Returns the number of rows, and the facts about the labels.
        """
        areas, context = self._areas(), self._cores.context
        labels, above = Labels.none(), np.zeros(self._width, np.int32)
        held: Codes = np.zeros((0, self._width), np.uint16)
        known: AnyArray = np.zeros((0, self._width))
        top = done = 0

        def write(end: int) -> None:
            nonlocal labels, above, held, known, top, done
            inner = slice(done - top, end - top)
            wanted, groups = self._cores.find(held, known, self._parted)
            codes = held[inner]
            found, labels = labelled(wanted[inner], codes, groups[inner], above, labels)
            measure(found, labels, done, areas.rows(done, end), areas.cell)
            into.write(done, np.where(wanted[inner], found, -codes.astype(np.int32)).view(np.uint8))
            above, done = found[-1].copy(), end
            gone = max(done - context, 0) - top
            held, known, top = held[gone:].copy(), known[gone:].copy(), top + gone

        for codes in strips:
            check_cancelled()
            if not len(codes):
                continue
            first = top + len(held)
            held = np.concatenate((held, codes))
            more = self._cores.read(first, first + len(codes))
            known = np.concatenate((known, more)) if len(known) else more
            if first + len(codes) - context > done:
                write(first + len(codes) - context)
            tell(first + len(codes))
        height = top + len(held)
        if height > done:
            write(height)
        return height, labels

    def _write_parts(self, cores: RawRows, height: int, labels: Labels, into: RawRows) -> Ints32:
        """Write rows with the label of the object of each pixel; returns the code of each label."""
        areas, codes_of = self._areas(), labels.code
        numbers, joined = labels.joined()
        kept, labels = joined.in_order(self._cores.large(joined))
        numbers, whole = kept[numbers], len(labels.code)
        labels.area[:] = labels.pixels[:] = 0
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
            bare = self._parted[codes] & (found == 0)
            rest, labels = labelled(
                bare, codes, np.zeros_like(found), np.where(above < whole, 0, above), labels
            )  # fmt: skip
            found += rest
            measure(found, labels, first, areas.rows(first, last), areas.cell)
            walls.append(np.unique(find_walls(found, above, labels), return_counts=True))
            into.write(first, np.where(found > 0, found, -codes.astype(np.int32)).view(np.uint8))
            above = found[-1].copy()
        return self._final_codes(labels, whole, walls)

    def _final_codes(self, labels: Labels, whole: int, walls: list[tuple[Ints, Ints]]) -> Ints32:
        """The code of each label, after small objects, and labels from `whole` on, have joined others."""
        none = np.zeros(0, np.int64)
        pairs, lengths = (np.concatenate(parts) for parts in zip((none, none), *walls, strict=True))
        pairs = np.stack((pairs >> 32, pairs & 0xFFFFFFFF), 1)
        regions = labels._replace(parent=labels.parent.copy())
        join(regions.parent, pairs)
        numbers, region = regions.joined()
        join(labels.parent, pairs[region.area[numbers[pairs[:, 0]]] < self._cores.region_m2])
        groups = labels.group[pairs]
        join(labels.parent, pairs[(groups[:, 0] > 0) & (groups[:, 0] == groups[:, 1])])
        while True:
            numbers, joined = labels.joined()
            cored = np.zeros(len(joined.code), np.bool_)
            cored[numbers[:whole]] = True
            chosen = longest_walls(numbers[pairs], lengths, ~cored | (joined.area < self._min_area), joined.first)
            if not len(chosen):
                break
            roots = np.flatnonzero(labels.parent == np.arange(labels.parent.size))
            join(labels.parent, roots[chosen])
        order, final = joined.in_order(joined.first < LAST)
        self.classes = np.concatenate((np.arange(FIRST_OBJECT, dtype=np.uint16), final.code[1:]))
        return (order[numbers] + np.int32(FIRST_OBJECT - 1)).astype(np.int32)
