"""Settings that part touching buildings are those that find most of them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from idgbr.models.object_table import ObjectTable
from idgbr.training.calibrate_objects import (
    JudgedPlace,
    best_objects,
    calibrate_objects,
    object_f1,
    parted,
)


def street(level: float) -> JudgedPlace:
    """A row of eight houses of 200 m² with walls of contact at `level`, and weaker contact within houses."""
    truth = np.zeros((16, 164), np.int32)
    contact = np.zeros(truth.shape, np.float32)
    for number in range(8):
        left = 2 + 20 * number
        truth[3:13, left : left + 20] = number + 1
        contact[:, left + 10] = level / 2
        contact[:, left - 1 : left + 1] = level
    return JudgedPlace("street", truth > 0, contact, truth, 1.0)


def test_the_best_settings_part_the_houses() -> None:
    """The threshold is above the contact within houses and below that of their walls."""
    place = street(0.24)
    found = best_objects([place])
    assert 0.12 < found.threshold < 0.24
    assert object_f1(parted(place, found), place) == 1
    assert object_f1(parted(place, ObjectTable(0.5, 0.0, 4.0)), place) == 0


def test_buildings_of_another_set_are_not_cut_up() -> None:
    """Settings that part the houses of one set, but lose more than a little on another one, are not taken."""
    place = street(0.24)
    halls = place._replace(dataset="halls", truth=np.where(place.truth > 0, 1, 0).astype(np.int32))
    assert parted(place, best_objects([place])).max() == 8
    assert parted(halls, best_objects([place, halls])).max() == 1


def test_small_buildings_do_not_count() -> None:
    """Neither true nor found buildings below the least area count."""
    place = street(0.24)
    truth = place.truth.copy()
    truth[0, 0] = 9
    found = truth.copy()
    found[15, 0] = 10
    assert object_f1(found, place._replace(truth=truth)) == 1


def test_without_numbered_buildings_there_is_nothing_to_choose() -> None:
    """Places without numbers of buildings are left out."""
    assert calibrate_objects(None, [], 0.5) is None  # type: ignore[arg-type]
