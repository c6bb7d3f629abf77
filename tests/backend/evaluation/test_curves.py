"""The curves of a training: axes, and the best step."""

from __future__ import annotations

import pytest

from idgbr.evaluation.curves import Curves, Measure, Point


def curves() -> Curves:
    losses = [Point(100, 1.24), Point(200, 0.7), Point(300, float("nan"))]
    return Curves(400, losses, [Point(100, 0.31), Point(200, 0.52), Point(300, 0.52)])


def test_axes_hold_all_values_and_the_first_of_the_best_steps_counts() -> None:
    loss, score = curves().charts
    assert [point.x for point in loss.points] == [100, 200]
    assert list(loss.ticks) == [0, 0.5, 1.0, 1.5]
    assert score.top == pytest.approx(0.6)
    assert curves().step == 300
    assert curves().best == Point(200, 0.52)
    assert Curves(400, [], []).charts == []
    assert Curves(400, [Point(1, 0.0)], []).charts[0].top > 0


def test_of_an_error_the_lowest_is_best() -> None:
    assert Curves(4, [], [Point(1, 0.3), Point(2, 0.1), Point(3, 0.2)], Measure("Error", lowest=True)).best == (2, 0.1)
