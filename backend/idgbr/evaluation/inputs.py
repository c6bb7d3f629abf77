"""The two inputs of an evaluation, raster or polygon layer alike: class ids read by windows of one grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
import rasterio
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.windows import Window
from rasterio.windows import transform as window_transform

from idgbr.arrays import Mask
from idgbr.classes import CLASSES_TAG, NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.layers.polygon_store import PolygonStore, total_bounds
from idgbr.layers.polygons import Column, LayerReference, find_layer, layers_of, read_polygons
from idgbr.layers.reader import UnreadableLayerError, layer_info
from idgbr.monitor import Monitor, check_cancelled, run_cancellable
from idgbr.paths import split_layer
from idgbr.raster.class_table import NONE, NONE_NOTE, PALETTE, class_infos, read_class_table, unnamed_class
from idgbr.raster.class_values import (
    MAX_CLASSES,
    WIDE,
    check_whole,
    class_band,
    field_classes,
    open_classes,
    too_many,
    write_indices,
)
from idgbr.raster.georeferencing import grid_of
from idgbr.raster.grid import Grid, share_plane, transformed
from idgbr.raster.open_dataset import is_raster, reason
from idgbr.raster.validity import Validity
from idgbr.raster.warp import aligned_view, read_aligned

Ids = NDArray[np.int64]
#: Default class fields: those of the project's own layers.
_NAME_FIELD, _ID_FIELD = "class", "class_id"
#: Points along each side of a raster's footprint, because straight lines of one CRS are curves in another.
_FOOTPRINT_STEPS = 64


class Side(Protocol):
    """A class map on a grid."""

    name: str
    #: Its classes; those of a raster without names are known only after it was read.
    infos: list[ClassInfo]
    #: Whether the names, and whether the numbers of its classes are meaningful.
    named: bool
    numbered: bool

    def read(self, window: Window) -> tuple[Ids, Mask]:
        """Class ids (H, W) and where there is a class, in a window of the grid."""

    def inside(self, window: Window) -> Mask:
        """Pixels (H, W) of a window that the map covers: inside a raster, everywhere for a layer."""


def is_map(path: str) -> bool:
    """Whether GDAL reads `path` as a raster. Raises InputError if it is neither a raster nor a vector layer."""
    if is_raster(path, "the class map"):
        return True
    if split_layer(path)[1]:
        return False
    try:
        layers_of(path)
    except UnreadableLayerError as error:
        raise InputError(f"{path}: is neither a raster nor a vector layer for GDAL; choose another file.") from error
    return False


class AlignedRaster:
    """A raster of one band on a grid, by nearest neighbour.

    With `exact`, 64-bit values are represented by their indices in `codes`, all values that occur.
    """

    codes: list[int] | None

    def __init__(self, path: str, grid: Grid, monitor: Monitor, stack: ExitStack, *, exact: bool = False) -> None:
        self.name = path
        self.dataset, notes = open_classes(path)
        stack.enter_context(self.dataset)
        for note in notes:
            monitor.info(note)
        self._grid = grid
        self.band = class_band(self.dataset, path)
        if (self.dataset.crs is None) != (grid.crs is None):
            monitor.warn(f"{path}: only one of the inputs has a CRS; both are assumed to share it.")
        self.footprint = raster_footprint(self.dataset, grid, path)
        seen, self.codes = self.dataset, None
        if exact and self.dataset.dtypes[self.band - 1] in WIDE:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="idgbr_")))
            self.codes = write_indices(self.dataset, self.band, folder / "classes.tif", path)
            seen = stack.enter_context(rasterio.open(folder / "classes.tif"))
        try:
            self._view = stack.enter_context(aligned_view(seen, grid))
        except RasterioError as error:
            raise InputError(
                f"{path}: cannot be aligned with the other input ({reason(error)}); check its CRS."
            ) from error

    def values(self, window: Window) -> tuple[NDArray[np.generic], Mask]:
        """Values and where they are known, (H, W)."""
        return read_aligned(self._view, self.name, window)

    def inside(self, window: Window) -> Mask:
        """Pixels whose centre is inside the raster."""
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
    own = grid_of(dataset)
    xs, ys = own.transform * (cols, rows)
    if not share_plane(own.crs, grid.crs):
        assert own.crs is not None
        assert grid.crs is not None
        try:
            xs, ys = transformed(own.crs, grid.crs, xs, ys)
        except RasterioError as error:
            raise InputError(f"{name}: cannot be transformed to the CRS of the other input; reproject it.") from error
    points = np.column_stack([xs, ys])
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        raise InputError(f"{name}: is outside the area of use of the other input's CRS; reproject it.")
    return shapely.Polygon(points)


class RasterSide:
    """A class raster."""

    def __init__(self, path: str, grid: Grid, monitor: Monitor, stack: ExitStack) -> None:
        self.name = path
        self._raster = AlignedRaster(path, grid, monitor, stack, exact=True)
        dataset = self._raster.dataset
        table = read_class_table(dataset, Path(path), self._raster.band)
        # Rasters of the project reserve this value, even if their nodata does not say so.
        own = CLASSES_TAG in dataset.tags() and dataset.nodata is None
        self._unknown = NODATA_CLASS if own else None
        self._table, self._declared, self._monitor = table, Validity(dataset).limited, monitor
        self.infos = list(table.values()) if own or CLASSES_TAG in dataset.tags() else []
        self.named = any(info.name != unnamed_class(info.id).name for info in table.values())
        self.numbered = True
        self.reason = Validity(dataset).reason if self._unknown is None else f"nodata {self._unknown}"

    def read(self, window: Window) -> tuple[Ids, Mask]:
        """Class ids and where there is one. Raises InputError for fractions."""
        values, known = self._raster.values(window)
        ids = np.where(known, values, 0)
        if np.issubdtype(ids.dtype, np.floating):
            check_whole(ids, self.name)
        ids = ids.astype(np.int64)
        if self._raster.codes is not None:
            ids = np.where(known, _ids_of(self._raster.codes)[np.where(known, ids, 0)], 0)
        if self._unknown is not None:
            known &= ids != self._unknown
        return ids, known

    def inside(self, window: Window) -> Mask:
        """Pixels within the raster."""
        return self._raster.inside(window)

    def learn(self, found: Sequence[int]) -> None:
        """Complete the classes with the values that occur. Raises InputError if there are too many."""
        if len(found) > MAX_CLASSES:
            raise InputError(too_many(self.name, len(found)))
        known = {info.id for info in self.infos}
        codes = self._raster.codes or []
        own = dict(zip(_ids_of(codes).tolist(), codes, strict=True))
        new = [value for value in found if value not in known]
        infos = class_infos([own.get(value, value) for value in new], self._table, declared=self._declared)
        if NONE in infos:
            self._monitor.info(f"{self.name}: {NONE_NOTE}")
        self.infos += [replace(info, id=value) for info, value in zip(infos, new, strict=True)]
        self.infos.sort(key=lambda info: info.id)


class VectorSide:
    """A polygon layer. If polygons overlap, the smaller one is on top."""

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
        self.infos, self._ids, known = _classes(columns, chosen, len(self._shapes), self.name)
        self.named, self.numbered = _meaning(columns, chosen)
        if not known.all():
            monitor.warn(f"{layer}: {int(np.count_nonzero(~known))} features without a class are left out.")
        if not chosen and info.features:
            monitor.info(f"{layer}: it has no class field, so all its polygons have one class.")
        self._classed = self._shapes.there & known
        order = np.flatnonzero(self._classed)
        self._order = order[np.argsort(-self._shapes.areas[order], kind="stable")]

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Bounding box in the grid's CRS; None for no polygons."""
        return total_bounds(self._shapes.bounds[self._order])

    def use(self, grid: Grid) -> None:
        """Read on this grid from now on; it must have the same CRS."""
        self._grid = grid

    def read(self, window: Window) -> tuple[Ids, Mask]:
        """Class ids, and whether a polygon covers the centre of the pixel."""
        transform = window_transform(window, self._grid.transform)
        numbers = self._shapes.burn(self._order, (int(window.height), int(window.width)), transform)
        known = numbers > 0
        ids = numbers.astype(np.int64)
        ids[known] = self._ids[numbers[known] - 1]
        return ids, known

    def inside(self, window: Window) -> Mask:
        """Everywhere: the absence of a polygon is a statement, too."""
        return np.ones((int(window.height), int(window.width)), bool)

    def polygons(self, values: Sequence[int], area: shapely.Geometry, share: float) -> PolygonStore:
        """Single polygons of some classes, in the grid's CRS, with at least a given fraction inside an area."""
        found = PolygonStore()

        def add(batch: NDArray[np.int64]) -> None:
            shapes = self._shapes.take(batch)
            parts = shapely.get_parts(shapes[shapely.intersects(shapes, area)])
            inside = shapely.area(shapely.intersection(parts, area)) >= share * shapely.area(parts)
            found.add(parts[inside])

        shapely.prepare(area)
        there = self._shapes.near(tuple(shapely.bounds(area).tolist())) & self._classed & np.isin(self._ids, values)
        for batch in self._shapes.batches(np.flatnonzero(there)):
            run_cancellable(partial(add, batch), check_cancelled)
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
    """Read the polygon layer `path` in the grid's CRS. A layer without features gives an empty input."""
    return VectorSide(find_layer(path), field, grid, monitor)


