from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsPointXY,
    QgsRasterLayer,
    QgsRectangle,
)

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.extents import Extent, check_overlap, crs_text, ground_area, metres_per_unit

LOCAL_FEET = 'LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["foot",0.3048]]'
CONTEXT = QgsCoordinateTransformContext()
UTM = QgsCoordinateReferenceSystem("EPSG:32632")
DEGREES = QgsCoordinateReferenceSystem("EPSG:4326")


def test_extent_goes_to_the_worker_in_its_own_crs() -> None:
    extent = Extent(QgsRectangle(9.0, 45.1, 9.1, 45.2), DEGREES)
    assert extent.parameters() == {"extent": (9.0, 45.1, 9.1, 45.2), "extent_crs": "EPSG:4326"}


def test_crs_without_a_number_goes_as_wkt() -> None:
    local = QgsCoordinateReferenceSystem.fromProj("+proj=tmerc +lat_0=45 +lon_0=9.3 +k=1 +x_0=100 +datum=WGS84")
    assert crs_text(local).startswith("PROJCRS[")
    assert QgsCoordinateReferenceSystem.fromWkt(crs_text(local)) == local
    assert crs_text(QgsCoordinateReferenceSystem()) == ""


def test_extent_is_transformed() -> None:
    box = Extent(QgsRectangle(9.0, 45.0, 9.01, 45.01), DEGREES).to(UTM, CONTEXT)
    assert box.xMinimum() == pytest.approx(500000, abs=0.01)
    assert box.width() == pytest.approx(788.5, abs=1)
    assert Extent(box, QgsCoordinateReferenceSystem()).to(UTM, CONTEXT) == box


def test_overlap_is_checked_across_crs(image: QgsRasterLayer) -> None:
    check_overlap(Extent(image.extent(), UTM), image, CONTEXT)
    around = Extent(QgsRectangle(8.9, 45.1, 9.1, 45.2), DEGREES)
    check_overlap(around, image, CONTEXT)
    with pytest.raises(LayerError, match="does not overlap the raster image"):
        check_overlap(Extent(QgsRectangle(10.0, 45.1, 10.1, 45.2), DEGREES), image, CONTEXT)
    with pytest.raises(LayerError, match="empty"):
        check_overlap(Extent(QgsRectangle(5, 5, 5, 9), UTM), image, CONTEXT)


def known_crs(text: str) -> QgsCoordinateReferenceSystem:
    """A CRS from its number or WKT."""
    given = QgsCoordinateReferenceSystem.fromWkt(text) if "[" in text else QgsCoordinateReferenceSystem(text)
    assert given.isValid()
    return given


@pytest.mark.parametrize(
    ("crs", "place", "expected"),
    [
        ("EPSG:32632", (500000, 5000000), 1 / 0.9996),
        ("EPSG:4326", (9.0, 60.0), 55800),
        ("EPSG:3857", (1000000, 8399737.889818), 0.5),  # 60° north: Web Mercator doubles lengths
        ("EPSG:2263", (1000000, 200000), 0.3048006),  # feet of the US survey
        ("EPSG:4807", (2.0, 50.0), 100180 * 0.70832),  # grads: 45° north
        ("IAU_2015:30100", (10, 60), 30323.35 / 2),  # the Moon
        (LOCAL_FEET, (10, 50), 0.3048),
    ],
)
def test_metres_per_unit(crs: str, place: tuple[float, float], expected: float) -> None:
    found = metres_per_unit(QgsPointXY(*place), known_crs(crs), CONTEXT)
    assert found == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(
    ("crs", "box", "expected"),
    [
        ("EPSG:32632", (500000, 5000000, 500100, 5000100), 10000 / 0.9996**2),
        (LOCAL_FEET, (0, 0, 100, 50), 5000 * 0.3048**2),
        ("IAU_2015:30100", (10, 59.99, 10.02, 60.01), (0.02 * 30323.35) ** 2 / 2),  # the Moon
    ],
)
def test_ground_area(crs: str, box: tuple[float, float, float, float], expected: float) -> None:
    found = ground_area(QgsGeometry.fromRect(QgsRectangle(*box)), known_crs(crs), CONTEXT)
    assert found == pytest.approx(expected, rel=0.005)
