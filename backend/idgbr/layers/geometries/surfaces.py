"""Surfaces in space, such as multipatches of buildings and TINs; neither pyogrio nor GEOS knows their types.

Their faces are polygons in all but the type, so one number in their WKB turns them into a collection of polygons.
"""

from __future__ import annotations

import struct
from xml.sax.saxutils import escape, quoteattr  # nosec B406 (they write, and parse nothing)

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.layers.geometries.wkb import walk
from idgbr.layers.ogr import pyogrio, raw
from idgbr.paths import file_stem, gdal_name

#: Plain WKB types by those of surfaces.
_PLAIN = {15: 6, 16: 6, 17: 3}  # PolyhedralSurface, TIN: MultiPolygon; Triangle: Polygon
COLLECTION = 7


def may_be_surface(kinds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether geometries, by the numbers of their types, may be or contain surfaces, (n,)."""
    return np.isin(kinds, [COLLECTION, *_PLAIN])


def is_surface(wkb: bytes) -> bool:
    """Whether a geometry is a surface, or a collection with surfaces."""
    return _polygons(wkb) != wkb


def footprint(wkb: bytes) -> bytes | None:
    """The footprint of a surface, as WKB in two dimensions; None if it has none."""
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
    """Names of the layers of a file that pyogrio cannot open because of a type; without a list, the file's name."""
    query = "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"
    try:
        return [str(name) for name in raw.read(gdal_name(path), sql=query)[3][0]]
    except pyogrio.errors.DataLayerError:
        return [file_stem(path)]


def surface_view(path: str, layer: str) -> str:
    """The name to open instead of a layer of surfaces: GDAL's view of it without a type."""
    source = escape(str(gdal_name(path)))
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name={quoteattr(layer)}><SrcDataSource>{source}</SrcDataSource>"
        "<GeometryType>wkbUnknown</GeometryType></OGRVRTLayer></OGRVRTDataSource>"
    )


def _polygons(wkb: bytes) -> bytes:
    """The same faces as polygons."""
    data = bytearray(wkb)

    def visit(begin: int, end: int, kind: int, number: int, order: str) -> None:  # noqa: ARG001
        if kind in _PLAIN:
            struct.pack_into(f"{order}I", data, begin + 1, number - kind + _PLAIN[kind])

    walk(wkb, visit)
    return bytes(data)
