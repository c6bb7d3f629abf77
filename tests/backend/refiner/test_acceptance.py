"""The gate: nothing changes outside the band or without evidence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import maximum_filter

from idgbr.refiner.acceptance import Margins, best_class, boundaries, dilate, gate, margins_at, refinable


def test_best_class_is_argmax() -> None:
    """Class and probability are those of numpy's argmax, ties included."""
    scores = np.random.default_rng(0).integers(0, 4, (5, 7, 9)).astype(np.float32)
    labels, best = best_class(scores)
    np.testing.assert_array_equal(labels, scores.argmax(0))
    np.testing.assert_array_equal(best, scores.max(0))


def test_boundaries_touch_both_sides() -> None:
    """Both pixels of a class change are boundary pixels."""
    labels = np.zeros((5, 6), np.uint8)
    labels[:, 3:] = 1
    assert boundaries(labels)[:, 2:4].all()
    assert boundaries(labels).sum() == 10


def test_band_is_as_wide_as_asked_and_includes_doubt() -> None:
    """Chessboard distance from the boundary pixels; doubtful pixels count wherever they lie."""
    labels = np.zeros((20, 40), np.uint8)
    labels[:, 20:] = 1
    certainty = np.ones(labels.shape, np.float32)
    certainty[3, 2] = 0.5
    band = refinable(labels, certainty, 4)
    assert band[:, 15:25].all()
    assert band[3, 2]
    assert band.sum() == 20 * 10 + 1


def test_changes_outside_the_band_and_below_the_margin_are_refused() -> None:
    """Inside the band a change needs the margin; outside it is refused however sure."""
    labels, certainty = np.zeros((1, 4), np.uint8), np.full((1, 4), 0.9, np.float32)
    refined = np.zeros((2, 1, 4), np.float32)
    refined[1, 0] = [1.0, 1.0, 0.6, 0.2]
    refined[0] = 1 - refined[1]
    band = np.array([[False, True, True, True]])
    np.testing.assert_array_equal(gate(labels, certainty, refined, band, 0.3)[0], [[0, 1, 0, 0]])
    after, confidence = gate(labels, certainty, refined, band, 0.1)
    np.testing.assert_array_equal(after, [[0, 1, 1, 0]])
    np.testing.assert_allclose(confidence, [[0.9, 1.0, 0.6, 0.8]], rtol=1e-6)


def test_margins_are_interpolated_in_the_logarithm_of_the_resolution() -> None:
    """Between two rows half way on a logarithmic scale; flat beyond them; without tables every change counts."""
    tables = {"1": [[0.4, 0.0, 0.2, 0.5], [0.1, 0.2, 0.8, 1.5]]}
    assert margins_at(tables, 0.2, 1) == pytest.approx((0.1, 0.5, 1.0))
    assert margins_at(tables, 0.01, 1) == pytest.approx((0.2, 0.8, 1.5))
    assert margins_at(tables, 9.0, 1) == pytest.approx((0.0, 0.2, 0.5))
    assert margins_at({}, 0.3, 1) == Margins(0.0, 0.0)


def test_a_drawn_map_counts_the_less_the_more_it_is_doubted() -> None:
    margins = Margins(0.0, 0.9, exact_doubt=0.1)
    found = [margins.of_drawn(doubt) for doubt in (0.0, 0.13, 0.17, 0.2, 0.9)]
    assert found == sorted(found, reverse=True)
    assert found[0] == found[1] == 0.9
    assert found[-1] == pytest.approx(0.2)
    assert 0.2 < found[2] < 0.9


def test_where_nothing_is_known_of_exact_maps_the_margin_is_the_same_for_all() -> None:
    assert Margins(0.0, 0.9).of_drawn(0.5) == 0.9


def test_margins_are_those_of_the_steps_or_of_the_next_more() -> None:
    tables = {"1": [[0.3, 0.0, 0.1]], "4": [[0.3, 0.0, 0.5]], "16": [[0.3, 0.0, 0.9]]}
    assert [margins_at(tables, 0.3, steps).hard for steps in (1, 2, 4, 5, 99)] == [0.1, 0.5, 0.5, 0.9, 0.9]


@pytest.mark.parametrize("radius", [0, 1, 8, 40])
@pytest.mark.parametrize("share", [0.0, 0.002, 0.1, 1.0])
def test_dilation_is_a_maximum_over_squares(radius: int, share: float) -> None:
    for size in ((1, 1), (7, 90), (60, 33)):
        mask = np.random.default_rng(radius).random(size) < share
        np.testing.assert_array_equal(dilate(mask, radius), maximum_filter(mask, 2 * radius + 1, mode="constant"))
