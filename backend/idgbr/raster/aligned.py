"""A raster of one band seen on another grid, by nearest pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.raster.grid import FAILURES, Grid, share_plane
from idgbr.raster.place import PLANE, grid_of


def aligned_view(dataset: DatasetReader, grid: Grid) -> WarpedVRT:
    """A view of the raster on the grid: band 1 its values, band 2 above 0 where there are any.

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
            add_alpha=ColorInterp.alpha not in dataset.colorinterp,
            tolerance=1e-3,  # px: the nearest pixel, not one beside it
        )
    except FAILURES as error:
        raise RasterioError(str(error)) from error


def read_aligned(view: WarpedVRT, name: str, window: Window) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Values of a window of the view and where they are known, (H, W); raises InputError naming the raster."""
    try:
        values, known = view.read(1, window=window), view.read(2, window=window) > 0
    except RasterioError as error:
        raise InputError(f"{name}: cannot be read ({error}); check that the file is complete.") from error
    if np.issubdtype(values.dtype, np.floating):
        known &= np.isfinite(values)
    return values, known
