"""What a card says of bands and values is what the network gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from idgbr.errors import InputError
from idgbr.models.card import CoarseCard, ModelCard, Scaling
from idgbr.raster.reader import RasterSource
from idgbr.tiling.normalize import ScaledSource

CARD = CoarseCard("m", "1", "M", (), 2, (0.1, 10.0), 64, 8, {})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Four 16-bit bands: 1000, 2000, 3000, 4000 everywhere but in one pixel."""
    values = np.broadcast_to(np.arange(1000, 5000, 1000, np.uint16)[:, None, None], (4, 8, 8)).copy()
    values[:, 0, 0] = 0
    path = tmp_path / "image.tif"
    form = {"driver": "GTiff", "height": 8, "width": 8, "count": 4, "dtype": "uint16", "crs": "EPSG:32632"}
    with rasterio.open(path, "w", transform=from_origin(5e5, 5e6, 1, 1), **form) as out:
        out.write(values)
    return path


def read(path: Path, card: ModelCard) -> list[float]:
    with RasterSource(str(path)) as source:
        image, _ = ScaledSource(source, source.grid, card, 1.0).read(0, 0, 8, 8)
    return [round(float(value), 4) for value in image[:, 4, 4]]


def test_the_band_map_chooses_bands_and_their_order(path: Path) -> None:
    fixed = Scaling(low=(0.0, 0.0), high=(10_000.0, 10_000.0))
    assert read(path, replace(CARD, scaling=fixed)) == [0.1, 0.2]
    assert read(path, replace(CARD, scaling=fixed, band_map=(4, 1))) == [0.4, 0.1]


def test_fixed_values_are_scaled_before_standardization(path: Path) -> None:
    scaling = Scaling("standardize", (0.1, 0.1), (0.5, 0.1), (0.0, 1000.0), (2000.0, 3000.0))
    assert read(path, replace(CARD, scaling=scaling)) == [0.8, 4.0]


def test_automatic_values_are_those_of_the_chosen_bands(path: Path) -> None:
    assert read(path, replace(CARD, band_map=(3, 3))) == [1.0, 1.0]


def test_a_band_that_the_raster_lacks_is_named(path: Path) -> None:
    with pytest.raises(InputError, match="needs 5"):
        read(path, replace(CARD, band_map=(5, 1)))
