"""Areas and lengths on the ground of polygons."""

from __future__ import annotations

import numpy as np

from idgbr.arrays import AnyArray, Floats
from idgbr.polygonize.assemble import PolygonBatch
from idgbr.raster.ground import Ground

#: Polygons wider than this, in metres, are measured along geodesics; smaller ones with the scale at their centre.
LOCAL_EXTENT = 20_000.0


def measure(ground: Ground, polygons: PolygonBatch) -> tuple[Floats, Floats]:
    """Area in m² and perimeter in m of polygons given in pixels."""
    scale = ground.scale(polygons.centre)
    area = polygons.area * np.abs(np.linalg.det(scale))
    starts = polygons.ring_offsets[polygons.polygon_offsets]  # First vertex of each polygon, and the end.
    counts = np.diff(starts)
    step = np.diff(polygons.vertices, axis=0, append=polygons.vertices[-1:])
    step[polygons.ring_offsets[1:] - 1] = 0  # From one ring to the next is no edge.
    metres = np.einsum("nij,nj->ni", np.repeat(scale, counts, axis=0), step)
    perimeter: Floats = np.add.reduceat(np.hypot(metres[:, 0], metres[:, 1]), starts[:-1])
    if ground.geod is not None:
        low, high = (f.reduceat(polygons.vertices, starts[:-1], axis=0) for f in (np.minimum, np.maximum))
        size = np.einsum("nij,nj->ni", np.abs(scale), high - low).max(axis=1)
        for i in np.flatnonzero(size > LOCAL_EXTENT):
            area[i], perimeter[i] = _along_geodesics(ground, polygons, int(i))
    return area, perimeter


def _along_geodesics(ground: Ground, polygons: PolygonBatch, i: int) -> tuple[float, float]:
    area, perimeter = 0.0, 0.0
    for ring in range(polygons.polygon_offsets[i], polygons.polygon_offsets[i + 1]):
        vertices: AnyArray = polygons.vertices[polygons.ring_offsets[ring] : polygons.ring_offsets[ring + 1]]
        lonlat = ground.degrees(vertices)
        assert ground.geod is not None
        ring_area, ring_perimeter = ground.geod.polygon_area_perimeter(lonlat[:, 0], lonlat[:, 1])
        area += abs(ring_area) if ring == polygons.polygon_offsets[i] else -abs(ring_area)
        perimeter += ring_perimeter
    return area, perimeter
