"""Class maps on coarser grids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import Affine

from idgbr.classes import NODATA_CLASS
from idgbr.coarse_map.class_fractions import class_shares
from idgbr.raster.grid import Grid
from idgbr.raster.rows import RowReader
from idgbr.raster.writer import RowWriter


def shares(folder: Path, labels: np.ndarray, classes: int, size: tuple[int, int], *, at_once: int = 1000) -> np.ndarray:
    """Shares of a map on a grid of `size`, made by so many rows at once."""
    path = folder / "labels.tif"
    with RowWriter(path, Grid(Affine.identity(), None, *labels.shape), "uint8", NODATA_CLASS) as out:
        out.write(0, labels)
    with RowReader(path) as rows:
        parts = [
            class_shares(rows, classes, size, first, min(first + at_once, size[0]))
            for first in range(0, size[0], at_once)
        ]
    return np.concatenate(parts, 1)


def test_shares_are_the_area_of_each_class_in_a_pixel(tmp_path: Path) -> None:
    labels = np.zeros((8, 12), np.uint8)
    labels[:, 5:] = 1
    labels[6:, :4] = 2
    found = shares(tmp_path, labels, 3, (2, 3))
    np.testing.assert_allclose(found[1], [[0, 0.75, 1], [0, 0.75, 1]])
    np.testing.assert_allclose(found[2], [[0, 0, 0], [0.5, 0, 0]])
    np.testing.assert_allclose(found.sum(0), 1)


def test_grids_that_do_not_divide_keep_the_place_of_boundaries(tmp_path: Path) -> None:
    """A boundary at column 600 of 1027 lies at the same share of the width on a grid of 257 columns."""
    labels = np.zeros((6, 1027), np.uint8)
    labels[:, 600:] = 1
    found = shares(tmp_path, labels, 2, (2, 257))
    assert found[0].sum(1) * 1027 / 257 == pytest.approx(600, abs=1e-3)
    np.testing.assert_allclose(found.sum(0), 1, atol=1e-5)


def test_rows_at_once_make_no_difference(tmp_path: Path) -> None:
    labels = np.random.default_rng(1).integers(0, 4, (50, 1700)).astype(np.uint8)
    whole = shares(tmp_path, labels, 4, (13, 425))
    np.testing.assert_allclose(shares(tmp_path, labels, 4, (13, 425), at_once=3), whole, atol=1e-6)


def test_ground_without_a_class_may_be_any(tmp_path: Path) -> None:
    labels = np.full((4, 4), NODATA_CLASS, np.uint8)
    labels[:2] = 1
    np.testing.assert_allclose(shares(tmp_path, labels, 2, (2, 2))[1], [[1, 1], [0.5, 0.5]])
