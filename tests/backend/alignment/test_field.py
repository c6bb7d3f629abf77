"""The field of shifts, from scores that are made for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from idgbr.alignment.field import find_field, vertex
from idgbr.alignment.matching import ScoreSurfaces, Window
from idgbr.alignment.shifts import LEAST_EVIDENCE
from idgbr.errors import JobCancelled
from idgbr.monitor import Monitor

METRES = np.array([[0.4, 0.0], [0.0, 0.4]])
REACH = 6.0


def made(tmp_path: Path, true: np.ndarray, *, flat: np.ndarray, unknown: np.ndarray, seed: int = 1) -> ScoreSurfaces:
    """Scores with a peak at the true shift (n, 2), lower ones elsewhere, and none for flat ones."""
    rng = np.random.default_rng(seed)
    window = Window.of(REACH, METRES)
    scores = ScoreSurfaces(tmp_path / "scores.bin", len(true), window)
    shifts = window.shifts()
    for number, shift in enumerate(true):
        if unknown[number]:
            continue
        surface = gaussian_filter(rng.normal(size=window.shape), 1.0)
        surface *= 0.05 / surface.std()
        for height, at in ((0.8, shift), (0.6, rng.uniform(-5, 5, 2))):
            surface += height * np.exp(-((shifts - at) ** 2).sum(-1) / 2) * (not flat[number])
        scores.add(number, surface.astype(np.float32))
    return scores


def test_the_field_is_smooth_and_robust(tmp_path: Path) -> None:
    """Objects that are gone follow their neighbours; so do those without scores."""
    rng = np.random.default_rng(3)
    places = rng.uniform(0, 300, (150, 2))
    true = np.array([2.5, -1.5]) + np.stack((np.sin(places[:, 0] / 90), np.cos(places[:, 1] / 90)), 1)
    flat, unknown = rng.random((2, 150)) < 0.1
    with made(tmp_path, true, flat=flat, unknown=unknown) as scores:
        field = find_field(scores, places, REACH, Monitor())
    off = np.hypot(*(field.shifts - true).T)
    assert np.median(off) < 0.2
    assert off.max() < 1.2
    seen = ~flat & ~unknown
    assert np.median(field.confidence[seen]) > 0.7
    assert field.confidence[unknown].max() == 0
    assert np.median(field.confidence[flat & ~unknown]) < 0.2
    assert field.evidence.min() > LEAST_EVIDENCE


def test_nothing_is_known_without_evidence(tmp_path: Path) -> None:
    places = np.random.default_rng(4).uniform(0, 100, (40, 2))
    none = np.ones(40, bool)
    with made(tmp_path, np.zeros((40, 2)), flat=none, unknown=~none) as scores:
        assert find_field(scores, places, REACH, Monitor()).evidence.max() < LEAST_EVIDENCE
    with made(tmp_path, np.zeros((40, 2)), flat=none, unknown=none) as scores:
        field = find_field(scores, places, REACH, Monitor())
    assert not field.shifts.any()
    assert not field.evidence.any()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_objects_are_enough(tmp_path: Path, count: int) -> None:
    true, none = np.tile([-3.0, 1.2], (count, 1)), np.zeros(count, bool)
    with made(tmp_path, true, flat=none, unknown=none) as scores:
        field = find_field(scores, np.arange(2.0 * count).reshape(count, 2), REACH, Monitor())
    np.testing.assert_allclose(field.shifts, true, atol=0.4)


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    monitor, none = Monitor(), np.zeros(5, bool)
    monitor.cancel()
    with made(tmp_path, np.zeros((5, 2)), flat=none, unknown=none) as scores, pytest.raises(JobCancelled):
        find_field(scores, np.zeros((5, 2)), REACH, monitor)


def test_vertex() -> None:
    assert vertex(0.0, 1.0, 0.0) == 0
    assert vertex(0.0, 1.0, 0.5) == pytest.approx(1 / 6)
    assert vertex(-np.inf, 1.0, 0.5) == 0
    assert vertex(1.0, 1.0, 1.0) == 0


def test_weak_evidence_that_agrees_is_not_drawn_to_where_the_layer_was(tmp_path: Path) -> None:
    """Peaks hardly higher than the noise, on a small image: their sum is clear, and the shift is found in full."""
    rng = np.random.default_rng(6)
    window = Window.of(REACH, METRES)
    shifts, true = window.shifts(), np.array([4.0, -2.5])
    with ScoreSurfaces(tmp_path / "scores.bin", 30, window) as scores:
        for number in range(30):
            surface = gaussian_filter(rng.normal(size=window.shape), 2.0)
            surface = 0.02 * surface / surface.std() + 0.04 * np.exp(-((shifts - true) ** 2).sum(-1) / 2)
            scores.add(number, surface.astype(np.float32))
        field = find_field(scores, rng.uniform(0, 80, (30, 2)), REACH, Monitor())
    assert np.hypot(*(field.shifts - true).T).max() < 1.0
    assert np.median(field.evidence) > LEAST_EVIDENCE
