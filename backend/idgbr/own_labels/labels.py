"""The labels of one or more rasters: their classes, and the labels on each raster's grid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.arrays import Mask
from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.layers.polygon_store import Shapes
from idgbr.layers.polygons import PolygonMask
from idgbr.monitor import Monitor
from idgbr.own_labels.class_raster import RasterGrid
from idgbr.own_labels.layer import LabelLayer
from idgbr.own_labels.rasterize import LabelGrid, Window
from idgbr.own_labels.styles import Category, style_categories
from idgbr.raster.class_table import PALETTE
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import RowReader

#: Most classes of a model: their ids from 1 on and "none" fit into a byte.
MAX_CLASSES = NODATA_CLASS - 1
#: Colour of the background in the style of the project.
GREY = (235, 235, 235)


@dataclass(frozen=True)
class LabelledRaster:
    """A raster and its labels: `grid` has them, `class_of` the index of the class of each; `name` is for messages.

    `first` is the number of its first label among those of all rasters. `ignored` gives the pixels of a window that are
    not used, if there are any.
    """

    source: RasterSource
    name: str
    grid: LabelGrid | RasterGrid
    class_of: NDArray[np.int64]
    first: int
    ignored: Callable[[Window], Mask] | None = None


@dataclass(frozen=True)
class OwnLabels:
    """Labels of all rasters, and their classes with ids for a model."""

    classes: list[ClassInfo]
    rasters: list[LabelledRaster]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of labels of each class on the rasters, (K,)."""
        classes = [raster.class_of[raster.grid.there] for raster in self.rasters]
        return np.bincount(np.concatenate(classes), minlength=len(self.classes))


def own_labels(
    pairs: Sequence[tuple[RasterSource, LabelLayer]], background: str, monitor: Monitor, *, ignore: str | None = None,
    least: int = 2,
) -> OwnLabels:  # fmt: skip
    """Labels of rasters; the class called `background` gets no polygons, ground in the layer `ignore` is not used.

    Raises InputError if there are no labels on a raster, fewer than `least` classes, or too many.
    """
    on_grid: list[tuple[RasterSource, LabelLayer, Shapes]] = []
    for source, layer in pairs:
        on_grid.append((source, layer, _on_raster(source, layer, monitor)))
    used: Counter[str | int] = Counter()
    for _, layer, shapes in on_grid:
        used.update(value for value, shape in zip(layer.classes, shapes, strict=True) if shape is not None)
    classes, index = _classes(used, [layer for _, layer in pairs], background, least)
    rasters, first = [], 0
    for source, layer, shapes in on_grid:
        kept = np.array([shape is not None for shape in shapes], bool)
        class_of = np.array([index[value] for value, there in zip(layer.classes, kept, strict=True) if there], np.int64)
        grid = source.grid
        on_pixels = LabelGrid(shapes[kept], class_of, grid.transform, (grid.height, grid.width))
        ignored = ignored_by(ignore, source, monitor)
        rasters.append(LabelledRaster(source, str(layer.reference), on_pixels, class_of, first, ignored))
        first += len(class_of)
    found = OwnLabels(classes, rasters)
    _check(found, monitor)
    return found


def raster_labels(
    maps: Sequence[tuple[RasterSource, str, RowReader, Sequence[ClassInfo]]], background: str, monitor: Monitor, *,
    ignore: str | None = None, least: int = 2,
) -> OwnLabels:  # fmt: skip
    """Labels of class rasters: for each raster, the map's name, its codes on the raster's grid, the class of each code.

    Codes from 1 on have classes, whose ids are values of the maps; classes with the same value are the same. Raises
    InputError for fewer than `least` classes, or too many.
    """
    infos = {info.id: info for _, _, _, classes in reversed(maps) for info in classes}
    values, name = sorted(infos), maps[0][1]
    _check_count([infos[value].name for value in values], name, least)
    keeps = all(0 <= value < NODATA_CLASS for value in values)
    classes = [
        replace(
            infos[value], id=value if keeps else number + 1,
            background=infos[value].background or infos[value].name.casefold() == background.casefold(),
        )
        for number, value in enumerate(values)
    ]  # fmt: skip
    rasters, first = [], 0
    for source, text, codes, given in maps:
        grid = RasterGrid(codes, [values.index(info.id) for info in given])
        rasters.append(LabelledRaster(source, text, grid, grid.class_of, first, ignored_by(ignore, source, monitor)))
        first += len(grid.class_of)
    return OwnLabels(classes, rasters)


