"""Sizes on the ground: on the ellipsoid of a CRS, or in its plane if it has none."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from affine import Affine
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError, ProjError

from idgbr.arrays import Floats

#: Least ground distance used to measure scales, in m: inverse projections are exact to only some 0.1 mm.
_LEAST_STEP_M = 20.0


class Ground:
    """Maps pixels of a raster to the world, and measures them in metres.

    Sizes are those on the ellipsoid of the CRS, for any units, projection and body. A CRS without an ellipsoid (local,
    engineering) is measured in its plane, in its own units; without a CRS, one unit is one metre.
    """

    def __init__(self, transform: Affine, crs: str | None) -> None:
        """Take the raster's affine transform and CRS (WKT, or any other form that PROJ knows)."""
        self.transform = transform
        self.crs = _horizontal(CRS.from_user_input(crs)) if crs else None
        self._units = _units_m(self.crs)
        #: Degrees of a unit of geographic coordinates, longitude and latitude, if the CRS has them.
        self._degrees_per_unit = _degrees_per_unit(self.crs)
        #: Whether latitudes are angles at the centre of the body.
        self._planetocentric = self.crs is not None and not self.crs.is_geographic
        self._to_degrees = None if self._degrees_per_unit else _to_degrees(self.crs)
        placed = self._degrees_per_unit or self._to_degrees
        ellipsoid = self.crs.ellipsoid if self.crs and placed else None
        self.geod = Geod(a=ellipsoid.semi_major_metre, b=ellipsoid.semi_minor_metre) if ellipsoid else None
        size = max(math.hypot(transform.a * self._units[0], transform.d * self._units[1]), 1e-12)
        #: Number of pixels used to measure scales.
        self._step = max(1.0, _LEAST_STEP_M / size) if self.geod else 1.0

    @property
    def plane_unit_m(self) -> float | None:
        """Metres of a unit, if sizes are those in the plane; None if they are on an ellipsoid."""
        return self._units[0] if self.geod is None else None

    def world(self, points: Floats) -> Floats:
        """World coordinates of points in pixels, (n, 2)."""
        t = self.transform
        x, y = points[:, 0], points[:, 1]
        return np.stack((t.a * x + t.b * y + t.c, t.d * x + t.e * y + t.f), axis=1)

    def degrees(self, points: Floats) -> Floats:
        """Longitude and latitude of points in pixels, (n, 2), on the ellipsoid of the CRS, which must exist."""
        world = self.world(points)
        if self._degrees_per_unit:
            world *= self._degrees_per_unit
            if self._planetocentric:
                assert self.geod is not None
                world[:, 1] = np.degrees(np.arctan(np.tan(np.radians(world[:, 1])) / (1 - self.geod.es)))
            return world
        assert self._to_degrees is not None
        return np.stack(self._to_degrees.transform(world[:, 0], world[:, 1]), axis=1)

    def _places(self, points: Floats) -> Floats:
        """Positions of points in pixels, in metres: in space on the ellipsoid, (n, 3), or in the plane, (n, 2)."""
        if self.geod is None:
            return self.world(points) * self._units
        lon, lat = np.radians(self.degrees(points)).T
        normal = self.geod.a / np.sqrt(1 - self.geod.es * np.sin(lat) ** 2)
        across = normal * np.cos(lat)
        up = normal * (1 - self.geod.es) * np.sin(lat)
        return np.stack((across * np.cos(lon), across * np.sin(lon), up), axis=1)

    def scale(self, points: Floats) -> Floats:
        """Metres for one pixel to the right and one down, at each point: (n, 2, 2); right angles are preserved.

        The first row of a matrix is along the raster's rows, the second at a right angle to it. Where the CRS is
        undefined, sizes are those in the plane.
        """
        middle = points - self._step / 2
        with np.errstate(invalid="ignore"):  # where the CRS has no place
            here, *beside = (self._places(middle + self._step * np.array(way)) for way in ((0, 0), (1, 0), (0, 1)))
            right, down = ((place - here) / self._step for place in beside)
        width = np.sqrt((right**2).sum(1))
        along = (right * down).sum(1) / width
        height = np.sqrt(np.maximum((down**2).sum(1) - along**2, 0))
        out = np.zeros((len(points), 2, 2))
        out[:, 0, 0], out[:, 0, 1], out[:, 1, 1] = width, along, height
        nowhere = ~np.isfinite(out).all(axis=(1, 2))
        if nowhere.any():
            t = self.transform
            out[nowhere] = np.array([[t.a, t.b], [t.d, t.e]]) * np.array(self._units)[:, None]
        return out


def pixel_size_m(transform: Affine, crs: str | None, row: float, col: float) -> tuple[float, float]:
    """Ground width and height in metres of the pixel at (`row`, `col`)."""
    (width, along), (_, height) = Ground(transform, crs).scale(np.array([[col + 0.5, row + 0.5]]))[0]
    return float(width), math.hypot(along, height)


def _horizontal(crs: CRS) -> CRS:
    """The horizontal part of a CRS: without heights and datum shifts."""
    while crs.is_bound or crs.is_compound:
        inner = crs.source_crs if crs.is_bound else crs.sub_crs_list[0]
        if inner is None:
            break
        crs = inner
    return crs


def _units_m(crs: CRS | None) -> tuple[float, float]:
    """Metres of a unit along both axes; of an angle, along a great circle. Other units count as metres."""
    if crs is None:
        return 1.0, 1.0
    found = []
    for axis in [*crs.axis_info, *crs.axis_info][:2]:
        angular = crs.is_geographic or axis.unit_name in ("degree", "radian", "grad")
        radius = crs.ellipsoid.semi_major_metre if crs.ellipsoid and angular else 1.0
        found.append(axis.unit_conversion_factor * radius if not angular or crs.ellipsoid else 1.0)
    first, second = found if len(found) == 2 and all(f > 0 and math.isfinite(f) for f in found) else (1.0, 1.0)
    return first, second


def _degrees_per_unit(crs: CRS | None) -> tuple[float, float] | None:
    """Degrees of a unit of longitude and of latitude, for a geographic CRS."""
    if crs is None or crs.is_derived or crs.ellipsoid is None:
        return None
    if not crs.is_geographic and (crs.type_name != "Geodetic CRS" or crs.is_geocentric):
        return None
    by_direction = {axis.direction: math.degrees(axis.unit_conversion_factor) for axis in crs.axis_info}
    lon, lat = (
        next((by_direction[d] for d in ways if d in by_direction), 1.0)
        for ways in (("east", "west"), ("north", "south"))
    )
    return lon, lat


@lru_cache(maxsize=16)  # a job asks for that of its grid again and again, and PROJ searches for 20 ms
def _to_degrees(crs: CRS | None) -> Transformer | None:
    """Transformation from a CRS to longitude and latitude in degrees on its own ellipsoid; None if it has none."""
    if crs is None or crs.ellipsoid is None or crs.is_geocentric:
        return None
    ellipsoid = crs.ellipsoid
    text = f"+proj=longlat +a={ellipsoid.semi_major_metre!r} +b={ellipsoid.semi_minor_metre!r} +no_defs +type=crs"
    try:
        return Transformer.from_crs(crs, CRS.from_user_input(text), always_xy=True)
    except (ProjError, CRSError):
        return None
