"""The intermediate form of both kinds of coarse maps: a raster of codes, and the class of each code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import ClassInfo
from idgbr.errors import InputError
from idgbr.layers.polygons import LayerReference
from idgbr.raster.class_values import MAX_CLASSES, too_many

#: Codes of ground without a class: uncovered, and narrow gaps between polygons.
UNCOVERED, GAP = 0, -1


@dataclass(frozen=True)
class RawMap:
    """A raster of codes (int32) on the image's grid, and their meaning.

    Code k > 0 has the class `classes[class_of[k - 1]]`; in a polygon layer, k - 1 is the feature's number. `pixels` are
    the pixel counts of the codes from 1 on. `bare` says whether uncovered ground surrounds the objects. `legend` has
    all classes that the map names, even if they do not occur. `reason` says why ground of a raster has no class.
    """

    path: Path
    classes: list[ClassInfo]
    class_of: NDArray[np.uint8]
    pixels: NDArray[np.int64]
    bare: bool
    gap_pixels: int = 0
    overlap_pixels: int = 0
    layer: LayerReference | None = None
    nodata: int | None = None
    legend: Sequence[ClassInfo] = ()
    reason: str = ""


def order_classes(classes: Sequence[ClassInfo], name: object) -> tuple[list[ClassInfo], NDArray[np.uint8]]:
    """Classes in order of their ids, and the new place of each given one. Raises InputError if there are too many."""
    if len(classes) > MAX_CLASSES:
        raise InputError(too_many(name, len(classes)))
    order = sorted(range(len(classes)), key=lambda i: classes[i].id)
    places = np.zeros(len(classes), np.uint8)
    places[order] = np.arange(len(classes))
    return [classes[i] for i in order], places
