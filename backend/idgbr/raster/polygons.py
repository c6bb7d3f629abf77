"""Polygon layers as shapes on a raster's grid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.errors
import rasterio.warp
import shapely
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid, parse_crs
from idgbr.raster.waiting import awaited

Shapes = NDArray[np.object_]
#: Straight lines are cut into this many parts along the longer side of their layer where another CRS bends them.
SEGMENTS = 50


@dataclass(frozen=True)
class LayerReference:
    """A layer of a vector file."""

    path: str
    layer: str

    def __str__(self) -> str:
        return self.path if Path(self.path).stem == self.layer else f"{self.path}|{self.layer}"


def find_layer(text: str) -> LayerReference:
    """The vector layer that `text` names: `path`, `path|layer` or QGIS's `path|layername=layer`.

    Raises InputError if there is no such file or layer, and if a file of several layers is given without one.
    """
    path, _, rest = text.partition("|")
    if not (path.startswith("/vsi") or Path(path).exists()):
        raise InputError(f"{path}: no such file; check the path of the layer.")
    if Path(path).is_file() and not Path(path).stat().st_size:
        raise InputError(f"{path}: is empty (0 bytes); get a complete copy of it.")
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(f"{path}: cannot be read as a vector layer; choose a polygon layer.") from error
    name = rest.removeprefix("layername=")
    if "|" in name or "=" in name:
        raise InputError(f"{path}: {rest!r} is not the name of a layer; write path|layer.")
    if not layers or (name and name not in layers):
        wanted = f"layer {name!r}" if name else "layer of polygons"
        raise InputError(f"{path}: has no {wanted}; it has {', '.join(layers) or 'none'}.")
    if not name and len(layers) > 1:
        raise InputError(f"{path}: has several layers ({', '.join(layers[:9])}); name one as path|layer.")
    return LayerReference(path, name or layers[0])


def read_polygons(
    reference: LayerReference, grid: Grid, monitor: Monitor, columns: list[str] | None = None
) -> tuple[Shapes, dict[str, NDArray[np.generic]]]:
    """The polygons of a layer in the grid's CRS, one for each feature, and the values of `columns` by name.

    Shapes are valid and in the layer's order; a feature that has no area is None, as is one that another CRS cannot
    show. Raises InputError if no feature has an area. What was repaired or left out is told as a warning.
    """
    try:
        meta, _, wkb, values = awaited(
            lambda: pyogrio.raw.read(reference.path, layer=reference.layer, columns=columns or [], force_2d=True),
            monitor.check,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise InputError(f"{reference}: cannot be read as a vector layer; choose a polygon layer.") from error
    shapes, left_out = _areas(shapely.from_wkb(wkb, on_invalid="ignore"), reference, monitor)
    if not meta["crs"] and grid.crs is not None:
        monitor.warn(f"{reference}: names no CRS; it is taken to be in the CRS of the image.")
    elif meta["crs"] and grid.crs is not None:
        shapes = _moved(shapes, meta["crs"], grid, reference)
    if left_out:
        monitor.warn(f"{reference}: {left_out} of {len(shapes)} features have no area and are left out.")
    if shapely.is_missing(shapes).all():
        raise InputError(f"{reference}: holds no polygons; choose a polygon layer.")
    return shapes, dict(zip(meta["fields"], values, strict=True))


def _areas(shapes: Shapes, reference: LayerReference, monitor: Monitor) -> tuple[Shapes, int]:
    """The areas of shapes, valid, None where there is none, and the number of those."""
    if not len(shapes):
        raise InputError(f"{reference}: is empty; choose a layer with polygons.")
    broken = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_valid(shapes))
    if broken.size:
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
        monitor.warn(
            f"{reference}: {broken.size} invalid polygons were repaired for this run; the file stays as it is."
        )
    for i in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        shapes[i] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    none = shapely.is_missing(shapes) | shapely.is_empty(shapes) | (shapely.get_dimensions(shapes) != 2)
    shapes[none] = None
    return shapes, int(none.sum())


def _moved(shapes: Shapes, crs: str, grid: Grid, reference: LayerReference) -> Shapes:
    """Shapes in the grid's CRS."""
    given = parse_crs(crs, str(reference))
    if given == grid.crs:
        return shapes

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(rasterio.warp.transform(given, grid.crs, points[:, 0], points[:, 1]))

    xmin, ymin, xmax, ymax = shapely.total_bounds(shapes)
    length = max(xmax - xmin, ymax - ymin, 1e-9) / SEGMENTS
    try:
        shapes = shapely.transform(shapely.segmentize(shapes, length), move)
    except RasterioError as error:
        raise InputError(f"{reference}: cannot be transformed to the CRS of the image; reproject it first.") from error
    shapes[~np.isfinite(shapely.bounds(shapes)).all(axis=1)] = None
    return shapes
