from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.refiner.repair import RepairCounts, do_no_harm_rate, repair_counts

Labels = NDArray[np.uint8]


def row(text: str) -> Labels:
    return np.array([[int(c) for c in text]], np.uint8)


TRUTH = row("1111100000")
ROUGH = row("0011111000")  # two missed, two too many


@pytest.mark.parametrize(
    ("refined", "iou_right", "iou_wrong", "damage", "improvement"),
    [
        ("1111100000", 1, 1, 0, 1),  # all repaired
        ("0011111000", 1, 0, 0, 0),  # left as it was
        ("1111111000", 1, 2 / 4, 0, 1 / 2),  # half repaired
        ("1111000000", 2 / 3, 1, 0, 2 / 3),  # repaired, and one lost
        ("0000000000", 0, 0, 0, -1),  # all lost
        ("1111100011", 1, 1, 2 / 7, 1),  # repaired, with damage elsewhere
    ],
)
def test_repair_of_a_row(refined: str, iou_right: float, iou_wrong: float, damage: float, improvement: float) -> None:
    counts = repair_counts(row(refined), ROUGH, TRUTH, [1])
    assert (counts.right, counts.wrong) == (3, 4)
    assert counts.iou_right == pytest.approx(iou_right)
    assert counts.iou_wrong == pytest.approx(iou_wrong)
    assert counts.damage == pytest.approx(damage)
    assert counts.improvement() == pytest.approx(improvement)
    assert counts.improvement_with_damage() == pytest.approx(improvement - damage)
    assert counts.improvement(k=2) == pytest.approx(improvement - (1 - iou_right))


def test_false_positives_alone_can_be_repaired() -> None:
    truth, rough = row("1110000"), row("1111100")
    assert repair_counts(truth, rough, truth, [1]).improvement() == 1.0
    assert repair_counts(rough, rough, truth, [1]).improvement() == 0.0


def test_a_perfect_map_that_comes_back_unchanged() -> None:
    counts = repair_counts(TRUTH, TRUTH, TRUTH, [1])
    assert (counts.improvement_with_damage(), counts.damage) == (1.0, 0.0)
    assert repair_counts(row("1111100001"), TRUTH, TRUTH, [1]).damage == pytest.approx(1 / 5)


def test_what_truth_ignores_does_not_count() -> None:
    truth = row("1111100255"[:7] + "000")
    truth[0, 7:] = 255
    assert repair_counts(row("1111100111"), TRUTH, truth, [1]).damage == 0


def test_classes_and_tiles_add_up() -> None:
    refined = row("1111111000")
    both = repair_counts(refined, ROUGH, TRUTH, [0, 1])
    assert both == repair_counts(refined, ROUGH, TRUTH, [0]) + repair_counts(refined, ROUGH, TRUTH, [1])
    assert RepairCounts().improvement() == 1.0


def test_do_no_harm() -> None:
    before = np.array([[0.5, 0.3], [0.6, 0.4], [0.7, np.nan], [0.9, 0.9]])
    after = np.array([[0.6, 0.3], [0.7, 0.35], [0.7, np.nan], [0.89, 0.95]])
    assert do_no_harm_rate(before, after) == pytest.approx(2 / 4)
    assert do_no_harm_rate(before, after, tolerance=0.02) == pytest.approx(3 / 4)
    assert do_no_harm_rate(before[:, 0], after[:, 0]) == pytest.approx(3 / 4)
    assert do_no_harm_rate([], []) == 1.0
