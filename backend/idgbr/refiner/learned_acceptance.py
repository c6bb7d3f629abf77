"""Learned acceptance: the network itself predicts which changes to accept, pixel by pixel, calibrated by place.

The network's second output is the logit that the coarse label is wrong and the refined one right. The field
`acceptance` of a card has its calibration: a temperature, and by number of steps rows of ground sample distance (m) and
the probability that a change must exceed, in maps of probabilities and in label maps. Refined scores then contain the
decision (`decided`), so no margin is needed.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from idgbr.arrays import Array, Labels
from idgbr.models.card import AcceptanceTable
from idgbr.refiner.acceptance import best_class, boundaries, margins_at


class Acceptance(NamedTuple):
    """Calibration of the second output: logits are divided by `temperature`; a change must exceed the probability."""

    temperature: float
    soft: float
    drawn: float

    def of(self, coarse: Array) -> float:
        """The probability that a change of a tile's coarse map (K, H, W) must exceed."""
        return self.drawn if is_drawn(coarse) else self.soft


def acceptance_at(table: AcceptanceTable | None, gsd_m: float, steps: int) -> Acceptance | None:
    """Calibration of a card at a ground sample distance (m) for a number of steps; None without the table."""
    if table is None:
        return None
    if not table.thresholds:
        return Acceptance(table.temperature, 0.5, 0.5)
    found = margins_at(table.thresholds, gsd_m, steps)
    return Acceptance(table.temperature, found.soft, found.hard)


def is_drawn(coarse: Array) -> bool:
    """Whether coarse probabilities (K, H, W) come from bare labels: certain along most of the boundaries."""
    labels, certainty = best_class(coarse)
    edge = boundaries(labels)
    return bool(edge.any()) and float((certainty[edge] >= 1).mean()) > 0.5


def decided(coarse: Array, refined: Array, logits: Array, acceptance: Acceptance) -> Array:
    """Refined probabilities (K, H, W) whose most probable class is the accepted one.

    Where refinement changes the class, the old and the new one get their probabilities from the calibrated logits (H,
    W), so that the new one wins if the change is accepted. coarse and refined are (K, H, W).
    """
    threshold = acceptance.of(coarse)
    shift = np.log(threshold / (1 - threshold)) if 0 < threshold < 1 else np.inf if threshold >= 1 else -np.inf
    before, _ = best_class(coarse)
    after, _ = best_class(refined)
    out = refined.copy()
    _decide(before, after, logits, np.float32(1 / acceptance.temperature), np.float32(shift), out)
    return out


@numba.njit(cache=True, nogil=True)
def _decide(before: Labels, after: Labels, logits: Array, sharper: np.float32, shift: np.float32, out: Array) -> None:
    """Write the decision into `out`, the refined probabilities (K, H, W)."""
    classes, height, width = out.shape
    for row in range(height):
        for col in range(width):
            old, new = before[row, col], after[row, col]
            if old == new:
                continue
            share = np.float32(1) / (np.float32(1) + np.exp(shift - logits[row, col] * sharper))
            others = np.float32(0)
            for k in range(classes):
                if k != old and k != new:
                    # A third, so that neither of the two can lose to a third class.
                    out[k, row, col] /= np.float32(3)
                    others += out[k, row, col]
            out[new, row, col] = (1 - others) * share
            out[old, row, col] = (1 - others) * (1 - share)
