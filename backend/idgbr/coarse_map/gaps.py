"""Gaps of coarse maps: finds narrow places without a class, and fills them from beside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Mask

#: Ground up to this many pixels wide between two polygons is a gap, not background.
SLIVER_PX = 2
#: Gaps up to this many pixels wide are filled on request; wider ones are unmapped ground.
FILLED_PX = 32


def context_rows(width: int) -> int:
    """Rows above and below that `narrow`, `beside_two` and `filled` need."""
    return 2 * (width // 2 + 1)


def narrow(empty: Mask, width: int) -> Mask:
    """Pixels of `empty` (H, W) in places at most `width` px wide (an even number); outside the array all is empty."""
    from scipy.ndimage import maximum_filter, minimum_filter

    size = width + 1
    core = minimum_filter(empty.astype(np.uint8), size, mode="constant", cval=1)
    opened = maximum_filter(core, size, mode="constant", cval=0)
    return np.asarray(empty & (opened == 0))


def between_objects(objects: NDArray[np.int32], width: int) -> Mask:
    """Pixels (H, W) with two different objects (numbers above 0) within `width` px."""
    from scipy.ndimage import maximum_filter, minimum_filter

    size = 2 * width + 1
    highest = maximum_filter(objects, size, mode="constant", cval=0)
    unsigned = np.where(objects > 0, objects, np.iinfo(np.int32).max)
    lowest = minimum_filter(unsigned, size, mode="constant", cval=np.iinfo(np.int32).max)
    return np.asarray((highest > 0) & (lowest < highest))


def close_gaps(labels: NDArray[np.uint8], empty_label: int, width: int) -> NDArray[np.uint8]:
    """Labels (H, W); empty places at most `width` px wide get the label of the nearest labelled pixel."""
    empty = labels == empty_label
    gaps = narrow(empty, width)
    if not gaps.any() or empty.all():
        return labels
    from scipy.ndimage import distance_transform_edt

    rows, cols = distance_transform_edt(empty, return_distances=False, return_indices=True)
    return np.where(gaps, labels[rows, cols], labels)
