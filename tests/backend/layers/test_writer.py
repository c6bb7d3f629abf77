"""Layers are written while they are made: what is in them, and what is left when that goes wrong."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyogrio import raw
from pyproj import CRS

from idgbr.errors import JobCancelled, OutputError
from idgbr.layers import writer, writer_thread
from idgbr.layers.writer import Attributes, LayerWriter, check_vector_output
from idgbr.monitor import Monitor
from tests.backend.polygonize.test_joining import squares

UTM = CRS.from_epsg(32633).to_wkt()


def attributes(confidence: list[float]) -> Attributes:
    count = len(confidence)
    names = np.array(["Gebäude", "水", ""] * count, object)[:count]
    area = np.arange(count) + 0.5
    return Attributes(np.arange(count) - 1, names, np.array(confidence), area, 4 * area)


def test_values_arrive_as_they_were_given(tmp_path: Path) -> None:
    output = tmp_path / "o.gpkg"
    extra = {"moved_m": np.array([0.25, np.nan, 1e-3])}
    given = attributes([0.1, np.nan, 1.0])
    given = Attributes(given.class_id, given.name, given.confidence, given.area_m2, given.perim_m, extra)
    vertices, offsets = squares(3)
    with LayerWriter(output, UTM, list, Monitor(), extra=["moved_m"], constants={"date": "2024-05-01"}) as layer:
        layer.write(vertices, offsets, given)
        layer.write(vertices + 0.125, offsets, given)
    meta, _, geometry, columns = raw.read(output, layer="o")
    got = dict(zip(meta["fields"], columns, strict=True))
    assert CRS.from_user_input(meta["crs"]).to_epsg() == 32633
    assert got["class_id"].dtype == np.int32
    assert got["class_id"].tolist() == [-1, 0, 1] * 2
    assert got["class"].tolist() == ["Gebäude", "水", ""] * 2
    assert np.array_equal(got["confidence"], [0.1, np.nan, 1.0] * 2, equal_nan=True)
    assert np.array_equal(got["moved_m"], [0.25, np.nan, 1e-3] * 2, equal_nan=True)
    assert got["date"].tolist() == ["2024-05-01"] * 6
    expected = shapely.box(np.arange(3), 0, np.arange(3) + 1, 1)
    assert shapely.equals(shapely.from_wkb(geometry[:3]), expected).all()
    assert shapely.get_coordinates(shapely.from_wkb(geometry[3])).min(axis=0).tolist() == [0.125, 0.125]


def test_unknown_numbers_are_null_not_nan(tmp_path: Path) -> None:
    output = tmp_path / "o.gpkg"
    with LayerWriter(output, UTM, list, Monitor()) as layer:
        layer.write(*squares(3), attributes([0.5, np.nan, np.nan]))
    assert pyogrio.read_info(output, layer="o")["features"] == 3
    _, _, _, found = raw.read(output, sql="SELECT count(*) FROM o WHERE confidence IS NULL")
    assert found[0].tolist() == [2]


MOON = "GEOGCRS['Moon',DATUM['Moon',ELLIPSOID['Moon',1737400,0]],CS[ellipsoidal,2],AXIS['lon',east],AXIS['lat',north],ANGLEUNIT['degree',0.0174532925199433]]"  # noqa: E501
SITE = "ENGCRS['site',EDATUM['site'],CS[Cartesian,2],AXIS['x',east],AXIS['y',north],LENGTHUNIT['metre',1]]"


@pytest.mark.parametrize(
    ("crs", "reason"),
    [
        (None, "the raster has no CRS"),
        (SITE.replace("'", '"'), "the CRS 'site' cannot be transformed to them"),
        (MOON.replace("'", '"'), "the CRS 'Moon' cannot be transformed to them"),
    ],
)
def test_geojson_is_refused_for_places_that_are_not_on_earth(tmp_path: Path, crs: str | None, reason: str) -> None:
    with pytest.raises(OutputError, match=f"longitudes and latitudes on Earth, and {reason}; use another format"):
        LayerWriter(tmp_path / "o.geojson", crs, list, Monitor())
    LayerWriter(tmp_path / "o.gpkg", crs, list, Monitor())


def test_layer_without_crs(tmp_path: Path) -> None:
    output = tmp_path / "o.fgb"
    with LayerWriter(output, None, list, Monitor()) as layer:
        layer.write(*squares(2), attributes([0.5, 0.5]))
    assert not pyogrio.read_info(output)["crs"]


def test_ids_beyond_32_bits(tmp_path: Path) -> None:
    output = tmp_path / "o.gpkg"
    given = attributes([0.5])
    given = Attributes(np.array([1 << 40]), given.name, given.confidence, given.area_m2, given.perim_m)
    with LayerWriter(output, UTM, list, Monitor(), wide_ids=True) as layer:
        layer.write(*squares(1), given)
    assert raw.read(output, layer="o")[3][0].tolist() == [1 << 40]


def test_the_style_has_its_time_as_geopackages_write_it(tmp_path: Path) -> None:
    """GDAL, and so QGIS, warns of any other form at every opening."""
    output = tmp_path / "o.gpkg"
    with LayerWriter(output, UTM, list, Monitor()) as layer:
        layer.write(*squares(1), attributes([0.5]))
    with closing(sqlite3.connect(output)) as base:
        (time,) = base.execute("SELECT update_time FROM layer_styles").fetchone()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)


def test_a_shapefile_in_capitals_is_refused_since_its_parts_are_not(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"ROOFS\.SHP: the parts of a shapefile end in lower case"):
        check_vector_output(tmp_path / "ROOFS.SHP")
    check_vector_output(tmp_path / "ROOFS.GPKG")


def test_error_on_the_way_leaves_nothing_and_no_thread(tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with LayerWriter(tmp_path / "o.gpkg", UTM, list, Monitor()) as layer:
            layer.write(*squares(2), attributes([0.5, 0.5]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert list(tmp_path.iterdir()) == []
    assert "layer" not in {t.name for t in threading.enumerate()}


def test_failed_write_is_reported_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer_thread.raw, "write_arrow", full)

    def write() -> None:
        with LayerWriter(tmp_path / "o.gpkg", UTM, list, Monitor()) as layer:
            for _ in range(5):
                layer.write(*squares(2), attributes([0.5, 0.5]))

    with pytest.raises(OutputError, match="No space left"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_what_makes_batches_waits_for_a_slow_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready, taken = threading.Event(), []

    def slow(stream: writer_thread.ColumnStream, *arguments: object, **options: object) -> None:
        ready.wait(10)
        taken.extend(stream._batches)

    monkeypatch.setattr(writer_thread.raw, "write_arrow", slow)
    layer = writer_thread.LayerFeed(tmp_path / "x", {}, None)
    for number in range(writer_thread.WAITING):
        layer.put([np.array([number])])
    late = threading.Thread(target=lambda: layer.put([np.array([99])]))
    late.start()
    time.sleep(0.3)
    assert late.is_alive()
    ready.set()
    late.join(10)
    layer.close(Monitor())
    assert [int(batch[0][0]) for batch in taken] == [*range(writer_thread.WAITING), 99]


@pytest.mark.parametrize("has_rtree", [True, False])
def test_a_geopackage_has_its_spatial_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_rtree: bool) -> None:
    """Made here, or by GDAL where Python's SQLite cannot."""
    monkeypatch.setattr(writer, "has_rtree", lambda: has_rtree)
    output = tmp_path / "o.gpkg"
    with LayerWriter(output, UTM, list, Monitor()) as layer:
        layer.write(*squares(3), attributes([0.5] * 3))
    with closing(sqlite3.connect(output)) as base:
        boxes = base.execute("SELECT id, minx, maxx FROM rtree_o_geom ORDER BY id").fetchall()
    assert boxes == [(1, 0, 1), (2, 1, 2), (3, 2, 3)]
    assert [path.name for path in tmp_path.iterdir()] == ["o.gpkg"]


def test_a_layer_cancelled_at_its_spatial_index_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled = Monitor()
    monkeypatch.setattr(writer.SpatialIndex, "write", lambda *_: cancelled.cancel() or cancelled.check())
    with pytest.raises(JobCancelled), LayerWriter(tmp_path / "o.gpkg", UTM, list, cancelled) as layer:
        layer.write(*squares(2), attributes([0.5, 0.5]))
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_layer_does_not_wait_for_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What GDAL does when all polygons are there cannot be stopped."""
    cancelled, indexed = Monitor(), threading.Event()

    def slow_at_the_end(stream: writer_thread.ColumnStream, *arguments: object, **options: object) -> None:
        list(stream._batches)
        cancelled.cancel()
        indexed.wait(10)

    monkeypatch.setattr(writer_thread.raw, "write_arrow", slow_at_the_end)
    monkeypatch.setattr(writer_thread, "_FAREWELL", 0.1)
    with pytest.raises(JobCancelled), LayerWriter(tmp_path / "o.gpkg", UTM, list, cancelled) as layer:
        layer.write(*squares(2), attributes([0.5, 0.5]))
    assert not indexed.is_set()
    assert list(tmp_path.iterdir()) == []
    indexed.set()
