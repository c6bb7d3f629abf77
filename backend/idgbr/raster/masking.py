"""Polygon masks on a grid, burnt strip by strip."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.errors
import rasterio.features
import rasterio.warp
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from idgbr.errors import InputError
from idgbr.raster.grid import Grid, parse_crs


class PolygonMask:
    """Which pixels of a grid have their centre inside the polygons of a vector file."""

    def __init__(self, path: str, grid: Grid) -> None:
        if not Path(path).exists():
            raise InputError(f"{path}: no such file; check the path of the mask layer.")
        try:
            meta, _, wkb, _ = pyogrio.raw.read(path, columns=[])
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise InputError(f"{path}: cannot be read as a vector layer; choose a polygon layer.") from error
        shapes = shapely.from_wkb(wkb)
        shapes = shapes[~shapely.is_missing(shapes) & (shapely.get_dimensions(shapes) == 2)]
        if not len(shapes):
            raise InputError(f"{path}: holds no polygons; choose a polygon layer as mask.")
        if meta["crs"] and grid.crs is not None:
            given = parse_crs(meta["crs"], path)
            if given != grid.crs:

                def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
                    return np.column_stack(rasterio.warp.transform(given, grid.crs, points[:, 0], points[:, 1]))

                shapes = shapely.transform(shapely.segmentize(shapes, _segment_length(shapes)), move)
        self._shapes = list(shapes)
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


def _segment_length(shapes: NDArray[np.object_]) -> float:
    """Segments short enough that straight lines follow the other CRS."""
    xmin, ymin, xmax, ymax = shapely.total_bounds(shapes)
    return float(max(xmax - xmin, ymax - ymin, 1e-9)) / 50
