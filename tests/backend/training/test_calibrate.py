"""Calibration of the gate: the margin that helps most among those that do no harm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from idgbr.training.calibrate import (
    DRAWN,
    Patch,
    best_margin,
    by_resolution,
    calibration_patches,
    reduced,
)
from idgbr.training.damage import one_hot
from idgbr.training.labels import BUILDING, NOT_BUILDING
from idgbr.training.places import Place


def town(gsd_m: float = 0.07) -> Place:
    """A calibration place: one roof, 160 px a side."""
    labels = np.full((160, 160), NOT_BUILDING, np.uint8)
    labels[40:100, 30:120] = BUILDING
    image = np.where(labels[..., None] == BUILDING, 200, 60).astype(np.uint8).repeat(3, 2)
    return Place("uganda_kampala_x", "drone", labels, gsd_m, 0, [image])


def chance(labels: np.ndarray, sure: float = 1.0) -> np.ndarray:
    """Probabilities (2, H, W) of labels, `sure` for the class itself."""
    return np.ascontiguousarray(np.moveaxis(one_hot(labels, 2) * (2 * sure - 1) + (1 - sure), 2, 0))


def patch(kind: str, truth: np.ndarray, coarse: np.ndarray) -> Patch:
    return Patch(kind, np.zeros((3, *truth.shape), np.float32), truth, chance(coarse))


def test_fine_places_are_calibrated_at_coarser_resolutions_too() -> None:
    groups = by_resolution([town(), replace(town(0.5), name="tile3_1"), replace(town(), name="elsewhere")])
    assert {gsd: sorted(p.labels.shape[0] for p in group) for gsd, group in groups.items()} == {
        0.07: [160], 0.15: [80], 0.3: [40], 0.5: [22, 160],
    }  # fmt: skip


def test_a_reduced_place_keeps_image_and_labels_together() -> None:
    half = reduced(town(), 2)
    assert half.gsd_m == pytest.approx(0.14)
    inside = half.labels == BUILDING
    assert inside.sum() * 4 == 60 * 90
    assert (half.levels[0][inside] == 200).all()
    assert (half.levels[0][~inside] == 60).all()


def test_patches_hold_every_drawn_kind() -> None:
    kinds = [p.kind for p in calibration_patches([town()])]
    assert all(any(kind.endswith(drawn) for kind in kinds) for drawn in DRAWN)


def test_the_margin_keeps_out_doubtful_harm_and_lets_sure_gains_in() -> None:
    """A refiner that mends a shift surely, and spoils a perfect map with little conviction."""
    truth = (town().labels == BUILDING).astype(np.uint8)
    moved = np.roll(truth, 4, 1)
    patches = [patch("simplified", truth, moved), patch("truth", truth, truth)]
    answers = [chance(truth, 0.9), chance(moved, 0.6)]
    margin = best_margin(patches, answers)
    assert 0.2 <= margin <= 0.8
