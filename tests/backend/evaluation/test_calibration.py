from __future__ import annotations

import numpy as np
import pytest

from idgbr.evaluation.metrics import CalibrationCounts


def counts_of(confidence: list[float], right: list[bool], bins: int = 10) -> CalibrationCounts:
    counts = CalibrationCounts(bins)
    counts.add(np.array(confidence), np.array(right), np.ones(len(right), bool))
    return counts


def test_confidence_that_keeps_its_word() -> None:
    assert counts_of([0.8] * 10, [True] * 8 + [False] * 2).expected_error() == pytest.approx(0)


def test_gap_of_bins_is_weighted_by_pixels() -> None:
    counts = counts_of([0.9] * 4 + [0.55] * 6, [True, False] * 2 + [True] * 6)
    assert counts.expected_error() == pytest.approx((4 * 0.4 + 6 * 0.45) / 10)
    assert counts.accuracies()[[5, 8]].tolist() == [1.0, 0.5]
    assert np.isnan(counts.accuracies()[0])


def test_edges_of_bins_and_values_beyond_them() -> None:
    counts = counts_of([0.0, 0.1, 0.100001, 1.0, 1.2, float("nan")], [True] * 6)
    assert counts.pixels[[0, 1, 9]].tolist() == [2, 1, 2]
    assert counts.pixels.sum() == 5


def test_counts_add_up_and_nothing_is_nan() -> None:
    one, other = counts_of([0.7], [True]), counts_of([0.3, 0.9], [False, True])
    both = counts_of([0.7, 0.3, 0.9], [True, False, True])
    assert (one + other).expected_error() == both.expected_error()
    assert np.isnan(CalibrationCounts().expected_error())


def test_unknown_pixels_are_left_out() -> None:
    counts = CalibrationCounts(10)
    counts.add(np.array([[0.9, 0.2]]), np.array([[True, False]]), np.array([[True, False]]))
    assert counts.pixels.sum() == 1
