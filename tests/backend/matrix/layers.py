"""Layers of the matrix: the classes of the scene as polygons of every kind of format, field and geometry.

The right third ends where the unknown corner begins, and so does what is below it of the middle one.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from affine import Affine
from numpy.typing import NDArray

from tests.backend.matrix.kinds import Kind
from tests.backend.matrix.places import FRAMES, affine_of
from tests.backend.matrix.rasters import CORNER, THIRDS, WIDE, Account

Ring = Sequence[tuple[float, float]]
#: The thirds, in pixels; and the same cut into rectangles.
OUTLINES: tuple[Ring, ...] = (
    ((0, 0), (20, 0), (20, 40), (0, 40), (0, 0)),
    ((20, 0), (40, 0), (40, 28), (25, 28), (25, 40), (20, 40), (20, 0)),
    ((40, 0), (60, 0), (60, 28), (40, 28), (40, 0)),
)
BOXES = (((0, 0, 20, 40),), ((20, 0, 40, 28), (20, 28, 25, 40)), ((40, 0, 60, 28),))
FORMATS = {
    "gpkg": "GPKG", "shp": "ESRI Shapefile", "geojson": "GeoJSON", "fgb": "FlatGeobuf", "tab": "MapInfo File",
}  # fmt: skip
#: Values of the class field in each third; None is NULL. Equal values are one class.
FIELDS: dict[str, tuple[Any, ...]] = {
    "int32": (1, 2, 3), "real": (1.0, 2.0, 3.0),
    "wide": (WIDE, WIDE + 1, WIDE + 2), "wide_null": (WIDE, WIDE + 1, None),
    "text": ("Dächer", "Wald, licht", "東"), "text_null": ("Dächer", "Wald", None), "boolean": (True, False, True),
    "boolean_null": (True, False, None),
}  # fmt: skip
_POLYGON, _LINE, _ARC, _COMPOUND, _CURVED, _TIN, _TRIANGLE = 3, 2, 8, 9, 10, 16, 17
_Z, _M = 1000, 2000
FIELD = "klass"


def _head(kind: int, count: int | None = None) -> bytes:
    return struct.pack("<BI", 1, kind) + (b"" if count is None else struct.pack("<I", count))


def _points(ring: Ring, more: int = 0) -> bytes:
    return struct.pack("<I", len(ring)) + b"".join(
        struct.pack(f"<{2 + more}d", *point, *[7.0] * more) for point in ring
    )


def _polygon(ring: Ring, kind: int = _POLYGON) -> bytes:
    return (
        _head(kind, 1) + _points(ring, kind // _Z if kind // _Z < 3 else 2) if kind < 2 * _Z else _measured(ring, kind)
    )


def _measured(ring: Ring, kind: int) -> bytes:
    return _head(kind, 1) + _points(ring, 1 if kind < _Z + _M else 2)


def _curved(ring: Ring) -> bytes:
    """A curve polygon: straight, but for its first side, an arc through three points on a line."""
    (ax, ay), (bx, by) = ring[:2]
    arc = _head(_ARC) + _points([(ax, ay), ((ax + bx) / 2, (ay + by) / 2), (bx, by)])
    return _head(_CURVED, 1) + _head(_COMPOUND, 2) + arc + _head(_LINE) + _points(ring[1:])


def _triangles(boxes: Sequence[Ring]) -> bytes:
    parts = [half for a, b, c, d, _ in boxes for half in ((a, b, c, a), (a, c, d, a))]
    return _head(_TIN + _Z, len(parts)) + b"".join(_head(_TRIANGLE + _Z, 1) + _points(part, 1) for part in parts)


def _spiked(ring: Ring) -> bytes:
    """The same area, but an invalid ring: a line goes out of it and back."""
    (ax, ay), (bx, by) = ring[:2]
    middle = ((ax + bx) / 2, (ay + by) / 2)
    out = (middle[0] - (by - ay) / 8, middle[1] + (bx - ax) / 8)
    return _polygon([ring[0], middle, out, middle, *ring[1:]])


def _collection(ring: Ring) -> bytes:
    both = [shapely.Polygon(ring), shapely.Point(ring[0])]
    return bytes(shapely.to_wkb(shapely.GeometryCollection(both)))


def _multi(ring: Ring) -> bytes:
    return bytes(shapely.to_wkb(shapely.MultiPolygon([shapely.Polygon(ring)])))


#: How a third is written, and the type that the layer says it has, as far as pyogrio can say it.
GEOMETRIES: dict[str, tuple[Callable[[Ring], bytes], str]] = {
    "polygon": (_polygon, "Polygon"), "multi": (_multi, "MultiPolygon"), "mixed": (_multi, "Unknown"),
    "z": (lambda ring: _polygon(ring, _POLYGON + _Z), "Polygon Z"),
    "m": (lambda ring: _measured(ring, _POLYGON + _M), "Unknown"),
    "zm": (lambda ring: _measured(ring, _POLYGON + _Z + _M), "Unknown"), "curved": (_curved, "Unknown"),
    "tin": (_multi, "Unknown"), "empty_and_null": (_polygon, "Polygon"), "spiked": (_spiked, "Polygon"),
    "collection": (_collection, "GeometryCollection"),
}  # fmt: skip


OPTIONS = {
    ("shp", "tin"): {"SHPT": "MULTIPATCH"}, ("shp", "m"): {"SHPT": "POLYGONM"}, ("shp", "zm"): {"SHPT": "POLYGONZM"},
    ("fgb", "empty_and_null"): {"SPATIAL_INDEX": "NO"},
}  # fmt: skip


def write_layer(folder: Path, kind: Kind) -> Account:
    """A layer: `kind` has format, field, geometry and crs. The account's values number the classes; -1 is none."""
    frame = FRAMES[kind["crs"]]
    affine = affine_of(frame, "north_up")
    values = list(FIELDS[kind["field"]])
    write, told = GEOMETRIES[kind["geometry"]]
    shapes: list[bytes | None] = [write(_placed(affine, ring)) for ring in OUTLINES]
    if kind["geometry"] == "mixed":
        shapes[1] = _polygon(_placed(affine, OUTLINES[1]))
    if kind["geometry"] == "tin":
        corners = [[shapely.box(*box).exterior.coords for box in boxes] for boxes in BOXES]
        shapes = [_triangles([_placed(affine, ring) for ring in rings]) for rings in corners]
    if kind["geometry"] == "empty_and_null":
        shapes += [bytes(shapely.to_wkb(shapely.Polygon())), None]
        values += values[:2]
    numbers = {value: number for number, value in enumerate(dict.fromkeys(v for v in values if v is not None))}
    classes = tuple(-1 if value is None else numbers[value] for value in values[:3])
    path = folder / f"layer.{kind['format']}"
    known = np.array([value is None for value in values])
    some = next(value for value in values if value is not None)
    column = np.array([some if value is None else value for value in values], object if isinstance(some, str) else None)
    options = OPTIONS.get((kind["format"], kind["geometry"]), {})
    if kind["format"] in ("shp", "tab"):
        options = options | {"ENCODING": "UTF-8"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path, np.array(shapes, object), [column], [FIELD], field_mask=[known if known.any() else None],
            geometry_type=told, crs=frame.crs, driver=FORMATS[kind["format"]], layer_options=options,
        )  # fmt: skip
    return Account(str(path), frame, affine, ~CORNER & (np.array(classes)[THIRDS] >= 0), classes)


def _placed(affine: Affine, ring: Ring) -> Ring:
    return [affine @ point for point in ring]


def away_from_edges(numbers: NDArray[np.int64], reach: int = 5) -> NDArray[np.bool_]:
    """Pixels around which all are of one class."""
    padded = np.pad(numbers, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(windows.min((2, 3)) == windows.max((2, 3)))
