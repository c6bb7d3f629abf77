"""Walks through geometries as WKB without a library: pyogrio and GEOS know some types in part, or not at all."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_POINT = 1
#: Types that consist of points, and those that consist of rings of points: including arcs (8), triangles (17).
_OF_POINTS, _OF_RINGS = (2, 8), (3, 17)
#: Flags of coordinates in PostGIS's WKB.
_Z, _M, _SRID = 0x80000000, 0x40000000, 0x20000000
#: Called with begin and end of a geometry, its type without coordinates, the type's position and byte order.
Visit = Callable[[int, int, int, int, str], None]


def kinds_of(wkb: NDArray[np.object_]) -> NDArray[np.int64]:
    """Number of the type of each geometry, without coordinate flags, (n,); 0 for none."""
    return np.asarray((_types(wkb) & ~(_Z | _M | _SRID)) % 1000)


def have_heights(wkb: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether each geometry has a third coordinate, (n,); False for none."""
    types = _types(wkb)
    return np.asarray((types & _Z > 0) | np.isin((types & ~(_Z | _M | _SRID)) // 1000, (1, 3)))


def _types(wkb: NDArray[np.object_]) -> NDArray[np.int64]:
    """Number of the type of each geometry with its flags, (n,); 0 for none."""
    heads = np.frombuffer(b"".join(shape[:5] if shape else bytes(5) for shape in wkb), np.uint8).reshape(-1, 5)
    little, big = (heads[:, 1:].copy().view(order)[:, 0].astype(np.int64) for order in ("<u4", ">u4"))
    return np.where(heads[:, 0], little, big)


def walk(data: bytes, visit: Visit, at: int = 0) -> int:
    """Visit the geometry at a position, after those inside it; returns its end."""
    begin, order = at, "<" if data[at] else ">"
    (number,) = struct.unpack_from(f"{order}I", data, at + 1)
    thousand, kind = divmod(number & ~(_Z | _M | _SRID), 1000)
    size = 8 * (2 + (thousand in (1, 3) or bool(number & _Z)) + (thousand in (2, 3) or bool(number & _M)))
    at += 9 if number & _SRID else 5
    if kind == _POINT:
        at += size
    else:
        count: int = struct.unpack_from(f"{order}I", data, at)[0]
        at += 4
        if kind in _OF_POINTS:
            at += count * size
        else:
            for _ in range(count):
                if kind in _OF_RINGS:
                    (points,) = struct.unpack_from(f"{order}I", data, at)
                    at += 4 + points * size
                else:
                    at = walk(data, visit, at)
    visit(begin, at, kind, number, order)
    return at
