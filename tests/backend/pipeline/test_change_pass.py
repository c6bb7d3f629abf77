"""The pass that compares both dates: its result does not depend on the tiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import uniform_filter

from idgbr.change.image_pair import DatePair
from idgbr.models.card import ChangeCard
from idgbr.monitor import Monitor
from idgbr.pipeline.change_stages import STRIDE, change_pass, change_tiling
from idgbr.raster.reader import RasterSource
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Span, Tiling
from tests.backend.change.change_models import ground, write

SIZE = (150, 230)
#: How far the network sees, px; ramps take another 16 px of the halo.
REACH = 2 * STRIDE
HALO = REACH + 16


class Blurring:
    """A network with strides, as far as its result goes: pools squares of 16 px, and looks at two of them around."""

    def __init__(self, *, fixed_tile: bool = False) -> None:
        self.card = ChangeCard("c", "1", "C", (), 3, (0.1, 1.0), 128, HALO, {}, fixed_tile=fixed_tile)
        self.seen: set[tuple[int, ...]] = set()

    def predict(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        self.seen.add(before.shape)
        _, height, width = before.shape
        squares = np.abs(before - after).mean(0).reshape(height // STRIDE, STRIDE, width // STRIDE, STRIDE).mean((1, 3))
        wide = uniform_filter(squares, 3, mode="constant")
        return np.kron(wide / (1 + wide), np.ones((STRIDE, STRIDE))).astype(np.float32)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[DatePair]:
    first, second = (write(tmp_path / f"{n}.tif", ground(*SIZE, seed=n)) for n in (1, 2))
    with RasterSource(str(first)) as before, RasterSource(str(second)) as after:
        yield DatePair(before, after, before.grid, Blurring().card, 1.0)


def found(pair: DatePair, model: Blurring, core: int, path: Path, *spans: Span) -> np.ndarray:
    tiling = Tiling(*SIZE, core, HALO, not model.card.fixed_tile, STRIDE)
    with ScoreStore(path, 1, SIZE, SIZE) as store:
        for span in spans or (None,):
            list(change_pass(pair, model, tiling, store, Monitor(), span=span))
        return np.round(store.read(0, SIZE[0])[0] * 255).astype(int)


@pytest.mark.parametrize("core", [32, 64, 96])
def test_tiles_give_what_the_whole_gives(pair: DatePair, core: int, tmp_path: Path) -> None:
    whole = found(pair, Blurring(), 256, tmp_path / "whole.bin")
    assert whole.std() > 3
    np.testing.assert_array_equal(found(pair, Blurring(), core, tmp_path / "tiles.bin"), whole)


def test_a_small_area_is_seen_without_what_is_mirrored_around_it(pair: DatePair, tmp_path: Path) -> None:
    small, fixed = Blurring(), Blurring(fixed_tile=True)
    found(pair, small, 256, tmp_path / "small.bin")
    assert small.seen == {(3, 160, 240)}
    found(pair, fixed, 256, tmp_path / "fixed.bin")
    assert fixed.seen == {(3, 352, 352)}


def test_an_area_as_large_as_a_tile_is_one_tile() -> None:
    card = Blurring().card
    assert change_tiling(100, 128, card) == Tiling(100, 128, 128, HALO, True, STRIDE)
    assert change_tiling(100, 129, card) == Tiling(100, 129, 128 - 2 * HALO, HALO, True, STRIDE)
    assert change_tiling(100, 128, card, 64).core == 64
    assert change_tiling(100, 128, Blurring(fixed_tile=True).card).core == 128 - 2 * HALO


def test_a_span_leaves_what_it_shares_in_its_edges(pair: DatePair, tmp_path: Path) -> None:
    whole = found(pair, Blurring(), 64, tmp_path / "whole.bin")
    upper, lower = Span(0, 64), Span(64, 150)
    parts = found(pair, Blurring(), 64, tmp_path / "parts.bin", upper, lower)
    shared = slice(64 - 16, 64 + 16)
    rows = np.ones(SIZE[0], bool)
    rows[shared] = False
    np.testing.assert_array_equal(parts[rows], whole[rows])
    together = upper.edges[0].below + lower.edges[0].top
    np.testing.assert_array_equal(np.floor(together[0] * 255 + 0.5).astype(int), whole[shared])
