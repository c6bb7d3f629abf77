"""Noise by position: windows agree, channels and keys do not."""

from __future__ import annotations

import numpy as np

from idgbr.noise import position_noise


def test_noise_of_overlapping_windows_agrees() -> None:
    """The same pixel gets the same noise from any window, also at negative positions (mirrored halos)."""
    whole = position_noise(-16, 100, 96, 80, 4, key=3)
    part = position_noise(10, 130, 20, 30, 4, key=3)
    np.testing.assert_array_equal(whole[:, 26:46, 30:60], part)


def test_noise_is_standard_normal_and_fresh_by_key_and_channel() -> None:
    """Mean 0, deviation 1, no correlation between channels, keys or neighbours."""
    a, b = position_noise(0, 0, 256, 256, 2, key=1), position_noise(0, 0, 256, 256, 2, key=2)
    assert abs(float(a.mean())) < 0.02
    assert abs(float(a.std()) - 1) < 0.02
    for x, y in ((a[0], a[1]), (a, b), (a[:, 1:], a[:, :-1]), (a[..., 1:], a[..., :-1])):
        assert abs(float((x * y).mean())) < 0.02
