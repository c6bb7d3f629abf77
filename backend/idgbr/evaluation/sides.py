"""The two sides of a comparison, raster or polygon layer alike: class ids read by windows of one grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import rasterio
import rasterio.features
import rasterio.warp
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError
from rasterio.windows import Window
from rasterio.windows import transform as window_transform

from idgbr.classes import CLASSES_TAG, NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.evaluation.confusion import Mask
from idgbr.monitor import Monitor, check_cancelled
from idgbr.raster.aligned import aligned_view, read_aligned
from idgbr.raster.class_table import PALETTE, read_class_table, unnamed
from idgbr.raster.damage import check_not_empty
from idgbr.raster.grid import Grid
from idgbr.raster.layer_batches import layer_info, layer_names
from idgbr.raster.polygon_store import PolygonStore, total_bounds
from idgbr.raster.polygons import Column, LayerReference, find_layer, read_polygons
from idgbr.raster.waiting import awaited

Ids = NDArray[np.int64]
#: Fields that classes are read from where none is named: those of the project's own layers.
_NAME_FIELD, _ID_FIELD = "class", "class_id"
_MAX_CLASSES = 254
#: Points along each side of a raster's footprint, as straight lines of one CRS are curves in another.
_FOOTPRINT_STEPS = 64


class Side(Protocol):
    """A class map on a grid."""

    name: str
    #: Its classes; those of a raster that names none are known once all of it was read.
    infos: list[ClassInfo]
    #: Whether the names, and whether the numbers of its classes mean something.
    named: bool
    numbered: bool

    def read(self, window: Window) -> tuple[Ids, Mask]:
        """Class ids (H, W) and where there is one, in a window of the grid."""

    def inside(self, window: Window) -> Mask:
        """Pixels (H, W) of a window that the map could have covered: within a raster, anywhere for a layer."""


def is_raster(path: str) -> bool:
    """Whether GDAL reads `path` as a raster. Raises InputError if it reads it neither so nor as a vector layer."""
    local = path.partition("|")[0]
    plain = ":" not in local.replace(":\\", "").replace(":/", "") and not local.startswith("/vsi")
    if plain and not Path(local).exists():
        raise InputError(f"{local}: no such file; check its path.")
    check_not_empty(local)
    if "|" in path:
        return False
    try:
        with rasterio.open(path) as dataset:
            return bool(dataset.count)
    except RasterioError:
        pass
    try:
        layer_names(path)
    except InputError as error:
        raise InputError(f"{path}: is neither a raster nor a vector layer that GDAL reads; choose another.") from error
    return False


class AlignedRaster:
    """A raster of one band seen on a grid, by nearest pixel."""

    def __init__(self, path: str, grid: Grid, monitor: Monitor, stack: ExitStack) -> None:
        self.name = path
        self.dataset = stack.enter_context(rasterio.open(path))
        self._grid = grid
        if sum(meaning != ColorInterp.alpha for meaning in self.dataset.colorinterp) != 1:
            raise InputError(f"{path}: has {self.dataset.count} bands, one is needed; extract it first.")
        if self.dataset.dtypes[0].startswith("complex"):
            raise InputError(f"{path}: holds complex numbers; choose another raster.")
        if (self.dataset.crs is None) != (grid.crs is None):
            monitor.warn(f"{path}: only one of the inputs names a CRS; both are taken to be in the same.")
        self.footprint = raster_footprint(self.dataset, grid, path)
        try:
            self._view = stack.enter_context(aligned_view(self.dataset, grid))
        except RasterioError as error:
            raise InputError(f"{path}: cannot be aligned with the other input; check its CRS.") from error

    def values(self, window: Window) -> tuple[NDArray[np.generic], Mask]:
        """Values and where they are known, (H, W)."""
        return read_aligned(self._view, self.name, window)

    def inside(self, window: Window) -> Mask:
        """Pixels whose middle lies within the raster."""
        burnt: NDArray[np.uint8] = rasterio.features.rasterize(
            [self.footprint],
            out_shape=(int(window.height), int(window.width)),
            transform=window_transform(window, self._grid.transform),
            dtype="uint8",
        )
        return burnt.astype(bool)


def raster_footprint(dataset: rasterio.DatasetReader, grid: Grid, name: str) -> shapely.Polygon:
    """Outline of a raster in the grid's CRS."""
    steps = np.linspace(0, 1, _FOOTPRINT_STEPS, endpoint=False)
    cols = np.concatenate([steps, np.ones_like(steps), 1 - steps, np.zeros_like(steps)]) * dataset.width
    rows = np.concatenate([np.zeros_like(steps), steps, np.ones_like(steps), 1 - steps]) * dataset.height
    xs, ys = dataset.transform * (cols, rows)
    if dataset.crs is not None and grid.crs is not None and dataset.crs != grid.crs:
        try:
            xs, ys = rasterio.warp.transform(dataset.crs, grid.crs, xs.tolist(), ys.tolist())
        except RasterioError as error:
            raise InputError(f"{name}: cannot be transformed to the CRS of the other input; reproject it.") from error
    points = np.column_stack([xs, ys])
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        raise InputError(f"{name}: lies outside the area of use of the other input's CRS; reproject it.")
    return shapely.Polygon(points)


