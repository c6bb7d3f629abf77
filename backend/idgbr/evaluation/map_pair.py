"""A pair of class maps on one grid: opened, aligned, their classes matched."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.transform import Affine, from_origin
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from idgbr.classes import NODATA_CLASS
from idgbr.errors import InputError
from idgbr.evaluation.class_matching import Indices, Legend, match_classes
from idgbr.evaluation.inputs import (
    RasterSide,
    VectorSide,
    grid_outline,
    is_map,
    layer_crs,
    open_vector,
    raster_footprint,
)
from idgbr.layers.polygon_store import PolygonStore
from idgbr.monitor import Monitor
from idgbr.raster.georeferencing import grid_of, in_place
from idgbr.raster.grid import FAILURES, Extent, Grid, cut_grid, share_plane, within
from idgbr.raster.ground import Ground, pixel_size_m
from idgbr.raster.open_dataset import is_raster, open_named, reason
from idgbr.raster.validity import tell_missing

#: Side of the blocks that are read at a time, in pixels: a multiple of all counted windows.
BLOCK = 1024
#: Pixels on the longer side of the extent of two layers, if nothing gives a pixel size.
_MAX_SIDE = 8192
_FINEST_PIXEL_M = 0.1
#: Radius of the equator, which distinguishes the Earth from other bodies.
EARTH_M = 6_378_137.0


@dataclass(frozen=True)
class Source:
    """Source of a map, and its class field if it is a layer."""

    path: str
    field: str | None = None


@dataclass(frozen=True)
class Area:
    """The compared area: an extent with its CRS, an image and a pixel size (metres, 0: any) for two layers."""

    extent: Extent | None = None
    extent_crs: str | None = None
    image: str | None = None
    pixel_size: float = 0.0


class Comparison:
    """Both maps on one grid. Use within the given `ExitStack`, which closes the files.

    Attributes:
        grid: Grid of the comparison: the truth's if it is a raster, else the prediction's, else one made for it.
        grid_of: Source of the grid, as text.
        pixel_m: Height and width of a pixel at the middle in metres.
        legend: Classes.
    """

    def __init__(
        self, predicted: Source, truth: Source, area: Area, outside: str, monitor: Monitor, stack: ExitStack
    ) -> None:
        """Open both. Raises InputError if one cannot be read, they do not overlap, or they have no common classes."""
        rasters = is_map(predicted.path), is_map(truth.path)
        base, self.grid_of = _base_grid(predicted, truth, rasters, area, monitor)
        layers: list[VectorSide | None] = []
        grid = cut_grid(base, area.extent, area.extent_crs, self.grid_of)
        for source, raster in zip((predicted, truth), rasters, strict=True):
            layers.append(None if raster else open_vector(source.path, source.field, base, monitor))
            if raster:
                grid = _cut_to_raster(grid, source.path)
                if source.field:
                    monitor.warn(f"{source.path}: is a raster; the class field {source.field!r} is not used.")
        if (true_layer := layers[1]) is not None and area.extent is None:
            # A layer does not declare its extent; beyond its polygons nothing may have been mapped.
            grid = cut_grid(grid, _bounds(true_layer), None, self.grid_of)
        self.grid = grid
        self.pixel_m = pixel_size_m(grid.transform, grid.crs_wkt, grid.height / 2, grid.width / 2)[::-1]
        for layer in layers:
            if layer is not None:
                layer.use(grid)
        self._predicted = layers[0] or RasterSide(predicted.path, grid, monitor, stack)
        self._truth = layers[1] or RasterSide(truth.path, grid, monitor, stack)
        self._check_overlap()
        self._learn(monitor)
        self.legend: Legend = match_classes(
            self._predicted, self._truth, (not rasters[0], not rasters[1]), outside, monitor
        )

    def _check_overlap(self) -> None:
        bounds = self._predicted.bounds if isinstance(self._predicted, VectorSide) else None
        if bounds is not None and not shapely.intersects(shapely.box(*bounds), grid_outline(self.grid)):
            raise InputError(
                f"{self._predicted.name} does not overlap {self._truth.name}, or the extent; check the CRS of both."
            )

    def _learn(self, monitor: Monitor) -> None:
        """Read rasters once for the values that occur."""
        sides = [side for side in (self._predicted, self._truth) if isinstance(side, RasterSide)]
        found: list[set[int]] = [set() for _ in sides]
        looked_at = np.zeros((len(sides), 2), np.int64)
        blocks = list(self.blocks())
        for done, window in enumerate(blocks):
            monitor.check()
            monitor.progress("read", done, len(blocks))
            for number, (side, values) in enumerate(zip(sides, found, strict=True)):
                ids, known = side.read(window)
                values |= set(np.unique(ids[known]).tolist())
                inside = side.inside(window)
                looked_at[number] += np.count_nonzero(inside), np.count_nonzero(inside & ~known)
        for side, values, (pixels, missing) in zip(sides, found, looked_at, strict=True):
            side.learn(sorted(values))
            tell_missing(side.name, missing, pixels, side.reason, "it counts as such", monitor, "class")

    def blocks(self) -> Iterator[Window]:
        """Windows that cover the grid, with at most `BLOCK` pixels a side."""
        for row in range(0, self.grid.height, BLOCK):
            for col in range(0, self.grid.width, BLOCK):
                yield Window(col, row, min(BLOCK, self.grid.width - col), min(BLOCK, self.grid.height - row))

    def read(self, window: Window) -> tuple[Indices, Indices]:
        """Class indices of prediction and truth, (H, W); `NODATA_CLASS` in the truth for unscored pixels."""
        predicted = self.legend.predicted(*self._predicted.read(window))
        truth = self.legend.truth(*self._truth.read(window))
        inside = self._predicted.inside(window) & self._truth.inside(window)
        truth[~inside] = NODATA_CLASS
        return predicted, truth

    @property
    def names(self) -> tuple[str, str]:
        """Names of prediction and truth."""
        return self._predicted.name, self._truth.name

    def polygons(self, share: float) -> tuple[list[PolygonStore], list[PolygonStore]] | None:
        """Polygons of both inputs by class, without background, with at least a given fraction on the grid.

        In the grid's CRS; None if an input is a raster.
        """
        if not (isinstance(self._predicted, VectorSide) and isinstance(self._truth, VectorSide)):
            return None
        outline = grid_outline(self.grid)
        sides = []
        tables = (self._predicted, self.legend.predicted_ids), (self._truth, self.legend.truth_ids)
        for layer, table in tables:
            by_class = []
            for index in self.legend.foreground:
                by_class.append(layer.polygons([own for own, place in table.items() if place == index], outline, share))
            sides.append(by_class)
        return sides[0], sides[1]


def _base_grid(
    predicted: Source, truth: Source, rasters: tuple[bool, bool], area: Area, monitor: Monitor
) -> tuple[Grid, str]:
    """The common grid before it is cut, and its source as text."""
    path = truth.path if rasters[1] else predicted.path if rasters[0] else area.image
    if area.pixel_size and path:
        monitor.warn(f"The pixel size is that of {path}; the one given is for two polygon layers without an image.")
    if path:
        if not is_raster(path, "the image"):
            raise InputError(f"{path}: is not a raster; choose an image.")
        with in_place(open_named(path), path, Resampling.nearest) as dataset:
            return grid_of(dataset), path
    return _made_grid(truth, area, monitor), truth.path


def _made_grid(truth: Source, area: Area, monitor: Monitor) -> Grid:
    """A grid over a true layer: in its CRS, or in UTM if that is geographic."""
    crs = layer_crs(truth.path)
    plane = Grid(Affine.identity(), crs, 1, 1)
    bounds = _bounds(open_vector(truth.path, truth.field, plane, Monitor()))
    if area.extent is not None:
        given = CRS.from_user_input(area.extent_crs) if area.extent_crs else crs
        bounds = area.extent if share_plane(given, crs) else _moved(area.extent, given, crs, truth.path)
    if crs is not None and crs.is_geographic and (utm := _utm(_middle(bounds, crs))):
        bounds, crs = _moved(bounds, crs, utm, truth.path), utm
    unit = _unit_m(bounds, crs)
    longest = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) * unit
    pixel_m = area.pixel_size or max(_round_up(longest / _MAX_SIDE), _FINEST_PIXEL_M)
    pixel = pixel_m / unit
    left, top = math.floor(bounds[0] / pixel) * pixel, math.ceil(bounds[3] / pixel) * pixel
    width, height = math.ceil((bounds[2] - left) / pixel), math.ceil((top - bounds[1]) / pixel)
    if width * height > 1 << 36:
        raise InputError(f"a pixel size of {pixel_m:g} m makes {width} × {height} pixels; give a larger one.")
    monitor.info(f"Both inputs are polygon layers; they are compared on a grid of {pixel_m:g} m ({crs or 'no CRS'}).")
    return Grid(from_origin(left, top, pixel, pixel), crs, max(height, 1), max(width, 1))


def _bounds(layer: VectorSide) -> Extent:
    if layer.bounds is None:
        raise InputError(f"{layer.name}: holds no polygons with a class; choose a layer with the truth.")
    return layer.bounds


def _unit_m(bounds: Extent, crs: CRS | None) -> float:
    """Metres of a unit of the CRS: on the ground, or in the plane if the projection hardly changes lengths."""
    on_ground = math.sqrt(abs(np.linalg.det(_middle(bounds, crs).scale(np.zeros((1, 2)))[0])))
    if crs is None or not crs.is_projected:
        return on_ground
    in_plane = float(crs.linear_units_factor[1])
    return in_plane if within(on_ground, in_plane, in_plane) else on_ground


def _middle(bounds: Extent, crs: CRS | None) -> Ground:
    """Ground scale at the middle of a box, in units of the CRS."""
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    return Ground(Affine(1, 0, x, 0, 1, y), Grid(Affine.identity(), crs, 1, 1).crs_wkt)


def _moved(bounds: Extent, given: CRS | None, wanted: CRS | None, name: str) -> Extent:
    """The bounding box of another box in its CRS. Raises InputError."""
    try:
        xmin, ymin, xmax, ymax = transform_bounds(given, wanted, *bounds)
    except FAILURES as error:
        raise InputError(
            f"{name}: cannot be transformed from or to another CRS ({reason(error)}); reproject it."
        ) from error
    return xmin, ymin, xmax, ymax


def _utm(ground: Ground) -> CRS | None:
    """The UTM zone of a place, None on other bodies."""
    if ground.geod is None or abs(ground.geod.a / EARTH_M - 1) > 0.01:
        return None
    lon, lat = ground.degrees(np.zeros((1, 2)))[0].tolist()
    found = query_utm_crs_info("WGS 84", AreaOfInterest(lon, lat, lon, lat))
    if not found:
        raise InputError("the truth is outside the UTM zones; give an image, or reproject the layers to metres.")
    return CRS.from_epsg(int(found[0].code))


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20 and so on."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))


def _cut_to_raster(grid: Grid, path: str) -> Grid:
    """The part of the grid that a raster covers."""
    with in_place(open_named(path), path, Resampling.nearest) as dataset:
        footprint = raster_footprint(dataset, grid, path)
    xmin, ymin, xmax, ymax = shapely.bounds(footprint)
    try:
        return cut_grid(grid, (float(xmin), float(ymin), float(xmax), float(ymax)), None, path)
    except InputError as error:
        raise InputError(f"{path} does not overlap the other input, or the extent; check the CRS of both.") from error
