"""A class raster as labels, in blocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio

from idgbr.own_labels.class_raster import RasterGrid
from idgbr.own_labels.rasterize import NONE, Window
from idgbr.raster.rows import RowReader


def grid(tmp_path: Path, codes: np.ndarray, index: list[int]) -> RasterGrid:
    """The labels of codes (H, W)."""
    with rasterio.open(
        tmp_path / "codes.tif", "w", driver="GTiff", height=codes.shape[0], width=codes.shape[1], count=1,
        dtype="int32", crs="EPSG:32632", transform=rasterio.Affine(1, 0, 0, 0, -1, 0),
    ) as out:  # fmt: skip
        out.write(codes.astype(np.int32), 1)
    return RasterGrid(RowReader(tmp_path / "codes.tif"), index)


def test_a_class_in_a_block_is_a_label(tmp_path: Path) -> None:
    """Blocks have 64 px here; codes 1 and 3 are one class, code 0 and gaps have none."""
    codes = np.zeros((100, 200), np.int32)
    codes[:64, :64], codes[0, 0] = 1, 3
    codes[10:20, 60:70] = 2
    codes[90:, 190:] = -1
    found = grid(tmp_path, codes, [1, 0, 1])
    assert found.class_of.tolist() == [0, 1, 0]
    assert [found.centre(number) for number in range(3)] == [(32, 32), (32, 32), (32, 96)]
    labels = found.labels(Window(0, 0, 100, 200))
    assert (labels[10:20, 60:64] == 0).all()
    assert (labels[10:20, 64:70] == 2).all()
    assert labels[0, 0] == labels[63, 63] == 1
    assert (labels[64:] == NONE).all()
    assert (found.labels(Window(5, 50, 20, 30)) == labels[5:25, 50:80]).all()
    assert found.there.all()


def test_only_windows_with_labels_are_read(tmp_path: Path) -> None:
    codes = np.zeros((300, 1100), np.int32)
    codes[100, 1090] = 1
    found = grid(tmp_path, codes, [0])
    assert found.windows(256) == [Window(0, 1024, 256, 76)]
    assert grid(tmp_path, codes * 0, [0]).windows(256) == []
