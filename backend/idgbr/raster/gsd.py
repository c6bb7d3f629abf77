"""Ground sample distance of a raster, in metres on the ellipsoid."""

from __future__ import annotations

import math

import rasterio.warp
from pyproj import Geod
from rasterio.crs import CRS
from rasterio.io import DatasetReader
from rasterio.transform import Affine

_GEOD = Geod(ellps="WGS84")


def pixel_size_m(transform: Affine, crs: CRS | None, row: float, col: float) -> tuple[float, float]:
    """Ground width and height in metres of the pixel at (`row`, `col`), measured on the ellipsoid.

    A raster without CRS is taken to be in metres. Web Mercator and other stretched grids are thereby treated right.
    """
    if crs is None:
        return math.hypot(transform.a, transform.d), math.hypot(transform.b, transform.e)
    xs, ys = zip(*(transform * p for p in ((col, row), (col + 1, row), (col, row + 1))), strict=True)
    lon, lat = rasterio.warp.transform(crs, CRS.from_epsg(4326), list(xs), list(ys))
    width = _GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2]
    height = _GEOD.inv(lon[0], lat[0], lon[2], lat[2])[2]
    return float(width), float(height)


def ground_sample_distance(source: DatasetReader) -> float:
    """Geometric mean of pixel width and height in metres at the raster's centre."""
    width, height = pixel_size_m(source.transform, source.crs, source.height / 2, source.width / 2)
    return math.sqrt(width * height)
