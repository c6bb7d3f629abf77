"""Rasters on a disk that is full before all is written, when GDAL closes them at the latest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from idgbr.errors import JobCancelled, OutputError
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.writer import RowWriter, write_cog

Limit = Callable[[int], AbstractContextManager[None]]
GRID = Grid(Affine(0.5, 0, 500000, 0, -0.5, 5000000), None, 700, 1300)
VALUES = np.random.default_rng(0).random((GRID.height, GRID.width)).round(2).astype(np.float32)


def write(path: Path) -> None:
    """Write the values in strips."""
    with RowWriter(path, GRID, "float32", -1) as out:
        for row in range(0, GRID.height, 100):
            out.write(row, VALUES[row : row + 100])


def short(size: int) -> list[int]:
    """Sizes at which a file of `size` bytes is cut short: by a byte, by the last block, by most of it, by all."""
    return [size - 1, size - 500, size - 30000, size // 2, 4000, 0]


def test_a_raster_that_does_not_fit_is_said_to_be_none(tmp_path: Path, largest_file: Limit) -> None:
    """And the next try writes over what is left of it."""
    path = tmp_path / "values.tif"
    write(path)
    for size in short(path.stat().st_size):
        with largest_file(size), pytest.raises(OutputError, match=r"values\.tif: .*free disk space") as raised:
            write(path)
        assert "\n" not in str(raised.value)
    write(path)
    with rasterio.open(path) as raster:
        np.testing.assert_array_equal(raster.read(1), VALUES)


def test_a_copy_that_does_not_fit_is_said_to_be_none(tmp_path: Path, largest_file: Limit) -> None:
    """Whether the end of the last block is missing, or overviews alone could be written."""
    source, path = tmp_path / "values.tif", tmp_path / "cog.tif"
    write(source)
    write_cog(source, path, overviews="average", monitor=Monitor())
    whole = path.read_bytes()
    for size in short(len(whole)):
        with largest_file(size), pytest.raises(OutputError, match=r"cog\.tif: cannot be written.*free disk space"):
            write_cog(source, path, overviews="average", monitor=Monitor())
    write_cog(source, path, overviews="average", monitor=Monitor())
    assert path.read_bytes() == whole


def test_what_stopped_the_writing_is_told_rather_than_its_end(tmp_path: Path, largest_file: Limit) -> None:
    def stopped() -> None:
        with RowWriter(tmp_path / "values.tif", GRID, "float32", -1) as out, largest_file(5000):
            out.write(0, VALUES[:100])
            raise JobCancelled

    with pytest.raises(JobCancelled):
        stopped()
