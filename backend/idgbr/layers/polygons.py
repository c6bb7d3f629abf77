"""Polygon layers as shapes on a raster's grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.transform import Affine

from idgbr.errors import InputError
from idgbr.layers.geometries.wkb import have_heights
from idgbr.layers.polygon_store import PolygonStore, Shapes, total_bounds
from idgbr.layers.reader import LayerInfo, Values, layer_batches, layer_info, layer_names
from idgbr.monitor import Monitor, check_cancelled, run_cancellable
from idgbr.paths import GdalName, archive_files, file_stem, input_name, several_text, split_layer
from idgbr.raster.grid import Grid, parse_crs, share_plane, transformed

#: Types of polygons that are moved or drawn as they are.
_PLAIN = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
#: Types with several shapes.
_OF_PARTS = (
    shapely.GeometryType.GEOMETRYCOLLECTION, shapely.GeometryType.MULTIPOLYGON,
)  # fmt: skip
#: Parts of a shapefile that GDAL opens, too.
_PARTS = (".shx", ".dbf")
#: Straight lines are divided into this many parts along the longer side of their layer if another CRS curves them.
SEGMENTS = 50


@dataclass(frozen=True)
class LayerReference:
    """A layer of a vector file."""

    path: str
    layer: str

    def __str__(self) -> str:
        return self.path if file_stem(self.path) == self.layer else f"{self.path}|{self.layer}"


def find_layer(text: str) -> LayerReference:
    """The vector layer named `text`: `path`, `path|layer`, or QGIS's `path|layername=layer` and `path|layerid=0`.

    Raises InputError if there is no such file or layer, or if a file with several layers is given without a layer.
    """
    path, rest = split_layer(text)
    path, layers = layers_of(path)
    name = rest.removeprefix("layername=")
    if rest.startswith("layerid=") and rest[8:].isdecimal() and int(rest[8:]) < len(layers):
        name = layers[int(rest[8:])]
    if name not in layers and ("|" in name or "=" in name):
        raise InputError(f"{path}: {rest!r} is not the name of a layer; write path|layer.")
    if not layers:
        raise InputError(f"{path}: has no geometries; choose a polygon layer.")
    if name and name not in layers:
        raise InputError(f"{path}: has no layer {name!r} with geometries; it has {', '.join(layers)}.")
    if not name and len(layers) > 1:
        raise InputError(f"{path}: has several layers ({', '.join(layers[:9])}); name one as path|layer.")
    return LayerReference(path, name or layers[0])


def layers_of(path: str) -> tuple[str, list[str]]:
    """The file with layers named `path`, and their names; of an archive of other files, too, the only one with layers.

    Raises InputError if there is no such file, or if the archive holds several.
    """
    name = input_name(path, "the layer")
    try:
        return path, layer_names(path)
    except InputError:
        inside = {file: found for file in archive_files(name) if (found := _layers_in(file))}
        if len(inside) > 1:
            raise InputError(several_text(path, "layers", inside)) from None
        if not inside:
            raise
        return next(iter(inside.items()))


def _layers_in(file: GdalName) -> list[str]:
    """Names of the layers of a file in an archive; empty if it is none, or only a part of one."""
    with suppress(InputError):
        return [] if file.lower().endswith(_PARTS) else layer_names(file)
    return []


@dataclass(frozen=True)
class Column:
    """The values of a field, sorted, and the index of each feature's value, -1 for null."""

    values: Values
    places: NDArray[np.int32]


