"""Polygon masks on a grid, burnt strip by strip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasterio.transform import Affine

from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.polygons import find_layer, read_polygons


class PolygonMask:
    """Which pixels of a grid have their centre inside the polygons of a vector file."""

    def __init__(self, path: str, grid: Grid, monitor: Monitor) -> None:
        self._shapes, _ = read_polygons(find_layer(path), grid, monitor)
        self._grid = grid
        corners = np.array([0, grid.width, grid.width, 0]), np.array([0, 0, grid.height, grid.height])
        xs, ys = grid.transform * corners
        if not self._shapes.near((xs.min(), ys.min(), xs.max(), ys.max()))[self._shapes.there].any():
            monitor.warn(f"{path}: does not overlap the image or the extent, so nothing is found; check its CRS.")

    def rows(self, first: int, last: int) -> NDArray[np.bool_]:
        """Mask of grid rows [first, last), True inside."""
        transform = self._grid.transform * Affine.translation(0, first)
        there = np.flatnonzero(self._shapes.there)
        return self._shapes.burn(there, (last - first, self._grid.width), transform) > 0
