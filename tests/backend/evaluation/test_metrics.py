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
    class_precision,
    class_recall,
    confusion,
    mean_f1,
    mean_iou,
    overall_accuracy,
    score_tile,
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


def test_precision_and_recall_of_a_shifted_square() -> None:
    counts = confusion(square(20, 10, 15), square(20, 10, 10), 2)
    assert class_precision(counts)[1] == class_recall(counts)[1] == pytest.approx(15 / 20)
    assert mean_f1(counts) == pytest.approx((0.75 + 2 * (3600 - 500) / (2 * (3600 - 400))) / 2)
    assert np.isnan(class_recall(confusion(square(20, 10, 15), square(0, 0, 0), 2))[1])


def test_nothing_known_has_no_score() -> None:
    nothing = np.full((9, 9), 255, np.uint8)
    assert math.isnan(mean_iou(confusion(nothing, nothing, 2)))


def test_trimap_counts_three_pixels_on_each_side_of_true_boundaries() -> None:
    truth = np.zeros((40, 40), np.uint8)
    truth[:, 20:] = 1
    predicted = np.zeros((40, 40), np.uint8)
    predicted[:, 18:] = 1
    predicted[:, :5] = 1  # too far away to count
    trimap = score_tile(predicted, truth, 2).trimap
    assert trimap.sum() == 6 * 40
    assert mean_iou(trimap) == pytest.approx((1 / 3 + 3 / 5) / 2)


def test_histogram_holds_boundary_distances() -> None:
    truth, predicted = np.zeros((30, 60), np.uint8), np.zeros((30, 60), np.uint8)
    truth[:, 20:] = 1
    predicted[:, 24:] = 1
    scores = PlaceScores(2, histogram_px=10)
    scores.add(predicted, truth)
    assert scores.histogram[:, 4].tolist() == [60, 60], "30 rows, on either side"
    assert scores.histogram.sum() == 120
    far = PlaceScores(2, histogram_px=2)
    far.add(predicted, truth)
    assert far.histogram[:, 3].tolist() == [60, 60]


@pytest.mark.parametrize("pixel", [(0.5, 0.5), (0.5, 0.25)])
def test_tolerances_in_metres_follow_the_pixel(pixel: tuple[float, float]) -> None:
    truth, predicted = np.zeros((30, 60), np.uint8), np.zeros((30, 60), np.uint8)
    truth[:, 20:] = 1
    predicted[:, 22:] = 1
    scores = PlaceScores(2, tolerances_m=(0.5, 1.0), pixel_m=pixel)
    scores.add(predicted, truth)
    across = 2 * pixel[1]
    assert [scores.boundaries_m[t].mean_f_score() for t in (0.5, 1.0)] == [float(across <= 0.5), 1.0]
    if pixel[0] == pixel[1]:
        assert scores.boundaries_m[0.5].ious().tolist() == scores.boundaries[1].ious().tolist()


def test_blocks_with_a_halo_add_up_to_the_whole() -> None:
    random = np.random.default_rng(8)
    truth = np.kron(random.integers(0, 3, (16, 20)), np.ones((9, 9))).astype(np.uint8)
    truth[:20, :30] = 255
    predicted = np.roll(truth, (2, 1), (0, 1))
    predicted[100:110, 40:60] = 255
    whole = PlaceScores(3, tolerances_m=(1.5,), pixel_m=(0.3, 0.3), histogram_px=10)
    whole.add(predicted, truth)
    parts = PlaceScores(3, tolerances_m=(1.5,), pixel_m=(0.3, 0.3), histogram_px=10)
    size, halo = 64, parts.halo
    for row in range(0, truth.shape[0], size):
        for col in range(0, truth.shape[1], size):
            top, left = max(row - halo, 0), max(col - halo, 0)
            area = np.s_[top : row + size + halo, left : col + size + halo]
            core = (slice(row - top, row - top + size), slice(col - left, col - left + size))
            parts.add(predicted[area], truth[area], core=core)
    assert (parts.counts == whole.counts).all()
    assert (parts.trimap == whole.trimap).all()
    assert (parts.histogram == whole.histogram).all()
    for found, expected in ((parts.boundaries, whole.boundaries), (parts.boundaries_m, whole.boundaries_m)):
        for tolerance, counts in found.items():
            assert counts.f_scores().tolist() == expected[tolerance].f_scores().tolist()
            assert counts.ious().tolist() == expected[tolerance].ious().tolist()
    both = whole + parts
    assert both.counts.sum() == 2 * whole.counts.sum()
    assert both.boundaries_m[1.5].mean_iou() == whole.boundaries_m[1.5].mean_iou()
