"""Taxonomy-free labels: each class of a tile is a ±1 code of four bits, so that one refiner serves any classes.

In training the codes are dealt at random; here they are dealt in `CODE_ORDER`, whose first entries lie farthest apart.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

CODE_BITS = 4
#: Most classes that can take part in one tile.
MAX_CLASSES = 2**CODE_BITS
#: Codes by index of class: a code and its complement side by side, then codes at distance two of those.
CODE_ORDER = (
    *(0b0000, 0b1111, 0b0011, 0b1100, 0b0101, 0b1010, 0b0110, 0b1001),
    *(code for code in range(16) if code.bit_count() % 2),
)


def code_table(classes: int) -> NDArray[np.float32]:
    """Codes of the first `classes` classes, shape (classes, 4), values ±1. Raises ValueError beyond 16 classes."""
    if not 1 <= classes <= MAX_CLASSES:
        raise ValueError(f"{classes} classes do not fit {CODE_BITS} bits")
    order = np.array(CODE_ORDER[:classes])
    bits = (order[:, None] >> np.arange(CODE_BITS)) & 1
    return (2.0 * bits - 1.0).astype(np.float32)


def expected_codes(probabilities: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Expected code of each pixel: probabilities (K, H, W) → codes (4, H, W) in −1…1, uncertainty kept."""
    k, height, width = probabilities.shape
    return (table.T @ probabilities.reshape(k, -1)).reshape(CODE_BITS, height, width)


@numba.njit(cache=True, nogil=True)
def decode(logits: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Class probabilities (K, H, W) of code logits (4, H, W): softmax over the dealt codes of the sum of log bit odds.

    Σ_b log σ(c_b·l_b) over bits differs between codes only by ½·Σ_b c_b·l_b, which is the score here.
    """
    classes, bits = table.shape
    out = np.empty((classes, logits.shape[1], logits.shape[2]), np.float32)
    scores = np.empty(classes, np.float32)
    for row in range(logits.shape[1]):
        for col in range(logits.shape[2]):
            best = 0
            for k in range(classes):
                score = np.float32(0)
                for b in range(bits):
                    score += table[k, b] * logits[b, row, col]
                scores[k] = np.float32(0.5) * score
                if scores[k] > scores[best]:
                    best = k
            total = np.float32(1)
            for k in range(classes):
                if k != best:
                    scores[k] = np.exp(scores[k] - scores[best])
                    total += scores[k]
            scores[best] = 1
            for k in range(classes):
                out[k, row, col] = scores[k] / total
    return out
