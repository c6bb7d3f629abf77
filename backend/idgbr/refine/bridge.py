"""The diffusion bridge of the refiner: its forward process ends in the coarse map, not in noise.

At time t the state is a Brownian bridge between the true codes x0 (t = 0) and the coarse expected codes c (t = 1):

    x_t = (1 − t)·x0 + t·c + σ·√(t·(1 − t))·ε

A Gaussian process that starts from a noised coarse map would show the truth in its training states, and the network
would learn to trust them; here the state at t = 1 carries nothing beyond the condition.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Noise level σ of the bridge, in units of the ±1 codes.
SIGMA = 0.5


def times(steps: int) -> NDArray[np.float32]:
    """The times at which the denoiser is called, from 1 downwards, evenly spaced: `steps` values in (0, 1]."""
    if steps < 1:
        raise ValueError("at least one step is needed")
    return np.asarray(np.linspace(1.0, 0.0, steps + 1)[:-1], np.float32)


def state_at(
    time: float, clean: NDArray[np.float32], coarse: NDArray[np.float32], noise: NDArray[np.float32]
) -> NDArray[np.float32]:
    """State x_t of the bridge for codes in −1…1; all arrays have one shape."""
    spread = SIGMA * float(np.sqrt(time * (1.0 - time)))
    state: NDArray[np.float32] = ((1.0 - time) * clean + time * coarse + spread * noise).astype(np.float32)
    return state


def position_noise(row0: int, col0: int, height: int, width: int, channels: int, key: int) -> NDArray[np.float32]:
    """Standard normal noise (channels, height, width) that is a hash of absolute pixel position, channel and `key`.

    Overlapping windows and later runs therefore see the same noise: no seams, the same bytes again.
    """
    rows = (np.arange(row0, row0 + height, dtype=np.int64) & 0xFFFFFFFF).astype(np.uint64)
    cols = (np.arange(col0, col0 + width, dtype=np.int64) & 0xFFFFFFFF).astype(np.uint64)
    position = (rows[:, None] << np.uint64(32)) | cols[None, :]
    out = np.empty((channels, height, width), np.float32)
    for channel in range(channels):
        bits = _mix(position ^ _mix(np.array([key * 64 + channel + 1], np.uint64)))
        # Box–Muller on the two halves of the 64 hashed bits.
        first = ((bits >> np.uint64(40)).astype(np.float32) + 0.5) * np.float32(2.0**-24)
        second = (bits & np.uint64(0xFFFFFF)).astype(np.float32) * np.float32(2.0**-24 * 2.0 * np.pi)
        out[channel] = np.sqrt(-2.0 * np.log(first)) * np.cos(second)
    return out


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finalizer of splitmix64: every input bit reaches every output bit."""
    with np.errstate(over="ignore"):
        x = (x + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))
