"""Small rasters with labels, for the tests of trainings on the user's own data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

SIDE = 256


def truth() -> NDArray[np.uint8]:
    """Classes 0 and 1 (SIDE, SIDE) in squares of 32 px."""
    rows, cols = np.indices((SIDE, SIDE)) // 32
    return ((rows + cols) % 2).astype(np.uint8)


def write_image(path: Path, *, bands: int = 3, nodata_columns: int = 0, seed: int = 0) -> str:
    """A raster that shows `truth` in all bands; the first columns have no data."""
    rng = np.random.default_rng(seed)
    image = (60 + 120 * truth() + rng.normal(0, 8, (bands, SIDE, SIDE))).clip(1, 255).astype(np.uint8)
    image[:, :, :nodata_columns] = 0
    with rasterio.open(
        path, "w", driver="GTiff", width=SIDE, height=SIDE, count=bands, dtype="uint8", crs="EPSG:32631",
        transform=from_origin(500_000, 5_000_000, 0.5, 0.5), nodata=0, photometric="minisblack",
    ) as out:  # fmt: skip
        out.write(image)
    return str(path)
