"""Specks: regions that refinement has made, or left of larger ones, too small to be anything that the image shows."""

from __future__ import annotations

import numpy as np

from idgbr.classes import NODATA_CLASS
from idgbr.polygonize.cracks import FIRST_CLASS, VOID
from idgbr.polygonize.sieve import Sieve
from idgbr.refiner.acceptance import Labels, grown

#: Regions of fewer pixels than this are specks.
SPECK_PX = 16
#: Rows above and below that decide what becomes of a row.
CONTEXT = 3 * SPECK_PX
#: So near to a changed pixel, px, a speck is the refinement's.
_NEAR = 4


def without_specks(before: Labels, after: Labels) -> Labels:
    """Labels (H, W) after refinement, with the specks that it made given to what surrounds them.

    Where regions were as small before, as a hut that has moved, all stays, and so does what is far from any change.
    Of a part of a map, what lies within `CONTEXT` rows of its upper and lower edge is not final.
    """
    changed = before != after
    if not changed.any():
        return after
    given = _sieved(after)
    own = grown(_sieved(before) != before, SPECK_PX)
    return np.where((given != after) & grown(changed, _NEAR) & ~own, given, after)


def _sieved(labels: Labels) -> Labels:
    """Labels with all regions below `SPECK_PX` given to the neighbour with the longest common border."""
    codes = np.where(labels == NODATA_CLASS, VOID, labels.astype(np.uint16) + FIRST_CLASS).astype(np.uint16)
    sieve = Sieve(lambda first, last: np.ones((last - first, 1)), SPECK_PX, labels.shape[1])
    decided = np.concatenate([*sieve.feed(codes), *sieve.finish()])
    return np.where(decided == VOID, NODATA_CLASS, decided - FIRST_CLASS).astype(np.uint8)
