"""What happened where something changed: appeared, disappeared or modified; and which date shows it.

The refiner, which looks at one image, sees around each changed place the date in which the object stands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from idgbr.change.change_pass import BUILDING_AFTER, BUILDING_BEFORE, CHANGE
from idgbr.change.dates import DatePair
from idgbr.classes import ClassInfo
from idgbr.raster.scores import ScoreStore

Array = NDArray[np.float32]

CLASSES = (
    ClassInfo(0, "unchanged", (235, 235, 235), background=True),
    ClassInfo(1, "appeared", (37, 150, 84)),
    ClassInfo(2, "disappeared", (214, 73, 51)),
    ClassInfo(3, "modified", (240, 173, 60)),
)
UNCHANGED, APPEARED, DISAPPEARED, MODIFIED = range(4)
#: How much likelier a building must be in one date than in the other to have appeared or disappeared.
DIFFERENCE = 0.15
#: Half-side of the window over which it is decided what happened, m: about a building, so that few are split in two.
DECIDED_OVER_M = 8.0
#: Probabilities of change below this do not weigh in.
LEAST_WEIGHT = 1e-3


def thresholded(change: Array, threshold: float) -> Array:
    """P(change) bent so that `threshold` becomes one half."""
    low = change * np.float32(0.5 / threshold)
    high = 0.5 + (change - threshold) * np.float32(0.5 / (1 - threshold))
    return np.where(change < threshold, low, high).astype(np.float32)


class ChangeScores:
    """Probabilities of the four `CLASSES` from a store of P(change) and P(building) of each date, read by windows.

    `reach_px` is the half-side of the window over which it is decided what happened, on the output grid.
    """

    channels = len(CLASSES)

    def __init__(self, store: ScoreStore, size: tuple[int, int], threshold: float, gsd_m: float) -> None:
        self._store, self._size, self._threshold = store, size, threshold
        self.reach_px = max(2, min(round(DECIDED_OVER_M / gsd_m), 48))

    def read(self, first: int, last: int, left: int = 0, right: int | None = None) -> Array:
        """Output-grid rows [first, last) and columns [left, right) as (4, rows, cols)."""
        stored, difference = self._around(first, last, left, self._size[1] if right is None else right)
        change = thresholded(stored[CHANGE], self._threshold)
        out = np.zeros((self.channels, *change.shape), np.float32)
        out[UNCHANGED] = 1 - change
        out[APPEARED] = np.where(difference > DIFFERENCE, change, 0)
        out[DISAPPEARED] = np.where(difference < -DIFFERENCE, change, 0)
        out[MODIFIED] = np.where(np.abs(difference) <= DIFFERENCE, change, 0)
        return out

    def gone(self, first: int, last: int, left: int, right: int) -> NDArray[np.bool_]:
        """Where the earlier date shows what changed, (rows, cols); far from any change, the later does."""
        return self._around(first, last, left, right)[1] < -DIFFERENCE

    def _around(self, first: int, last: int, left: int, right: int) -> tuple[Array, Array]:
        """Stored scores of a window, and by how much a building is likelier afterwards where things changed around."""
        reach, (height, width) = self.reach_px, self._size
        top, start = max(first - reach, 0), max(left - reach, 0)
        stored = self._store.read(top, min(last + reach, height), start, min(right + reach, width))
        weight = stored[CHANGE] * (stored[CHANGE] > LEAST_WEIGHT)
        size = 2 * reach + 1
        gain = uniform_filter(weight * (stored[BUILDING_AFTER] - stored[BUILDING_BEFORE]), size, mode="constant")
        total = uniform_filter(weight, size, mode="constant")
        rows, cols = slice(first - top, last - top), slice(left - start, right - start)
        difference = np.divide(gain, total, out=np.zeros_like(gain), where=total > LEAST_WEIGHT)
        return stored[:, rows, cols], difference[rows, cols]


class VisibleDate:
    """The image that the refiner sees: around each change the date that shows the object, AFTER elsewhere."""

    def __init__(self, pair: DatePair, scores: ChangeScores) -> None:
        self._pair, self._scores = pair, scores

    def read(self, row: int, col: int, height: int, width: int) -> tuple[Array, NDArray[np.bool_]]:
        """Image (bands, height, width) in 0…1 and where both dates are known; it may reach beyond the area."""
        window = self._pair.read(row, col, height, width)
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + height, self._pair.height), min(col + width, self._pair.width)
        gone = self._scores.gone(top, bottom, left, right)
        pad = ((top - row, row + height - bottom), (left - col, col + width - right))
        return np.where(np.pad(gone, pad, mode="symmetric"), window.before, window.after), window.valid
