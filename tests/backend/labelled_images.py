"""A small image of two kinds of ground, and layers of labels on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from pyogrio import raw
from rasterio.transform import Affine

LEFT, TOP, PIXEL = 500000.0, 5000000.0, 0.5
TRANSFORM = Affine(PIXEL, 0, LEFT, 0, -PIXEL, TOP)
CRS = "EPSG:32633"


def ground(size: int = 256, bands: int = 3, dtype: str = "uint8", seed: int = 1) -> np.ndarray:
    """Noisy dark ground, bright in the right half, (bands, size, size); each band darker than the one before."""
    rng = np.random.default_rng(seed)
    image = rng.normal(60, 8, (bands, size, size))
    image[:, :, size // 2 :] += 120
    image *= np.linspace(1, 0.6, bands)[:, None, None]
    high = 1 if dtype == "uint8" else 40
    return (image.clip(0, 255) * high).astype(dtype)


def write_image(path: Path, data: np.ndarray, **profile: Any) -> str:
    """Write (bands, H, W) in UTM at half a metre."""
    form = {"driver": "GTiff", "height": data.shape[1], "width": data.shape[2], "count": data.shape[0]}
    profile = {"crs": CRS, "transform": TRANSFORM} | profile
    with rasterio.open(path, "w", dtype=data.dtype, **form, **profile) as out:
        out.write(data)
    return str(path)


def square(row: float, col: float, side: float = 16) -> shapely.Geometry:
    """A square polygon by its upper left pixel."""
    x, y = TRANSFORM * (col, row)
    return shapely.box(x, y - side * PIXEL, x + side * PIXEL, y)


def write_labels(
    path: Path, shapes: Sequence[shapely.Geometry | None], classes: Sequence[Any], *, field: str = "class",
    crs: str | None = CRS, dtype: Any = object,
) -> str:  # fmt: skip
    """Write a layer of labels."""
    wkb = np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], object)
    raw.write(
        path, wkb, [np.array(classes, dtype)], [field], geometry_type="Unknown", crs=crs, layer=path.stem,
        driver="GPKG" if path.suffix == ".gpkg" else "GeoJSON",
    )  # fmt: skip
    return str(path)


def dark_and_bright(path: Path, size: int = 256, **options: Any) -> str:
    """Three labels of each half of `ground`, apart from each other."""
    places = [int(size * part) for part in (0.1, 0.45, 0.8)]
    shapes = [square(row, int(size * col)) for col in (0.2, 0.7) for row in places]
    return write_labels(path, shapes, ["dark"] * 3 + ["bright"] * 3, **options)
