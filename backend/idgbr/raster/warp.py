"""Rasters warped to another grid: images by bilinear resampling, codes by nearest neighbour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.arrays import Mask
from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.raster.georeferencing import PLANE, grid_of
from idgbr.raster.grid import FAILURES, Grid, share_plane, transformed
from idgbr.raster.open_dataset import reason
from idgbr.raster.reader import RasterSource
from idgbr.raster.validity import Validity, alpha_band, warped_nodata, with_numbers

#: Number of places along a side of a raster that are transformed to the other grid.
BORDER_PLACES = 513


def aligned_view(dataset: DatasetReader, grid: Grid) -> WarpedVRT:
    """A view of the raster on the grid, with an alpha band that is above 0 where there are values.

    If only one of the two has a CRS, both are assumed to share it. Raises RasterioError if GDAL finds no
    transformation.
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
    """Values of a window of the view and where they are known, (H, W); raises InputError, which names the raster."""
    try:
        alpha = alpha_band(view)
        band = 1 if alpha != 1 else 2
        values, known = view.read(band, window=window), view.read(alpha, window=window) > 0
    except RasterioError as error:
        raise InputError(f"{name}: cannot be read ({reason(error)}); check that the file is complete.") from error
    return values, with_numbers(values[None], known)


class WarpedSource(RasterSource):
    """A raster read on the grid of another, shifted by `shift` (right, down) px of that grid.

    `crs_assumed`: only one of the two has a CRS, so both are assumed to share it.
    """

    def __init__(
        self, path: str, grid: Grid, shift: tuple[float, float] = (0.0, 0.0), on_bad_block: str = "stop",
        monitor: Monitor | None = None,
    ) -> None:  # fmt: skip
        """Open it; `on_bad_block` and `monitor` as for any `RasterSource`. Raises InputError."""
        super().__init__(path, on_bad_block, monitor)
        own = self.grid
        self._own, self._shift = own, shift
        self.crs_assumed = (own.crs is None) != (grid.crs is None)
        if not any(shift) and own == grid:
            return
        plane = share_plane(own.crs, grid.crs)
        try:
            self._dataset = WarpedVRT(
                self._dataset,
                src_crs=PLANE if plane else own.crs,
                crs=PLANE if plane else grid.crs,
                src_transform=own.transform,
                # The pixel `shift` px further right and down in this raster belongs to the place in the other.
                transform=grid.transform * Affine.translation(*shift),
                width=grid.width,
                height=grid.height,
                resampling=Resampling.bilinear,
                src_nodata=warped_nodata(self._dataset),
                add_alpha=alpha_band(self._dataset) is None,
                tolerance=0.05,  # px
            )
        except FAILURES as error:
            raise InputError(
                f"{path}: cannot be resampled to the grid of the other date ({reason(error)}); check the CRS of both."
            ) from error
        self._validity = Validity(self._dataset)  # there is no data outside its own extent, at least

    def __enter__(self) -> WarpedSource:
        return self

    def covered(self, grid: Grid) -> Grid:
        """The part of `grid` that the raster covers, or slightly more; all of it if no such part is found.

        `grid` is that of the other raster, or a part of it.
        """
        seen = replace(grid, transform=grid.transform * Affine.translation(*self._shift))
        mine, theirs = _border(grid), _border(self._own)
        mine = mine[_within(_moved(mine, seen, self._own), self._own)]
        theirs = _moved(theirs, self._own, seen)
        places = np.concatenate([mine, theirs[_within(theirs, grid)]])
        if not len(places):
            return grid
        # Where both borders cross, the nearest sampled place is up to one step away.
        sides = np.array([grid.width, grid.height])
        step = np.ceil(sides / (BORDER_PLACES - 1)).astype(int)
        left, top = np.maximum(np.floor(places.min(0)).astype(int) - step, 0)
        right, bottom = np.minimum(np.ceil(places.max(0)).astype(int) + step, sides)
        return grid.part(int(top), int(left), int(bottom - top), int(right - left))


def _border(grid: Grid) -> NDArray[np.float64]:
    """Places all along the border of a grid (n, 2), in px right and down of its corner."""
    along = np.linspace(0, 1, BORDER_PLACES)
    sides = [(along, 0 * along), (along, 0 * along + 1), (0 * along, along), (0 * along + 1, along)]
    return np.concatenate([np.stack(side, 1) for side in sides]) * (grid.width, grid.height)


def _moved(places: NDArray[np.float64], grid: Grid, other: Grid) -> NDArray[np.float64]:
    """Places on a grid (n, 2), px, in px of another; infinite where no transformation exists."""
    xs, ys = grid.transform * tuple(places.T)
    if not share_plane(grid.crs, other.crs):
        assert grid.crs is not None
        assert other.crs is not None
        try:
            xs, ys = transformed(grid.crs, other.crs, xs, ys)
        except RasterioError:
            return np.full_like(places, np.inf)
    return np.stack(~other.transform * (xs, ys), 1)


def _within(places: NDArray[np.float64], grid: Grid) -> Mask:
    return np.asarray(((places >= 0) & (places <= (grid.width, grid.height))).all(1))
