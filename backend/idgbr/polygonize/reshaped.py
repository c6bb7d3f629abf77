"""Finished polygons with other outlines, before they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.arrays import AnyArray, Floats, Ints
from idgbr.layers.polygon_store import PolygonStore
from idgbr.layers.writer import Attributes
from idgbr.monitor import Monitor
from idgbr.polygonize.areas import measure
from idgbr.polygonize.assemble import PolygonBatch
from idgbr.polygonize.class_source import ClassSource
from idgbr.raster.ground import Ground

#: Part of its size by which the extent of a map is wider.
_ROUNDING = 1e-9


class MapPlace(NamedTuple):
    """CRS of a map (WKT, None if unknown), and its extent in it."""

    crs: str | None
    extent: shapely.Polygon

    @staticmethod
    def of(source: ClassSource, ground: Ground) -> MapPlace:
        """The place of a source of classes; its extent is wider by what coordinates are rounded."""
        corners = np.array([(0, 0), (source.width, 0), (source.width, source.height), (0, source.height)], np.float64)
        middle = corners.mean(0)
        return MapPlace(source.crs_wkt, shapely.Polygon(ground.world(middle + (corners - middle) * (1 + _ROUNDING))))


#: Gives polygons of a store other outlines: their numbers and shapes, in batches. The monitor gets the progress.
Reshape = Callable[[PolygonStore, MapPlace, Monitor], Iterator[tuple[Ints, NDArray[np.object_]]]]


class WorldPolygons(NamedTuple):
    """Polygons in the CRS of a layer: vertices (n, 2), and the offsets of rings and of polygons."""

    vertices: Floats
    offsets: tuple[AnyArray, AnyArray]


def reshaped(
    drawn: Iterable[tuple[WorldPolygons, Attributes]], reshape: Reshape, ground: Ground, place: MapPlace,
    monitor: Monitor, work: Path | None,
) -> Iterator[tuple[WorldPolygons, Attributes]]:  # fmt: skip
    """All polygons with the outlines that `reshape` gives them, measured again.

    Files in the folder `work` hold the polygons; memory holds their attributes.
    """
    store = PolygonStore(work)
    kept: list[Attributes] = []
    for polygons, attributes in drawn:
        store.add(shapely.from_ragged_array(shapely.GeometryType.POLYGON, polygons.vertices, polygons.offsets))
        kept.append(attributes)
    if not kept:
        return
    known = _with_columns(kept, np.concatenate)
    for numbers, shapes in reshape(store, place, monitor):
        _, vertices, offsets = shapely.to_ragged_array(shapes)
        ring_offsets, polygon_offsets = (part.astype(np.int64) for part in offsets)
        area, perimeter = measure(ground, _in_pixels(shapes, ring_offsets, polygon_offsets, ground))
        taken = _with_columns([known], partial(_rows, numbers))
        yield WorldPolygons(vertices, (ring_offsets, polygon_offsets)), replace(taken, area_m2=area, perim_m=perimeter)


def _in_pixels(shapes: NDArray[np.object_], ring_offsets: Ints, polygon_offsets: Ints, ground: Ground) -> PolygonBatch:
    back = ~ground.transform
    matrix = np.array([[back.a, back.b], [back.d, back.e]])
    pixels = shapely.transform(shapes, lambda points: points @ matrix.T + (back.c, back.f))
    return PolygonBatch(
        shapely.get_coordinates(pixels), ring_offsets, polygon_offsets, shapely.area(pixels),
        shapely.get_coordinates(shapely.centroid(pixels)),
    )  # fmt: skip


def _rows(numbers: Ints, columns: list[AnyArray]) -> AnyArray:
    return np.asarray(columns[0][numbers])


def _with_columns(parts: Sequence[Attributes], take: Callable[[list[AnyArray]], AnyArray]) -> Attributes:
    """Attributes whose columns `take` makes of those of `parts`."""
    origins = [part.origin for part in parts if part.origin is not None]
    return Attributes(
        class_id=take([part.class_id for part in parts]),
        name=take([part.name for part in parts]),
        confidence=take([part.confidence for part in parts]),
        area_m2=take([part.area_m2 for part in parts]),
        perim_m=take([part.perim_m for part in parts]),
        extra={name: take([part.extra[name] for part in parts]) for name in parts[0].extra},
        origin=take(list(origins)) if origins else None,
    )
