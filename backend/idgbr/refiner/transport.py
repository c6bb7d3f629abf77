"""Computes a refined map from a coarse one: each pixel takes over a mixture of the classes around it.

The network does not know classes. For each pixel it gives weights to `OFFSETS`, places up to `REACH` px away. The
pixel's new class probabilities are the weighted mean of the old ones at these places. Moving a boundary means copying
from one side of it. So the network serves any list of classes, a class can only spread from where it is, and a weight
of 1 at the pixel itself keeps a perfect map. Its input does not name classes either: `relations` tell whether
neighbours are of one class.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import AnyArray, Array, Ints32
from idgbr.engines.devices import cpu_threads
from idgbr.refiner.codes import CODE_BITS
from idgbr.refiner.neighbours import OFFSETS, RELATED
from idgbr.spans import timed

#: Columns of one kind, even or odd, that are mixed at a time: their values stay in the processor's cache.
_BLOCK = 64
#: Columns beyond the edges of the mixed map, in px: even, and at least `REACH`.
_PAD = 8
#: Smallest rows that a thread is given.
_LEAST_ROWS = 32

# exp(x) for x ≤ 0 as 2**n · exp(r), with the polynomial of Cephes for |r| ≤ ln 2 / 2. It is exact to 2e-7, and unlike
# the library's function, it is computed for many columns at once.
_LOWEST = np.float32(-87.0)
_LOG2E, _LN2_HIGH, _LN2_LOW = np.float32(1.44269504), np.float32(0.693359375), np.float32(-2.12194440e-4)
_P0, _P1, _P2 = np.float32(1.9875691500e-4), np.float32(1.3981999507e-3), np.float32(8.3334519073e-3)
_P3, _P4, _P5 = np.float32(4.1665795894e-2), np.float32(1.6666665459e-1), np.float32(5.0000001201e-1)
_HALF, _ONE, _QUARTER = np.float32(0.5), np.float32(1), np.float32(1 / CODE_BITS)


@timed("relate pixels")
def relations(codes: Array) -> Array:
    """Relation of each pixel to its `RELATED` neighbours: inner product of their codes over 4; (12, H, W) in −1…1.

    codes (4, H, W). Swapping or flipping bits does not change it. Edge pixels are repeated beyond the edge.
    """
    _, height, width = codes.shape
    out = np.empty((len(RELATED), height, width), np.float32)
    _by_rows(_relations_rows, height, np.ascontiguousarray(codes), out)
    return out


@numba.njit(cache=True, nogil=True)
def _relations_rows(codes: Array, out: Array, begin: int, end: int) -> None:
    """Rows `begin` to `end` of `relations` into `out`."""
    _, height, width = codes.shape
    for row in range(begin, end):
        for n in range(len(RELATED)):
            down, right = RELATED[n]
            other = min(row + down, height - 1)
            low = min(max(-right, 0), width)
            high = max(width - max(right, 0), low)
            for col in range(low):
                out[n, row, col] = _related(codes, row, col, other, 0)
            # Slices, because compiled loops over them need no check for negative indices, and run on vectors.
            line = out[n, row, low:high]
            _products(codes[0, row, low:high], codes[0, other, low + right : high + right], line, False)
            for b in range(1, CODE_BITS):
                _products(codes[b, row, low:high], codes[b, other, low + right : high + right], line, True)
            for col in range(len(line)):
                line[col] *= _QUARTER
            for col in range(high, width):
                out[n, row, col] = _related(codes, row, col, other, width - 1)


@numba.njit(cache=True, nogil=True)
def _products(here: Array, there: Array, line: Array, add: bool) -> None:
    if add:
        for col in range(len(line)):
            line[col] += here[col] * there[col]
    else:
        for col in range(len(line)):
            line[col] = here[col] * there[col]


@numba.njit(cache=True, nogil=True)
def _related(codes: Array, row: int, col: int, other_row: int, other_col: int) -> np.float32:
    total = codes[0, row, col] * codes[0, other_row, other_col]
    for b in range(1, CODE_BITS):
        total += codes[b, row, col] * codes[b, other_row, other_col]
    return total * _QUARTER  # type: ignore[no-any-return]


@timed("move classes")
def transport(weights: AnyArray, source: Array, where: NDArray[np.bool_]) -> Array:
    """Class probabilities (K, H, W) after each pixel of `where` (H, W) has taken over a mixture of those around it.

    weights (H/2, W/2, 4·33): logits of the `OFFSETS` for the upper left, upper right, lower left and lower right pixel
    of each square of four; what follows these is left alone. They are float32, or the bits of bfloat16 as uint16; in
    memory, channels are first or last. source (K, H, W): the probabilities that are mixed; kept outside `where`.
    """
    planar = weights.strides[2] > weights.strides[1]
    values = np.ascontiguousarray(np.moveaxis(weights, 2, 0) if planar else weights)
    shift = np.uint32(16 if values.dtype == np.uint16 else 0)
    bits = values if values.dtype == np.uint16 else np.asarray(values, np.float32).view(np.uint32)
    source = np.ascontiguousarray(source)
    classes, height, width = source.shape
    halves = np.empty((2, classes, height, width // 2 + _PAD), np.float32)
    _by_rows(_halve_rows, height, source, halves)
    out = source.copy()
    _by_rows(_transport_rows, height, bits, shift, planar, halves, np.ascontiguousarray(where), out)
    return out


def _by_rows(kernel: Callable[..., None], height: int, *arguments: Any) -> None:
    """Run a kernel on all rows, in strips on several threads."""
    strips = min(cpu_threads(), max(height // _LEAST_ROWS, 1))
    if strips == 1:
        kernel(*arguments, 0, height)
        return
    borders = np.linspace(0, height, strips + 1).astype(int)
    list(_threads().map(lambda rows: kernel(*arguments, *rows), pairwise(map(int, borders))))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cpu_threads(), "transport")


@numba.njit(cache=True, nogil=True)
def _halve_rows(source: Array, halves: Array, begin: int, end: int) -> None:
    """Rows of even and of odd columns (2, K, H, W/2 + `_PAD`), so that neighbours of one kind lie side by side.

    Half of the padding is on each side, with the edge pixels repeated.
    """
    classes, _, width = source.shape
    for k in range(classes):
        for row in range(begin, end):
            for parity in range(2):
                line = halves[parity, k, row]
                for half in range(_PAD // 2):
                    line[half] = source[k, row, 0]
                    line[_PAD // 2 + width // 2 + half] = source[k, row, width - 1]
                for half in range(width // 2):
                    line[_PAD // 2 + half] = source[k, row, 2 * half + parity]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _transport_rows(
    bits: NDArray[np.unsignedinteger[Any]], shift: np.uint32, planar: bool, halves: Array, where: NDArray[np.bool_],
    out: Array, begin: int, end: int,
) -> None:  # fmt: skip
    """Rows `begin` to `end` of `transport` into `out` (K, H, W), block by block of even or odd columns."""
    classes, height, width = out.shape
    places = len(OFFSETS)
    words = np.empty((places, _BLOCK), np.uint32)
    logits = words.view(np.float32)
    powers = np.empty(_BLOCK, np.int32)
    power = powers.view(np.float32)
    share, best, total = np.empty(_BLOCK, np.float32), np.empty(_BLOCK, np.float32), np.empty(_BLOCK, np.float32)
    mixed = np.empty((classes, _BLOCK), np.float32)
    for row in range(begin, end):
        for parity in range(2):
            first = ((row % 2) * 2 + parity) * places
            for left in range(0, width // 2, _BLOCK):
                count = min(_BLOCK, width // 2 - left)
                acts = False
                for c in range(count):
                    acts |= where[row, 2 * (left + c) + parity]
                if not acts:
                    continue
                if planar:
                    for j in range(places):
                        _unpack(bits[first + j, row // 2, left : left + count], shift, words[j])
                else:
                    for c in range(count):
                        _unpack(bits[row // 2, left + c, first : first + places], shift, words[:, c])
                best[:count] = logits[0, :count]
                for j in range(1, places):
                    _raise(best[:count], logits[j])
                total[:] = 0
                mixed[:] = 0
                for j in range(places):
                    _exponentials(logits[j], best, powers, share[:count])
                    _scale(share[:count], power, total)
                    from_row = min(max(row + OFFSETS[j, 0], 0), height - 1)
                    place = parity + OFFSETS[j, 1]
                    start = left + _PAD // 2 + (place >> 1)
                    for k in range(classes):
                        _mix(mixed[k], share, halves[place & 1, k, from_row, start : start + count])
                for k in range(classes):
                    for c in range(count):
                        if where[row, 2 * (left + c) + parity]:
                            out[k, row, 2 * (left + c) + parity] = mixed[k, c] / total[c]


@numba.njit(cache=True, nogil=True)
def _unpack(values: NDArray[np.unsignedinteger[Any]], shift: np.uint32, words: NDArray[np.uint32]) -> None:
    for c in range(len(values)):
        words[c] = np.uint32(values[c]) << shift


@numba.njit(cache=True, nogil=True)
def _raise(best: Array, logits: Array) -> None:
    for c in range(len(best)):
        best[c] = max(best[c], logits[c])


@numba.njit(cache=True, nogil=True)
def _exponentials(logits: Array, best: Array, powers: Ints32, share: Array) -> None:
    """exp(logits − best) as the product of `share` and of the floats whose bits are in `powers`."""
    for c in range(len(share)):
        x = max(logits[c] - best[c], _LOWEST)
        n = np.int32(x * _LOG2E - _HALF)
        r = x - np.float32(n) * _LN2_HIGH - np.float32(n) * _LN2_LOW
        p = ((((_P0 * r + _P1) * r + _P2) * r + _P3) * r + _P4) * r + _P5
        share[c] = p * r * r + r + _ONE
        powers[c] = (n + np.int32(127)) << np.int32(23)


@numba.njit(cache=True, nogil=True)
def _scale(share: Array, power: Array, total: Array) -> None:
    for c in range(len(share)):
        share[c] *= power[c]
        total[c] += share[c]


@numba.njit(cache=True, nogil=True)
def _mix(mixed: Array, share: Array, line: Array) -> None:
    for c in range(len(line)):
        mixed[c] += share[c] * line[c]