def ignored_by(layer: str | None, source: RasterSource, monitor: Monitor) -> Callable[[Window], Mask] | None:
    """Gives the pixels (height, width) of a window of a raster that lie in a polygon layer; None without a layer."""
    if layer is None:
        return None
    mask = PolygonMask(layer, source.grid, monitor)

    def within(window: Window) -> Mask:
        return mask.rows(window.row, window.row + window.height)[:, window.col : window.col + window.width]

    return within


def _on_raster(source: RasterSource, layer: LabelLayer, monitor: Monitor) -> Shapes:
    """The shapes in the raster's CRS, None for those beside it. Raises InputError if none is on it."""
    grid = source.grid
    shapes = layer.shapes_in(grid.crs).copy()
    corners = [grid.transform * at for at in ((0, 0), (grid.width, 0), (grid.width, grid.height), (0, grid.height))]
    area = shapely.Polygon(corners)
    shapely.prepare(area)
    beside = ~shapely.intersects(area, shapes)
    if beside.all():
        raise InputError(
            f"{layer.reference}: no label is on {source.path}; check the layer's CRS, or draw labels on the image."
        )
    if beside.any():
        monitor.warn(f"{layer.reference}: {int(beside.sum())} labels beside {source.path} are left out.")
    shapes[beside] = None
    return shapes


def _classes(
    used: Mapping[str | int, int], layers: Sequence[LabelLayer], background: str, least: int
) -> tuple[list[ClassInfo], dict[str | int, int]]:
    """Classes of the values, and the index of each value's class. Raises InputError."""
    name = layers[0].reference
    if all(isinstance(value, int) for value in used):
        values: list[str | int] = sorted(used)
    else:  # a layer may write a number as text
        values = sorted({str(value) for value in used})
    _check_count(values, name, least)
    categories: dict[str, Category] = {}
    for layer in reversed(layers):
        categories |= style_categories(layer.reference, layer.field)
    keeps_codes = all(isinstance(value, int) and 0 <= value < NODATA_CLASS for value in values)
    classes = []
    for number, value in enumerate(values):
        shown = categories.get(str(value))
        called = shown.label if shown and isinstance(value, int) else str(value)
        bare = called.casefold() == background.casefold()
        color = shown.color if shown else GREY if bare else PALETTE[number % len(PALETTE)]
        classes.append(ClassInfo(int(value) if keeps_codes else number + 1, called, color, background=bare))
    index = {value: values.index(value if value in values else str(value)) for value in used}
    return classes, index


def _check_count(values: Sequence[object], name: object, least: int) -> None:
    """Raise InputError for too many classes, or fewer than `least`."""
    if len(values) > MAX_CLASSES:
        raise InputError(f"{name}: has {len(values)} classes, {MAX_CLASSES} at most can be learned; merge some.")
    if len(values) < least:
        raise InputError(
            f"{name}: has one class only ({values[0]}); label what it is to be told apart from, too, for example as "
            "class background."
        )


def _check(labels: OwnLabels, monitor: Monitor) -> None:
    """Report classes with a single label."""
    single = [info.name for info, count in zip(labels.classes, labels.counts, strict=True) if count == 1]
    if single:
        monitor.warn(
            f"{labels.rasters[0].name}: {', '.join(single[:5])}: one label only; draw more of it, so that its "
            "accuracy can be measured."
        )
