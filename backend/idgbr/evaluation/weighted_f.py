"""WFm: the weighted F-measure of Margolin, Zelnik-Manor and Tal (CVPR 2014), on bands around boundaries.

A strict measure: on a square of 256 px, a shift of 1 px costs 10 points and one of 4 px costs half of all. Classes are
ignored: all boundaries of a map make one band. The usual computation has four flaws, which are avoided here:

- Bands are boolean here, never numbers from a mask that is stored as 0 and 255.
- False boundaries in a tile without true ones score 0; they are not free.
- An average of 0 is the result; it is not replaced by the average of the background.
- Pixels that the truth ignores have no band and no weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter

from idgbr.arrays import Mask
from idgbr.classes import NODATA_CLASS
from idgbr.evaluation.confusion import Labels

#: Gaussian of the measure: σ and half its window of 7 × 7 pixels.
_SIGMA, _RADIUS = 5.0, 3
#: Distance at which the weight of a false positive is half way from 1 to 2, in pixels.
_HALF_WAY_PX = 5.0


def boundary_band(labels: Labels, known: Mask | None = None) -> Mask:
    """Band of 2 px on each side of every boundary of a label image (H, W).

    Pixels whose 3 × 3 neighbourhood has two classes, grown by one pixel: the band of a Sobel filter on labels, but
    independent of the numbers of classes.
    """
    known = np.ones(labels.shape, bool) if known is None else known
    labels = labels.astype(np.int16)
    highest = _in_3x3(np.where(known, labels, np.int16(-1)), np.maximum)
    lowest = _in_3x3(np.where(known, labels, np.int16(np.iinfo(np.int16).max)), np.minimum)
    edge = (highest > lowest) & known
    return np.asarray(_in_3x3(edge, np.logical_or) & known, bool)


def _in_3x3(values: NDArray[Any], pick: np.ufunc) -> NDArray[Any]:
    """Result of `pick` on each 3 × 3 neighbourhood; a few times faster than a general filter."""
    padded = np.pad(values, 1, mode="edge")
    rows = pick(pick(padded[:-2], padded[1:-1]), padded[2:])
    return np.asarray(pick(pick(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:]))


def weighted_f(predicted: Mask, truth: Mask, known: Mask | None = None, beta: float = 1.0) -> float:
    """Weighted F-measure of a mask (H, W) against a true one, 0…1; 1 if both are empty, 0 if only one is.

    Args:
        predicted: Predicted mask.
        truth: True mask.
        known: Pixels that count; by default all.
        beta: Weight of recall against precision.
    """
    known = np.ones(truth.shape, bool) if known is None else known
    predicted, truth = predicted & known, truth & known
    if not truth.any() or not predicted.any():
        return float(truth.any() == predicted.any())
    distance, nearest = distance_transform_edt(~truth, return_indices=True)
    error = (predicted != truth).astype(np.float64)
    # Errors next to the true mask have the weight of their nearest pixel in it.
    spread = gaussian_filter(error[tuple(nearest)], _SIGMA, mode="constant", radius=_RADIUS)
    error = np.where(truth & (spread < error), spread, error)
    error *= np.where(truth, 1.0, 2.0 - np.exp(np.log(0.5) / _HALF_WAY_PX * distance))
    size = float(truth.sum())
    true_positives = size - error[truth].sum()
    false_positives = error[~truth & known].sum()
    recall = true_positives / size
    precision = true_positives / max(true_positives + false_positives, np.finfo(np.float64).eps)
    if precision + recall == 0:
        return 0.0
    return float((1 + beta**2) * recall * precision / (recall + beta**2 * precision))


@dataclass
class WeightedBoundaryF:
    """WFm over tiles: the lower of the averages over the bands and over the area outside them; addable."""

    band_total: float = 0.0
    outside_total: float = 0.0
    tiles: int = 0

    def add(self, predicted: Labels, truth: Labels, ignore: int = NODATA_CLASS) -> None:
        """Add one tile (H, W). A tile without a boundary in either map does not count."""
        known = truth != ignore
        ours, theirs = boundary_band(predicted, known), boundary_band(truth, known)
        if not ours.any() and not theirs.any():
            return
        self.band_total += weighted_f(ours, theirs, known)
        self.outside_total += weighted_f(~ours, ~theirs, known)
        self.tiles += 1

    def __add__(self, other: WeightedBoundaryF) -> WeightedBoundaryF:
        return WeightedBoundaryF(
            self.band_total + other.band_total, self.outside_total + other.outside_total, self.tiles + other.tiles
        )

    def value(self) -> float:
        """WFm, 0…1; NaN if no tile had a boundary."""
        return min(self.band_total, self.outside_total) / self.tiles if self.tiles else float("nan")
