"""Sizes on the ground are right in every CRS, held against points reprojected to degrees, or plane geometry."""

from __future__ import annotations

import math

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS, Geod, Transformer

from idgbr.raster.ground import Ground, pixel_size_m

WGS84 = 'DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]]'
UTM = (
    'BASEPROJCRS["u",BASEGEOGCRS["WGS 84",' + WGS84 + '],CONVERSION["UTM zone 32N",METHOD["Transverse Mercator"],'
    'PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433]],'
    'PARAMETER["Longitude of natural origin",9,ANGLEUNIT["degree",0.0174532925199433]],'
    'PARAMETER["Scale factor at natural origin",0.9996],PARAMETER["False easting",500000,LENGTHUNIT["metre",1]],'
    'PARAMETER["False northing",0,LENGTHUNIT["metre",1]]]]'
)
LARGER = (
    'DERIVEDPROJCRS["d",'
    + UTM
    + (
        ',DERIVINGCONVERSION["s",METHOD["Affine parametric transformation",ID["EPSG",9624]],'
        'PARAMETER["A0",0,LENGTHUNIT["metre",1]],PARAMETER["A1",1.2,SCALEUNIT["unity",1]],'
        'PARAMETER["A2",0,SCALEUNIT["unity",1]],PARAMETER["B0",0,LENGTHUNIT["metre",1]],'
        'PARAMETER["B1",0,SCALEUNIT["unity",1]],PARAMETER["B2",1.2,SCALEUNIT["unity",1]]],'
        'CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
    )
)


def geographic(unit: str, radians: float) -> str:
    axes = 'CS[ellipsoidal,2],AXIS["lon",east],AXIS["lat",north]'
    return f'GEOGCRS["g",{WGS84},{axes},ANGLEUNIT["{unit}",{radians!r}]]'


#: Name: CRS, a place in it, size of a pixel in its units.
PROJECTED = {
    "metres": ("EPSG:32632", (500000, 5300000), 0.3),
    "edge of a zone": ("EPSG:32632", (833000, 5300000), 0.3),
    "Web Mercator": ("EPSG:3857", (1e6, 9e6), 0.5),
    "US survey feet": ("EPSG:2263", (1e6, 2e5), 1.0),
    "feet": ("EPSG:2222", (7e5, 1e6), 1.0),
    "links": ("EPSG:30200", (200000, 150000), 0.5),
    "Indian yards": ("EPSG:24370", (3000000, 500000), 0.5),
    "kilometres": ("+proj=utm +zone=32 +datum=WGS84 +units=km +type=crs", (500, 5300), 0.001),
    "base in grads": ("EPSG:27572", (600000, 2200000), 0.5),
    "iterated inverse": ("EPSG:5514", (-700000, -1050000), 0.05),
    "west and south": ("EPSG:2053", (50000, 3000000), 0.5),
    "with heights": ("EPSG:25832+5783", (500000, 5300000), 0.5),
    "with a shift": ("+proj=tmerc +lon_0=9 +ellps=bessel +towgs84=598,73,418 +type=crs", (10000, 5e6), 0.5),
    "derived": (LARGER, (600000, 6360000), 0.5),
    "Moon": ("IAU_2015:30110", (2e6, 1.2e6), 5.0),
    "Mars": ("IAU_2015:49930", (3e5, 1e5), 5.0),
    "whole disk": ("+proj=geos +h=35785831 +type=crs", (1e6, 3e6), 100.0),
}  # fmt: skip
#: Name: CRS, a place in it, size of a pixel in its units, degrees of a unit.
ANGULAR = {
    "degrees": ("EPSG:4326", (9, 48), 3e-6, 1.0),
    "degrees, 3D": ("EPSG:4979", (9, 48), 3e-6, 1.0),
    "grads from Paris": ("EPSG:4807", (2, 52), 3e-6, 0.9),
    "grads": (geographic("grad", math.pi / 200), (10, 52), 3e-6, 0.9),
    "radians": (geographic("radian", 1.0), (0.15, 0.8), 5e-8, math.degrees(1)),
    "arc seconds": (geographic("arc-second", math.pi / 648000), (36000, 172800), 0.01, 1 / 3600),
    "Moon": ("IAU_2015:30100", (10, 60), 1e-5, 1.0),
    "Mars, longitude to the west": ("IAU_2015:49901", (10, 40), 1e-5, 1.0),
    "across the date line": ("EPSG:4326", (180 - 1e-4, -17), 2e-6, 1.0),
}
LOCAL = {
    "metres": ('LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["metre",1]]', 1.0),
    "feet": ('LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["foot",0.3048]]', 0.3048),
    "US survey feet": ('LOCAL_CS["site",UNIT["US survey foot",0.304800609601219]]', 1200 / 3937),
    "kilometres": ('LOCAL_CS["mine",UNIT["kilometre",1000]]', 1000),
    "no length": ('LOCAL_CS["scan",UNIT["degree",0.0174532925199433]]', 1.0),
}  # fmt: skip


