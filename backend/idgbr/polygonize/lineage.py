"""Lineage of a class raster: the map before refinement, and the features that its polygons continue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from idgbr.arrays import AnyArray, Codes, Floats, Ints, Ints32
from idgbr.classes import NODATA_CLASS
from idgbr.layers.polygons import LayerReference
from idgbr.polygonize.cracks import FIRST_CLASS, OUTSIDE, VOID
from idgbr.polygonize.displacement import BIN_PX, MovedSummary, displacements
from idgbr.polygonize.regions import Shares
from idgbr.raster.ground import Ground
from idgbr.raster.rows import RowReader


@dataclass(frozen=True)
class Lineage:
    """The state of a refined class raster before, on the same grid.

    Attributes:
        coarse_path: Previous class raster, uint8, nodata `NODATA_CLASS`.
        reach: Search distance for boundaries, in pixels.
        layer: Layer whose attributes are kept, if the map came from one.
        objects_path: Number + 1 of the layer's feature on each pixel, 0 or less for none.
        object_pixels: Pixels of each feature.
        object_classes: Class of each feature, as in the class raster.
    """

    coarse_path: Path
    reach: int
    layer: LayerReference | None = None
    objects_path: Path | None = None
    object_pixels: Ints | None = None
    object_classes: AnyArray | None = None


class Descent:
    """Reads a lineage beside the strips of a class raster, and finds the feature that each polygon continues."""

    def __init__(self, lineage: Lineage, ground: Ground, width: int, height: int) -> None:
        self.layer = lineage.layer
        self._ground, self._reach, self._size = ground, lineage.reach, (height, width)
        self._coarse = RowReader(lineage.coarse_path)
        self._objects = RowReader(lineage.objects_path) if lineage.objects_path else None
        self._object_pixels, self._object_classes = lineage.object_pixels, lineage.object_classes
        size = np.hypot(*self._metres(height // 2)).mean()
        self.moved = MovedSummary(float(size) * BIN_PX)

    def close(self) -> None:
        """Close the files."""
        for reader in (self._coarse, self._objects):
            if reader is not None:
                reader.close()

    def _metres(self, row: int) -> Floats:
        """Metres east and north for one pixel right and down, in the middle of a row."""
        metres: Floats = self._ground.scale(np.array([[self._size[1] / 2, row + 0.5]]))[0]
        return metres

    def displaced(self, row: int, codes: Codes) -> Floats:
        """Displacement in metres of the boundary pixels of `codes[1:-1]`, rows from `row` on; nan of other pixels."""
        count, reach = codes.shape[0] - 2, self._reach
        top, bottom = max(row - reach, 0), min(row + count + reach, self._size[0])
        table = np.arange(NODATA_CLASS + 1, dtype=np.uint16) + FIRST_CLASS
        table[NODATA_CLASS] = VOID
        before = table[self._coarse.read(top, bottom)]
        padding = ((top - row + reach, row + count + reach - bottom), (0, 0))
        before = np.pad(before, padding, constant_values=OUTSIDE)
        moved = displacements(codes, before, reach, self._metres(row + count // 2))
        self.moved.add(moved)
        return moved

    def objects(self, row: int, count: int) -> Ints32 | None:
        """Object of each pixel of some rows; None if there are no objects."""
        return None if self._objects is None else self._objects.read(row, row + count).astype(np.int32)

    def origins(self, shares: Shares, pixels: Ints, classes: AnyArray) -> Ints | None:
        """Number + 1 of the one feature that each of some polygons continues, 0 for none, (polygons,).

        More than half of the polygon (which has `pixels` pixels and one of the `classes`) must be on the feature. In
        addition, the feature has that class, as all pieces of a divided feature do, or more than half of it is in the
        polygon. No other such feature may make up a tenth of the polygon. None if there are no features.
        """
        if self._object_pixels is None or self._object_classes is None:
            return None
        out = np.zeros(pixels.size, np.int64)
        whole = pixels[shares.region]
        continued = 2 * shares.pixels > self._object_pixels[shares.object - 1]
        continued |= self._object_classes[shares.object - 1] == classes[shares.region]
        several = np.bincount(shares.region[continued & (10 * shares.pixels >= whole)], minlength=pixels.size) > 1
        origin = continued & (2 * shares.pixels > whole) & ~several[shares.region]
        out[shares.region[origin]] = shares.object[origin]
        return out
