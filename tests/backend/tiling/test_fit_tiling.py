"""Tilings for models: how large cores are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from idgbr.errors import ModelError
from idgbr.models.card import CoarseCard
from idgbr.tiling.tiles import fit_tiling

CARD = CoarseCard("m", "1", "M", (), 3, (0.1, 1.0), 1024, 64, {})


def test_tiles_are_counted_without_their_context() -> None:
    assert fit_tiling(5000, 5000, CARD).size == 1024
    tiling = fit_tiling(5000, 5000, CARD, tile=256)
    assert (tiling.core, tiling.size) == (256, 384)


def test_small_rasters_have_small_tiles() -> None:
    assert fit_tiling(100, 130, CARD).core == 160
    assert fit_tiling(1, 1, CARD, tile=256).core == 32


def test_a_graph_of_one_size_has_that() -> None:
    """Whatever the raster and the wish of the user."""
    card = replace(CARD, tile=512, activation="none")
    assert fit_tiling(100, 100, card, tile=256).size == 512


def test_a_halo_wider_than_the_tile_is_refused() -> None:
    with pytest.raises(ModelError, match="its halo of 64 px leaves nothing of its tile of 128 px"):
        fit_tiling(100, 100, replace(CARD, tile=128))


def test_a_raster_that_fits_into_the_tile_is_one_tile() -> None:
    """With 64 px around it; more would only show more of its mirror image."""
    tiling = fit_tiling(800, 896, CARD)
    assert (tiling.count, tiling.core, tiling.edge_context) == (1, 896, 64)
    (tiles,) = tiling.rows()
    assert tiling.window(tiles[0])[2:] == (928, 1024)
    wide = replace(CARD, halo=320)
    assert fit_tiling(800, 896, wide).count == 1
    assert fit_tiling(800, 897, wide).count == 9
    assert fit_tiling(800, 896, CARD, edge_context=0).window(tiles[0])[2:] == (800, 896)
