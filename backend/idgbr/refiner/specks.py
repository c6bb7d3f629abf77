"""Specks: regions that refinement has created, or cut off larger ones, and that are too small to be objects."""

from __future__ import annotations

import numpy as np

from idgbr.arrays import Labels
from idgbr.classes import NODATA_CLASS
from idgbr.polygonize.cracks import FIRST_CLASS, VOID
from idgbr.polygonize.sieve import Sieve
from idgbr.refiner.acceptance import dilate

#: Regions of fewer pixels than this are specks.
SPECK_PX = 16
#: Rows above and below that a row's result depends on.
CONTEXT = 3 * SPECK_PX
#: Distance from a changed pixel, in px, up to which a speck is attributed to the refinement.
_NEAR = 4


def without_specks(before: Labels, after: Labels) -> Labels:
    """Labels (H, W) after refinement, with new specks merged into their surroundings.

    Regions that were as small before stay, such as a hut that has moved; so do regions far from any change. In a part
    of a map, rows within `CONTEXT` of its upper and lower edge are not final.
    """
    changed = before != after
    if not changed.any():
        return after
    given = _sieved(after)
    own = dilate(_sieved(before) != before, SPECK_PX)
    return np.where((given != after) & dilate(changed, _NEAR) & ~own, given, after)


def _sieved(labels: Labels) -> Labels:
    """Labels with all regions below `SPECK_PX` merged into the neighbour with the longest common border."""
    codes = np.where(labels == NODATA_CLASS, VOID, labels.astype(np.uint16) + FIRST_CLASS).astype(np.uint16)
    sieve = Sieve(lambda first, last: np.ones((last - first, 1)), SPECK_PX, labels.shape[1])
    decided = np.concatenate([*sieve.feed(codes), *sieve.finish()])
    return np.where(decided == VOID, NODATA_CLASS, decided - FIRST_CLASS).astype(np.uint8)