def around(transform: Affine, side: int = 300) -> np.ndarray:
    """Corners of a square of pixels around the origin, in the CRS (5, 2)."""
    half = side / 2
    return np.array(
        [transform @ p for p in ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))]
    )


def check(crs: str, transform: Affine, lon: np.ndarray, lat: np.ndarray, side: int = 300) -> None:
    """Area of pixels and their sides against geodesics along the outline of a square of them."""
    ellipsoid = CRS(crs).ellipsoid
    geod = Geod(a=ellipsoid.semi_major_metre, b=ellipsoid.semi_minor_metre)
    area, _ = geod.polygon_area_perimeter(lon[:-1], lat[:-1])
    scale = Ground(transform, crs).scale(np.zeros((1, 2)))[0]
    assert abs(np.linalg.det(scale)) == pytest.approx(abs(area) / side**2, rel=0.003)
    _, _, sides = geod.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    width, height = pixel_size_m(transform, crs, -0.5, -0.5)
    assert width == pytest.approx((sides[0] + sides[2]) / 2 / side, rel=0.003)
    assert height == pytest.approx((sides[1] + sides[3]) / 2 / side, rel=0.003)


@pytest.mark.parametrize("turn", [0, 30])
@pytest.mark.parametrize(("crs", "place", "size"), PROJECTED.values(), ids=PROJECTED)
def test_projected(crs: str, place: tuple[float, float], size: float, turn: float) -> None:
    transform = Affine.translation(*place) @ Affine.rotation(turn) @ Affine.scale(size, -1.4 * size)
    known = CRS(crs)
    known = known.source_crs if known.is_bound else known.sub_crs_list[0] if known.is_compound else known
    base = known.geodetic_crs
    to_base = Transformer.from_crs(known, base, always_xy=True)
    unit = math.degrees(base.axis_info[0].unit_conversion_factor)
    lon, lat = np.array(to_base.transform(*around(transform).T)) * unit
    if base.axis_info[0].direction == "north" and base.axis_info[1].direction == "west":
        lon, lat = lat, lon
    check(known, transform, lon, lat)


@pytest.mark.parametrize(("crs", "place", "size", "degrees"), ANGULAR.values(), ids=ANGULAR)
def test_geographic(crs: str, place: tuple[float, float], size: float, degrees: float) -> None:
    transform = Affine.translation(*place) @ Affine.rotation(10) @ Affine.scale(size, -size)
    check(crs, transform, *(around(transform) * degrees).T)


@pytest.mark.parametrize(("crs", "unit"), LOCAL.values(), ids=LOCAL)
def test_local_systems_are_measured_in_their_plane(crs: str, unit: float) -> None:
    ground = Ground(Affine(0.5, 0, 10, 0, -0.25, 50), crs)
    np.testing.assert_allclose(np.abs(ground.scale(np.zeros((1, 2)))[0]), np.diag([0.5, 0.25]) * unit, rtol=1e-6)
    assert ground.plane_unit_m == pytest.approx(unit)


def test_without_crs_a_unit_is_a_metre() -> None:
    assert pixel_size_m(Affine(0.5, 0, 0, 0, -2, 0), None, 3, 4) == (0.5, 2.0)


def test_scale_holds_at_the_pole() -> None:
    """Meridians meet there, so that steps of longitude say nothing."""
    for at in ((0.0, 0.0), (0.3, 0.2), (40.0, -3.0)):
        width, height = pixel_size_m(Affine(0.5, 0, at[0], 0, -0.5, at[1]), "EPSG:3413", 0, 0)
        assert (width, height) == pytest.approx((0.5155, 0.5155), rel=0.002)


def test_beyond_the_earth_the_plane_counts() -> None:
    width, height = pixel_size_m(Affine(1000, 0, 5.5e6, 0, -1000, 5.5e6), "+proj=geos +h=35785831 +type=crs", 0, 0)
    assert (width, height) == pytest.approx((1000, 1000))


def test_planetocentric_latitudes_are_those_of_the_same_place() -> None:
    ocentric, ographic = (pixel_size_m(Affine(1e-5, 0, 10, 0, -1e-5, lat), crs, 0, 0) for crs, lat in (
        ("IAU_2015:49902", 40.0), ("IAU_2015:49901", 40.3351)))  # fmt: skip
    assert ocentric[0] == pytest.approx(ographic[0], rel=1e-4)
