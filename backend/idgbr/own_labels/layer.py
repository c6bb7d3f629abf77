"""Reads a layer of labels: polygons, lines and points with a class each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import RasterioError

from idgbr.errors import InputError
from idgbr.layers.polygons import SEGMENTS, LayerReference, find_layer
from idgbr.layers.reader import LayerInfo, layer_batches, layer_info
from idgbr.monitor import Monitor, check_cancelled, run_cancellable
from idgbr.raster.class_values import field_classes
from idgbr.raster.grid import parse_crs, share_plane, transformed

Shapes = NDArray[np.object_]
#: Fields that are used without a class field, in this order.
CLASS_FIELDS = ("class", "class_id")


@dataclass(frozen=True)
class LabelLayer:
    """The labels of a layer.

    `shapes` are valid geometries (n,) in the CRS of the file, `classes` the value of the class field of each, text or
    integer. `crs` is WKT, None if unknown.
    """

    reference: LayerReference
    field: str
    shapes: Shapes
    classes: list[str | int]
    crs: str | None

    def shapes_in(self, crs: CRS | None) -> Shapes:
        """The shapes in another CRS; None outside its area of use. Raises InputError if they cannot be transformed."""
        if not self.crs or crs is None or not len(self.shapes):
            return self.shapes
        given = parse_crs(self.crs, str(self.reference))
        if share_plane(given, crs):
            return self.shapes
        xmin, ymin, xmax, ymax = shapely.total_bounds(self.shapes)
        length = max(xmax - xmin, ymax - ymin, 1e-9) / SEGMENTS

        def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return transformed(given, crs, points[:, 0], points[:, 1]).T

        try:
            moved = run_cancellable(
                partial(shapely.transform, shapely.segmentize(self.shapes, length), move), check_cancelled
            )
        except RasterioError as error:
            raise InputError(
                f"{self.reference}: cannot be transformed to the CRS of the image; reproject it first."
            ) from error
        bounds = shapely.bounds(moved)
        moved[~np.isfinite(bounds).all(axis=1)] = None
        return np.asarray(moved, object)


def read_label_layer(text: str, class_field: str | None, monitor: Monitor) -> LabelLayer:
    """Read all labels of a layer (`path` or `path|layer`); without a `class_field`, of the field class or class_id.

    Invalid polygons are repaired, arcs straightened. Labels without a class or a geometry are left out with a warning.
    Raises InputError.
    """
    reference = find_layer(text)
    info = layer_info(reference.path, reference.layer)
    field = _field(reference, info, class_field)
    if info.word:
        monitor.warn(f"{reference}: {info.word}")
    shapes: list[Shapes] = []
    classes: list[str | int | None] = []
    repaired = 0
    for batch in layer_batches(reference.path, reference.layer, [field], info):
        found, count = run_cancellable(partial(_valid, batch.wkb), check_cancelled)
        shapes.append(found)
        classes += _classes(batch.columns[field], reference, field)
        repaired += count
    whole = np.concatenate([np.empty(0, object), *shapes])
    there = np.array([shape is not None for shape in whole], bool)
    classed = np.array([value is not None for value in classes], bool)
    if repaired:
        monitor.warn(f"{reference}: {repaired} invalid labels were repaired for this run; the file stays as it is.")
    if bare := int(np.count_nonzero(there & ~classed)):
        monitor.warn(f"{reference}: {bare} labels without a class in {field!r} are left out.")
    if empty := int(np.count_nonzero(~there)):
        monitor.warn(f"{reference}: {empty} labels without a geometry are left out.")
    used = np.flatnonzero(there & classed)
    if not used.size:
        raise InputError(f"{reference}: has no labels with a class in {field!r}; draw some, or choose another field.")
    if info.crs is None:
        monitor.warn(f"{reference}: has no CRS; it is assumed to be in the CRS of the image.")
    kept = [value for i in used if (value := classes[i]) is not None]
    return LabelLayer(reference, field, whole[used], kept, info.crs)


def _field(reference: LayerReference, info: LayerInfo, wanted: str | None) -> str:
    """The class field. Raises InputError."""
    if wanted and wanted not in info.fields:
        raise InputError(
            f"{reference}: has no field {wanted!r}; name the field with the class: {', '.join(info.fields) or 'none'}."
        )
    found = wanted or next((name for name in CLASS_FIELDS if name in info.fields), None)
    if not found:
        raise InputError(
            f"{reference}: has no field 'class'; name the field with the class: {', '.join(info.fields) or 'none'}."
        )
    return found


def _classes(values: NDArray[Any], reference: LayerReference, field: str) -> Sequence[str | int | None]:
    """The values of a batch: texts or integers, None for no class. Raises InputError for other values."""
    if values.dtype == object:
        return [text if text and text.strip() else None for text in values]
    missing, given = np.ma.getmaskarray(values), np.ma.getdata(values)
    missing = missing | (given != given)  # noqa: PLR0124 (nan is not itself)
    field_classes(np.unique(given[~missing])[:1], reference, field)  # dates and others
    if np.issubdtype(given.dtype, np.floating):
        field_classes(given[~missing][given[~missing] != np.rint(given[~missing])][:1], reference, field)
    return [None if lost else int(value) for value, lost in zip(given, missing, strict=True)]


def _valid(wkb: NDArray[Any]) -> tuple[Shapes, int]:
    """Valid shapes in two dimensions, None without any, and the number of repaired ones."""
    shapes = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    lost = np.flatnonzero(shapely.is_missing(shapes) & (wkb != None))  # noqa: E711 (each of them)
    shapes[lost] = shapely.force_2d(shapely.from_wkb(wkb[lost], on_invalid="fix"))
    broken = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_valid(shapes))
    shapes[broken] = shapely.make_valid(shapes[broken])
    shapes[shapely.is_empty(shapes)] = None
    return np.asarray(shapes, object), int(np.union1d(lost, broken).size)
