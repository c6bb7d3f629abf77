from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from idgbr.evaluation.metrics import (
    PlaceScores,
    boundary_counts,
    boundary_f_score,
    boundary_iou,
    class_boundary,
    class_f1,
    class_iou,
    confusion,
    mean_iou,
    overall_accuracy,
)

Labels = NDArray[np.uint8]


def square(side: int, top: int, left: int, shape: tuple[int, int] = (60, 60)) -> Labels:
    labels = np.zeros(shape, np.uint8)
    labels[top : top + side, left : left + side] = 1
    return labels


def test_confusion_has_truth_in_rows() -> None:
    truth = np.array([[0, 0, 1], [1, 1, 255]], np.uint8)
    predicted = np.array([[0, 1, 1], [1, 0, 0]], np.uint8)
    counts = confusion(predicted, truth, 2)
    assert counts[:, :2].tolist() == [[1, 1], [1, 2]]
    assert overall_accuracy(counts) == pytest.approx(3 / 5)


def test_prediction_without_data_lowers_recall_alone() -> None:
    truth = np.array([[1, 1, 1, 1]], np.uint8)
    predicted = np.array([[1, 1, 1, 255]], np.uint8)
    counts = confusion(predicted, truth, 2)
    assert class_iou(counts)[1] == pytest.approx(3 / 4)
    assert overall_accuracy(counts) == pytest.approx(3 / 4)


def test_shifted_square_has_known_overlap() -> None:
    counts = confusion(square(20, 10, 14), square(20, 10, 10), 2)
    assert class_iou(counts)[1] == pytest.approx(16 / 24)
    assert class_f1(counts)[1] == pytest.approx(32 / 40)
    background = 3600 - 480
    assert mean_iou(counts) == pytest.approx((16 / 24 + background / (background + 160)) / 2)


def test_absent_class_does_not_count() -> None:
    counts = confusion(square(20, 10, 10), square(20, 10, 10), 4)
    assert np.isnan(class_iou(counts)[2:]).all()
    assert mean_iou(counts) == 1.0


def test_boundary_is_inside_the_class_and_not_at_the_image_edge() -> None:
    labels = square(10, 0, 0)
    edge = class_boundary(labels == 1, np.ones(labels.shape, bool))
    assert edge.sum() == 19
    assert not edge[0, :9].any()


@pytest.mark.parametrize(("tolerance", "matched"), [(1, 40), (2, 76), (3, 76)])
def test_boundary_of_square_shifted_by_two(tolerance: int, matched: int) -> None:
    # At 1 px, 19 pixels of each side along the shift match, and one below each of their ends.
    counts = boundary_counts(square(20, 10, 12), square(20, 10, 10), 2, (tolerance,))[tolerance]
    assert counts.true[1] == counts.predicted[1] == 76
    assert counts.matched_true[1] == counts.matched_predicted[1] == matched
    assert counts.f_scores()[1] == pytest.approx(matched / 76)


def test_boundary_f_score_of_equal_and_of_far_maps() -> None:
    assert boundary_f_score(square(9, 3, 3), square(9, 3, 3), 1) == 1.0
    assert boundary_f_score(square(9, 40, 40), square(9, 3, 3), 3) == 0.0
    assert boundary_f_score(np.zeros((9, 9), np.uint8), np.zeros((9, 9), np.uint8), 2) == 1.0


def test_half_of_the_boundary_found() -> None:
    # A line across the image: truth has it whole, the prediction only in the left half.
    truth, predicted = np.zeros((40, 40), np.uint8), np.zeros((40, 40), np.uint8)
    truth[20:] = 1
    predicted[20:, :20] = 1
    counts = boundary_counts(predicted, truth, 2, (1,))[1]
    # Class 1 of the prediction: 20 pixels along the line, and 19 more down its right side, of which one is within 1 px.
    assert counts.predicted[1] == 39
    assert counts.matched_predicted[1] == 21
    assert counts.matched_true[1] == 21
    assert counts.true[1] == 40
    precision, recall = 21 / 39, 21 / 40
    assert counts.f_scores()[1] == pytest.approx(2 * precision * recall / (precision + recall))


def test_only_what_truth_ignores_is_left_out() -> None:
    truth = square(20, 10, 10)
    truth[:, :15] = 255
    predicted = square(20, 10, 10)
    predicted[:, :15] = 1
    scores = boundary_counts(predicted, truth, 2, (1,))[1]
    assert np.nanmin(scores.f_scores()) == 1.0
    assert mean_iou(confusion(predicted, truth, 2)) == 1.0


def test_boundary_iou_of_shifted_square() -> None:
    truth, predicted = square(20, 10, 10), square(20, 10, 11)
    # Rings one pixel thick have 76 pixels each; two long sides share 19 each, and no others.
    assert boundary_iou(predicted, truth, 1, 1) == pytest.approx(38 / (2 * 76 - 38))
    assert boundary_iou(truth, truth, 1, 3) == 1.0
    assert boundary_iou(predicted, truth, 1, 40) == pytest.approx(380 / 420)
    assert math.isnan(boundary_iou(truth, truth, 7, 2))


def test_boundary_scores_add_up_over_rasters() -> None:
    place = PlaceScores(2, (1, 2))
    pairs = [(square(20, 10, 12), square(20, 10, 10)), (square(30, 5, 5), square(28, 6, 6))]
    for predicted, truth in pairs:
        place.add(predicted, truth)
    apart = np.concatenate([np.hstack(p) for p in pairs], axis=0)
    assert place.counts.sum() == apart.size / 2
    both = [boundary_counts(p, t, 2, (2,))[2] for p, t in pairs]
    total = both[0] + both[1]
    assert place.boundaries[2].f_scores().tolist() == total.f_scores().tolist()
    assert place.boundaries[1].mean_f_score() < place.boundaries[2].mean_f_score() == 1.0
