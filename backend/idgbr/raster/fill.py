"""What networks see where a raster has no data: a mirror image of its surroundings, as beyond the raster's edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

#: How far from data the ground without is filled, px; what lies farther hardly counts.
REACH = 64
#: Side of the blocks that are filled one by one, px.
_BLOCK = 512


def fill_missing(image: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
    """Fill what is not `valid` (H, W) of an image (bands, H, W), in place, up to `REACH` from what is.

    A pixel gets the value that lies as far on the other side of the valid pixel nearest to it, or that pixel's own.
    """
    height, width = valid.shape
    for top in range(0, height, _BLOCK):
        for left in range(0, width, _BLOCK):
            inner = np.s_[top : top + _BLOCK, left : left + _BLOCK]
            first_row, first_col = max(top - REACH, 0), max(left - REACH, 0)
            around = valid[first_row : top + _BLOCK + REACH, first_col : left + _BLOCK + REACH]
            if valid[inner].all() or not around.any():
                continue
            distance, nearest = distance_transform_edt(~around, return_indices=True)
            there = (distance > 0) & (distance <= REACH)
            there[: top - first_row] = there[top - first_row + _BLOCK :] = False
            there[:, : left - first_col] = there[:, left - first_col + _BLOCK :] = False
            corner = np.array([[first_row], [first_col]])
            place, near = np.stack(np.nonzero(there)) + corner, nearest[:, there] + corner
            across = 2 * near - place
            inside = (across >= 0).all(0) & (across[0] < height) & (across[1] < width)
            inside[inside] = valid[tuple(across[:, inside])]
            row, col = np.where(inside, across, near)
            image[:, place[0], place[1]] = image[:, row, col]
