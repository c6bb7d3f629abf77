"""When buildings were first and last seen."""

from __future__ import annotations

import numpy as np
import shapely

from idgbr.change.classify import APPEARED, DISAPPEARED, MODIFIED
from idgbr.change.history import Changes, Seen, history


def step(*changes: tuple[int, float, float]) -> Changes:
    """Squares of 10 m by class, place and confidence."""
    return Changes(
        np.array([shapely.box(x, 0, x + 10, 10) for _, x, _ in changes], object),
        np.array([kind for kind, _, _ in changes], np.int64),
        np.array([confidence for _, _, confidence in changes], float),
        np.full(len(changes), 100.0),
    )


def found(steps: list[Changes]) -> set[tuple[float, int | None, int | None, float]]:
    return {(s.shape.bounds[0], s.first, s.last, s.confidence) for s in history(steps)}


def test_what_appears_and_stays_and_what_goes() -> None:
    steps = [step((APPEARED, 0, 0.9), (DISAPPEARED, 50, 0.8)), step(), step((DISAPPEARED, 80, 0.7))]
    assert found(steps) == {(0, 1, None, 0.9), (50, None, 0, 0.8), (80, None, 2, 0.7)}


def test_what_appears_and_goes_is_one_building_with_the_surer_outline() -> None:
    steps = [step(), step((APPEARED, 0, 0.6)), step((DISAPPEARED, 2, 0.9))]
    assert history(steps) == [Seen(shapely.box(2, 0, 12, 10), 2, 2, 0.9, 100.0)]


def test_little_overlap_is_another_building() -> None:
    steps = [step((APPEARED, 0, 0.9)), step((DISAPPEARED, 6, 0.8))]
    assert found(steps) == {(0, 1, None, 0.9), (6, None, 1, 0.8)}


def test_a_place_may_be_built_on_again() -> None:
    steps = [step((DISAPPEARED, 0, 0.8)), step((APPEARED, 0, 0.9)), step((DISAPPEARED, 0, 0.7))]
    assert found(steps) == {(0, None, 0, 0.8), (0, 2, 2, 0.9)}


def test_the_modified_and_nothing_at_all() -> None:
    assert history([step((MODIFIED, 0, 0.9)), step()]) == []
    assert history([]) == []