def read_polygons(
    reference: LayerReference, grid: Grid, monitor: Monitor, columns: Sequence[str] = (), work: Path | None = None,
    info: LayerInfo | None = None, *, tell_flat: bool = False,
) -> tuple[PolygonStore, dict[str, Column]]:  # fmt: skip
    """The polygons of a layer in the grid's CRS, by number of the feature, and the values of `columns` by name.

    Shapes are valid. Features without an area have none, nor have those that the grid's CRS cannot represent. They are
    read in batches and stored on disk, in the folder `work` if it is given. `info` is the known `LayerInfo`, if any: to
    make it, text formats are read as a whole. With `tell_flat`, heights and arcs, which are left out, are reported.
    Raises InputError if no feature has an area, and JobCancelled. Repaired and skipped features are reported as a
    warning.
    """
    info = info or layer_info(reference.path, reference.layer)
    store, values = _read(reference, monitor, columns, work, info, tell_flat=tell_flat)
    left_out = int(np.count_nonzero(~store.there))
    if not info.crs and grid.crs is not None:
        monitor.warn(f"{reference}: has no CRS; it is assumed to be in the CRS of the image.")
    elif info.crs and grid.crs is not None:
        store = _moved(store, info.crs, grid, reference, work)
    _check_there(reference, store, left_out, monitor)
    return store, values


def read_shapes(reference: LayerReference, monitor: Monitor, work: Path, info: LayerInfo) -> PolygonStore:
    """The polygons of a layer in its own CRS, like those of `read_polygons`; reports heights, which are left out."""
    store, _ = _read(reference, monitor, (), work, info, tell_flat=True)
    _check_there(reference, store, int(np.count_nonzero(~store.there)), monitor)
    return store


def given_shapes(reference: LayerReference, info: LayerInfo) -> Iterator[Shapes]:
    """The polygons of a layer in its own CRS, in batches. Vertices are unchanged; invalid polygons are included.

    Features without an area are None. Collections and surfaces become polygons, arcs straight lines; heights are left
    out. Raises InputError, and JobCancelled.
    """
    for batch in layer_batches(reference.path, reference.layer, (), info):
        shapes, _ = run_cancellable(partial(_areas, batch.wkb), check_cancelled)
        given = shapely.force_2d(shapely.from_wkb(batch.wkb, on_invalid="ignore"))
        plain = np.isin(shapely.get_type_id(given), _PLAIN) & ~shapely.is_missing(shapes)
        shapes[plain] = given[plain]
        yield shapes


def _read(
    reference: LayerReference, monitor: Monitor, columns: Sequence[str], work: Path | None, info: LayerInfo, *,
    tell_flat: bool = False,
) -> tuple[PolygonStore, dict[str, Column]]:  # fmt: skip
    """The polygons of a layer in its own CRS, and the values of `columns` by name."""
    store = PolygonStore(work)
    found: dict[str, _Values] = {}
    broken = surfaces = heights = arcs = 0
    for batch in layer_batches(reference.path, reference.layer, columns, info):
        if tell_flat:
            heights, arcs = heights + int(np.count_nonzero(have_heights(batch.wkb))), arcs + batch.arcs
        shapes, repaired = run_cancellable(partial(_areas, batch.wkb), check_cancelled)
        run_cancellable(partial(store.add, shapes), check_cancelled)
        broken, surfaces = broken + repaired, surfaces + batch.surfaces
        for name, values in batch.columns.items():
            found.setdefault(name, _Values()).add(values)
    if not len(store):
        raise InputError(f"{reference}: is empty; choose a layer with polygons.")
    if surfaces:
        monitor.info(f"{reference}: the footprint of {surfaces} surfaces in space (multipatch, TIN) is used.")
    if heights:
        monitor.info(f"{reference}: {heights} polygons have heights (Z), which are left out.")
    if arcs:
        monitor.info(f"{reference}: {arcs} polygons have arcs, which become straight lines.")
    if broken:
        monitor.warn(f"{reference}: {broken} invalid polygons were repaired for this run; the file stays as it is.")
    return store, {name: values.column() for name, values in found.items()}


def _check_there(reference: LayerReference, store: PolygonStore, left_out: int, monitor: Monitor) -> None:
    """Report features without an area. Raises InputError if there are no others."""
    if left_out:
        monitor.warn(f"{reference}: {left_out} of {len(store)} features have no area and are left out.")
    if not store.there.any():
        raise InputError(f"{reference}: holds no polygons; choose a polygon layer.")


