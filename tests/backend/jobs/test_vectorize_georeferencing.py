"""Where polygons lie and how they are measured: grids and coordinate systems of all kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from pyproj import Geod
from rasterio.control import GroundControlPoint

from idgbr.jobs.vectorize import run_vectorize
from idgbr.parameters import VectorizeParameters
from tests.backend.jobs.vectorize_files import CLASSES, Recorder, read, run, sample, write_raster


def test_rotated_raster_lands_on_the_right_place(tmp_path: Path) -> None:
    transform = Affine.translation(500_000, 5_400_000) @ Affine.rotation(30) @ Affine.scale(0.5, -0.5)
    source = write_raster(tmp_path / "classes.tif", sample(), transform=transform, classes=CLASSES)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    shapes, data, _ = read(tmp_path / "out.gpkg")
    corners = [transform @ p for p in ((20, 30), (60, 30), (60, 50), (20, 50))]
    assert shapes[list(data["class_id"]).index(2)].symmetric_difference(shapely.Polygon(corners)).area < 1e-6
    assert all(s.exterior.is_ccw for s in shapes)


def test_geographic_raster_is_measured_on_the_ellipsoid(tmp_path: Path) -> None:
    transform = Affine(1e-5, 0, 11.0, 0, -1e-5, 48.0)
    source = write_raster(tmp_path / "classes.tif", sample(), transform=transform, crs="EPSG:4326", classes=CLASSES)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    shapes, data, _ = read(tmp_path / "out.gpkg")
    for shape, area, perimeter in zip(shapes, data["area_m2"], data["perim_m"], strict=True):
        geod = Geod(ellps="WGS84")
        want_area = geod.geometry_area_perimeter(shape)[0]
        want_perimeter = sum(geod.geometry_length(ring) for ring in (shape.exterior, *shape.interiors))
        assert area == pytest.approx(abs(want_area), rel=1e-5)
        assert perimeter == pytest.approx(want_perimeter, rel=1e-5)


def test_large_polygons_are_measured_along_geodesics(tmp_path: Path) -> None:
    values = np.ones((40, 60), np.uint8)
    transform = Affine(0.25, 0, 0.0, 0, -0.25, 60.0)
    source = write_raster(tmp_path / "classes.tif", values, transform=transform, crs="EPSG:4326")
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    shapes, data, _ = read(tmp_path / "out.gpkg")
    assert data["area_m2"][0] == pytest.approx(abs(Geod(ellps="WGS84").geometry_area_perimeter(shapes[0])[0]), rel=1e-9)


def test_raster_without_crs_is_measured_in_its_plane(tmp_path: Path) -> None:
    source = write_raster(tmp_path / "classes.tif", sample(), crs=None, classes=CLASSES)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    _, data, _ = read(tmp_path / "out.gpkg")
    assert sorted(zip(data["area_m2"], data["perim_m"], strict=True)) == [(143.75, 60.0), (200.0, 60.0)]
    assert np.isnan(data["confidence"].astype(float)).all()


def vectorized(path: Path, **options: object) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, object], list[str]]:
    """Polygons, fields, what the layer says of itself, and what the user was told."""
    told = Recorder()
    layer = path.with_suffix(".gpkg")
    run_vectorize(VectorizeParameters(str(path), str(layer), simplify=0, **options), told)
    return *read(layer), told.said


def test_classes_placed_by_control_points(tmp_path: Path) -> None:
    corners = [
        GroundControlPoint(row=r, col=c, x=412000 + 0.5 * c, y=5330000 - 0.5 * r) for r in (0, 60) for c in (0, 80)
    ]
    values = np.ones((60, 80), np.uint8)
    values[10:30, 10:40] = 2
    profile = {"driver": "GTiff", "count": 1, "height": 60, "width": 80, "dtype": "uint8"}
    with rasterio.open(tmp_path / "c.tif", "w", gcps=corners, crs="EPSG:32632", **profile) as raster:
        raster.write(values, 1)
    shapes, fields, meta, said = vectorized(tmp_path / "c.tif")
    assert meta["crs"] == "EPSG:32632"
    assert shapely.total_bounds(shapes) == pytest.approx([412000, 5329970, 412040, 5330000])
    assert fields["area_m2"][fields["class_id"] == 2] == pytest.approx([150], rel=0.005)
    assert said == [f"{tmp_path / 'c.tif'}: its 4 ground control points locate it, as in QGIS."]


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_picture_is_drawn_where_qgis_shows_it(tmp_path: Path) -> None:
    values = np.zeros((60, 80), np.uint8)
    values[10:30, 10:40] = 2
    with rasterio.open(tmp_path / "c.png", "w", driver="PNG", count=1, height=60, width=80, dtype="uint8") as raster:
        raster.write(values, 1)
    shapes, fields, _, said = vectorized(tmp_path / "c.png")
    two = fields["class_id"] == 2
    assert shapely.bounds(shapes[two]).tolist() == [[10, -30, 40, -10]]
    assert fields["area_m2"][two].tolist() == [600]
    assert len(said) == 1
    assert "has no georeference; its rows go down from y = 0" in said[0]
    assert "a pixel counts as 1 m" in said[0]


@pytest.mark.parametrize(
    ("crs", "size", "pixel_m2"),
    [
        ('LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["foot",0.3048]]', 2.0, (2 * 0.3048) ** 2),
        ("EPSG:4807", 4e-6, 0.4**2 * np.cos(np.radians(45.9))),  # grads: 0.4 m of latitude, 51 grads north
        ("IAU_2015:30100", 1e-5, 0.30323**2 * np.cos(np.radians(51))),  # the Moon
    ],
    ids=["local", "grads", "Moon"],
)
def test_areas_and_minimum_area_in_other_systems(tmp_path: Path, crs: str, size: float, pixel_m2: float) -> None:
    values = np.full((60, 80), 1, np.uint8)
    values[10:30, 10:40] = 2
    values[40:44, 50:54] = 3
    raster = write_raster(tmp_path / "c.tif", values, crs=crs, transform=Affine(size, 0, 2, 0, -size, 51))
    _, fields, _, _ = vectorized(raster, min_area=16 * pixel_m2 * 0.99)
    assert fields["area_m2"][fields["class_id"] == 2] == pytest.approx([600 * pixel_m2], rel=0.005)
    assert fields["perim_m"][fields["class_id"] == 2][0] > 0
    assert set(fields["class_id"]) == {1, 2, 3}
    raster.with_suffix(".gpkg").unlink()
    _, fields, _, _ = vectorized(raster, min_area=16 * pixel_m2 * 1.01)
    assert set(fields["class_id"]) == {1, 2}
