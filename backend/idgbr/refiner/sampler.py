"""The reverse process: from the coarse map along the bridge to the refined map, with any inference engine."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import AnyArray, Array
from idgbr.monitor import Monitor
from idgbr.noise import position_noise
from idgbr.refiner.acceptance import best_class, refinable
from idgbr.refiner.bridge import expected_codes, state_at
from idgbr.refiner.codes import CODE_BITS, MAX_CLASSES, code_table, times
from idgbr.refiner.neighbours import REACH
from idgbr.refiner.transport import relations, transport

#: Number of rotations and reflections of a tile.
TURNS = 8


class RefinerNetwork(Protocol):
    """The refiner's network, in an engine or in torch. Arrays are those of one tile; H and W are multiples of 16.

    Weights are as `idgbr.refiner.transport.transport` takes them.
    """

    def first(self, image: Array, related: Array, certainty: Array) -> AnyArray:
        """Weights (H/2, W/2, 132) of a single step: image (bands, H, W), relations (12, H, W), certainty (1, H, W)."""
        ...

    def guide(self, image: Array, related: Array, certainty: Array) -> Any:
        """Guidance features for `later`, from the same input."""
        ...

    def later(self, state: Array, time: float, guidance: Any) -> AnyArray:
        """Weights (H/2, W/2, 132) of one of several steps, from the relations (12, H, W) of the state at `time`."""
        ...


def refine_samples(
    net: RefinerNetwork, image: Array, coarse: Array, corner: tuple[int, int], steps: int, *, count: int = 1,
    seed: int = 0, monitor: Monitor | None = None,
) -> list[Array]:  # fmt: skip
    """`count` plausible refinements (K, H, W) of coarse probabilities (K, H, W) of up to 16 classes.

    `corner` is the absolute row and column of the tile's upper left pixel; noise depends on it. Each step starts from
    the estimate of the previous one, so more steps reach farther. The first sample sees the tile unchanged. Each
    further one sees it rotated or mirrored in another way (up to `TURNS`), and has noise of its own after the first
    step. Noise without rotation gives samples that differ too little.
    """
    monitor = monitor or Monitor()
    return [
        turned_back(_sample(net, turned(image, n), turned(coarse, n), corner, steps, seed + n, n, monitor), n)
        for n in range(count)
    ]


def _sample(
    net: RefinerNetwork, image: Array, coarse: Array, corner: tuple[int, int], steps: int, key: int, turn: int,
    monitor: Monitor,
) -> Array:  # fmt: skip
    """One sample of a rotated tile; `corner` is that of the tile before the rotation."""
    monitor.check()
    table = code_table(len(coarse))
    codes = expected_codes(coarse, table)
    labels, certainty = best_class(coarse)
    condition = (image, relations(codes), certainty[None])
    where = refinable(labels, certainty, REACH + 1)
    if steps == 1:
        return transport(net.first(*condition), coarse, where)
    guidance = net.guide(*condition)
    estimate = transport(net.later(condition[1], 1.0, guidance), coarse, where)
    height, width = turned_back(coarse, turn).shape[1:]
    for step, time in enumerate(times(steps)[1:], start=1):
        monitor.check()
        # Noise depends on absolute positions, also in a rotated tile: overlapping tiles agree.
        noise = turned(position_noise(*corner, height, width, CODE_BITS, key * 1000 + step), turn)
        state = state_at(float(time), expected_codes(estimate, table), codes, noise)
        where = refinable(*best_class(estimate), REACH + 1)
        estimate = transport(net.later(relations(state), float(time), guidance), estimate, where)
    return estimate


def turned(array: Array, turn: int) -> Array:
    """(C, H, W) rotated by `turn` quarter turns; from the fifth of the `TURNS` on also mirrored."""
    array = np.rot90(array, turn % 4, (1, 2))
    return np.ascontiguousarray(array[:, :, ::-1] if turn % TURNS >= 4 else array)


def turned_back(array: Array, turn: int) -> Array:
    """The inverse of `turned`."""
    array = array[:, :, ::-1] if turn % TURNS >= 4 else array
    return np.ascontiguousarray(np.rot90(array, -(turn % 4), (1, 2)))


def refine_commonest(coarse: Array) -> NDArray[np.intp]:
    """The 16 most common classes of (K, H, W) in a tile, ascending."""
    return np.sort(np.argsort(coarse.sum((1, 2)))[-MAX_CLASSES:])
