"""Random numbers and smooth noise that are functions of absolute position, so that windows of one scene agree."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]


def uniform(seed: int, salt: int, i: NDArray[np.int64], j: NDArray[np.int64]) -> Field:
    """Uniform numbers in [0, 1) for lattice cells (i, j), broadcast; `salt` tells independent draws apart."""
    base = np.uint64((seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF)
    with np.errstate(over="ignore"):
        x = i.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9) ^ (j.astype(np.uint64) * np.uint64(0x94D049BB133111EB))
        x = x + base
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return ((x >> np.uint64(40)).astype(np.float32)) * np.float32(2.0**-24)


def value_noise(seed: int, salt: int, x: NDArray[np.float64], y: NDArray[np.float64], scale: float) -> Field:
    """Smooth noise in about −1…1 that varies over `scale` (same unit as x and y)."""
    u, v = np.ascontiguousarray(x / scale), np.ascontiguousarray(y / scale)
    if not u.size:
        return np.zeros(u.shape, np.float32)
    # The lattice values of the window are few: draw them once and gather.
    i0, j0 = int(np.floor(u.min())), int(np.floor(v.min()))
    rows = np.arange(j0, int(np.floor(v.max())) + 2)
    cols = np.arange(i0, int(np.floor(u.max())) + 2)
    table = uniform(seed, salt, cols[None, :], rows[:, None]) * 2 - 1
    return _interpolate(table, u, v, i0, j0)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _interpolate(table: Field, u: NDArray[np.float64], v: NDArray[np.float64], i0: int, j0: int) -> Field:
    """Smoothstep interpolation of lattice values at (u, v)."""
    out = np.empty(u.shape, np.float32)
    flat, x, y = out.ravel(), u.ravel(), v.ravel()
    for n in range(flat.size):
        i, j = int(np.floor(x[n])), int(np.floor(y[n]))
        fu, fv = x[n] - i, y[n] - j
        i -= i0
        j -= j0
        fu, fv = fu * fu * (3 - 2 * fu), fv * fv * (3 - 2 * fv)
        top = table[j, i] + (table[j, i + 1] - table[j, i]) * fu
        bottom = table[j + 1, i] + (table[j + 1, i + 1] - table[j + 1, i]) * fu
        flat[n] = top + (bottom - top) * fv
    return out


def fractal_noise(
    seed: int, salt: int, x: NDArray[np.float64], y: NDArray[np.float64], scale: float, octaves: int
) -> Field:
    """Sum of `octaves` of value noise, each half as wide and half as strong as the one before."""
    total = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.float32)
    for octave in range(octaves):
        total += value_noise(seed, salt * 16 + octave, x, y, scale / 2**octave) * np.float32(0.5**octave)
    return total
