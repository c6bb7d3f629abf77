"""Faces in space, such as multipatches of buildings and TINs: neither pyogrio nor GEOS knows their types.

Their faces are polygons in all but the type, so that in WKB one number makes a collection of polygons of them.
"""

from __future__ import annotations

import struct
from xml.sax.saxutils import escape, quoteattr  # nosec B406 (they write, and parse nothing)

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.ogr import pyogrio, raw
from idgbr.paths import file_stem, gdal_name

#: Types in WKB: the plain ones by those of faces in space.
_PLAIN = {15: 6, 16: 6, 17: 3}  # PolyhedralSurface, TIN: MultiPolygon; Triangle: Polygon
_POINT, _COLLECTION = 1, 7
_OF_POINTS, _OF_RINGS = (2, 8), (3, 17)
#: Flags of coordinates in WKB as PostGIS writes it.
_Z, _M, _SRID = 0x80000000, 0x40000000, 0x20000000


def kinds_of(wkb: NDArray[np.object_]) -> NDArray[np.int64]:
    """Number of the type of each geometry, whatever its coordinates, (n,); 0 for none."""
    heads = np.frombuffer(b"".join(shape[:5] if shape else bytes(5) for shape in wkb), np.uint8).reshape(-1, 5)
    little, big = (heads[:, 1:].copy().view(order)[:, 0].astype(np.int64) for order in ("<u4", ">u4"))
    return np.asarray((np.where(heads[:, 0], little, big) & ~(_Z | _M | _SRID)) % 1000)


def may_be_surface(kinds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which geometries, by the numbers of their types, may be or hold faces in space, (n,)."""
    return np.isin(kinds, [_COLLECTION, *_PLAIN])


def is_surface(wkb: bytes) -> bool:
    """Whether a geometry is of faces in space, or a collection that holds some."""
    return _polygons(wkb) != wkb


def footprint(wkb: bytes) -> bytes | None:
    """The ground that faces in space cover, as WKB in two dimensions; None if they cover none."""
    shapes = np.atleast_1d(shapely.force_2d(shapely.from_wkb(_polygons(wkb), on_invalid="fix")))
    while (shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
        shapes = shapely.get_parts(shapes)
    faces = shapely.get_parts(shapes)
    faces = faces[(shapely.get_dimensions(faces) == 2) & (shapely.area(faces) > 0)]  # walls cover nothing
    if not len(faces):
        return None
    ground: bytes = shapely.to_wkb(shapely.union_all(shapely.make_valid(faces, method="structure")))
    return ground


def surface_layers(path: str) -> list[str]:
    """Names of the layers of a file of which pyogrio refuses one for its type; without a list the file's own name."""
    query = "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"
    try:
        return [str(name) for name in raw.read(gdal_name(path), sql=query)[3][0]]
    except pyogrio.errors.DataLayerError:
        return [file_stem(path)]


def surface_view(path: str, layer: str) -> str:
    """What to open in place of a layer of faces in space: GDAL's view of it that names no type."""
    source = escape(str(gdal_name(path)))
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name={quoteattr(layer)}><SrcDataSource>{source}</SrcDataSource>"
        "<GeometryType>wkbUnknown</GeometryType></OGRVRTLayer></OGRVRTDataSource>"
    )


def _polygons(wkb: bytes) -> bytes:
    """The same faces as polygons."""
    data = bytearray(wkb)
    _relabel(data, 0)
    return bytes(data)


def _relabel(data: bytearray, at: int) -> int:
    """Give the geometry that begins at a place, and those in it, their plain types; where it ends."""
    order = "<" if data[at] else ">"
    (number,) = struct.unpack_from(f"{order}I", data, at + 1)
    thousand, kind = divmod(number & ~(_Z | _M | _SRID), 1000)
    size = 8 * (2 + (thousand in (1, 3) or bool(number & _Z)) + (thousand in (2, 3) or bool(number & _M)))
    if kind in _PLAIN:
        struct.pack_into(f"{order}I", data, at + 1, number - kind + _PLAIN[kind])
    at += 9 if number & _SRID else 5
    if kind == _POINT:
        return at + size
    count: int = struct.unpack_from(f"{order}I", data, at)[0]
    at += 4
    if kind in _OF_POINTS:
        return at + count * size
    for _ in range(count):
        if kind in _OF_RINGS:
            (points,) = struct.unpack_from(f"{order}I", data, at)
            at += 4 + points * size
        else:
            at = _relabel(data, at)
    return at
