"""Areas and lengths on the ground of pixels and polygons."""

from __future__ import annotations

import math

import numpy as np

from idgbr.arrays import AnyArray, Floats
from idgbr.polygonize.assemble import PolygonBatch
from idgbr.raster.ground import Ground

#: Polygons wider than this, in metres, are measured along geodesics; smaller ones with the scale at their centre.
LOCAL_EXTENT = 20_000.0
#: Distance between sampled pixel areas, in metres, and the least number of pixels between them.
CELL_M, LEAST_CELL = 10_000.0, 64


class PixelAreas:
    """Area of each pixel of a raster in m², by rows and by cells of `cell` columns."""

    def __init__(self, ground: Ground, width: int, height: int) -> None:
        self._ground = ground
        size = math.sqrt(np.linalg.det(ground.scale(np.array([[width / 2, height / 2]]))[0])) or 1.0
        apart = max(LEAST_CELL, math.ceil(CELL_M / size)) if math.isfinite(size) else LEAST_CELL
        self.cell, self._rows_apart = min(apart, max(width, LEAST_CELL)), min(apart, max(height, LEAST_CELL))
        self._columns = np.minimum((np.arange(math.ceil(width / self.cell)) + 0.5) * self.cell, width - 0.5)
        self._known: dict[int, Floats] = {}

    def rows(self, first: int, last: int) -> Floats:
        """Areas of rows [first, last), (rows, cells): cell k covers columns from k * `cell` on."""
        row = np.arange(first, last)
        node, share = row // self._rows_apart, (row % self._rows_apart / self._rows_apart)[:, None]
        low, high = int(node[0]), int(node[-1]) + 1
        nodes = np.stack([self._node(number) for number in range(low, high + 1)])
        self._known = {number: areas for number, areas in self._known.items() if number >= high - 1}
        return nodes[node - low] * (1 - share) + nodes[node - low + 1] * share

    def _node(self, number: int) -> Floats:
        if number not in self._known:
            row = np.full(self._columns.size, number * self._rows_apart + 0.5)
            scale = self._ground.scale(np.stack((self._columns, row), axis=1))
            self._known[number] = np.abs(np.linalg.det(scale))
        return self._known[number]


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