class RasterSide:
    """A class raster."""

    def __init__(self, path: str, grid: Grid, monitor: Monitor, stack: ExitStack) -> None:
        self.name = path
        self._raster = AlignedRaster(path, grid, monitor, stack)
        dataset = self._raster.dataset
        table = read_class_table(dataset, Path(path))
        # Rasters of the project keep this value free, whether or not their nodata says so.
        own = CLASSES_TAG in dataset.tags() and dataset.nodata is None
        self._unknown = NODATA_CLASS if own else None
        self._table = table
        self.infos = list(table.values()) if own or CLASSES_TAG in dataset.tags() else []
        self.named = any(info.name != unnamed(info.id).name for info in table.values())
        self.numbered = True

    def read(self, window: Window) -> tuple[Ids, Mask]:
        """Class ids and where there is one. Raises InputError for fractions."""
        values, known = self._raster.values(window)
        ids = np.where(known, values, 0)
        if np.issubdtype(ids.dtype, np.floating) and (ids != np.rint(ids)).any():
            raise InputError(f"{self.name}: holds fractions, a class raster holds integers; reclassify it first.")
        ids = ids.astype(np.int64)
        if self._unknown is not None:
            known &= ids != self._unknown
        return ids, known

    def inside(self, window: Window) -> Mask:
        """Pixels within the raster."""
        return self._raster.inside(window)

    def learn(self, found: Sequence[int]) -> None:
        """Complete the classes with the values that were found. Raises InputError if they are too many for classes."""
        if len(found) > _MAX_CLASSES:
            raise InputError(
                f"{self.name}: holds {len(found)} different values, more than a class raster has ({_MAX_CLASSES}); "
                "choose a class raster."
            )
        known = {info.id for info in self.infos}
        self.infos += [self._table.get(value) or unnamed(value) for value in found if value not in known]
        self.infos.sort(key=lambda info: info.id)


class VectorSide:
    """A polygon layer. Where polygons overlap, the smaller one is on top."""

    def __init__(self, layer: LayerReference, field: str | None, grid: Grid, monitor: Monitor) -> None:
        self.name = str(layer)
        self._grid = grid
        info = layer_info(layer.path, layer.layer)
        if field and field not in info.fields:
            raise InputError(f"{layer}: has no field {field!r}; it has {', '.join(info.fields) or 'none'}.")
        own = [name for name in (_NAME_FIELD, _ID_FIELD) if name in info.fields]
        chosen = own if field in (None, "", _NAME_FIELD) else [str(field)]
        if chosen and info.word:
            monitor.warn(f"{layer}: {info.word}")
        if info.features:
            self._shapes, columns = read_polygons(layer, grid, monitor, chosen, info=info)
        else:
            none = Column(np.array([], object), np.array([], np.int32))
            self._shapes, columns = PolygonStore(), dict.fromkeys(chosen, none)
        self.infos, self._ids, self.named, self.numbered = _classes(columns, chosen, len(self._shapes), self.name)
        if (self._ids < 0).any():
            monitor.warn(f"{layer}: {int((self._ids < 0).sum())} features without a class are left out.")
        if not chosen and info.features:
            monitor.info(f"{layer}: no field names classes, so all its polygons are of one class.")
        order = np.flatnonzero(self._shapes.there & (self._ids >= 0))
        self._order = order[np.argsort(-self._shapes.areas[order], kind="stable")]

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Bounding box in the grid's CRS; None for no polygons."""
        return total_bounds(self._shapes.bounds[self._order])

    def use(self, grid: Grid) -> None:
        """Read on this grid from now on, one of the same CRS."""
        self._grid = grid

    def read(self, window: Window) -> tuple[Ids, Mask]:
        """Class ids and where there is a polygon under the middle of the pixel."""
        transform = window_transform(window, self._grid.transform)
        numbers = self._shapes.burn(self._order, (int(window.height), int(window.width)), transform)
        known = numbers > 0
        ids = numbers.astype(np.int64)
        ids[known] = self._ids[numbers[known] - 1]
        return ids, known

    def inside(self, window: Window) -> Mask:
        """Everywhere: that no polygon is there is a statement, too."""
        return np.ones((int(window.height), int(window.width)), bool)

    def polygons(self, values: Sequence[int], area: shapely.Geometry, share: float) -> PolygonStore:
        """Single polygons of some classes, in the grid's CRS, of which at least a share lies in an area."""
        found = PolygonStore()

        def add(batch: NDArray[np.int64]) -> None:
            shapes = self._shapes.take(batch)
            parts = shapely.get_parts(shapes[shapely.intersects(shapes, area)])
            inside = shapely.area(shapely.intersection(parts, area)) >= share * shapely.area(parts)
            found.add(parts[inside])

        shapely.prepare(area)
        there = self._shapes.near(tuple(shapely.bounds(area).tolist())) & np.isin(self._ids, values)
        for batch in self._shapes.batches(np.flatnonzero(there)):
            awaited(partial(add, batch), check_cancelled)
        return found


