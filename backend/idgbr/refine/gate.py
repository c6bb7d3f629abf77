"""Where refinement may act, and which of its changes are accepted: do no harm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

#: Below this coarse probability a pixel counts as doubtful and may change wherever it lies.
DOUBT = 0.6


def boundaries(labels: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Pixels with a 4-neighbour of another label, (H, W)."""
    out = np.zeros(labels.shape, bool)
    horizontal = labels[:, 1:] != labels[:, :-1]
    vertical = labels[1:] != labels[:-1]
    out[:, 1:] |= horizontal
    out[:, :-1] |= horizontal
    out[1:] |= vertical
    out[:-1] |= vertical
    return out


def refinable(labels: NDArray[np.integer], certainty: NDArray[np.float32], band_width: int) -> NDArray[np.bool_]:
    """Pixels within `band_width` px (chessboard) of a coarse boundary, and doubtful ones."""
    near: NDArray[np.uint8] = boundaries(labels).astype(np.uint8)
    size = 2 * band_width + 1
    near = maximum_filter1d(maximum_filter1d(near, size, axis=0), size, axis=1)
    return near.astype(bool) | (certainty < DOUBT)


def gate(
    coarse: NDArray[np.float32], refined: NDArray[np.float32], band: NDArray[np.bool_], margin: float
) -> NDArray[np.float32]:
    """Accept refined probabilities inside `band` where the refiner is surer of its class than of the coarse one.

    A change of class is accepted if the refined probability of the new class exceeds that of the old one by `margin`,
    which is calibrated on held-out training places. Elsewhere the coarse probabilities stay. All (K, H, W).
    """
    old, new = coarse.argmax(0), refined.argmax(0)
    gain = refined.max(0) - np.take_along_axis(refined, old[None], 0)[0]
    accepted = band & ((new == old) | (gain > margin))
    return np.where(accepted, refined, coarse)
