"""Sums of what tiles say: whoever makes them, and for however many classes, the decision is the same to the bit."""

from __future__ import annotations

import numpy as np

from idgbr.refiner.label_pass import Patch, chosen, decide, sum_patches

NONE = 255
#: Rows and columns of the window, the first of them grid pixel (100, 40).
SIZE = (32, 48)


def corner(rng: np.random.Generator) -> tuple[list[Patch], list[Patch]]:
    """Two tiles of the row above and two of this one, which all meet in the window; each has three of seven classes."""
    patches = []
    for row, height in ((60, 72), (100, 90)):
        for col, width in ((0, 70), (50, 60)):
            classes = np.sort(rng.choice([1, 2, 4, 6], 3, replace=False)).astype(np.uint8)
            patches.append(Patch(row, col, classes, rng.random((2, 3, height, width), np.float32) / 4))
    return patches[:2], patches[2:]


def test_rows_of_tiles_that_are_summed_up_apart_and_then_added_decide_the_same() -> None:
    rng = np.random.default_rng(4)
    above, here = corner(rng)
    labels = rng.choice(np.array([1, 2, 4, 6, 6, NONE], np.uint8), SIZE)
    band = rng.random(SIZE) < 0.8
    found = decide(100, 40, labels, band & (labels != NONE), above, here, 0.02)
    apart = sum_patches(above, 100, 40, SIZE, np.arange(7), 2) + sum_patches(here, 100, 40, SIZE, np.arange(7), 2)
    wanted = chosen(labels, band & (labels != NONE), np.arange(7), apart, 0.02)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one, other)
    assert 0.02 < (found[0] != labels).mean() < 0.9
    assert (found[0] == labels)[~band].all()


def test_a_class_that_no_tile_has_stays_whatever_others_get() -> None:
    labels = np.full(SIZE, 5, np.uint8)
    labels[:, 20:] = 1
    patch = Patch(90, 30, np.array([1, 2], np.uint8), np.zeros((1, 2, 60, 80), np.float32))
    patch.scores[0, 1, :, 30:] = 1  # what is of another class gets no weight
    found, confidence, uncertainty = decide(100, 40, labels, np.ones(SIZE, bool), [], [patch], 0.2)
    assert (found[:, :20] == 5).all()
    assert (found[:, 20:] == 2).all()
    assert (confidence == 1).all()
    assert (uncertainty == 0).all()


def test_a_part_of_a_patch_has_memory_of_its_own() -> None:
    patch = Patch(60, 0, np.array([1], np.uint8), np.ones((1, 1, 72, 10), np.float32))
    part = patch.within(120, 200)
    assert (part.row, part.end) == (120, (132, 10))
    assert not np.shares_memory(part.scores, patch.scores)
    assert patch.within(140, 200).scores.shape == (1, 1, 0, 10)
