"""Areas and lengths on the ground of what is known in pixels."""

from __future__ import annotations

import numpy as np
from affine import Affine
from pyproj import CRS, Transformer

from idgbr.vector.arrays import AnyArray, Floats
from idgbr.vector.assemble import PolygonBatch

#: Polygons wider than this, in metres, are measured along geodesics; smaller ones with the scale at their centre.
LOCAL_EXTENT = 20_000.0


class Ground:
    """Places pixels in the world and measures them: on the ellipsoid, or in the plane if the raster has no CRS."""

    def __init__(self, transform: Affine, crs_wkt: str | None) -> None:
        """Take the raster's affine transform and CRS."""
        self.transform = transform
        crs = CRS.from_wkt(crs_wkt) if crs_wkt else None
        self._geod = crs.get_geod() if crs else None
        self._lonlat = None
        if crs and self._geod and crs.geodetic_crs:
            self._lonlat = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)

    def world(self, points: Floats) -> Floats:
        """World coordinates of points in pixels, (n, 2)."""
        t = self.transform
        x, y = points[:, 0], points[:, 1]
        return np.stack((t.a * x + t.b * y + t.c, t.d * x + t.e * y + t.f), axis=1)

    def _degrees(self, points: Floats) -> Floats:
        world = self.world(points)
        if self._lonlat is None:
            return world
        return np.stack(self._lonlat.transform(world[:, 0], world[:, 1]), axis=1)

    def scale(self, points: Floats) -> Floats:
        """Metres east and north for one pixel to the right and one down, at each point: (n, 2, 2)."""
        here = self._degrees(points - 0.5)
        steps = [self._degrees(points - 0.5 + step) - here for step in (np.array([1.0, 0.0]), np.array([0.0, 1.0]))]
        jacobian = np.stack(steps, axis=2)
        if self._lonlat is None or self._geod is None:
            return jacobian
        jacobian[:, 0] = (jacobian[:, 0] + 180) % 360 - 180  # A pixel may lie across the date line.
        latitude = np.radians(self._degrees(points)[:, 1])
        curvature = 1 - self._geod.es * np.sin(latitude) ** 2
        east = self._geod.a / np.sqrt(curvature) * np.cos(latitude)
        north = self._geod.a * (1 - self._geod.es) / curvature**1.5
        jacobian *= np.radians(np.stack((east, north), axis=1))[:, :, None]
        return jacobian

    def row_areas(self, width: int, height: int) -> Floats:
        """Area of the pixels of each row, in m² (of the pixel in the row's middle)."""
        rows = np.unique(np.append(np.arange(0, height, 64), height - 1)) + 0.5
        areas = np.abs(np.linalg.det(self.scale(np.stack((np.full(rows.size, width / 2), rows), axis=1))))
        interpolated: Floats = np.interp(np.arange(height) + 0.5, rows, areas)
        return interpolated

    def measure(self, polygons: PolygonBatch) -> tuple[Floats, Floats]:
        """Area in m² and perimeter in m of polygons given in pixels."""
        scale = self.scale(polygons.centre)
        area = polygons.area * np.abs(np.linalg.det(scale))
        starts = polygons.ring_offsets[polygons.polygon_offsets]  # First vertex of each polygon, and the end.
        counts = np.diff(starts)
        step = np.diff(polygons.vertices, axis=0, append=polygons.vertices[-1:])
        step[polygons.ring_offsets[1:] - 1] = 0  # From one ring to the next is no edge.
        ground = np.einsum("nij,nj->ni", np.repeat(scale, counts, axis=0), step)
        perimeter: Floats = np.add.reduceat(np.hypot(ground[:, 0], ground[:, 1]), starts[:-1])
        if self._geod is not None:
            low, high = (f.reduceat(polygons.vertices, starts[:-1], axis=0) for f in (np.minimum, np.maximum))
            size = np.einsum("nij,nj->ni", np.abs(scale), high - low).max(axis=1)
            for i in np.flatnonzero(size > LOCAL_EXTENT):
                area[i], perimeter[i] = self._along_geodesics(polygons, int(i))
        return area, perimeter

    def _along_geodesics(self, polygons: PolygonBatch, i: int) -> tuple[float, float]:
        area, perimeter = 0.0, 0.0
        for ring in range(polygons.polygon_offsets[i], polygons.polygon_offsets[i + 1]):
            vertices: AnyArray = polygons.vertices[polygons.ring_offsets[ring] : polygons.ring_offsets[ring + 1]]
            lonlat = self._degrees(vertices)
            assert self._geod is not None
            ring_area, ring_perimeter = self._geod.polygon_area_perimeter(lonlat[:, 0], lonlat[:, 1])
            area += abs(ring_area) if ring == polygons.polygon_offsets[i] else -abs(ring_area)
            perimeter += ring_perimeter
        return area, perimeter
