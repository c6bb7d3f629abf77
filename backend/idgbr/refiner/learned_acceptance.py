"""Learned acceptance: the network itself predicts which changes to accept, pixel by pixel, calibrated by place.

The network's second output is the logit that the coarse label is wrong and the refined one right. The field
`acceptance` of a card has its calibration: a temperature, and by number of steps rows of ground sample distance (m) and
the probability that a change must exceed, in maps of probabilities and in label maps. Refined scores then contain the
decision (`decided`), so no margin is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from idgbr.refiner.acceptance import Labels, best_class, boundaries, margins_at

Array = NDArray[np.float32]


class Acceptance(NamedTuple):
    """Calibration of the second output: logits are divided by `temperature`; a change must exceed the probability."""

    temperature: float
    soft: float
    drawn: float

    def of(self, coarse: Array) -> float:
        """The probability that a change of a tile's coarse map (K, H, W) must exceed."""
        return self.drawn if is_drawn(coarse) else self.soft


def acceptance_at(field: Mapping[str, Any] | None, gsd_m: float, steps: int) -> Acceptance | None:
    """The calibration in a card's field at a ground sample distance (m) for a number of steps; None without the field."""
    if not field:
        return None
    temperature = float(field.get("temperature", 1.0))
    tables = field.get("thresholds", {})
    if not tables:
        return Acceptance(temperature, 0.5, 0.5)
    found = margins_at(tables, gsd_m, steps)
    return Acceptance(temperature, found.soft, found.hard)


def is_drawn(coarse: Array) -> bool:
    """Whether coarse probabilities (K, H, W) come from bare labels: certain along most of the boundaries."""
    labels, certainty = best_class(coarse)
    edge = boundaries(labels)
    return bool(edge.any()) and float((certainty[edge] >= 1).mean()) > 0.5


def decided(coarse: Array, refined: Array, logits: Array, acceptance: Acceptance) -> Array:
    """Refined probabilities (K, H, W) whose most probable class is the accepted one.

    Where refinement changes the class, the old and the new one get their probabilities from the calibrated logits (H,
    W),
    so that the new one wins if the change is accepted. coarse and refined are (K, H, W).
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
