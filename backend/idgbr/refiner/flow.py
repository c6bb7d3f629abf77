"""The flow from the coarse map to the refined one, for networks that predict which changes to accept.

Each step follows the line from the codes of the coarse map to those of the estimate, without noise.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from idgbr.arrays import AnyArray, Array, as_floats
from idgbr.monitor import Monitor
from idgbr.refiner.acceptance import best_class, refinable
from idgbr.refiner.bridge import expected_codes
from idgbr.refiner.codes import code_table, times
from idgbr.refiner.neighbours import OFFSETS, REACH
from idgbr.refiner.sampler import turned, turned_back
from idgbr.refiner.transport import relations, transport


class AcceptingNetwork(Protocol):
    """A network in an engine or in torch. Arrays are of one tile, H and W multiples of 32."""

    def first(self, image: Array, related: Array, certainty: Array) -> tuple[AnyArray, Any]:
        """Output (H/2, W/2, 136) of the first step, and the guidance for `later`.

        For each square of four pixels: the weights of `transport`, and four logits of acceptance.

        The input is an image (3, H, W) in 0…1, relations of the coarse map (12, H, W), and its certainty (1, H, W).
        """
        ...

    def later(self, state: Array, time: float, guidance: Any) -> AnyArray:
        """Output of a further step, from the relations (12, H, W) of the state at `time`."""
        ...


#: Turns coarse and refined probabilities (K, H, W) and logits (H, W) into accepted ones (K, H, W).
Decide = Callable[[Array, Array, Array], Array]


def flow(
    net: AcceptingNetwork, image: Array, coarse: Array, steps: int, monitor: Monitor | None = None
) -> tuple[Array, Array]:
    """Refined probabilities (K, H, W) before acceptance, and the logits (H, W) of the last step.

    image (3, H, W) in 0…1, coarse (K, H, W) of up to 16 classes.
    """
    monitor = monitor or Monitor()
    monitor.check()
    table = code_table(len(coarse))
    codes = expected_codes(coarse, table)
    related = relations(codes)
    estimate, state = coarse, codes
    output, guidance = net.first(image, related, best_class(coarse)[1][None])
    for number, (now, then) in enumerate(pairwise([*map(float, times(steps)), 0.0])):
        if number:
            monitor.check()
            output = net.later(relations(state), now, guidance)
        where = refinable(*best_class(estimate), REACH + 1)
        estimate = transport(output, estimate, where)
        if then > 0:
            state = np.float32(then / now) * state + np.float32(1 - then / now) * expected_codes(estimate, table)
    return estimate, _logits(output)


def _logits(output: AnyArray) -> Array:
    """Logits (H, W) of acceptance."""
    height, width, _ = output.shape
    squares = as_floats(output[:, :, 4 * len(OFFSETS) :]).reshape(height, width, 2, 2)
    return np.ascontiguousarray(squares.transpose(0, 2, 1, 3).reshape(2 * height, 2 * width))


def flow_samples(
    net: AcceptingNetwork, image: Array, coarse: Array, steps: int, decide: Decide, *, count: int = 1,
    monitor: Monitor | None = None,
) -> list[Array]:  # fmt: skip
    """`count` plausible refinements (K, H, W): the first sees the tile unchanged, others rotated or mirrored."""
    found = []
    for n in range(count):
        map_n = turned(coarse, n)
        refined, logits = flow(net, turned(image, n), map_n, steps, monitor)
        found.append(turned_back(decide(map_n, refined, logits), n))
    return found
