"""Tiles do not show: neither in the classes, nor in the scores, nor as a step in the error along their borders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio

from idgbr.engines.devices import choose_device
from idgbr.models.card import ModelCard
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.pipeline.coarse_stage import coarse_pass
from idgbr.raster.reader import RasterSource
from idgbr.refiner.acceptance import best_class
from idgbr.refiner.probability_pass import refined_rows
from idgbr.refiner.refiner import Refiner
from idgbr.scenes import CLASSES, write_scene
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Tiling, fit_tiling

SIDE = 512
TRUTH = "truth.tif"
#: Halos that cover what the bundled networks look at around a pixel, and the half ramp.
COARSE_HALO, REFINER_HALO = 320, 96


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A procedural scene with a corner of nodata."""
    path = tmp_path_factory.mktemp("seams") / "scene.tif"
    write_scene(path, SIDE, SIDE, gsd_m=0.5, seed=11, truth_raster=path.with_name(TRUTH))
    with rasterio.open(path, "r+") as out:
        out.nodata = 0
        out.write(np.zeros((3, 130, 170), np.uint8), window=((SIDE - 130, SIDE), (SIDE - 170, SIDE)))
    return path


class Averaging:
    """A coarse model that sees `reach` px around each pixel: how bright a square is on average, zeros beyond a tile."""

    def __init__(self, reach: int) -> None:
        self._reach = reach
        self.card = replace(find_model("buildings", "coarse")[1], halo=2 * reach)

    def predict(self, image: np.ndarray, corner: tuple[int, int]) -> np.ndarray:
        side = 2 * self._reach + 1
        padded = np.pad(image.mean(0), ((self._reach + 1, self._reach),) * 2)
        sums = padded.cumsum(0, dtype=np.float64).cumsum(1)
        square = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
        bright = np.clip((square / side**2 - 0.35) * 6, 0, 1).astype(np.float32)
        return np.stack([1 - bright, bright])


def coarse(image: Path, model: CoarseModel | Averaging, tile: int, work: Path) -> np.ndarray:
    """Blended scores (K, H, W) from tiles of a side."""
    with RasterSource(str(image)) as source:
        grid = source.grid
        scaled = ScaledSource(source, grid, model.card, 1.0)
        size = grid.height, grid.width
        with ScoreStore(work / "scores.bin", len(model.card.classes), size, size) as store:
            tiling = fit_tiling(*size, model.card, tile)
            for _ in coarse_pass(scaled, model, tiling, store, Monitor()):  # type: ignore[arg-type]
                pass
            return store.read(0, grid.height)


def refined(image: Path, card: ModelCard, refiner: Refiner, scores: np.ndarray, core: int, work: Path) -> np.ndarray:
    """Refined classes (H, W) of coarse scores (K, H, W), from tiles of a side."""
    with RasterSource(str(image)) as source:
        grid = source.grid
        size = grid.height, grid.width
        with ScoreStore(work / "scores.bin", len(scores), size, size) as store:
            store.write(0, 0, scores)
            scaled = ScaledSource(source, grid, card, 1.0)
            tiling = Tiling(*size, core, card.halo)
            rows = refined_rows(scaled, refiner, tiling, store, 8, (0, 0), Monitor())
            return np.concatenate([part.labels for part in rows])


@pytest.mark.parametrize("tile", [64, 96, 160])
def test_a_model_whose_view_the_halo_covers_shows_no_tiles(image: Path, tmp_path: Path, tile: int) -> None:
    """Borders, edges and nodata included, scores are those of a single tile, to the rounding of their storage."""
    model = Averaging(16)
    whole = coarse(image, model, SIDE, tmp_path)
    tiled = coarse(image, model, tile, tmp_path)
    with rasterio.open(image) as raster:
        valid = raster.dataset_mask() > 0
    difference = np.abs(tiled - whole).max(0)[valid]
    assert difference.max() <= 1.01 / 255
    assert (difference > 0).mean() < 1e-3


def test_a_halo_that_is_too_narrow_shows(image: Path, tmp_path: Path) -> None:
    """The measure above can fail: with half the halo it does, along the borders of the cores."""
    model = Averaging(16)
    whole = coarse(image, model, SIDE, tmp_path)
    model.card = replace(model.card, halo=8)
    difference = np.abs(coarse(image, model, 64, tmp_path) - whole).max(0)
    assert difference.max() > 0.05
    near = np.abs((np.arange(SIDE) + 32) % 64 - 32) < 16
    assert difference[near].mean() > 3 * difference[~near][:, ~near].mean()


@pytest.mark.parametrize(("engine", "share", "levels"), [("onnxruntime", 1e-4, 3.01), (None, 1e-3, None)])
def test_the_bundled_coarse_model_shows_no_tiles(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str | None, share: float, levels: float | None
) -> None:
    """In float32 next to no pixel depends on the tiles; bfloat16 rounds other tile shapes otherwise."""
    if engine:
        monkeypatch.setattr("idgbr.engines.session.cpu_engine", lambda: engine)
    folder, card = find_model("landcover", "coarse")
    model = CoarseModel(folder, card, choose_device("cpu", Monitor()))
    model.card = replace(card, halo=COARSE_HALO)
    whole = coarse(image, model, SIDE, tmp_path)
    tiled = coarse(image, model, 256, tmp_path)
    drawn = best_class(tiled)[0]
    assert (best_class(whole)[0] != drawn).mean() <= share
    assert levels is None or np.abs(whole - tiled).max() <= levels / 255
    assert abs(step(image, drawn, card, 256) - step(image, best_class(whole)[0], card, 256)) < 1e-3


def step(image: Path, labels: np.ndarray, card: ModelCard, core: int) -> float:
    """By how much the share of wrong pixels is larger along the borders of cores than elsewhere."""
    names = [info.name for info in card.classes]
    values = np.array([names.index(c.name) if c.name in names else 0 for c in CLASSES], np.uint8)
    with rasterio.open(image.with_name(TRUTH)) as raster:
        wrong = labels != values[raster.read(1)]
    near = np.abs((np.arange(SIDE) + core // 2) % core - core // 2) < 16
    near[:16] = near[-16:] = False
    border = near[:, None] | near[None]
    return float(wrong[border].mean() - wrong[~border].mean())


def test_the_refiner_shows_no_tiles(image: Path, tmp_path: Path) -> None:
    folder, card = find_model("refiner", "refiner")
    card = replace(card, halo=REFINER_HALO)
    refiner = Refiner(folder, card, choose_device("cpu", Monitor()), gsd_m=0.5)
    scores = coarse(image, Averaging(4), 256, tmp_path)
    whole = refined(image, card, refiner, scores, SIDE, tmp_path)
    assert (whole != best_class(scores)[0]).any()
    assert (refined(image, card, refiner, scores, 256, tmp_path) != whole).mean() <= 1e-4
