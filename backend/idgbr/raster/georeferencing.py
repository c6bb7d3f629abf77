"""Georeferencing as in QGIS: by transform and CRS, control points, RPCs, or by pixels only."""

from __future__ import annotations

import warnings

import numpy as np
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import DatasetReader
from rasterio.rpc import RPC
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT

from idgbr.errors import InputError
from idgbr.raster.grid import FAILURES, Grid
from idgbr.raster.ground import Ground
from idgbr.raster.open_dataset import reason

#: Stands for "no CRS" where GDAL requires one; nothing is transformed within it.
PLANE = CRS.from_epsg(3857)
#: CRS of coordinates from RPCs.
_RPC_CRS = CRS.from_epsg(4326)
#: QGIS shows a raster without georeference with rows going down from y = 0, one unit a pixel.
_PIXELS = Affine(1, 0, 0, 0, -1, 0)
#: For each size in bytes, the type with room for one more value, which marks nodata.
_WIDER = {1: "int16", 2: "int32", 4: "int64"}

# The job reports this itself, see `place_notes`.
warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)


class PlacedRaster(WarpedVRT):  # type: ignore[misc] # rasterio has no types
    """A raster with only control points or RPCs, warped to the north-up grid on which QGIS shows it."""

    def __init__(self, dataset: DatasetReader, resampling: Resampling) -> None:
        """Warp an open raster, which is closed together with this one. Raises GDAL's error if that is impossible."""
        rpcs = dataset.rpcs
        options = {"resampling": resampling}
        if not dataset.gcps[0] and rpcs:
            options |= {"src_crs": _RPC_CRS, "crs": _RPC_CRS, "RPC_HEIGHT": _height(rpcs)}
        if resampling != Resampling.nearest:
            options["add_alpha"] = ColorInterp.alpha not in dataset.colorinterp
        elif dataset.nodata is None and ColorInterp.alpha not in dataset.colorinterp:
            options |= _room_for_nodata(np.dtype(dataset.dtypes[0]))
        super().__init__(dataset, **options)

    def close(self) -> None:
        """Close it and its source."""
        super().close()
        self.src_dataset.close()

    def tags(self, *args: object, **kwargs: object) -> dict[str, str]:
        """Those of the source."""
        found: dict[str, str] = self.src_dataset.tags(*args, **kwargs)
        return found


def _room_for_nodata(dtype: np.dtype) -> dict[str, object]:
    """The type in which values are stored, so that ground outside the raster has a value of its own."""
    if np.issubdtype(dtype, np.floating):
        return {"nodata": np.nan}
    if wider := _WIDER.get(dtype.itemsize):
        return {"dtype": wider, "nodata": np.iinfo(wider).min}
    return {"nodata": np.iinfo(dtype).max}


def in_place(dataset: DatasetReader, path: str, resampling: Resampling) -> DatasetReader:
    """The raster where QGIS shows it: unchanged, or warped if only control points or RPCs georeference it.

    `resampling` is nearest for classes, with a nodata value for ground outside the raster, or bilinear for images, with
    an alpha band for it. Raises InputError if the points or polynomials are invalid.
    """
    if not dataset.transform.is_identity or not (dataset.gcps[0] or dataset.rpcs):
        return dataset
    what = f"{len(dataset.gcps[0])} ground control points" if dataset.gcps[0] else "RPCs"
    try:
        return PlacedRaster(dataset, resampling)
    except FAILURES as error:
        dataset.close()
        raise InputError(
            f"{path}: its {what} cannot be used to locate it ({reason(error)}); georeference it in QGIS."
        ) from error


def grid_of(dataset: DatasetReader) -> Grid:
    """The grid of a whole raster, where QGIS shows it."""
    transform = dataset.transform if _has_transform(dataset) else _PIXELS
    return Grid(transform, dataset.crs or None, dataset.height, dataset.width)


def _has_transform(dataset: DatasetReader) -> bool:
    """Whether there is a geotransform; a missing one reads as the identity, which may also be real."""
    if not dataset.transform.is_identity or isinstance(dataset, WarpedVRT):
        return True
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        dataset.read_transform()
    return not any(issubclass(warning.category, NotGeoreferencedWarning) for warning in said)


def place_notes(dataset: DatasetReader, path: str, *, units: bool = True) -> list[str]:
    """Notes on an assumed place of a raster, and on its `units`; empty if the raster declares them."""
    notes = []
    if isinstance(dataset, PlacedRaster):
        count, rpcs = len(dataset.src_dataset.gcps[0]), dataset.src_dataset.rpcs
        if count:
            notes.append(f"{path}: its {count} ground control points locate it, as in QGIS.")
        else:
            height = _height(rpcs)
            notes.append(f"{path}: its RPCs locate it, as in QGIS: right for ground {height:g} m high.")
    grid, placed = grid_of(dataset), _has_transform(dataset)
    if not placed and grid.crs is None:
        notes.append(
            f"{path}: has no georeference; its rows go down from y = 0, as QGIS shows it, and a pixel counts as 1 m."
        )
    elif not placed:
        notes.append(f"{path}: has a CRS, but no transform; its rows go down from y = 0, as QGIS shows it.")
    elif grid.crs is None and units:
        notes.append(f"{path}: has no CRS; one unit counts as 1 m.")
    ground = Ground(grid.transform, grid.crs_wkt)
    if units and ground.crs is not None and ground.plane_unit_m is not None:
        sizes = f"sizes are those in its plane, one unit is {ground.plane_unit_m:.6g} m."
        if ground.crs.is_geocentric:
            notes.append(f"{path}: its CRS {ground.crs.name!r} is geocentric (X, Y, Z in space); {sizes}")
        else:
            notes.append(f"{path}: its CRS {ground.crs.name!r} has no ellipsoid; {sizes}")
    return notes


def _height(rpcs: RPC) -> float:
    """Height of the ground for RPCs, in m: the middle one, as in QGIS."""
    return float(rpcs.height_off or 0.0)
