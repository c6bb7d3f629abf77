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