class _Values:
    """Collects the values of a field; each different text is stored once."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self._parts: list[Values] = []

    def add(self, values: Values) -> None:
        """Add those of a batch."""
        if values.dtype == object and any(isinstance(value, list | bytes) for value in values):
            self._parts.append(np.zeros(len(values), "V1"))  # no classes, see `field_classes`
        elif values.dtype == object:
            texts = self._texts
            places = [-1 if v is None else texts.setdefault(str(v), len(texts)) for v in values]
            self._parts.append(np.array(places, np.int32))
        else:
            self._parts.append(values)

    def column(self) -> Column:
        """All of them."""
        masked = any(isinstance(part, np.ma.MaskedArray) for part in self._parts)
        given: Values = np.ma.concatenate(self._parts) if masked else np.concatenate(self._parts)  # type: ignore[no-untyped-call]
        if self._texts:
            texts = sorted(self._texts)
            rank = np.empty(len(texts) + 1, np.int32)
            rank[[self._texts[text] for text in texts]] = np.arange(len(texts))
            rank[-1] = -1
            return Column(np.array(texts, object), rank[given])
        missing, given = np.ma.getmaskarray(given), np.ma.getdata(given)
        known = ~missing & (given == given)  # noqa: PLR0124 (nan is not itself)
        values, places = np.unique(given[known], return_inverse=True)
        out = np.full(len(given), -1, np.int32)
        out[known] = places
        return Column(values, out)


def _areas(wkb: Values) -> tuple[Shapes, int]:
    """Valid polygonal shapes, None without an area, and the number of repaired ones."""
    shapes = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    lost = np.flatnonzero(shapely.is_missing(shapes) & (wkb != None))  # noqa: E711 (each of them)
    if lost.size:  # rings that are not closed
        shapes[lost] = shapely.force_2d(shapely.from_wkb(wkb[lost], on_invalid="fix"))
        lost = lost[shapely.area(shapes[lost]) > 0]
    broken = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_valid(shapes))
    if broken.size:
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    for i in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapes[i])
        while np.isin(shapely.get_type_id(parts), _OF_PARTS).any():
            parts = shapely.get_parts(parts)
        shapes[i] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    shapes[shapely.is_empty(shapes) | (shapely.get_dimensions(shapes) != 2)] = None
    return shapes, np.union1d(broken, lost).size


def _moved(store: PolygonStore, crs: str, grid: Grid, reference: LayerReference, work: Path | None) -> PolygonStore:
    """Shapes in the grid's CRS."""
    given, total = parse_crs(crs, str(reference)), total_bounds(store.bounds[store.there])
    if share_plane(given, grid.crs) or total is None:
        return store
    xmin, ymin, xmax, ymax = total
    length = max(xmax - xmin, ymax - ymin, 1e-9) / SEGMENTS

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return transformed(given, grid.crs, points[:, 0], points[:, 1]).T

    def add(batch: NDArray[np.int64]) -> None:
        shapes = shapely.transform(shapely.segmentize(store.take(batch), length), move)
        shapes[~np.isfinite(shapely.bounds(shapes)).all(axis=1)] = None
        moved.add(shapes)

    moved = PolygonStore(work)
    try:
        for batch in store.batches():
            run_cancellable(partial(add, batch), check_cancelled)
    except RasterioError as error:
        raise InputError(f"{reference}: cannot be transformed to the CRS of the image; reproject it first.") from error
    return moved


class PolygonMask:
    """Pixels of a grid whose centre is inside the polygons of a vector file."""

    def __init__(self, path: str, grid: Grid, monitor: Monitor) -> None:
        self._shapes, _ = read_polygons(find_layer(path), grid, monitor)
        self._grid = grid
        corners = np.array([0, grid.width, grid.width, 0]), np.array([0, 0, grid.height, grid.height])
        xs, ys = grid.transform * corners
        if not self._shapes.near((xs.min(), ys.min(), xs.max(), ys.max()))[self._shapes.there].any():
            monitor.warn(f"{path}: does not overlap the image or the extent, so nothing is found; check its CRS.")

    def rows(self, first: int, last: int) -> NDArray[np.bool_]:
        """Mask of grid rows [first, last), True inside."""
        transform = self._grid.transform * Affine.translation(0, first)
        there = np.flatnonzero(self._shapes.there)
        return self._shapes.burn(there, (last - first, self._grid.width), transform) > 0
