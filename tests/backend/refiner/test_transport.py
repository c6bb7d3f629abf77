"""Classes move as weighed, relations know no names."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.arrays import as_floats
from idgbr.refiner.bridge import expected_codes
from idgbr.refiner.codes import code_table
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


def _slowly_moved(weights: np.ndarray, source: np.ndarray, where: np.ndarray) -> np.ndarray:
    """`transport` as its description says, in float64."""
    _, height, width = source.shape
    out = source.astype(np.float64)
    for row, col in zip(*np.nonzero(where), strict=True):
        first = ((row % 2) * 2 + col % 2) * len(OFFSETS)
        logits = weights[row // 2, col // 2, first : first + len(OFFSETS)].astype(np.float64)
        shares = np.exp(logits - logits.max())
        rows, cols = (
            np.clip(at + OFFSETS[:, axis], 0, size - 1) for axis, (at, size) in enumerate(((row, height), (col, width)))
        )
        out[:, row, col] = source[:, rows, cols] @ (shares / shares.sum())
    return out


@pytest.mark.parametrize(("classes", "size"), [(2, (34, 146)), (5, (70, 10)), (1, (2, 4))])
def test_every_order_in_memory_gives_the_mixture_by_definition(classes: int, size: tuple[int, int]) -> None:
    """Blocks of columns, strips of rows, edges, and places without anything to do."""
    rng = np.random.default_rng(classes)
    source = np.ascontiguousarray(np.moveaxis(rng.dirichlet(np.ones(classes), size), 2, 0).astype(np.float32))
    logits = rng.normal(0, 6, (size[0] // 2, size[1] // 2, 4 * len(OFFSETS) + 4)).astype(np.float32)
    logits[:, :, 3] -= 200  # far below the smallest number
    bits = (logits.view(np.uint32) >> 16).astype(np.uint16)
    weights = as_floats(bits)
    where = rng.random(size) < 0.4
    where[:, 20:] &= rng.random(size[0])[:, None] < 0.5
    expected = _slowly_moved(weights, source, where)
    planar = np.moveaxis(np.ascontiguousarray(np.moveaxis(weights, 2, 0)), 0, 2)
    planar_bits = np.moveaxis(np.ascontiguousarray(np.moveaxis(bits, 2, 0)), 0, 2)
    results = [transport(given, source, where) for given in (weights, bits, planar, planar_bits)]
    np.testing.assert_allclose(results[0], expected, rtol=0, atol=2e-6)
    for other in results[1:]:
        np.testing.assert_array_equal(other, results[0])


def test_relations_are_products_of_codes_with_edges_repeated() -> None:
    """Also in maps narrower than the distance to the farthest neighbour."""
    for size in ((70, 33), (3, 2), (1, 1)):
        codes = np.random.default_rng(3).uniform(-1, 1, (4, *size)).astype(np.float32)
        rows, cols = np.indices(size)
        for (down, right), plane in zip(RELATED, relations(codes), strict=True):
            there = codes[:, np.clip(rows + down, 0, size[0] - 1), np.clip(cols + right, 0, size[1] - 1)]
            np.testing.assert_allclose(plane, (codes * there).sum(0) / 4, atol=1e-6)
