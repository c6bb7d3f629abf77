"""Uncertainty of refined boundaries, and the ways in which tiles are turned to find it."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.refiner.acceptance import disagreement
from idgbr.refiner.sampler import TURNS, turned, turned_back


@pytest.mark.parametrize("turn", range(TURNS))
def test_turns_are_undone(turn: int) -> None:
    array = np.random.default_rng(0).random((2, 4, 6), dtype=np.float32)
    np.testing.assert_array_equal(turned_back(turned(array, turn), turn), array)


def test_no_two_turns_are_alike() -> None:
    array = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    assert len({turned(array, turn).tobytes() for turn in range(TURNS)}) == TURNS


def test_disagreement_is_what_other_classes_have() -> None:
    """A change that the gate refused counts: the refiner believes in another class than the one decided for."""
    probabilities = np.array([[[0.9, 0.2, 0.5]], [[0.1, 0.8, 0.5]]], np.float32)
    labels, band = np.zeros((1, 3), np.uint8), np.array([[True, True, False]])
    np.testing.assert_allclose(disagreement(probabilities, labels, band), [[0.1, 0.8, 0.0]], atol=1e-6)
