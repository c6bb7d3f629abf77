"""Straightens arcs in collections; pyogrio straightens only geometries that are arcs themselves."""

from __future__ import annotations

import warnings
from io import BytesIO

import numpy as np

from idgbr.layers.geometries.wkb import walk
from idgbr.layers.ogr import raw

#: Numbers of the types that may contain arcs.
FIRST, LAST = 8, 14


def straighten(wkb: bytes) -> bytes:
    """A collection with its arcs as straight lines, made by GDAL; one without arcs is unchanged."""
    found: list[tuple[int, int]] = []

    def visit(begin: int, end: int, kind: int, number: int, order: str) -> None:  # noqa: ARG001
        if FIRST <= kind <= LAST:
            found[:] = [part for part in found if part[0] < begin]  # what lies within it is dealt with by it
            found.append((begin, end))

    walk(wkb, visit)
    if not found:
        return wkb
    pieces, last = [], 0
    for (begin, end), straight in zip(found, _straight([wkb[begin:end] for begin, end in found]), strict=True):
        pieces += [wkb[last:begin], straight]
        last = end
    return b"".join([*pieces, wkb[last:]])


def _straight(shapes: list[bytes]) -> list[bytes]:
    """Geometries passed through a layer in memory."""
    layer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that there is no CRS
        raw.write(
            layer, np.array(shapes, object), [], [], geometry_type="Unknown", driver="FlatGeobuf", SPATIAL_INDEX="NO"
        )
    return list(raw.read(layer.getvalue(), columns=[])[2])
