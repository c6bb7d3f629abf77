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
    """Without its mirror image around it."""
    tiling = fit_tiling(800, 1024, CARD)
    assert (tiling.count, tiling.core, tiling.cut) == (1, 1024, True)
    (tiles,) = tiling.rows()
    assert tiling.window(tiles[0]) == (0, 0, 800, 1024)
    wide = replace(CARD, halo=320)
    assert fit_tiling(800, 1024, wide).count == 1
    assert fit_tiling(800, 1025, wide).count == 9


def test_tiles_are_halved_down_to_a_useful_core() -> None:
    halves = [fit_tiling(5000, 5000, CARD)]
    while smaller := halves[-1].halved():
        halves.append(smaller)
    assert [tiling.core for tiling in halves] == [896, 448, 224, 96]
    assert all(tiling.halo == CARD.halo and tiling.cut for tiling in halves)
    assert fit_tiling(5000, 5000, replace(CARD, tile=512, activation="none")).halved() is None
