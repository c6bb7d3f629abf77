"""Estimates: pixels and ground of an area, time from what was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from idgbr_qgis.core.area import Area
from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.estimate import DEFAULT_SPEED, START_S, estimate, job_kind, remember_speed

CONTEXT = QgsCoordinateTransformContext()
UTM = QgsCoordinateReferenceSystem("EPSG:32632")
DEGREES = QgsCoordinateReferenceSystem("EPSG:4326")
#: Six by four pixels in a corner of the image.
BOX = QgsRectangle(500000, 4999998, 500003, 5000000)


def test_whole_image(image: QgsRasterLayer) -> None:
    cost = estimate(image, None, "refine", "cpu", CONTEXT)
    assert (cost.columns, cost.rows, cost.pixels) == (10, 8, 80)
    assert cost.km2 == pytest.approx(20e-6, rel=2e-3)
    assert cost.gsd_m == pytest.approx(0.5, rel=2e-3)
    assert cost.seconds == pytest.approx(START_S + 80 / DEFAULT_SPEED["refine"])
    assert not cost.measured


def test_area_in_degrees(image: QgsRasterLayer) -> None:
    box = QgsCoordinateTransform(UTM, DEGREES, QgsProject.instance()).transformBoundingBox(BOX)
    cost = estimate(image, Area.of_rectangle(box, DEGREES), "refine", "cpu", CONTEXT)
    assert (cost.columns, cost.rows) == (6, 4)


def test_polygons_count_by_their_ground(image: QgsRasterLayer) -> None:
    triangle = QgsGeometry.fromWkt("POLYGON ((500000 5000000, 500003 5000000, 500000 4999998, 500000 5000000))")
    cost = estimate(image, Area.of_polygons([triangle], UTM), "refine", "cpu", CONTEXT)
    assert (cost.columns, cost.rows) == (6, 4)
    assert cost.km2 == pytest.approx(3e-6, rel=2e-3)


def test_no_coordinate_system_no_ground(make_raster: Callable[..., Path]) -> None:
    layer = QgsRasterLayer(str(make_raster("bare.tif", epsg=None)), "bare")
    cost = estimate(layer, None, "refine", "cpu", CONTEXT)
    assert (cost.km2, cost.gsd_m) == (None, None)


def test_web_map_of_the_world_is_too_much() -> None:
    source = "type=xyz&url=file:///nowhere/{z}/{x}/{y}.png&zmax=19&zmin=0"
    layer = QgsRasterLayer(source, "tiles", "wms")
    assert layer.isValid()
    with pytest.raises(LayerError, match="choose a smaller area"):
        estimate(layer, None, "refine", "cpu", CONTEXT)
    small = Area.of_rectangle(QgsRectangle(0, 0, 300, 150), QgsCoordinateReferenceSystem("EPSG:3857"))
    cost = estimate(layer, small, "refine", "cpu", CONTEXT)
    assert (cost.columns, cost.rows) == (pytest.approx(1000, abs=8), pytest.approx(500, abs=4))


def test_speed_is_learnt_by_kind_and_device(image: QgsRasterLayer) -> None:
    asked = {"refine": True, "device": "cpu"}
    remember_speed("segment", asked, {"pixels": 1_000_000, "seconds": 1.0})
    kind = job_kind("segment", refined=True)
    cost = estimate(image, None, kind, "cpu", CONTEXT)
    assert cost.measured
    assert cost.seconds == pytest.approx(START_S + 80 / 1e6)
    remember_speed("segment", asked, {"pixels": 3_000_000, "seconds": 1.0})
    assert estimate(image, None, kind, "cpu", CONTEXT).seconds == pytest.approx(START_S + 80 / 2e6)
    assert not estimate(image, None, kind, "cuda", CONTEXT).measured
    assert not estimate(image, None, job_kind("segment", refined=False), "cpu", CONTEXT).measured


@pytest.mark.parametrize("summary", [{}, {"pixels": 100, "seconds": 1.0}, {"pixels": 10**6}, {"pixels": "many"}])
def test_small_or_unknown_jobs_teach_nothing(image: QgsRasterLayer, summary: dict[str, object]) -> None:
    remember_speed("refine", {"device": "cpu"}, summary)
    assert not estimate(image, None, "refine", "cpu", CONTEXT).measured


def test_area_misses_the_image(image: QgsRasterLayer) -> None:
    with pytest.raises(LayerError, match="does not overlap"):
        estimate(image, Area.of_rectangle(QgsRectangle(0, 0, 1, 1), UTM), "refine", "cpu", CONTEXT)


def test_empty_areas_are_refused() -> None:
    with pytest.raises(LayerError, match="empty"):
        Area.of_rectangle(QgsRectangle(1, 1, 1, 2), UTM)
    with pytest.raises(LayerError, match="no polygons"):
        Area.of_polygons([], UTM)
    with pytest.raises(LayerError, match="Nothing is selected in parcels"):
        Area.of_selection(QgsVectorLayer("Polygon?crs=EPSG:32632", "parcels", "memory"))


def test_area_of_a_raster_is_its_extent(image: QgsRasterLayer) -> None:
    area = Area.of_layer(image)
    assert area.mask is None
    assert area.extent.rectangle == image.extent()
