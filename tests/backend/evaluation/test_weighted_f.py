from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter, sobel

from idgbr.classes import NODATA_CLASS
from idgbr.evaluation.weighted_f import WeightedBoundaryF, boundary_band, weighted_f
from tests.backend.evaluation.weighted_f_cases import ANSWERS, cases

Labels = NDArray[np.uint8]


def weighted_boundary_f(predicted: Labels, truth: Labels, ignore: int = NODATA_CLASS) -> float:
    scores = WeightedBoundaryF()
    scores.add(predicted, truth, ignore)
    return scores.value()


def square(top: int = 128, left: int = 128, side: int = 256, size: int = 512) -> Labels:
    labels = np.zeros((size, size), np.uint8)
    labels[top : top + side, left : left + side] = 1
    return labels


@pytest.mark.parametrize(("name", "answer"), json.loads(ANSWERS.read_text()).items())
def test_py_sod_metrics_says_the_same(name: str, answer: float) -> None:
    assert weighted_f(*cases()[name]) == pytest.approx(answer, abs=1e-8)


@pytest.mark.parametrize(
    ("shift", "expected"), [(1, 0.897), (2, 0.785), (3, 0.665), (4, 0.470), (5, 0.458), (8, 0.432)]
)
def test_a_shifted_square_scores_as_in_the_reference(shift: int, expected: float) -> None:
    assert weighted_boundary_f(square(left=128 + shift), square()) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("growth", "expected"), [(1, 0.800), (2, 0.593), (3, 0.381), (4, 0.0), (8, 0.0)])
def test_a_grown_square_scores_as_in_the_reference(growth: int, expected: float) -> None:
    grown = square(128 - growth, 128 - growth, 256 + 2 * growth)
    assert weighted_boundary_f(grown, square()) == pytest.approx(expected, abs=6e-4)


def test_the_band_is_two_pixels_wide_on_each_side() -> None:
    labels = np.zeros((20, 20), np.uint8)
    labels[:, 10:] = 7
    band = boundary_band(labels)
    assert np.flatnonzero(band[5]).tolist() == [8, 9, 10, 11]


def test_the_band_is_that_of_a_sobel_filter() -> None:
    noise = gaussian_filter(np.random.default_rng(3).standard_normal((200, 200)), 6)
    labels = np.digitize(noise, [-0.02, 0.02]).astype(np.uint8)
    strength = sum(sobel(labels.astype(float), axis, mode="mirror") ** 2 for axis in (0, 1))
    assert (boundary_band(labels) == maximum_filter(strength > 0, 3)).all()


def test_the_numbers_of_the_classes_do_not_matter() -> None:
    predicted, truth = square(left=131), square()
    assert weighted_boundary_f(predicted * 255, truth * 254, 255) == weighted_boundary_f(predicted, truth)
    assert weighted_boundary_f(truth * 200, truth) == 1.0


def test_false_boundaries_in_a_tile_without_true_ones_are_not_free() -> None:
    scores = WeightedBoundaryF()
    scores.add(square(), square())
    scores.add(square(), np.zeros((512, 512), np.uint8))
    assert scores.tiles == 2
    assert scores.value() == pytest.approx(0.5)


def test_tiles_without_any_boundary_do_not_count() -> None:
    nothing = np.zeros((64, 64), np.uint8)
    assert np.isnan(weighted_boundary_f(nothing, nothing))
    scores = WeightedBoundaryF()
    scores.add(nothing, nothing)
    assert (scores + scores).tiles == 0


def test_a_band_average_of_zero_stays_zero() -> None:
    assert weighted_boundary_f(square(10, 10, 100), square(300, 300, 100)) == pytest.approx(0.0, abs=1e-9)


def test_what_truth_ignores_makes_no_band() -> None:
    truth = square()
    truth[:, :128] = 255
    predicted = square(left=100)
    predicted[:, 384:] = 0
    assert weighted_boundary_f(predicted | (square() & (truth != 255)), truth) == 1.0
    assert not boundary_band(truth, truth != 255)[:, :128].any()


def test_tiles_add_up() -> None:
    first, second = WeightedBoundaryF(), WeightedBoundaryF()
    first.add(square(left=129), square())
    second.add(square(left=131), square())
    assert (first + second).value() == pytest.approx((first.value() + second.value()) / 2)
