"""Where rasters of the matrix lie: their CRS, and how their files say where they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from rasterio.control import GroundControlPoint
from rasterio.rpc import RPC

HEIGHT, WIDTH = 40, 60


@dataclass(frozen=True)
class Frame:
    """A CRS with a place in it: origin and pixel size in its units, and how many metres a unit of a plane CRS is."""

    crs: str | None
    origin: tuple[float, float]
    pixel: float
    metres: float = 0.0


def _site(name: str, unit: str, metres: float) -> str:
    return f'LOCAL_CS["{name}",LOCAL_DATUM["Local Datum",0],UNIT["{unit}",{metres}]]'


FRAMES = {
    "utm": Frame("EPSG:32633", (500_000, 5_400_000), 0.5),
    "feet": Frame("EPSG:2263", (980_000, 190_000), 2.0),
    "degrees": Frame("EPSG:4326", (11.0, 48.0), 5e-6),
    "grads": Frame("EPSG:4807", (2.0, 54.0), 6e-6),
    "mercator": Frame("EPSG:3857", (1_224_000, 6_106_000), 0.5),
    "site_m": Frame(_site("Site in metres", "metre", 1), (10, 50), 0.5, 1.0),
    "site_ft": Frame(_site("Site in feet", "foot", 0.3048), (100, 500), 2.0, 0.3048),
    "moon": Frame("+proj=eqc +lat_ts=0 +lon_0=0 +R=1737400 +units=m +no_defs +type=crs", (10_000, 20_000), 0.5),
    "none": Frame(None, (1000, 2000), 0.5, 1.0),
}
#: How the file says where it lies; "none": it does not, and QGIS shows pixels as units, rows downwards from 0.
PLACES = ("north_up", "south_up", "rotated", "oblong", "world_file", "gcps", "rpcs", "none")
#: Those whose pixels have no affine transform.
WARPED = ("gcps", "rpcs")


def affine_of(frame: Frame, place: str) -> Affine:
    """From pixels (column, row) to where QGIS shows them."""
    if place == "none":
        return Affine(1, 0, 0, 0, -1, 0)
    size = frame.pixel
    scale = {"south_up": Affine.scale(size, size), "oblong": Affine.scale(size, -2 * size)}.get(
        place, Affine.scale(size, -size)
    )
    turn = Affine.rotation(25) if place == "rotated" else Affine.identity()
    return Affine.translation(*frame.origin) @ turn @ scale


def control_points(affine: Affine) -> list[GroundControlPoint]:
    """Nine control points that fit exactly."""
    places = [(row, col) for row in (0, HEIGHT // 2, HEIGHT) for col in (0, WIDTH // 2, WIDTH)]
    return [GroundControlPoint(row, col, *(affine @ (col, row)), 0) for row, col in places]


def rational_model(affine: Affine) -> RPC:
    """RPCs that are as linear as the transform of a north-up raster in degrees; they count from the pixel's centre."""
    lon, lat = affine @ (WIDTH / 2, HEIGHT / 2)
    one = [1.0] + [0.0] * 19
    return RPC(
        err_bias=0, err_rand=0, height_off=0, height_scale=500, lat_off=lat, lat_scale=HEIGHT / 2 * -affine.e,
        line_off=HEIGHT / 2 - 0.5, line_scale=HEIGHT / 2, long_off=lon, long_scale=WIDTH / 2 * affine.a,
        samp_off=WIDTH / 2 - 0.5, samp_scale=WIDTH / 2, line_den_coeff=one, samp_den_coeff=one,
        line_num_coeff=[0.0, 0.0, -1.0] + [0.0] * 17, samp_num_coeff=[0.0, 1.0] + [0.0] * 18,
    )  # fmt: skip


def square_metres(frame: Frame, affine: Affine) -> float:
    """Area on the ground of the pixel in the middle."""
    corners = np.array([affine @ (WIDTH / 2 + x, HEIGHT / 2 + y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))])
    if frame.metres:
        return abs(affine.determinant) * frame.metres**2
    geod: Geod = CRS(frame.crs).get_geod()  # type: ignore[assignment]
    ball = CRS.from_proj4(f"+proj=longlat +a={geod.a} +b={geod.b} +no_defs")
    if frame.crs == "EPSG:4807":
        lon, lat = (corners * 0.9).T  # grads
    else:
        lon, lat = Transformer.from_crs(CRS(frame.crs), ball, always_xy=True).transform(*corners.T)
    # Corners on the plane of the ellipsoid's two radii: pixels are far smaller than what a geodesic sees.
    curvature = 1 - geod.es * math.sin(math.radians(float(np.mean(lat)))) ** 2
    east = geod.a / math.sqrt(curvature) * math.cos(math.radians(float(np.mean(lat))))
    north = geod.a * (1 - geod.es) / curvature**1.5
    x: NDArray[np.float64] = np.radians(np.asarray(lon) - lon[0]) * east
    y: NDArray[np.float64] = np.radians(np.asarray(lat) - lat[0]) * north
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)
