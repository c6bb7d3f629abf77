"""The score store gives back what was stored, on the output grid."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from idgbr.tiling.score_store import ScoreStore


def test_same_grid_round_trip(tmp_path: Path) -> None:
    """Rows come back within eight-bit rounding, also after the file was opened anew to go on."""
    scores = np.random.default_rng(0).random((3, 20, 17), dtype=np.float32)
    with ScoreStore(tmp_path / "s.bin", 3, (20, 17), (20, 17)) as store:
        store.write(0, 0, scores[:, :12])
    with ScoreStore(tmp_path / "s.bin", 3, (20, 17), (20, 17), done=12) as store:
        store.write(12, 0, scores[:, 12:, :9])
        store.write(12, 9, scores[:, 12:, 9:])
        assert np.abs(store.read(5, 15) - scores[:, 5:15]).max() <= 0.5 / 255 + 1e-6
        np.testing.assert_array_equal(store.read(5, 15, 4, 11), store.read(5, 15)[:, :, 4:11])


def test_rows_of_tiles_lower_than_a_ramp_have_no_rows_of_their_own_to_write(tmp_path: Path) -> None:
    """A bug: the last block of a job on a cluster failed where it was that low."""
    with ScoreStore(tmp_path / "s.bin", 2, (20, 10), (20, 10), first=20) as store:
        store.write(20, 3, np.zeros((2, 0, 5), np.float32))
    assert (tmp_path / "s.bin").stat().st_size == 0


def test_upsampling_is_bilinear_about_pixel_centres(tmp_path: Path) -> None:
    """A linear ramp stays the same ramp on a grid twice as fine, whatever strips it is read in."""
    ramp = np.broadcast_to((np.arange(16, dtype=np.float32) + 0.5) / 16, (1, 16, 16)).copy()
    with ScoreStore(tmp_path / "s.bin", 1, (16, 16), (32, 32)) as store:
        store.write(0, 0, ramp)
        whole = store.read(0, 32)
        parts = np.concatenate([store.read(0, 7), store.read(7, 32)], 1)
        columns = np.concatenate([store.read(0, 32, 0, 9), store.read(0, 32, 9)], 2)
    expected = (np.arange(32) + 0.5) / 32
    assert np.abs(whole[0, 5, 2:-2] - expected[2:-2]).max() < 0.005
    np.testing.assert_array_equal(whole, parts)
    np.testing.assert_array_equal(whole, columns)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux frees a part of a file")
@pytest.mark.parametrize("output", [(400, 300), (800, 600)])
def test_freed_rows_take_no_space_and_later_ones_stay(tmp_path: Path, output: tuple[int, int]) -> None:
    scores = np.random.default_rng(0).random((3, 400, 300), dtype=np.float32)
    half = output[0] // 2
    with ScoreStore(tmp_path / "s.bin", 3, (400, 300), output) as store:
        store.write(0, 0, scores)
        before, blocks = store.read(half, output[0]), (tmp_path / "s.bin").stat().st_blocks
        store.free(-5)
        assert (tmp_path / "s.bin").stat().st_blocks == blocks
        store.free(half)
        np.testing.assert_array_equal(store.read(half, output[0]), before)
        assert not store.read(0, half - 4).any()
    status = (tmp_path / "s.bin").stat()
    assert status.st_size == 400 * 900
    assert status.st_blocks < 0.6 * blocks
