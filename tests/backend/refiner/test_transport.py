"""Classes move as weighed, relations know no names."""

from __future__ import annotations

import numpy as np

from idgbr.refiner.bridge import code_table, expected_codes
from idgbr.refiner.neighbours import OFFSETS, REACH, RELATED
from idgbr.refiner.transport import relations, transport


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.ascontiguousarray(np.eye(classes, dtype=np.float32)[labels].transpose(2, 0, 1))


def test_places_are_distinct_and_within_reach() -> None:
    """33 places, the first the pixel itself; every one has its opposite."""
    assert len({tuple(o) for o in OFFSETS}) == len(OFFSETS) == 33
    assert tuple(OFFSETS[0]) == (0, 0)
    assert np.abs(OFFSETS).max() == REACH
    assert {tuple(o) for o in OFFSETS} == {tuple(-o) for o in OFFSETS}


def test_all_weight_on_one_place_shifts_the_map() -> None:
    """Each of the four pixels of a square reads its own weights."""
    labels = np.random.default_rng(0).integers(0, 3, (8, 10))
    source, everywhere = one_hot(labels, 3), np.ones((8, 10), bool)
    for place in (0, 5, 17):
        weights = np.full((4, 5, 4, len(OFFSETS)), -50, np.float32)
        weights[..., place] = 50
        moved = transport(weights.reshape(4, 5, -1), source, everywhere).argmax(0)
        rows = np.clip(np.arange(8)[:, None] + OFFSETS[place, 0], 0, 7)
        cols = np.clip(np.arange(10)[None] + OFFSETS[place, 1], 0, 9)
        np.testing.assert_array_equal(moved, labels[rows, cols])
    single = np.full((4, 5, 4, len(OFFSETS)), -50, np.float32)
    single[..., 0] = 50
    single[1, 2, 3] = -50
    single[1, 2, 3, 3] = 50  # the lower right pixel of one square, (3, 5), takes the class of its left neighbour
    changed = transport(single.reshape(4, 5, -1), source, everywhere).argmax(0)
    expected = labels.copy()
    expected[3, 5] = labels[3, 4]
    np.testing.assert_array_equal(changed, expected)


def test_mixtures_are_probabilities_and_stay_outside() -> None:
    """Any weights give probabilities; pixels not asked for keep theirs."""
    rng = np.random.default_rng(1)
    source = np.ascontiguousarray(rng.dirichlet(np.ones(4), (6, 6)).transpose(2, 0, 1).astype(np.float32))
    where = rng.random((6, 6)) < 0.5
    mixed = transport(rng.normal(0, 3, (3, 3, 132)).astype(np.float32), source, where)
    np.testing.assert_allclose(mixed.sum(0), 1, rtol=1e-5)
    np.testing.assert_array_equal(mixed[:, ~where], source[:, ~where])


def test_relations_do_not_depend_on_how_codes_are_dealt() -> None:
    """Swapped and flipped bits give the same relations; a pixel of the same class is related by 1."""
    labels = np.random.default_rng(2).integers(0, 2, (9, 9))
    table = code_table(2)
    codes = expected_codes(one_hot(labels, 2), table)
    related = relations(codes)
    turned = relations(np.ascontiguousarray(codes[[2, 0, 3, 1]]) * np.array([1, -1, -1, 1], np.float32)[:, None, None])
    np.testing.assert_allclose(related, turned, atol=1e-6)
    for (row, col), plane in zip(RELATED, related, strict=True):
        inside = (slice(0, 9 - row), slice(max(-col, 0), 9 - max(col, 0)))
        other = (slice(row, 9), slice(max(-col, 0) + col, 9 - max(col, 0) + col))
        np.testing.assert_array_equal(plane[inside] > 0, labels[inside] == labels[other])