def _rectangle(window: Window, grid: Grid) -> shapely.Polygon:
    """A window's outline, rotated as the grid is."""
    transform = window_transform(window, grid.transform)
    height, width = int(window.height), int(window.width)
    return shapely.Polygon([transform * corner for corner in ((0, 0), (width, 0), (width, height), (0, height))])


def grid_outline(grid: Grid) -> shapely.Polygon:
    """Outline of a grid in its CRS."""
    return _rectangle(Window(0, 0, grid.width, grid.height), grid)


def open_vector(path: str, field: str | None, grid: Grid, monitor: Monitor) -> VectorSide:
    """Read the polygon layer that `path` names, in the grid's CRS. A layer without features gives an empty side."""
    return VectorSide(find_layer(path), field, grid, monitor)


def layer_crs(path: str) -> CRS | None:
    """CRS of a vector layer."""
    layer = find_layer(path)
    text = layer_info(layer.path, layer.layer).crs
    return CRS.from_user_input(text) if text else None


def _classes(
    columns: Mapping[str, Column], fields: Sequence[str], count: int, name: str
) -> tuple[list[ClassInfo], Ids, bool, bool]:
    """Classes of a layer, the id of each feature's (−1: none), and whether names and numbers mean something."""
    if not fields:
        return [ClassInfo(1, "object", PALETTE[0])], np.ones(count, np.int64), False, True
    column = columns[fields[0]]
    values, places = column.values, column.places
    text = values.dtype == object
    if text and len(fields) > 1:
        return _named_classes(column, columns[fields[1]])
    if len(values) > _MAX_CLASSES:
        raise InputError(f"{name}: the field {fields[0]!r} holds {len(values)} values; choose a field with classes.")
    if text:
        ids = np.where(places < 0, -1, places + 1).astype(np.int64)
        return [_named(i, str(n)) for i, n in enumerate(values, start=1)], ids, True, False
    if not np.issubdtype(values.dtype, np.number) or (values != np.rint(values.astype(np.float64))).any():
        raise InputError(f"{name}: the field {fields[0]!r} holds neither texts nor integers; choose a class field.")
    ids = np.append(values.astype(np.int64), -1)[places]
    return [unnamed(int(value)) for value in values], ids, False, True


def _named_classes(names: Column, numbers: Column) -> tuple[list[ClassInfo], Ids, bool, bool]:
    """The classes of a layer that holds both their names and their numbers."""
    known = (names.places >= 0) & (numbers.places >= 0)
    ids = np.full(len(known), -1, np.int64)
    ids[known] = numbers.values.astype(np.float64).astype(np.int64)[numbers.places[known]]
    # The last name of a number counts.
    found, last = np.unique(ids[known][::-1], return_index=True)
    texts = names.values[names.places[known][::-1][last]]
    return [_named(int(i), str(text)) for i, text in zip(found, texts, strict=True)], ids, True, True


def _named(value: int, name: str) -> ClassInfo:
    return ClassInfo(value, name, unnamed(value).color)
