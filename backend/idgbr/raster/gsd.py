"""Ground sample distance of a raster, and how near it must be to those that a model knows."""

from __future__ import annotations

import math

from idgbr.raster.grid import Grid
from idgbr.raster.ground import pixel_size_m

#: Ground sample distances as near as this, as a share, are the same: the scale of a projection varies by less in most.
SAME_GSD = 0.03


def ground_sample_distance(grid: Grid) -> float:
    """Geometric mean of pixel width and height in metres at the grid's centre."""
    return math.sqrt(math.prod(pixel_size_m(grid.transform, grid.crs_wkt, grid.height / 2, grid.width / 2)))


def within(gsd_m: float, finest: float, coarsest: float) -> bool:
    """Whether a ground sample distance lies in a range, or as good as."""
    return finest * (1 - SAME_GSD) <= gsd_m <= coarsest * (1 + SAME_GSD)
