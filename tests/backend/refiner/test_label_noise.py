"""How much a map is doubted, by a refiner whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import Affine

from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.rows import RowReader
from idgbr.raster.writer import RowWriter
from idgbr.refiner.label_noise import SAMPLES, mean_label_noise, sample_tiling
from idgbr.refiner.label_pass import LabelPass
from tests.backend.refiner.test_label_pass import Blank, Shifting

NONE = 255


def seen(labels: np.ndarray, folder: Path, refiner: Shifting) -> float:
    """The doubt of a refiner that would shift the map."""
    height, width = labels.shape
    path = folder / "labels.tif"
    with RowWriter(path, Grid(Affine.identity(), None, height, width), "uint8", NONE) as out:
        out.write(0, labels)
    tiling = sample_tiling(height, width, 32)
    with RowReader(path) as rows:
        work = LabelPass(
            Blank(), lambda first, last: np.ones((last - first, width), bool), lambda: refiner, tiling, rows, 2, 8,
            (0, 0), Monitor(), margin=1.0,
        )  # type: ignore[arg-type] # fmt: skip
        return mean_label_noise(work, tiling)


@pytest.mark.parametrize(("shift", "doubted"), [(0, 0), (1, 1 / 8), (2, 2 / 8), (4, 4 / 8)])
def test_it_is_the_share_along_boundaries_that_should_be_of_another_class(
    tmp_path: Path, shift: int, doubted: float
) -> None:
    """Along a boundary are its two pixels and three px on both sides; those to one side are doubted."""
    labels = np.zeros((1200, 1200), np.uint8)
    labels[:, np.arange(1200) // 60 % 2 == 1] = 1
    refiner = Shifting(shift)
    assert seen(labels, tmp_path, refiner) == pytest.approx(doubted, rel=0.05)
    assert 1 <= refiner.calls <= SAMPLES


def test_a_map_without_boundaries_is_not_doubted(tmp_path: Path) -> None:
    refiner = Shifting(4)
    assert seen(np.zeros((300, 300), np.uint8), tmp_path, refiner) == 0.0
    assert refiner.calls == 0


def test_the_only_house_of_a_wide_country_is_found(tmp_path: Path) -> None:
    labels = np.full((4000, 4000), 0, np.uint8)
    labels[3010:3030, 900:920] = 1
    assert seen(labels, tmp_path, Shifting(2)) > 0.1
