"""Faces in space are read as the ground they cover, from whatever format and type of layer."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio.errors
import pytest
import shapely
from pyogrio import raw
from rasterio.crs import CRS
from rasterio.transform import Affine

from idgbr.layers.geometries.surfaces import footprint, is_surface
from idgbr.layers.geometries.wkb import kinds_of
from idgbr.layers.polygons import find_layer, read_polygons
from idgbr.layers.reader import layer_batches, layer_info, layer_names
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid

GRID = Grid(Affine(1, 0, 0, 0, -1, 100), CRS.from_epsg(32633), 100, 100)
#: A roof of two sides and a wall below it: 16 square units of ground.
FACES = [
    [(0, 0, 0), (4, 0, 5), (4, 4, 5), (0, 0, 0)],
    [(0, 0, 0), (4, 4, 5), (0, 4, 0), (0, 0, 0)],
    [(4, 0, 5), (4, 4, 5), (4, 4, 0), (4, 0, 5)],
]
POLYHEDRAL, TIN, TRIANGLE, COLLECTION, MULTI, POLYGON = 15, 16, 17, 7, 6, 3


def polygon(kind: int, ring: list[tuple[float, ...]], order: str = "<", dims: int = 1000) -> bytes:
    head = struct.pack(f"{order}BIII", order == "<", kind + dims, 1, len(ring))
    return head + b"".join(struct.pack(f"{order}{len(p)}d", *p) for p in ring)


def surface(kind: int, order: str = "<") -> bytes:
    parts = [polygon(TRIANGLE if kind == TIN else POLYGON, ring, order) for ring in FACES]
    return struct.pack(f"{order}BII", order == "<", kind + 1000, len(parts)) + b"".join(parts)


def collection(*parts: bytes) -> bytes:
    return struct.pack("<BII", 1, COLLECTION, len(parts)) + b"".join(parts)


def write(path: Path, *shapes: bytes, **options: str) -> Path:
    texts = np.array([f"k{i}" for i in range(len(shapes))], object)
    raw.write(path, np.array(shapes, object), [texts], ["kind"], geometry_type="Unknown", crs="EPSG:32633", **options)
    return path


class Lines(Monitor):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        self.lines.append(message)

    warn = info


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [POLYHEDRAL, TIN])
def test_footprint_is_the_ground_below(kind: int, order: str) -> None:
    ground = shapely.from_wkb(footprint(surface(kind, order)))
    assert shapely.equals(ground, shapely.box(0, 0, 4, 4))
    assert not shapely.has_z(ground)


def test_walls_cover_nothing() -> None:
    wall = polygon(POLYGON, FACES[2])
    assert footprint(struct.pack("<BII", 1, POLYHEDRAL + 1000, 1) + wall) is None


def test_faces_within_collections_count() -> None:
    square = shapely.to_wkb(shapely.box(10, 0, 12, 2))
    inner = collection(shapely.to_wkb(shapely.Point(1, 1)), collection(surface(TIN), square))
    assert is_surface(inner)
    assert shapely.area(shapely.from_wkb(footprint(inner))) == pytest.approx(20)
    assert not is_surface(collection(square))


def test_kinds_are_told_whatever_the_coordinates() -> None:
    point = shapely.Point(1, 2, 3)
    shapes = [shapely.to_wkb(point, flavor="iso"), shapely.to_wkb(point, flavor="extended"), None, surface(TIN, ">")]
    assert kinds_of(np.array(shapes, object)).tolist() == [1, 1, 0, TIN]


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".shp"])
def test_layers_with_surfaces_are_read(tmp_path: Path, suffix: str) -> None:
    options = {".shp": {"SHPT": "MULTIPATCH"}, ".fgb": {"SPATIAL_INDEX": "NO"}}.get(suffix, {})
    path = write(tmp_path / f"roofs{suffix}", surface(TIN), surface(POLYHEDRAL), **options)
    monitor = Lines()
    store, columns = read_polygons(find_layer(str(path)), GRID, monitor, ["kind"])
    np.testing.assert_allclose(store.areas, 16)
    assert columns["kind"].values.tolist() == ["k0", "k1"]
    assert monitor.lines == [f"{path}: the footprint of 2 surfaces in space (multipatch, TIN) is used."]


def test_layer_whose_type_is_of_faces_in_space_is_read(tmp_path: Path) -> None:
    """pyogrio refuses the type of the layer itself."""
    path = write(tmp_path / "roofs.gpkg", surface(TIN))
    plain = np.array([shapely.to_wkb(shapely.box(0, 0, 1, 1))], object)
    raw.write(path, plain, [], [], layer="plots", append=True, geometry_type="Polygon", crs="EPSG:32633")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'TIN' WHERE table_name = 'roofs'")
    with pytest.raises(pyogrio.errors.GeometryError):
        pyogrio.list_layers(path)
    assert layer_names(str(path)) == ["roofs", "plots"]
    assert layer_info(str(path), "roofs").fields == ["kind"]
    (batch,) = layer_batches(str(path), "roofs")
    assert (batch.surfaces, batch.columns["kind"].tolist()) == (1, ["k0"])
    store, _ = read_polygons(find_layer(f"{path}|plots"), GRID, Monitor())
    assert store.areas.tolist() == [1]


def test_rings_that_are_not_closed_are_closed_and_counted(tmp_path: Path) -> None:
    square = [(0, 0), (4, 0), (4, 4), (0, 4)]
    path = write(tmp_path / "open.gpkg", polygon(POLYGON, square, dims=0), polygon(POLYGON, [*square, (0, 0)], dims=0))
    monitor = Lines()
    store, _ = read_polygons(find_layer(str(path)), GRID, monitor)
    assert store.areas.tolist() == [16, 16]
    assert monitor.lines == [f"{path}: 1 invalid polygons were repaired for this run; the file stays as it is."]


def test_measures_are_dropped_without_a_word(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    ring = [(0, 0, 1, 7), (4, 0, 1, 7), (4, 4, 1, 7), (0, 0, 1, 7)]
    path = write(tmp_path / "zm.gpkg", polygon(POLYGON, ring, dims=3000))
    store, _ = read_polygons(find_layer(str(path)), GRID, Monitor())
    assert store.areas.tolist() == [8]
    assert not [w for w in recwarn if "Measured" in str(w.message)]


def test_arcs_within_collections_are_made_straight(tmp_path: Path) -> None:
    """pyogrio does so for the types of arcs only."""

    def circle(left: float, dims: int = 0) -> bytes:
        ring = [(left, 50.0), (left + 5, 55.0), (left + 10, 50.0), (left + 5, 45.0), (left, 50.0)]
        points = b"".join(struct.pack("<3d" if dims else "<2d", *p, *([7.0] if dims else [])) for p in ring)
        return struct.pack("<BII", 1, 10 + dims, 1) + struct.pack("<BII", 1, 8 + dims, len(ring)) + points

    square = shapely.to_wkb(shapely.box(90, 0, 92, 2))
    surfaces = struct.pack("<BII", 1, 12, 1) + circle(40)
    path = write(
        tmp_path / "parks.gpkg", collection(circle(0), shapely.to_wkb(shapely.Point(1, 1))), collection(square),
        collection(square, collection(collection(surfaces))), collection(circle(60, 1000), surface(TIN)), circle(20),
    )  # fmt: skip
    store, _ = read_polygons(find_layer(str(path)), GRID, Monitor())
    area = store.areas[4]
    assert area == pytest.approx(25 * np.pi, rel=2e-3)
    np.testing.assert_allclose(store.areas, [area, 4, area + 4, area + 16, area])
    assert not shapely.has_z(store.take(np.arange(5))).any()
