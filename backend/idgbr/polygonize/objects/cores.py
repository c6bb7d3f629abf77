"""Cores of objects: the pixels of a class raster that surely belong to one object."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numba import njit

from idgbr.arrays import AnyArray, Codes, Ints, Ints32, Mask
from idgbr.polygonize.cracks import FIRST_CLASS
from idgbr.polygonize.objects.labels import Labels

#: An object given by a layer needs this share of its pixels in one piece, or the piece joins its neighbour.
_LEAST_PIECE = 0.1


class Cores(Protocol):
    """Where the cores of the objects of a class raster are.

    `context` is the number of rows above and below that a row needs. Regions below `region_m2` stay whole. Regions of
    the classes in `classes` (by index) are parted; None for all.
    """

    @property
    def context(self) -> int: ...  # noqa: D102
    @property
    def region_m2(self) -> float: ...  # noqa: D102
    @property
    def classes(self) -> Mask | None: ...  # noqa: D102

    def read(self, first: int, last: int) -> AnyArray:
        """What is known of rows [first, last), (rows, width)."""
        ...

    def find(self, codes: Codes, known: AnyArray, parted: Mask) -> tuple[Mask, Ints32]:
        """The pixels of cores and their group, 0 for none, of rows of codes and of what `read` gave."""
        ...

    def large(self, cores: Labels) -> Mask:
        """Which cores are large enough."""
        ...


class Contact(NamedTuple):
    """Cores are where a model sees no contact of two objects.

    `rows` gives the probability of contact of rows [first, last), (rows, width). Pixels from `threshold` on belong to
    no core, nor do pixels within `margin` px of them, or of the border of their class. A core has at least `core_m2`.
    """

    rows: Callable[[int, int], AnyArray]
    threshold: float
    margin: float
    core_m2: float
    region_m2: float = 0.0
    classes: Mask | None = None

    @property
    def context(self) -> int:
        """See `Cores`."""
        return int(self.margin) + 1

    def read(self, first: int, last: int) -> Mask:
        """See `Cores`: whether objects meet at a pixel."""
        meets: Mask = self.rows(first, last) >= self.threshold
        return meets

    def find(self, codes: Codes, known: AnyArray, parted: Mask) -> tuple[Mask, Ints32]:
        """See `Cores`."""
        return _find_cores(codes, known, parted, self.margin), np.zeros(codes.shape, np.int32)

    def large(self, cores: Labels) -> Mask:
        """See `Cores`."""
        return cores.area >= self.core_m2


class GivenObjects(NamedTuple):
    """Cores are the pixels that had the class of their object before.

    `rows` gives the number + 1 of the object on each pixel of rows [first, last), 0 or less for none, (rows, width).
    Objects have a class index and a number of pixels.
    """

    rows: Callable[[int, int], Ints32]
    object_classes: AnyArray
    object_pixels: Ints
    region_m2: float = 0.0
    classes: Mask | None = None

    @property
    def context(self) -> int:
        """See `Cores`."""
        return 0

    def read(self, first: int, last: int) -> Ints32:
        """See `Cores`."""
        return np.maximum(self.rows(first, last), 0)

    def find(self, codes: Codes, known: AnyArray, parted: Mask) -> tuple[Mask, Ints32]:
        """See `Cores`: each object is a group."""
        before = np.concatenate(([0], self.object_classes.astype(np.int32) + FIRST_CLASS))
        return parted[codes] & (known > 0) & (before[known] == codes), known

    def large(self, cores: Labels) -> Mask:
        """See `Cores`."""
        whole = np.concatenate(([0], self.object_pixels))[cores.group]
        return cores.pixels >= _LEAST_PIECE * whole


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
