"""The reverse process: from the coarse map along the bridge to the refined one, whatever runs the network."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from idgbr.monitor import Monitor
from idgbr.refine.bridge import position_noise, state_at, times
from idgbr.refine.codes import CODE_BITS, MAX_CLASSES, code_table, expected_codes
from idgbr.refine.gate import best_class, refinable
from idgbr.refine.transport import REACH, relations, transport

Array = NDArray[np.float32]


class RefinerNetwork(Protocol):
    """The refiner's network, in an engine or in torch. Arrays are of one tile, H and W multiples of 16."""

    def first(self, image: Array, related: Array, certainty: Array) -> Array:
        """Weights (H/2, W/2, 132) of a single step: image (bands, H, W), relations (12, H, W), certainty (1, H, W)."""
        ...

    def guide(self, image: Array, related: Array, certainty: Array) -> Any:
        """Guidance features, from the same input, as `later` wants them."""
        ...

    def later(self, state: Array, time: float, guidance: Any) -> Array:
        """Weights (H/2, W/2, 132) of one of several steps, from the relations (12, H, W) of the state at `time`."""
        ...


def refine_samples(
    net: RefinerNetwork, image: Array, coarse: Array, corner: tuple[int, int], steps: int, *, count: int = 1,
    seed: int = 0, monitor: Monitor | None = None,
) -> list[Array]:  # fmt: skip
    """`count` plausible refinements (K, H, W) of coarse probabilities (K, H, W) of up to 16 classes.

    `corner` is the absolute row and column of the tile's upper left pixel, on which noise depends. Each step takes its
    classes from the estimate of the one before, so that more steps reach farther. Noise enters after the first step.
    """
    monitor = monitor or Monitor()
    table = code_table(len(coarse))
    codes = expected_codes(coarse, table)
    labels, certainty = best_class(coarse)
    condition = (image, relations(codes), certainty[None])
    where = refinable(labels, certainty, REACH + 1)
    if steps == 1:
        return [transport(net.first(*condition), coarse, where)] * count
    guidance = net.guide(*condition)
    first = transport(net.later(condition[1], 1.0, guidance), coarse, where)
    samples = []
    for sample in range(count):
        estimate = first
        for step, time in enumerate(times(steps)[1:], start=1):
            monitor.check()
            key = (seed + sample) * 1000 + step
            noise = position_noise(corner[0], corner[1], coarse.shape[1], coarse.shape[2], CODE_BITS, key)
            state = state_at(float(time), expected_codes(estimate, table), codes, noise)
            where = refinable(*best_class(estimate), REACH + 1)
            estimate = transport(net.later(relations(state), float(time), guidance), estimate, where)
        samples.append(estimate)
    return samples


def refine_commonest(coarse: Array) -> NDArray[np.intp]:
    """The 16 classes of (K, H, W) that are commonest in a tile, ascending."""
    return np.sort(np.argsort(coarse.sum((1, 2)))[-MAX_CLASSES:])
