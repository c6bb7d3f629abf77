"""Grids: position and size of pixels. The output grid is the source's own, cut to the requested extent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import rasterio.warp
from numpy.typing import ArrayLike, NDArray
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.errors import CRSError, RasterioError
from rasterio.transform import Affine
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.raster.ground import Ground, pixel_size_m

#: Ground sample distances that differ by less than this fraction count as equal; in most projections, scale varies by
#: less.
SAME_GSD = 0.03

Extent = tuple[float, float, float, float]
#: Errors of rasterio; some errors of GDAL are passed on unchanged.
FAILURES = (RasterioError, CPLE_BaseError)


@dataclass(frozen=True)
class Grid:
    """A pixel grid: affine transform, CRS, size. (`row0`, `col0`) is its origin in the source raster's pixels."""

    transform: Affine
    crs: CRS | None
    height: int
    width: int
    row0: int = 0
    col0: int = 0

    @property
    def crs_wkt(self) -> str | None:
        """The CRS as complete WKT, None if unknown."""
        return self.crs.to_wkt(version="WKT2_2019") if self.crs else None

    @property
    def pixels(self) -> int:
        """Number of its pixels."""
        return self.height * self.width

    def window(self, row: int, col: int, height: int, width: int) -> Window:
        """Rasterio window of the source raster for a part of this grid."""
        return Window(self.col0 + col, self.row0 + row, width, height)

    def part(self, row: int, col: int, height: int, width: int) -> Grid:
        """The grid of a part of this grid."""
        transform = self.transform * Affine.translation(col, row)
        return Grid(transform, self.crs, height, width, self.row0 + row, self.col0 + col)


def parse_crs(text: str, what: str) -> CRS:
    """A CRS from WKT, a PROJ string or "EPSG:n". Raises InputError, which names `what`."""
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise InputError(f"{what}: {text[:60]!r} is not a CRS that PROJ knows; give an EPSG code or WKT.") from error


def share_plane(one: CRS | None, other: CRS | None) -> bool:
    """Whether no transformation is needed between two CRSs: they are the same, or one is unknown.

    Local CRSs with the same unit count as the same, as in QGIS: GeoTIFF stores only their unit and name.
    """
    if not one or not other or one == other:
        return True
    texts = [crs.to_wkt(version="WKT2_2019") for crs in (one, other)]
    if not all(text.startswith("ENGCRS") for text in texts):
        return False
    first, second = (Ground(Affine.identity(), text).plane_unit_m or 1.0 for text in texts)
    return math.isclose(first, second, rel_tol=1e-6)


def transformed(given: CRS, wanted: CRS, xs: ArrayLike, ys: ArrayLike) -> NDArray[np.float64]:
    """Coordinates of points in another CRS, (2, n); infinite outside its area of use.

    Raises RasterioError if no transformation exists, e.g. from a local CRS, or from one body to another.
    """
    try:
        return np.array(rasterio.warp.transform(given, wanted, np.asarray(xs).tolist(), np.asarray(ys).tolist())[:2])
    except CPLE_BaseError as error:
        raise RasterioError(str(error)) from error


def cut_grid(full: Grid, extent: Extent | None, extent_crs: str | None, name: str) -> Grid:
    """The part of `full` that covers `extent`, snapped outwards to whole pixels.

    The extent may be in another CRS, and the grid may be rotated: all pixels that the extent touches are included. If
    extent and raster (`name`) do not overlap, InputError is raised.
    """
    if extent is None:
        return full
    xmin, ymin, xmax, ymax = extent
    if not (all(math.isfinite(v) for v in extent) and xmin < xmax and ymin < ymax):
        raise InputError(f"extent {extent}: give xmin,ymin,xmax,ymax with xmin < xmax and ymin < ymax.")
    # The border is densified, because straight lines of one CRS are curves in another.
    steps = np.linspace(0, 1, 33)
    xs = np.concatenate([xmin + (xmax - xmin) * steps] * 2 + [np.full(33, xmin), np.full(33, xmax)])
    ys = np.concatenate([np.full(33, ymin), np.full(33, ymax)] + [ymin + (ymax - ymin) * steps] * 2)
    if extent_crs is not None and full.crs is not None:
        given = parse_crs(extent_crs, "extent CRS")
        if not share_plane(given, full.crs):
            try:
                xs, ys = transformed(given, full.crs, xs, ys)
            except RasterioError as error:
                raise InputError(f"the extent cannot be transformed to the CRS of {name}: {error}.") from error
    inside = np.isfinite(xs) & np.isfinite(ys)
    if not inside.any():
        raise InputError(f"the extent is outside the area of use of the CRS of {name}; choose another extent.")
    cols, rows = ~full.transform * (xs[inside], ys[inside])
    # A slack of a thousandth of a pixel prevents an exactly aligned extent from growing by rounding.
    row0, row1 = _snap(rows, full.height)
    col0, col1 = _snap(cols, full.width)
    if row0 >= row1 or col0 >= col1:
        raise InputError(f"the extent does not overlap {name}; choose an extent on the raster, or leave it empty.")
    return full.part(row0, col0, row1 - row0, col1 - col0)


def _snap(values: np.ndarray, length: int) -> tuple[int, int]:
    low, high = math.floor(values.min() + 1e-3), math.ceil(values.max() - 1e-3)
    return max(low, 0), min(high, length)


def ground_sample_distance(grid: Grid) -> float:
    """Geometric mean of pixel width and height in metres at the grid's centre."""
    return math.sqrt(math.prod(pixel_size_m(grid.transform, grid.crs_wkt, grid.height / 2, grid.width / 2)))


def within(gsd_m: float, finest: float, coarsest: float) -> bool:
    """Whether a ground sample distance is in a range, or almost."""
    return finest * (1 - SAME_GSD) <= gsd_m <= coarsest * (1 + SAME_GSD)
