"""Tiles partition the grid, their weights sum to one, and blending does not depend on the tile size."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from idgbr.tiling.tiles import Blender, Box, Part, Tile, Tiling


def blend(tiling: Tiling, field: np.ndarray) -> np.ndarray:
    """Blend windows of a field that covers the grid and its surroundings (offset by the halo)."""
    blender = Blender(tiling, field.shape[0])
    out = np.full((field.shape[0], tiling.height, tiling.width), np.nan, np.float32)
    for tiles in tiling.rows():
        for tile in tiles:
            window = field[:, tile.row : tile.row + tiling.size, tile.col : tile.col + tiling.size]
            row, col, scores = blender.add(tile, window)
            place = out[:, row : row + scores.shape[1], col : col + scores.shape[2]]
            assert np.isnan(place).all(), "each pixel is final once"
            place[:] = scores
    return out


@pytest.mark.parametrize(("height", "width"), [(1, 1), (64, 64), (65, 200), (193, 70), (64, 66), (200, 131)])
@pytest.mark.parametrize(("core", "halo"), [(64, 16), (64, 64), (32, 2)])
def test_blending_reproduces_any_field(height: int, width: int, core: int, halo: int) -> None:
    """Weights are a partition of unity, also where the last tile is narrower than a ramp."""
    rng = np.random.default_rng(0)
    reach = core + 2 * halo
    field = rng.random((2, height + reach, width + reach), dtype=np.float32)
    out = blend(Tiling(height, width, core, halo), field)
    np.testing.assert_allclose(out, field[:, halo : halo + height, halo : halo + width], rtol=1e-5)


def test_cores_partition_the_grid() -> None:
    """Every pixel belongs to exactly one core."""
    tiling = Tiling(150, 201, 64, 8)
    count = np.zeros((150, 201), int)
    tiles: list[Tile] = [t for row in tiling.rows() for t in row]
    for t in tiles:
        count[t.row : t.row + t.height, t.col : t.col + t.width] += 1
    assert (count == 1).all()
    assert len(tiles) == tiling.count


def test_outer_halo_never_counts() -> None:
    """Beyond the ramps a halo is context only: garbage there does not reach the result."""
    for halo in (16, 64):
        tiling = Tiling(128, 128, 64, halo)
        blender = Blender(tiling, 1)
        context = halo - tiling.ramp
        for tiles in tiling.rows():
            for tile in tiles:
                scores = np.full((1, tiling.size, tiling.size), 1e9, np.float32)
                scores[:, context:-context, context:-context] = 1.0
                np.testing.assert_allclose(blender.add(tile, scores).scores, 1.0, rtol=1e-6)


def test_a_tile_without_scores_counts_as_zeros() -> None:
    tiling = Tiling(60, 128, 64, 16)
    blender = Blender(tiling, 1)
    left, right = next(tiling.rows())
    blender.add(left, np.ones((1, tiling.size, tiling.size), np.float32))
    row, col, scores = blender.add(right, None)
    assert (row, col) == (0, 56)
    np.testing.assert_allclose(scores[0, 30], np.maximum(1 - (np.arange(72) + 0.5) / 16, 0), atol=1e-6)


@pytest.mark.parametrize(("height", "core", "halo"), [(200, 64, 16), (193, 64, 64), (130, 32, 2)])
def test_blending_goes_on_as_if_never_stopped(height: int, core: int, halo: int) -> None:
    """From each row of tiles on, the rows that are not finished come out to the bit."""
    tiling = Tiling(height, 70, core, halo)
    tiles = list(tiling.rows())
    scores = np.random.default_rng(1).random((len(tiles), 3, 1, tiling.size, tiling.size), dtype=np.float32)
    number = {(t.row, t.col): scores[i, j] for i, row in enumerate(tiles) for j, t in enumerate(row)}

    def rows(start: int) -> list[list[Part]]:
        blender = Blender(tiling, 1)
        return [[blender.add(tile, number[tile.row, tile.col]) for tile in row] for row in tiling.rows(start)]

    whole = rows(0)
    for parts in whole:
        done = parts[0].row + parts[0].scores.shape[1]
        resumed = [row for row in rows(tiling.start_after(done)) if row[0].row >= done]
        expected = [row for row in whole if row[0].row >= done]
        assert len(resumed) == len(expected)
        for a, b in zip(chain(*resumed), chain(*expected), strict=True):
            assert a[:2] == b[:2]
            np.testing.assert_array_equal(a.scores, b.scores)


@pytest.mark.parametrize(("height", "core", "halo"), [(200, 64, 16), (193, 64, 64), (130, 32, 2), (300, 32, 64)])
@pytest.mark.parametrize("rows_each", [1, 2])
def test_rows_of_tiles_worked_on_apart_and_joined_are_those_worked_on_in_turn(
    height: int, core: int, halo: int, rows_each: int
) -> None:
    tiling = Tiling(height, 70, core, halo)
    rng = np.random.default_rng(2)
    number = {
        (t.row, t.col): rng.random((2, tiling.size, tiling.size), dtype=np.float32)
        for row in tiling.rows()
        for t in row
    }

    def worked(start: int, stop: int | None, apart: int | None) -> tuple[np.ndarray, Blender]:
        blender = Blender(tiling, 2, apart)
        out = np.full((2, height, 70), np.nan, np.float32)
        for tile in chain.from_iterable(tiling.rows(start, stop)):
            row, col, scores = blender.add(tile, number[tile.row, tile.col])
            out[:, row : row + scores.shape[1], col : col + scores.shape[2]] = scores
        return out, blender

    whole, _ = worked(0, None, None)
    joined = np.full_like(whole, np.nan)
    below = np.empty(0)
    for start in range(0, height, rows_each * core):
        own, blender = worked(start, start + rows_each * core, start)
        finished = ~np.isnan(own)
        assert np.isnan(joined[finished]).all()
        joined[finished] = own[finished]
        if start:
            top = blender.edges.top
            joined[:, start - tiling.ramp : start - tiling.ramp + top.shape[1]] = below[:, : top.shape[1]] + top
        below = blender.edges.below
    np.testing.assert_array_equal(joined, whole)


def test_windows_are_cut_at_the_edges_of_the_grid() -> None:
    """By whole strides, so that all windows show the same cells of a network."""
    tiling = Tiling(3000, 200, 896, 64, cut=True)
    first, last = tiling.window(Tile(0, 0, 896, 200)), tiling.window(Tile(2688, 0, 312, 200))
    assert first == Box(0, 0, 960, 224)
    assert last == Box(2624, 0, 384, 224)
    assert tiling.window(Tile(896, 0, 896, 200)).height == tiling.size
    assert Tiling(3000, 200, 896, 64).window(Tile(2688, 0, 312, 200)) == Box(2624, -64, 1024, 1024)


def test_the_window_of_a_part_shows_it_with_its_halo() -> None:
    tiling, tile = Tiling(3000, 3000, 896, 64, cut=True), Tile(896, 896, 896, 896)
    whole = tiling.window(tile)
    rng = np.random.default_rng(4)
    for _ in range(50):
        (top, left), (height, width) = rng.integers(880, 1700, 2), rng.integers(1, 100, 2)
        box = tiling.window(tile, Box(int(top), int(left), int(height), int(width)))
        assert box.row <= max(top - 64, whole.row)
        assert box.row + box.height >= min(top + height + 64, whole.row + whole.height)
        assert (box.row - whole.row) % 32 == 0
        assert box.width % 32 == 0
        assert box.height <= height + 128 + 2 * 128
        assert whole.row <= box.row
        assert box.row + box.height <= whole.row + whole.height
    assert tiling.window(tile, Box(880, 880, 928, 928)) == whole
