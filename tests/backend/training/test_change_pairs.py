"""Pairs made of single-date labels: what counts as change, and what does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from idgbr.training import change_pairs
from idgbr.training.change_pairs import CropSource, covered, exchanged, moved, relit, shaded
from idgbr.training.labels import BUILDING, IGNORE, NOT_BUILDING
from idgbr.training.places import Place
from idgbr.training.sampling import Crop

GROUND, ROOF = 90, 220


def place(seed: int, size: int = 192) -> Place:
    """Bright roofs on darker ground."""
    rng = np.random.default_rng(seed)
    labels = np.full((size, size), NOT_BUILDING, np.uint8)
    for row, col in rng.integers(0, size - 24, (size**2 // 2600, 2)):
        labels[row : row + 14, col : col + 20] = BUILDING
    image = np.where(labels == BUILDING, ROOF, GROUND)[..., None] + rng.integers(-9, 10, (size, size, 3))
    return Place(f"p{seed}", "procedural", labels, 0.5, 0, [image.astype(np.uint8)])


def crop(seed: int, size: int = 96) -> Crop:
    whole = place(seed, size)
    return Crop(whole.levels[0], whole.labels, 0.5, np.eye(2, 3))


def test_exchanged_buildings_are_the_change() -> None:
    target, donor = crop(1), crop(2)
    seen = 0
    for seed in range(20):
        image, changed = exchanged(target, donor, np.random.default_rng(seed))
        seen += int(changed.any())
        here, there = target.labels == BUILDING, donor.labels == BUILDING
        assert not (changed & here & there).any()
        assert not (changed & ~here & ~there).any()
        inner = cv2.erode(changed.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        # Inside, what was a roof is ground now, and the other way round.
        assert (image.mean(2)[inner & here] < 160).all()
        assert (image.mean(2)[inner & there] > 160).all()
        kept = cv2.erode((here & ~changed).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        np.testing.assert_allclose(image[kept].astype(int), target.image[kept].astype(int), atol=2)
    assert seen > 10


def test_nothing_is_exchanged_beside_unknown_labels() -> None:
    target, donor = crop(1), crop(2)
    donor.labels[:] = IGNORE
    _, changed = exchanged(target, donor, np.random.default_rng(1))
    assert not changed.any()


@pytest.mark.parametrize("kind", ["apart", "exchanged", "same"])
def test_pairs_of_each_kind(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_pairs, "KINDS", {kind: 1.0})
    source = CropSource([place(1), place(2)], 64)
    pairs = [source.pair(np.random.default_rng([5, n])) for n in range(30)]
    changed = np.array([p.changed.mean() for p in pairs])
    assert all(p.before.shape == p.after.shape == (64, 64, 3) for p in pairs)
    assert not any((p.changed & ~p.known).any() for p in pairs)
    if kind == "same":
        assert not changed.any()
        assert all((p.before != p.after).any() for p in pairs)
    else:
        assert changed.mean() > 0.02
        assert changed.max() < 0.9


def test_pairs_depend_on_the_seed_alone() -> None:
    source = CropSource([place(1), place(2)], 64)
    first, second = (source.pair(np.random.default_rng([7, 3])) for _ in range(2))
    np.testing.assert_array_equal(first.before, second.before)
    np.testing.assert_array_equal(first.after, second.after)
    np.testing.assert_array_equal(first.changed, second.changed)


@pytest.mark.parametrize("shift", [False, True])
def test_masks_move_along_with_the_roofs_and_not_far(shift: bool) -> None:
    whole = crop(3)
    mask = whole.labels == BUILDING
    some = mask & (np.arange(mask.shape[1]) < 48)
    off = 0
    for seed in range(16):
        image, (buildings, part) = moved(whole.image, (mask, some), np.random.default_rng(seed), shift=shift)
        off += int((buildings != mask).any())
        # The moved mask still lies on the roofs that were moved along.
        inner = cv2.erode(buildings.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        assert image.mean(2)[inner].mean() > 200
        assert not (part & ~buildings).any()
        near = cv2.dilate(mask.astype(np.uint8), np.ones((21, 21), np.uint8)) > 0
        assert not (buildings & ~near).any()
    # Not every orbit sees buildings from the side.
    assert 4 <= off <= 16
    assert shift or off < 16


def test_shadows_fall_beside_roofs_and_cover_lies_between_them() -> None:
    whole = crop(4)
    mask = whole.labels == BUILDING
    far = cv2.dilate(mask.astype(np.uint8), np.ones((33, 33), np.uint8)) == 0
    inner = cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    darker = roofs = ground = 0
    for seed in range(24):
        image = shaded(whole.image, mask, np.random.default_rng(seed)).astype(int)
        np.testing.assert_array_equal(image[far], whole.image[far])
        darker += int((image[~mask] < whole.image[~mask] - 10).any())
        roofs += int((image[mask] != whole.image[mask]).any())
        image = covered(whole.image, mask, np.random.default_rng(seed)).astype(int)
        np.testing.assert_allclose(image[inner], whole.image[inner], atol=1)
        ground += int((image != whole.image).any())
    assert min(darker, roofs, ground) >= 2
    assert max(darker, roofs, ground) < 24


def test_other_light_leaves_the_geometry() -> None:
    whole = crop(4)
    for seed in range(12):
        lit = relit(whole.image, np.random.default_rng(seed)).mean(2)
        assert np.corrcoef(lit.ravel(), whole.image.mean(2).ravel())[0, 1] > 0.6
