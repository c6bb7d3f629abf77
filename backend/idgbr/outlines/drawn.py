"""Regular outlines for maps that a network has drawn, whose boundaries are off by some pixels."""

from __future__ import annotations

from collections.abc import Iterator

from idgbr.layers.polygon_store import PolygonStore
from idgbr.monitor import Monitor
from idgbr.outlines.layer import Numbers, RegularSummary, regular_polygons
from idgbr.outlines.topology import Shapes
from idgbr.polygonize.reshaped import MapPlace, Reshape

#: How far outlines may move: the larger of a length in m and one in pixels. At a metre, the walls of the held-out
#: buildings were more parallel to the true ones, and boundaries as near to them as before.
LEAST_M, LEAST_PX = 1.0, 4.0


def tolerance_m(gsd_m: float) -> float:
    """How far outlines of a map may move, in metres, by its ground sample distance in metres."""
    return max(LEAST_M, LEAST_PX * gsd_m)


def map_outlines(method: str, gsd_m: float) -> Reshape | None:
    """What gives the polygons of a map regular outlines; None for the method "none".

    Args:
        method: Name of the method, see `polygonize.arcs.regularize`.
        gsd_m: Ground sample distance of the map, in metres.
    """
    if method == "none":
        return None

    def reshape(store: PolygonStore, place: MapPlace, monitor: Monitor) -> Iterator[tuple[Numbers, Shapes]]:
        summary = RegularSummary()
        return regular_polygons(store, place.crs, method, tolerance_m(gsd_m), summary, monitor, place.extent)

    return reshape
