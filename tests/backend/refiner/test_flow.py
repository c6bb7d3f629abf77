"""The flow from a coarse map to the refined one, with made networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from idgbr.refiner.flow import flow, flow_samples
from idgbr.refiner.neighbours import OFFSETS


class Shift:
    """A network that takes each pixel's class from the place two px to the left, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []
        self.states: list[np.ndarray] = []
        (self._place,) = np.flatnonzero((OFFSETS == (0, -2)).all(1))

    def _output(self, height: int, width: int, time: float) -> np.ndarray:
        weights = np.full((height // 2, width // 2, 4, len(OFFSETS)), -30, np.float32)
        weights[..., self._place] = 30
        logits = np.full((height // 2, width // 2, 4), time, np.float32) + np.array([0, 1, 2, 3], np.float32)
        return np.concatenate([weights.reshape(height // 2, width // 2, -1), logits], 2)

    def first(self, image: np.ndarray, related: np.ndarray, certainty: np.ndarray) -> tuple[Any, ...]:
        self.asked.append(("first", 1.0))
        self.states.append(related)
        assert certainty.shape == (1, *image.shape[1:])
        return self._output(image.shape[1], image.shape[2], 1.0), "guidance"

    def later(self, state: np.ndarray, time: float, guidance: Any) -> np.ndarray:
        assert guidance == "guidance"
        self.asked.append(("later", time))
        self.states.append(state)
        return self._output(state.shape[1], state.shape[2], time)


def tile() -> tuple[np.ndarray, np.ndarray]:
    coarse = np.zeros((2, 32, 64), np.float32)
    coarse[1, :, :20] = 1
    coarse[0] = 1 - coarse[1]
    return np.zeros((3, 32, 64), np.float32), coarse


def test_each_step_goes_on_from_the_one_before() -> None:
    """Guidance once; times fall evenly; every step moves the boundary by two px more."""
    net = Shift()
    refined, logits = flow(net, *tile(), 4)
    assert net.asked == [("first", 1.0), ("later", 0.75), ("later", 0.5), ("later", 0.25)]
    assert (refined[1, 16] > 0.5).sum() == 20 + 8
    np.testing.assert_array_equal(logits[4:6, 8:10], [[0.25, 1.25], [2.25, 3.25]])
    assert (flow(Shift(), *tile(), 1)[0][1, 16] > 0.5).sum() == 22


def test_the_state_lies_between_the_coarse_map_and_the_estimate() -> None:
    net = Shift()
    flow(net, *tile(), 2)
    # Related to the neighbour on the right, all pixels are of one class but those at the boundary.
    first, second = (np.flatnonzero(state[0, 16] < 0.9) for state in net.states)
    assert first.tolist() == [19]
    assert second.tolist() == [19, 20, 21]


def test_further_samples_see_the_tile_turned_and_the_decision_is_asked_of_each() -> None:
    image, coarse = tile()
    seen = []

    def decide(before: np.ndarray, refined: np.ndarray, logits: np.ndarray) -> np.ndarray:
        seen.append(before.shape)
        assert logits.shape == before.shape[1:]
        return refined

    samples = flow_samples(Shift(), image, coarse, 1, decide, count=3)
    assert seen == [(2, 32, 64), (2, 64, 32), (2, 32, 64)]
    assert all(sample.shape == coarse.shape for sample in samples)
    np.testing.assert_array_equal(samples[0], flow(Shift(), image, coarse, 1)[0])
    # Turned by half, what comes from the left comes from the right.
    assert (samples[2][1, 16] > 0.5).sum() == 18