def layer_crs(path: str) -> CRS | None:
    """CRS of a vector layer."""
    layer = find_layer(path)
    text = layer_info(layer.path, layer.layer).crs
    return CRS.from_user_input(text) if text else None


def _ids_of(codes: Sequence[int]) -> Ids:
    """Class ids of codes of up to 64 bits; unsigned ids with the highest bit are counted from the lowest id on."""
    return np.array([code - 2**64 if code >= 2**63 else code for code in codes], np.int64)


def _meaning(columns: Mapping[str, Column], fields: Sequence[str]) -> tuple[bool, bool]:
    """Whether the names, and whether the numbers of the classes in the fields are meaningful."""
    text = bool(fields) and columns[fields[0]].values.dtype == object
    return text, not text or len(fields) > 1


def _classes(
    columns: Mapping[str, Column], fields: Sequence[str], count: int, name: str
) -> tuple[list[ClassInfo], Ids, Mask]:
    """Classes of a layer, the id of each feature's class, and whether it has one."""
    if not fields:
        return [ClassInfo(1, "object", PALETTE[0])], np.ones(count, np.int64), np.ones(count, bool)
    column = columns[fields[0]]
    if column.values.dtype == object and len(fields) > 1:
        return _named_classes(column, columns[fields[1]])
    infos = field_classes(column.values, name, fields[0])
    ids = np.array([*(info.id for info in infos), 0], np.int64)
    return infos, ids[column.places], column.places >= 0


def _named_classes(names: Column, numbers: Column) -> tuple[list[ClassInfo], Ids, Mask]:
    """The classes of a layer with fields for both names and numbers."""
    known = (names.places >= 0) & (numbers.places >= 0)
    ids = np.zeros(len(known), np.int64)
    ids[known] = numbers.values.astype(np.int64)[numbers.places[known]]
    # The last name of a number is used.
    found, last = np.unique(ids[known][::-1], return_index=True)
    texts = names.values[names.places[known][::-1][last]]
    return [_named(int(i), str(text)) for i, text in zip(found, texts, strict=True)], ids, known


def _named(value: int, name: str) -> ClassInfo:
    return ClassInfo(value, name, unnamed_class(value).color)
