"""Tiles partition the grid, their weights sum to one, and blending does not depend on the tile size."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.raster.tiles import RowBlender, Tile, Tiling


def blend(tiling: Tiling, field: np.ndarray) -> np.ndarray:
    """Blend windows of a field that covers the grid and its surroundings (offset by the halo)."""
    blender = RowBlender(tiling, field.shape[0])
    out = np.full((field.shape[0], tiling.height, tiling.width), np.nan, np.float32)
    for tiles in tiling.rows():
        for tile in tiles:
            blender.add(tile, field[:, tile.row : tile.row + tiling.size, tile.col : tile.col + tiling.size])
        first, rows = blender.finish_row(tiles[-1])
        out[:, first : first + rows.shape[1]] = rows
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
    """The outer half of the halo is context only: garbage there does not reach the result."""
    tiling = Tiling(128, 128, 64, 16)
    blender = RowBlender(tiling, 1)
    for tiles in tiling.rows():
        for tile in tiles:
            scores = np.full((1, 96, 96), 1e9, np.float32)
            scores[:, 8:-8, 8:-8] = 1.0
            blender.add(tile, scores)
        _, rows = blender.finish_row(tiles[-1])
        np.testing.assert_allclose(rows, 1.0, rtol=1e-6)


@pytest.mark.parametrize(("height", "core", "halo"), [(200, 64, 16), (193, 64, 64), (130, 32, 2)])
def test_blending_goes_on_as_if_never_stopped(height: int, core: int, halo: int) -> None:
    """From each row of tiles on, the rows that are not finished come out to the bit."""
    tiling = Tiling(height, 70, core, halo)
    tiles = list(tiling.rows())
    scores = np.random.default_rng(1).random((len(tiles), 3, 1, tiling.size, tiling.size), dtype=np.float32)
    number = {(t.row, t.col): scores[i, j] for i, row in enumerate(tiles) for j, t in enumerate(row)}

    def rows(start: int) -> list[tuple[int, np.ndarray]]:
        blender = RowBlender(tiling, 1, start)
        out = []
        for row in tiling.rows(start):
            for tile in row:
                blender.add(tile, number[tile.row, tile.col])
            out.append(blender.finish_row(row[-1]))
        return out

    whole = rows(0)
    for first, part in whole:
        done = first + part.shape[1]
        resumed = [r for r in rows(tiling.start_after(done)) if r[0] >= done]
        expected = [r for r in whole if r[0] >= done]
        assert [r[0] for r in resumed] == [r[0] for r in expected]
        for a, b in zip(resumed, expected, strict=True):
            np.testing.assert_array_equal(a[1], b[1])
