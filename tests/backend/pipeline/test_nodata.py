"""Ground without data costs little: networks see the part of a tile that has data, with its halo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import rasterio

from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.pipeline.coarse_stage import coarse_pass
from idgbr.raster.reader import RasterSource
from idgbr.refiner.probability_pass import refined_rows
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Tiling

SIDE, HALO = 640, 32
#: Where the image has data: rows and columns.
SEEN = (slice(290, 330), slice(250, 400))


class Local:
    """A coarse model and a refiner that see a few pixels around each, and note what they are shown."""

    margins = SimpleNamespace(soft=0.0)

    def __init__(self) -> None:
        self.card = replace(find_model("buildings", "coarse")[1], halo=HALO)
        self.pixels = 0

    def predict(self, image: np.ndarray, corner: tuple[int, int]) -> np.ndarray:
        self.pixels += image[0].size
        bright = np.clip(np.roll(image.mean(0), 3, 1), 0, 1)
        return np.stack([1 - bright, bright]).astype(np.float32)

    def refine(self, image: np.ndarray, coarse: np.ndarray, row: int, col: int, monitor: Monitor) -> np.ndarray:
        self.pixels += image[0].size
        return np.roll(coarse, 2, 2)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.tif"
    data = np.zeros((3, SIDE, SIDE), np.uint8)
    data[(slice(None), *SEEN)] = 1 + np.kron(np.random.default_rng(0).integers(0, 2, (4, 15)), np.full((10, 10), 250))
    with rasterio.open(
        path, "w", driver="GTiff", height=SIDE, width=SIDE, count=3, dtype="uint8", nodata=0, crs="EPSG:32633",
        transform=rasterio.Affine(0.5, 0, 4e5, 0, -0.5, 5e6),
    ) as out:  # fmt: skip
        out.write(data)
    return path


def passed(image: Path, work: Path, *, cut: bool) -> tuple[np.ndarray, np.ndarray, Local, Local]:
    """Scores (K, H, W) and refined classes (H, W) where the image has data, and the networks that made them."""
    networks = Local(), Local()
    with RasterSource(str(image)) as source:
        size = source.grid.height, source.grid.width
        scaled = ScaledSource(source, source.grid, networks[0].card, 1.0)
        tiling = Tiling(*size, 512, HALO, cut=cut)
        with ScoreStore(work / "scores.bin", 2, size, size) as store:
            model: Any = networks[0]
            for _ in coarse_pass(scaled, model, tiling, store, Monitor()):
                pass
            refiner: Any = networks[1]
            rows = refined_rows(scaled, refiner, tiling, store, 8, (0, 0), Monitor())
            classes = np.concatenate([part.labels for part in rows])
            return store.read(0, SIDE)[(slice(None), *SEEN)], classes[SEEN], *networks


def test_networks_see_the_part_with_data(image: Path, tmp_path: Path) -> None:
    """The results there are those of whole windows."""
    scores, classes, coarse, refiner = passed(image, tmp_path, cut=True)
    whole, whole_classes, coarse_whole, refiner_whole = passed(image, tmp_path, cut=False)
    np.testing.assert_array_equal(scores, whole)
    np.testing.assert_array_equal(classes, whole_classes)
    assert (classes != np.round(scores[1])).any()
    assert coarse.pixels < 0.5 * coarse_whole.pixels
    assert refiner.pixels < 0.5 * refiner_whole.pixels
