"""The bridge ends in the coarse map; its noise depends on absolute position alone."""

from __future__ import annotations

import numpy as np

from idgbr.refiner.bridge import SIGMA, state_at
from idgbr.refiner.codes import times


def test_bridge_ends() -> None:
    """At t = 1 the state is the coarse map without noise, at t = 0 the truth."""
    rng = np.random.default_rng(0)
    clean, coarse, noise = rng.normal(size=(3, 4, 8, 8)).astype(np.float32)
    np.testing.assert_allclose(state_at(1.0, clean, coarse, noise), coarse)
    np.testing.assert_allclose(state_at(0.0, clean, coarse, noise), clean)


def test_times_start_at_the_coarse_map() -> None:
    """One step runs at t = 1; more steps are evenly spaced towards 0, which is never reached."""
    np.testing.assert_allclose(times(1), [1.0])
    np.testing.assert_allclose(times(4), [1.0, 0.75, 0.5, 0.25])


def test_the_state_is_the_mixture_of_truth_coarse_map_and_noise() -> None:
    """In between, the noise is that of a bridge; rotated arrays are read as they are."""
    rng = np.random.default_rng(1)
    clean, coarse, noise = rng.normal(size=(3, 4, 8, 6)).astype(np.float32)
    spread = SIGMA * np.sqrt(0.25 * 0.75)
    expected = 0.75 * clean + 0.25 * coarse + spread * noise
    np.testing.assert_allclose(state_at(0.25, clean, coarse, noise), expected, atol=1e-6)
    turned = np.rot90(clean, 1, (1, 2))
    np.testing.assert_allclose(state_at(0.0, turned, turned, turned), turned, atol=1e-6)
