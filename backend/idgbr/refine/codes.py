"""Taxonomy-free labels: each class of a tile is a ±1 code of four bits, so that one refiner serves any classes.

In training the codes are dealt at random; here they are dealt in `CODE_ORDER`, whose first entries lie farthest apart.
"""

from __future__ import annotations

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
