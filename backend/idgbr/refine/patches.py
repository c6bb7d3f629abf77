"""What tiles say of their own few classes, summed up where they meet, and what is decided from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.refine.gate import Labels, Mask, Scores, gate
from idgbr.refine.uncertainty import disagreement


class Patch(NamedTuple):
    """Weighted probabilities that a tile gives to its classes from grid pixel (row, col) on.

    scores (1 or 2, K, h, w): those that decide, and the mean over samples if there are any.
    """

    row: int
    col: int
    classes: Labels
    scores: Scores

    @property
    def end(self) -> tuple[int, int]:
        """First grid row and column beyond it."""
        return self.row + self.scores.shape[2], self.col + self.scores.shape[3]

    def within(self, first: int, last: int) -> Patch:
        """The part in grid rows [first, last), with memory of its own."""
        top, bottom = max(first - self.row, 0), max(last - self.row, 0)
        return Patch(self.row + top, self.col, self.classes, self.scores[:, :, top:bottom].copy())

    def meets(self, row: int, col: int, size: tuple[int, int]) -> bool:
        """Whether it has pixels in the window (height, width) from grid pixel (row, col) on."""
        end_row, end_col = self.end
        return self.row < row + size[0] and end_row > row and self.col < col + size[1] and end_col > col


def summed(
    patches: Sequence[Patch], row: int, col: int, size: tuple[int, int], classes: NDArray[np.integer], maps: int
) -> Scores:
    """What patches give in sum to sorted `classes`, theirs among them, in a window: (maps, K, height, width)."""
    out = np.zeros((maps, len(classes), *size), np.float32)
    for p in patches:
        if not p.meets(row, col, size):
            continue
        low, left = max(p.row, row), max(p.col, col)
        high, right = min(p.end[0], row + size[0]), min(p.end[1], col + size[1])
        part = p.scores[:, :, low - p.row : high - p.row, left - p.col : right - p.col]
        for k, place in enumerate(np.searchsorted(classes, p.classes)):
            out[:, place, low - row : high - row, left - col : right - col] += part[:, k]
    return out


def decide(
    row: int, col: int, labels: Labels, band: Mask, above: list[Patch], here: list[Patch], margin: float
) -> tuple[Labels, Scores, Scores]:
    """Labels, confidence and uncertainty (h, w) of a window from grid pixel (row, col) on; see `chosen`.

    `above` are the patches of the row of tiles above, `here` those of the window's own. They are summed up apart and
    then added, as where the two rows are worked on apart (`idgbr.tiling.tiles.Span`): both ways give the same bits.
    """
    size = (labels.shape[0], labels.shape[1])
    above, here = ([p for p in patches if p.meets(row, col, size)] for patches in (above, here))
    inside = [*above, *here]
    if not inside or not band.any():
        return labels, np.ones(size, np.float32), np.zeros(size, np.float32)
    classes, maps = np.unique(np.concatenate([p.classes for p in inside])), len(inside[0].scores)
    scores = summed(here, row, col, size, classes, maps)
    if above:
        shared = min(max(p.end[0] for p in above) - row, size[0])
        scores[:, :, :shared] += summed(above, row, col, (shared, size[1]), classes, maps)
    return chosen(labels, band, classes, scores, margin)


def chosen(
    labels: Labels, band: Mask, classes: NDArray[np.integer], scores: Scores, margin: float
) -> tuple[Labels, Scores, Scores]:
    """Labels, confidence and uncertainty (h, w) from sums of weighted probabilities (maps, K, h, w) of sorted classes.

    What the sums leave open of a pixel counts for the class that it has; it is added to `scores`. Outside `band` labels
    stay as they are, with confidence 1 and uncertainty 0; inside, confidence is the refined probability of the class
    decided for, and uncertainty what the samples, where there are any, give to the others.
    """
    place = np.full(NODATA_CLASS + 1, len(classes), np.uint8)
    place[classes] = np.arange(len(classes))
    local = place[labels]
    acts = band & (local < len(classes))
    local = np.where(acts, local, np.uint8(0))
    rest = np.maximum(1 - scores.sum(1, keepdims=True), 0)
    index = np.broadcast_to(local.astype(np.int64), rest.shape)
    before = np.take_along_axis(scores, index, axis=1) + rest
    np.put_along_axis(scores, index, before, axis=1)
    after, confidence = gate(local, np.where(acts, before[0, 0], np.float32(1)), scores[0], acts, margin)
    uncertainty = disagreement(scores[-1], after, acts)
    return np.where(acts, classes[after], labels).astype(np.uint8), np.minimum(confidence, 1), uncertainty
