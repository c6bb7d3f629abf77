"""Codes of classes in the diffusion bridge, and its times; NumPy alone is needed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CODE_BITS = 4
#: Most classes in one tile.
MAX_CLASSES = 2**CODE_BITS
#: Codes by index of class: each code is followed by its complement, then by codes at distance two.
CODE_ORDER = (
    *(0b0000, 0b1111, 0b0011, 0b1100, 0b0101, 0b1010, 0b0110, 0b1001),
    *(code for code in range(16) if code.bit_count() % 2),
)


def times(steps: int) -> NDArray[np.float32]:
    """The `steps` times in (0, 1] at which the denoiser is called, from 1 downwards, evenly spaced."""
    if steps < 1:
        raise ValueError("at least one step is needed")
    return np.asarray(np.linspace(1.0, 0.0, steps + 1)[:-1], np.float32)


def code_table(classes: int) -> NDArray[np.float32]:
    """Codes of the first `classes` classes, shape (classes, 4), values ±1. Raises ValueError beyond 16 classes."""
    if not 1 <= classes <= MAX_CLASSES:
        raise ValueError(f"{classes} classes do not fit {CODE_BITS} bits")
    order = np.array(CODE_ORDER[:classes])
    bits = (order[:, None] >> np.arange(CODE_BITS)) & 1
    return (2.0 * bits - 1.0).astype(np.float32)
