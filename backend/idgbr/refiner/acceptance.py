"""Acceptance: where refinement may act, which changes are accepted, and how uncertain a boundary is.

The terms band, margin, acceptance, confidence and uncertainty are defined in docs/glossary.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array, Labels, Mask

#: Pixels with a coarse probability below this are uncertain: they may change anywhere.
DOUBT = 0.6


#: Label noise of a given map, as a multiple of that of exact calibration maps. Up to the first number, the map counts
#: as exact: carefully digitized maps reach it in other places. From the second number on, labels hardly count.
EXACT_TIMES, ROUGH_TIMES = 1.4, 2.0
#: Margin over the labels of a rough map.
ROUGH_MARGIN = 0.2


class Margins(NamedTuple):
    """Margins that a change must exceed: over a probability (`soft`), and over a bare label of an exact map (`hard`).

    `exact_doubt` is the label noise of exact maps along boundaries (`idgbr.refiner.label_noise`); 0 if it was not
    calibrated.
    """

    soft: float
    hard: float
    exact_doubt: float = 0.0

    def of_drawn(self, doubt: float) -> float:
        """The margin over bare labels for a given label noise: the noisier the labels, the smaller the margin."""
        at = (EXACT_TIMES, ROUGH_TIMES)
        return float(np.interp(self.times(doubt), at, (self.hard, min(self.hard, ROUGH_MARGIN))))

    def times(self, doubt: float) -> float:
        """Label noise as a multiple of that of exact maps; 0 if the latter is unknown."""
        return doubt / self.exact_doubt if self.exact_doubt else 0.0


def margins_at(tables: Mapping[str, Sequence[Sequence[float]]], gsd_m: float, steps: int) -> Margins:
    """Margins for a number of steps at a ground sample distance (m), from calibrated rows by steps.

    A row is (m, soft, hard, exact_doubt); older tables lack the last value. Values between rows are interpolated
    linearly in the logarithm of the distance: labels that are some decimetres off are several pixels off in images with
    small pixels, and that decides how far to trust a label or the image. For steps without a table, the table of the
    next higher number is used, as more steps change more. Without tables, every change is accepted.
    """
    if not tables:
        return Margins(0.0, 0.0)
    known_steps = sorted(map(int, tables))
    rows = np.array(tables[str(next((n for n in known_steps if n >= steps), known_steps[-1]))], float)
    known, *columns = rows[rows[:, 0].argsort()].T
    at = np.log(gsd_m)
    return Margins(*(float(np.interp(at, np.log(known), column)) for column in columns))


@numba.njit(cache=True, nogil=True)
def best_class(scores: Array) -> tuple[Labels, Array]:
    """Most probable class (H, W) and its probability (H, W) of probabilities (K, H, W); ties go to the lower class.

    One pass in memory order: `argmax` along the first axis takes ten times as long.
    """
    labels = np.zeros(scores.shape[1:], np.uint8)
    best = scores[0].copy()
    for k in range(1, scores.shape[0]):
        for row in range(scores.shape[1]):
            for col in range(scores.shape[2]):
                if scores[k, row, col] > best[row, col]:
                    best[row, col] = scores[k, row, col]
                    labels[row, col] = k
    return labels, best


def boundaries(labels: Labels, ignored: int | None = None) -> Mask:
    """Pixels with a 4-neighbour of another label, (H, W); neither of the two may be the label `ignored`."""
    out = np.zeros(labels.shape, bool)
    horizontal = labels[:, 1:] != labels[:, :-1]
    vertical = labels[1:] != labels[:-1]
    if ignored is not None:
        counts = labels != ignored
        horizontal &= counts[:, 1:] & counts[:, :-1]
        vertical &= counts[1:] & counts[:-1]
    out[:, 1:] |= horizontal
    out[:, :-1] |= horizontal
    out[1:] |= vertical
    out[:-1] |= vertical
    return out


def dilate(mask: Mask, radius: int) -> Mask:
    """Pixels within `radius` px (chessboard distance) of a mask (H, W)."""
    near = np.zeros(mask.shape, bool)
    _dilate(np.ascontiguousarray(mask), radius, near)
    return near


@numba.njit(cache=True, nogil=True)
def _dilate(mask: NDArray[np.bool_], radius: int, near: NDArray[np.bool_]) -> None:
    """Set `near` within `radius` of `mask`: along rows into `wide`, then from row to row, in both directions."""
    height, width = mask.shape
    wide = np.zeros(mask.shape, np.bool_)
    for row in range(height):
        last = -radius - 1
        for col in range(width):
            if mask[row, col]:
                for other in range(max(last + radius + 1, col - radius, 0), min(col + radius + 1, width)):
                    wide[row, other] = True
                last = col
    left = np.zeros(width, np.int64)  # how many more rows a pixel reaches
    for row in range(height):
        _reach_on(wide[row], left, radius, near[row])
    left[:] = 0
    for row in range(height - 1, -1, -1):
        _reach_on(wide[row], left, radius, near[row])


@numba.njit(cache=True, nogil=True)
def _reach_on(wide: NDArray[np.bool_], left: NDArray[np.int64], radius: int, near: NDArray[np.bool_]) -> None:
    for col in range(len(wide)):
        left[col] = radius + 1 if wide[col] else max(left[col] - 1, 0)
        near[col] |= left[col] > 0


def refinable(labels: Labels, certainty: Array, band_width: int) -> Mask:
    """The band (H, W): pixels within `band_width` px (chessboard distance) of a coarse boundary, and uncertain ones."""
    return dilate(boundaries(labels), band_width) | (certainty < DOUBT)


@numba.njit(cache=True, nogil=True)
def gate(
    labels: Labels, certainty: Array, refined: Array, band: NDArray[np.bool_], margin: float
) -> tuple[Labels, Array]:
    """Class and confidence (H, W) after refinement, from the coarse ones and refined probabilities (K, H, W).

    Inside `band`, a change of class is accepted if the refined probability of the new class exceeds that of the old one
    by `margin`, which is calibrated on held-out training places. Elsewhere, the coarse result stays as it is.
    """
    new_labels, new_certainty = labels.copy(), certainty.copy()
    found, best = best_class(refined)
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            if band[row, col]:
                old, new = labels[row, col], found[row, col]
                if new == old or best[row, col] - refined[old, row, col] > margin:
                    new_labels[row, col] = new
                    new_certainty[row, col] = best[row, col]
    return new_labels, new_certainty


@numba.njit(cache=True, nogil=True)
def disagreement(
    probabilities: NDArray[np.float32], labels: NDArray[np.uint8], band: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Uncertainty (H, W): probability of another class than `labels` (H, W); 0 outside `band` (H, W).

    `probabilities` (K, H, W) are the mean of the refiner's samples, or those of a single sample. The labels are the
    accepted ones, so a change that was not accepted counts as disagreement.
    """
    out = np.zeros(labels.shape, np.float32)
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            if band[row, col]:
                missing = np.float32(1) - probabilities[labels[row, col], row, col]
                out[row, col] = min(max(missing, np.float32(0)), np.float32(1))
    return out
