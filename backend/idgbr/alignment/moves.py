"""Shifts in the CRS of the layer: what its vertices are moved by, and how far that is on the ground."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from affine import Affine
from rasterio.crs import CRS
from rasterio.errors import RasterioError

from idgbr.alignment.shifts import Shifts
from idgbr.arrays import Floats
from idgbr.errors import InputError
from idgbr.layers.polygon_store import Shapes
from idgbr.raster.grid import parse_crs, share_plane, transformed
from idgbr.raster.ground import Ground

#: Pixel size for measures on the ground, in units of the CRS, that is about a metre.
_DEGREE_STEP = 1e-5


class Moves(NamedTuple):
    """What polygons are moved by, by their number in the layer.

    `centres` and `steps` (n, 2) are in the CRS of the layer; `metres` (n, 2) are the steps on the ground, along its
    axes.
    """

    centres: Floats
    steps: Floats
    metres: Floats


def moves_in_layer(shifts: Shifts, image_crs: CRS | None, layer_crs: str | None, name: str) -> Moves:
    """Shifts on an image as moves in the CRS of a layer. Raises InputError, which names the layer."""
    centres, steps = shifts.centres, shifts.moves
    given = parse_crs(layer_crs, name) if layer_crs else None
    if given and image_crs and not share_plane(given, image_crs):
        try:
            old, new = (transformed(image_crs, given, *points.T).T for points in (centres, centres + steps))
        except RasterioError as error:
            raise InputError(f"{name}: cannot be transformed to the CRS of the image; reproject it first.") from error
        with np.errstate(invalid="ignore"):  # where the CRS of the layer has no place
            centres, steps = old, new - old
    steps = np.where(np.isfinite(steps) & np.any(shifts.moves, axis=1, keepdims=True), steps, 0)
    crs = layer_crs or (image_crs.to_wkt(version="WKT2_2019") if image_crs else None)
    known = Ground(Affine.identity(), crs).crs
    size = _DEGREE_STEP if known and known.is_geographic else 1.0
    scale = Ground(Affine.scale(size), crs).scale(centres / size) / size
    metres = np.nan_to_num(np.einsum("nij,nj->ni", scale, steps))
    return Moves(centres, steps, metres)


def moved(shapes: Shapes, steps: Floats) -> Shapes:
    """Shapes with all vertices moved by the step (n, 2) of their shape."""
    out: Shapes = shapes.copy()
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    return np.asarray(shapely.set_coordinates(out, points + steps[owner]))
