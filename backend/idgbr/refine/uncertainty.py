"""How uncertain a refined boundary is: how much the refiner's samples disagree with the class that was decided for."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray


@numba.njit(cache=True, nogil=True)
def disagreement(
    probabilities: NDArray[np.float32], labels: NDArray[np.uint8], band: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Probability (H, W) that a pixel is of another class than `labels` (H, W) say; 0 outside `band` (H, W).

    probabilities (K, H, W) are the mean over samples of the refined map, each a plausible one; for a single sample they
    are its own. The class decided for comes from the gate, so a change that the gate refused counts as disagreement.
    """
    out = np.zeros(labels.shape, np.float32)
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            if band[row, col]:
                missing = np.float32(1) - probabilities[labels[row, col], row, col]
                out[row, col] = min(max(missing, np.float32(0)), np.float32(1))
    return out
