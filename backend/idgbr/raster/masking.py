"""Polygon masks on a grid, burnt strip by strip."""

from __future__ import annotations

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.polygons import find_layer, read_polygons


class PolygonMask:
    """Which pixels of a grid have their centre inside the polygons of a vector file."""

    def __init__(self, path: str, grid: Grid, monitor: Monitor) -> None:
        shapes, _ = read_polygons(find_layer(path), grid, monitor)
        self._shapes = list(shapes[~shapely.is_missing(shapes)])
        self._grid = grid

    def rows(self, first: int, last: int) -> NDArray[np.bool_]:
        """Mask of grid rows [first, last), True inside."""
        burnt: NDArray[np.uint8] = rasterio.features.rasterize(
            self._shapes,
            out_shape=(last - first, self._grid.width),
            transform=self._grid.transform * Affine.translation(0, first),
            dtype="uint8",
        )
        return burnt.astype(bool)
