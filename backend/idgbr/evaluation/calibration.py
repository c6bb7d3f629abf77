"""Expected calibration error (Guo et al., ICML 2017): does a confidence of 0.8 mean right in 8 of 10 cases."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from idgbr.evaluation.confusion import Floats, Mask


@dataclass
class CalibrationCounts:
    """Pixels, confidence and hits by bin of confidence, bins of equal width over 0…1; addable."""

    bins: int = 15
    pixels: NDArray[np.int64] = field(init=False)
    confidence: Floats = field(init=False)
    hits: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = np.zeros(self.bins, np.int64)
        self.confidence = np.zeros(self.bins, np.float64)
        self.hits = np.zeros(self.bins, np.int64)

    def add(self, confidence: NDArray[np.floating], right: Mask, known: Mask) -> None:
        """Add pixels (any shape): confidence 0…1 of the predicted class, whether it is right, whether it counts."""
        known = known & np.isfinite(confidence)
        surest = np.clip(confidence[known].astype(np.float64), 0, 1)
        # A bin holds its upper edge, as in the paper: (0, 0.1], (0.1, 0.2] …
        place = np.clip(np.ceil(surest * self.bins).astype(np.int64) - 1, 0, self.bins - 1)
        self.pixels += np.bincount(place, minlength=self.bins)
        self.confidence += np.bincount(place, surest, self.bins)
        self.hits += np.bincount(place[right[known]], minlength=self.bins)

    def __add__(self, other: CalibrationCounts) -> CalibrationCounts:
        total = CalibrationCounts(self.bins)
        total.pixels = self.pixels + other.pixels
        total.confidence = self.confidence + other.confidence
        total.hits = self.hits + other.hits
        return total

    def accuracies(self) -> Floats:
        """Share of right pixels in each bin; NaN in empty ones."""
        return np.where(self.pixels > 0, self.hits / np.maximum(self.pixels, 1), np.nan)

    def expected_error(self) -> float:
        """Mean gap between confidence and accuracy of the bins, weighted by their pixels, 0…1; NaN for no pixels."""
        total = self.pixels.sum()
        return float(np.abs(self.confidence - self.hits).sum() / total) if total else float("nan")
