"""The curves of a training: axes, the best step, the page that follows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from idgbr.evaluation.curves import Curves, Point
from idgbr.evaluation.report import write_training_page
from tests.backend.evaluation.test_report import Page


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


def test_a_page_shows_the_curves_and_is_loaded_again_while_the_training_runs(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_training_page(path, "<b>Old vines", curves(), running=True)
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert page.tags.count("polyline") == 2
    assert page.tags.count("circle") == 5
    assert 'http-equiv="refresh"' in text
    assert "Training of <b>Old vines" in page.texts
    assert any("300 of 400 steps" in found for found in page.texts)
    write_training_page(path, "Old vines", Curves(400, [], []), running=False)
    text = path.read_text(encoding="utf-8")
    assert "refresh" not in text
    assert "polyline" not in text
