"""The curves of a training by step: its loss, and what is measured on data set aside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A step, and the value there."""

    x: int
    y: float


class Chart(NamedTuple):
    """A curve, and its axis from 0 to `top` with `ticks`."""

    name: str
    color: str
    points: Sequence[Point]
    top: float
    ticks: Sequence[float]


class Measure(NamedTuple):
    """What is measured on data set aside; of an error, the `lowest` is the best."""

    name: str
    lowest: bool = False


MEAN_IOU = Measure("Mean IoU on the validation blocks")


@dataclass(frozen=True)
class Curves:
    """Mean loss since the point before, and a measure, of a training of at most `steps` steps."""

    steps: int
    losses: Sequence[Point]
    scores: Sequence[Point]
    measure: Measure = MEAN_IOU

    @property
    def step(self) -> int:
        """The last step with a value."""
        return max((point.x for point in (*self.losses, *self.scores)), default=0)

    @property
    def best(self) -> Point | None:
        """The first point with the best score."""
        return (min if self.measure.lowest else max)(self.scores, key=lambda point: point.y, default=None)

    @property
    def charts(self) -> list[Chart]:
        """The charts that have points."""
        found = []
        for name, color, points in (
            ("Loss", "#e07b1a", self.losses),
            (self.measure.name, "#1f6fb5", self.scores),
        ):
            known = [point for point in points if math.isfinite(point.y)]
            if known:
                step = _round(max(point.y for point in known) / 4)
                count = math.ceil(max(point.y for point in known) / step + 1e-9)
                ticks = [round(step * n, 10) for n in range(count + 1)]
                found.append(Chart(name, color, known, ticks[-1], ticks))
        return found


def _round(size: float) -> float:
    """The smallest of 1, 2, 2.5 or 5 times a power of ten that is not below a size."""
    power = 10.0 ** math.floor(math.log10(max(size, 1e-6)))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= size * (1 - 1e-9))
