"""The diffusion bridge of the refiner: its forward process ends in the coarse map, not in noise.

At time t the state is a Brownian bridge between the true codes x0 (t = 0) and the coarse expected codes c (t = 1):

    x_t = (1 − t)·x0 + t·c + σ·√(t·(1 − t))·ε

A Gaussian process that starts from a noised coarse map would contain the truth in its training states, and the network
would learn to rely on them. Here the state at t = 1 contains nothing but the condition.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array
from idgbr.refiner.codes import CODE_BITS

#: Pixels that are coded at a time.
_PART = 4096
#: Noise level σ of the bridge, in units of the ±1 codes.
SIGMA = 0.5


def state_at(
    time: float, clean: NDArray[np.float32], coarse: NDArray[np.float32], noise: NDArray[np.float32]
) -> NDArray[np.float32]:
    """State x_t of the bridge for codes in −1…1; all arrays have the same shape."""
    spread = SIGMA * float(np.sqrt(time * (1.0 - time)))
    state = np.empty(clean.shape, np.float32)
    flat = [np.ascontiguousarray(array).reshape(-1) for array in (clean, coarse, noise)]
    _mix(
        flat[0], flat[1], flat[2], np.float32(1.0 - time), np.float32(time), np.float32(spread), state.reshape(-1)
    )  # fmt: skip
    return state


@numba.njit(cache=True, nogil=True)
def _mix(
    clean: Array, coarse: Array, noise: Array, first: np.float32, second: np.float32, third: np.float32, out: Array
) -> None:
    """Weighted sum in one pass over memory."""
    for i in range(len(out)):
        out[i] = first * clean[i] + second * coarse[i] + third * noise[i]


def expected_codes(probabilities: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Expected code of each pixel: probabilities (K, H, W) → codes (4, H, W) in −1…1, which keep the uncertainty."""
    k, height, width = probabilities.shape
    codes = np.zeros((CODE_BITS, height, width), np.float32)
    _add_codes(np.ascontiguousarray(probabilities).reshape(k, -1), table, codes.reshape(CODE_BITS, -1))
    return codes


@numba.njit(cache=True, nogil=True)
def _add_codes(probabilities: Array, table: Array, codes: Array) -> None:
    """Add codes weighted by probabilities (K, pixels), in parts that stay in the processor's cache.

    A product of matrices would start the threads of its library, which take more time than this.
    """
    for start in range(0, probabilities.shape[1], _PART):
        for k in range(len(probabilities)):
            given = probabilities[k, start : start + _PART]
            for b in range(CODE_BITS):
                line, sign = codes[b, start : start + _PART], table[k, b]
                for i in range(len(given)):
                    line[i] += sign * given[i]
