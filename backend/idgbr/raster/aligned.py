"""A raster of one band seen on another grid, by nearest pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.raster.grid import FAILURES, Grid, share_plane
from idgbr.raster.named import reason
from idgbr.raster.place import PLANE, grid_of
from idgbr.raster.validity import alpha_band, warped_nodata, with_numbers


def aligned_view(dataset: DatasetReader, grid: Grid) -> WarpedVRT:
    """A view of the raster on the grid, with an alpha band that is above 0 where there are values.

    Where only one of the two names a CRS, they are taken to share it. Raises RasterioError if GDAL finds no way.
    """
    own = grid_of(dataset)
    plane = share_plane(own.crs, grid.crs)
    try:
        return WarpedVRT(
            dataset,
            src_crs=PLANE if plane else own.crs,
            crs=PLANE if plane else grid.crs,
            src_transform=own.transform,
            transform=grid.transform,
            width=grid.width,
            height=grid.height,
            resampling=Resampling.nearest,
            src_nodata=warped_nodata(dataset),
            add_alpha=alpha_band(dataset) is None,
            tolerance=1e-3,  # px: the nearest pixel, not one beside it
        )
    except FAILURES as error:
        raise RasterioError(str(error)) from error


def read_aligned(view: WarpedVRT, name: str, window: Window) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Values of a window of the view and where they are known, (H, W); raises InputError naming the raster."""
    try:
        alpha = alpha_band(view)
        band = 1 if alpha != 1 else 2
        values, known = view.read(band, window=window), view.read(alpha, window=window) > 0
    except RasterioError as error:
        raise InputError(f"{name}: cannot be read ({reason(error)}); check that the file is complete.") from error
    return values, with_numbers(values[None], known)
