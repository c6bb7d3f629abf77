"""A raster of one band seen on another grid, by nearest pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.raster.grid import Grid
from idgbr.raster.validity import alpha_band, warped_nodata, with_numbers

#: Stands for "no CRS" where GDAL insists on one: no transformation is made within it.
PLANE = CRS.from_epsg(3857)


def aligned_view(dataset: DatasetReader, grid: Grid) -> WarpedVRT:
    """A view of the raster on the grid, with an alpha band that is above 0 where there are values.

    Where only one of the two names a CRS, they are taken to share it. Raises RasterioError if GDAL finds no way.
    """
    plane = dataset.crs is None or grid.crs is None
    return WarpedVRT(
        dataset,
        src_crs=PLANE if plane else dataset.crs,
        crs=PLANE if plane else grid.crs,
        src_transform=dataset.transform,
        transform=grid.transform,
        width=grid.width,
        height=grid.height,
        resampling=Resampling.nearest,
        src_nodata=warped_nodata(dataset),
        add_alpha=alpha_band(dataset) is None,
        tolerance=1e-3,  # px: the nearest pixel, not one beside it
    )


def read_aligned(view: WarpedVRT, name: str, window: Window) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Values of a window of the view and where they are known, (H, W); raises InputError naming the raster."""
    try:
        alpha = alpha_band(view)
        band = 1 if alpha != 1 else 2
        values, known = view.read(band, window=window), view.read(alpha, window=window) > 0
    except RasterioError as error:
        raise InputError(f"{name}: cannot be read ({error}); check that the file is complete.") from error
    return values, with_numbers(values[None], known)
