"""Pairs of two real dates: their files, their labels, and what changes in them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from idgbr.training import change_pairs
from idgbr.training.change_pairs import CropSource
from idgbr.training.dated_places import DATASET, DatedPlace, found_at_both, pairs_of
from idgbr.training.labels import BUILDING, IGNORE, NOT_BUILDING
from idgbr.training.places import Place

SIZE = 160


def date(level: int, labels: np.ndarray) -> Place:
    """An even image with roofs that are 60 levels brighter."""
    image = np.repeat(np.where(labels == BUILDING, level + 60, level)[..., None], 3, 2)
    return Place("p", DATASET, labels, 0.6, -1, [image.astype(np.uint8)])


@pytest.fixture
def dated() -> DatedPlace:
    labels = np.full((SIZE, SIZE), NOT_BUILDING, np.uint8)
    labels[40:60, 40:70] = BUILDING
    labels[:, 150:] = IGNORE
    return DatedPlace(date(60, labels), date(120, labels))


def donor() -> Place:
    rng = np.random.default_rng(4)
    labels = np.full((SIZE, SIZE), NOT_BUILDING, np.uint8)
    for row, col in rng.integers(0, SIZE - 20, (12, 2)):
        labels[row : row + 12, col : col + 16] = BUILDING
    image = np.where(labels == BUILDING, 220, 90)[..., None] + rng.integers(-9, 10, (SIZE, SIZE, 3))
    return Place("d", "procedural", labels, 0.6, 0, [image.astype(np.uint8)])


def test_both_dates_show_the_same_ground(dated: DatedPlace) -> None:
    for seed in range(5):
        first, second = dated.crops(96, np.random.default_rng(seed), (0.5, 0.9))
        inside = first.labels != IGNORE
        np.testing.assert_allclose(second.image[inside].astype(int) - first.image[inside], 60, atol=2)
        np.testing.assert_array_equal(first.labels, second.labels)


def test_two_dates_are_unchanged_unless_buildings_are_exchanged(
    dated: DatedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_pairs, "_DATED", 1.0)
    source = CropSource([donor()], 96, [dated])
    monkeypatch.setattr(change_pairs, "_DATED_EXCHANGED", 0.0)
    pairs = [source.pair(np.random.default_rng(seed)) for seed in range(6)]
    assert not any(pair.changed.any() for pair in pairs)
    assert any((~pair.known).any() for pair in pairs)
    monkeypatch.setattr(change_pairs, "_DATED_EXCHANGED", 1.0)
    pairs = [source.pair(np.random.default_rng(seed)) for seed in range(6)]
    assert sum(pair.changed.any() for pair in pairs) > 3
    assert all(pair.known[pair.changed].all() for pair in pairs)


def test_labels_are_what_both_dates_agree_on() -> None:
    before = np.array([[0.1, 0.9, 0.1, 0.5]], np.float32)
    after = np.array([[0.2, 0.8, 0.9, 0.9]], np.float32)
    assert found_at_both(before, after).tolist() == [[NOT_BUILDING, BUILDING, IGNORE, BUILDING]]


def test_pairs_are_images_of_one_number_and_two_years(tmp_path: Path) -> None:
    stems = ["long_beach_2020_7", "chico_2018_1", "long_beach_2016_7", "bishop_2020_0"]
    (tmp_path / "splits.json").write_text(json.dumps({DATASET: {"unlabelled": stems}}))
    folder = tmp_path / DATASET / "images"
    assert pairs_of(tmp_path) == [(folder / "long_beach_2016_7.tif", folder / "long_beach_2020_7.tif")]
