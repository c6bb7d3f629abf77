"""Displacement of boundaries, in metres."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.polygonize.displacement import MovedSummary, displacements

METRES = np.array([[0.5, 0.0], [0.0, -0.5]])


def moved(after: np.ndarray, before: np.ndarray, metres: np.ndarray = METRES, reach: int = 12) -> np.ndarray:
    """Displacements of whole rasters of codes."""
    edge = np.pad(after.astype(np.uint16), ((1, 1), (0, 0)))
    context = np.pad(before.astype(np.uint16), ((reach, reach), (0, 0)))
    return displacements(edge, context, reach, metres)


def test_what_did_not_move_is_exactly_zero() -> None:
    codes = np.random.default_rng(0).integers(2, 6, (40, 50))
    found = moved(codes, codes)
    assert np.nanmax(found) == 0


def test_a_shift_is_measured_across_and_down() -> None:
    before = np.full((40, 60), 2)
    before[:, 30:] = 3
    after = np.full((40, 60), 2)
    after[:, 34:] = 3
    found = moved(after, before)
    np.testing.assert_allclose(found[:, 33:35], 2.0)
    assert np.isnan(found[:, :33]).all()
    stretched = np.array([[0.0, -0.3], [0.5, 0.0]])  # a turned grid of pixels 0.5 × 0.3 m
    np.testing.assert_allclose(moved(after, before, stretched)[:, 33], 2.0)
    np.testing.assert_allclose(moved(after.T, before.T, stretched)[33], 1.2)


def test_the_boundary_of_the_same_class_counts() -> None:
    """A boundary of other classes nearby is no origin; beyond reach the distance is cut off."""
    before = np.full((30, 60), 2)
    before[:, 10:] = 3
    before[:, 40:] = 4
    after = before.copy()
    after[:, 36:40] = 4
    found = moved(after, before)
    np.testing.assert_allclose(found[:, 35:37], 2.0)
    np.testing.assert_allclose(found[:, 9:11], 0.0)
    new = np.full((30, 60), 2)
    new[10:20, 25:35] = 5
    assert moved(new, np.full((30, 60), 2))[10, 25] == pytest.approx(6.0)


def test_the_edge_of_the_raster_is_no_boundary() -> None:
    codes = np.full((5, 6), 3)
    assert np.isnan(moved(codes, codes)).all()


def test_summary_counts_share_mean_and_percentile() -> None:
    summary = MovedSummary(bin_m=0.01)
    summary.add(np.array([[0.0, 0.0, np.nan], [0.0, 0.0, 1.0]]))
    summary.add(np.array([0.0] * 14 + [0.5]))
    assert summary.share == pytest.approx(0.1)
    assert summary.mean_m == pytest.approx(0.075)
    assert summary.percentile_m(90) == 0
    assert summary.percentile_m(95) == pytest.approx(0.5)
    assert summary.percentile_m(100) == pytest.approx(1.0)
    assert MovedSummary(0.1).percentile_m(95) == 0
