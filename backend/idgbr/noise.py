"""Noise that depends on absolute pixel positions only, for all diffusion networks."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray


def position_noise(row0: int, col0: int, height: int, width: int, channels: int, key: int) -> NDArray[np.float32]:
    """Noise (channels, height, width) of mean 0 and deviation 1: a hash of absolute pixel position, channel and `key`.

    Overlapping windows and later runs therefore get the same noise: no seams, and the same bytes. The distribution is
    that of a sum of four uniform numbers, which is close to normal and needs no logarithm for each pixel.
    """
    out = np.empty((channels, height, width), np.float32)
    _fill_noise(out, row0, col0, key)
    return out


@numba.njit(cache=True, nogil=True)
def _fill_noise(out: NDArray[np.float32], row0: int, col0: int, key: int) -> None:
    for channel in range(out.shape[0]):
        salt = _mix(np.uint64(key * 64 + channel + 1))
        for row in range(out.shape[1]):
            high = np.uint64((row0 + row) & 0xFFFFFFFF) << np.uint64(32)
            for col in range(out.shape[2]):
                bits = _mix((high | np.uint64((col0 + col) & 0xFFFFFFFF)) ^ salt)
                total = np.uint64(0)
                for _ in range(4):
                    total += bits & np.uint64(0xFFFF)
                    bits >>= np.uint64(16)
                # Four uniform numbers of 16 bits: mean 2·65535, deviation 65536/√3.
                out[channel, row, col] = (np.float32(total) - np.float32(131070.0)) * np.float32(2.642869e-05)


@numba.njit(cache=True, inline="always")
def _mix(x: np.uint64) -> np.uint64:
    """The finalizer of splitmix64: every input bit reaches every output bit."""
    x += np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
