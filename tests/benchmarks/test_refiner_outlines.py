"""How straight outlines run along straight true sides."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.refiner.outlines import straightness


def roof(angle: float, grow: float = 0.0) -> np.ndarray:
    """A roof of 60 × 36 px, turned by `angle` degrees."""
    mask = np.zeros((120, 120), np.uint8)
    box = cv2.boxPoints(((60.0, 60.0), (60 + 2 * grow, 36 + 2 * grow), angle))
    cv2.fillPoly(mask, [np.rint(box).astype(np.int32)], 1)
    return mask


def teeth(mask: np.ndarray) -> np.ndarray:
    """Its outline as a comb: every other stripe of 3 px is 3 px thinner."""
    thin = cv2.erode(mask, np.ones((7, 7), np.uint8))
    return np.where((np.arange(120) // 3 % 2 == 0)[None, :], mask, thin)


@pytest.mark.parametrize("angle", [0.0, 25.0, 45.0])
def test_teeth_are_neither_straight_nor_few(angle: float) -> None:
    truth = roof(angle)
    straight, comb = straightness(truth, truth), straightness(teeth(truth), truth)
    assert straight is not None
    assert comb is not None
    assert straight.angle < 3
    assert comb.angle > straight.angle + 10
    assert comb.segments > 3 * straight.segments


def test_a_moved_straight_side_is_straight_and_a_turned_one_is_not() -> None:
    truth = roof(0.0)
    moved, turned = straightness(roof(0.0, 2.0), truth), straightness(roof(4.0), truth)
    assert moved is not None
    assert moved.angle < 1
    assert turned is not None
    assert 2 < turned.angle < 8


def test_without_straight_sides_or_outlines_nothing_is_told() -> None:
    truth = np.zeros((60, 60), np.uint8)
    cv2.circle(truth, (30, 30), 8, 1, -1)
    assert straightness(truth, truth) is None
    assert straightness(np.zeros_like(truth), roof(0.0)[:60, :60]) is None
