"""A layer in a GeoPackage that holds more: it is added or replaced alone, and nothing else changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS

from benchmarks.kill_geopackage import LAYER, contents, is_sound, kill_often, prepare
from idgbr.errors import JobCancelled, OutputError
from idgbr.layers.geopackage import transaction
from idgbr.layers.geopackage.transaction import effect_text, find_replaced, put_layer
from idgbr.layers.ogr import pyogrio, raw
from idgbr.layers.replace import put_vector
from idgbr.layers.writer import LayerWriter, check_vector_output
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput
from tests.backend.layers.test_writer import UTM, attributes
from tests.backend.polygonize.test_joining import squares


def nothing() -> None:
    """Goes on always."""


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(statement).fetchall()


def write(output: Path | LayerOutput, count: int, crs: str | None = UTM) -> None:
    with LayerWriter(output, crs, list, Monitor()) as layer:
        layer.write(*squares(count), attributes([0.5] * count))


def test_a_layer_is_replaced_and_all_else_stays(tmp_path: Path) -> None:
    user, made = prepare(tmp_path, 700)
    before = contents(user)
    found = find_replaced(user, LAYER)
    assert (found.features, found.others) == (1000, ["notes", "parcels", "streets", "QGIS projects"])
    assert effect_text(user, LAYER, found) == (
        f"{user}: its layer 'roofs' (1000 features) is replaced; its other content stays "
        "(notes, parcels, streets, QGIS projects)."
    )
    put_vector(made.parent, LayerOutput(user, LAYER), nothing)
    assert contents(user) == before
    assert is_sound(user, {700}) == (True, 700)
    assert len(raw.read(user, layer=LAYER, bbox=(0, 0, 1.5, 1.5))[2]) == 4
    styles = rows(user, "SELECT f_table_name, styleName, useAsDefault FROM layer_styles ORDER BY 1")
    assert styles == [("parcels", "classes", 1), ("roofs", "classes", 1)]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("project")] == ["project.gpkg"]


def test_a_layer_is_added_and_can_be_edited_by_gdal(tmp_path: Path) -> None:
    """Its triggers and index work as those of any layer."""
    user, _ = prepare(tmp_path, 5)
    write(LayerOutput(user, "new one", named=True), 3)
    assert {"parcels", "streets", "roofs", "new one"} <= {str(name) for name, _ in pyogrio.list_layers(user)}
    box = shapely.to_wkb(np.array([shapely.box(50, 50, 51, 51)]))
    raw.write(user, box, [np.array([9])], ["class_id"], layer="new one", driver="GPKG", append=True, crs=UTM,
              geometry_type="Polygon")  # fmt: skip
    assert pyogrio.read_info(user, layer="new one")["features"] == 4
    assert len(raw.read(user, layer="new one", bbox=(49, 49, 52, 52))[2]) == 1
    assert rows(user, "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'new one'") == [(4,)]


def test_a_plain_name_adds_the_layer_named_after_the_file(tmp_path: Path) -> None:
    user, _ = prepare(tmp_path, 5)
    assert "the layer 'project' is added" in check_vector_output(user)
    write(user, 3)
    assert pyogrio.read_info(user, layer="project")["features"] == 3
    assert pyogrio.read_info(user, layer="parcels")["features"] == 2000


def test_what_was_the_layers_former_self_alone_is_replaced_as_a_file(tmp_path: Path) -> None:
    output = tmp_path / "o.gpkg"
    write(output, 3)
    assert check_vector_output(output) == ""
    inode = output.stat().st_ino
    write(output, 2)
    assert output.stat().st_ino != inode
    assert pyogrio.read_info(output, layer="o")["features"] == 2


def test_a_style_of_the_user_stays_the_layers_own(tmp_path: Path) -> None:
    output = tmp_path / "o.gpkg"
    write(output, 3)
    with closing(sqlite3.connect(output)) as base, base:
        base.execute("UPDATE layer_styles SET useAsDefault = 0")
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, useAsDefault) VALUES ('', '', 'o', 'geom', 'mine', '<qgis/>', 1)"
        )
    write(output, 2)
    assert rows(output, "SELECT styleName, useAsDefault FROM layer_styles ORDER BY 1") == [("classes", 0), ("mine", 1)]
    assert pyogrio.read_info(output, layer="o")["features"] == 2


def test_the_reference_system_keeps_its_meaning(tmp_path: Path) -> None:
    """The same number may stand for another system in the user's file: geometries then get a free one."""
    user, _ = prepare(tmp_path, 5)
    own = CRS.from_proj4("+proj=tmerc +lat_0=1 +lon_0=2 +ellps=GRS80 +units=m").to_wkt()
    other = CRS.from_proj4("+proj=tmerc +lat_0=40 +lon_0=20 +ellps=GRS80 +units=m").to_wkt()
    write(LayerOutput(user, "first", named=True), 1, own)
    write(LayerOutput(user, "second", named=True), 1, other)
    for layer, crs in (("first", own), ("second", other), ("parcels", "EPSG:25832")):
        assert CRS.from_user_input(pyogrio.read_info(user, layer=layer)["crs"]).equals(CRS(crs)), layer
    numbers = dict(rows(user, "SELECT table_name, srs_id FROM gpkg_geometry_columns"))
    assert numbers["first"] != numbers["second"]
    (blob,) = rows(user, 'SELECT geom FROM "second"')[0]
    assert int.from_bytes(blob[4:8], "little") == numbers["second"]


@pytest.mark.parametrize("layer", ["notes", "layer_styles", "gpkg_contents", "NOTES"])
def test_what_is_no_layer_is_not_replaced(tmp_path: Path, layer: str) -> None:
    user, _ = prepare(tmp_path, 5)
    with pytest.raises(OutputError, match="is not a polygon layer; choose another name"):
        check_vector_output(LayerOutput(user, layer, named=True))


def test_a_database_that_is_no_geopackage_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "precious.gpkg"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE mine (a)")
    with pytest.raises(OutputError, match="is a database, but not a GeoPackage"):
        check_vector_output(path)


def test_a_file_that_is_being_written_to_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user, made = prepare(tmp_path, 5)
    monkeypatch.setattr(transaction, "PATIENCE_S", 0.3)
    with closing(sqlite3.connect(user, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="another program is writing to it; save or end the editing there"):
            put_layer(made, user, LAYER, nothing)
        other.execute("ROLLBACK")
    put_layer(made, user, LAYER, nothing)
    assert is_sound(user, {5}) == (True, 5)


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_who_reads_the_file_meanwhile_sees_the_old_layer_to_the_end(tmp_path: Path, mode: str) -> None:
    """As QGIS, which keeps the file open."""
    user, made = prepare(tmp_path, 5)
    with closing(sqlite3.connect(user, isolation_level=None)) as reader:
        reader.execute(f"PRAGMA journal_mode = {mode}")
        reader.execute("SELECT count(*) FROM roofs").fetchone()
        if mode == "WAL":
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM roofs").fetchone() == (1000,)
        put_layer(made, user, LAYER, nothing)
        if mode == "WAL":
            assert reader.execute("SELECT count(*) FROM roofs").fetchone() == (1000,)
            reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM roofs").fetchone() == (5,)
    assert is_sound(user, {5}) == (True, 5)


def test_a_cancel_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user, made = prepare(tmp_path, 3000)
    monkeypatch.setattr(transaction, "_STEPS", 1000)
    monitor, asked = Monitor(), []

    def check() -> None:
        asked.append(0)
        if len(asked) > 4:
            monitor.cancel()
        monitor.check()

    before = contents(user)
    with pytest.raises(JobCancelled):
        put_layer(made, user, LAYER, check)
    assert contents(user) == before
    assert is_sound(user, {1000}) == (True, 1000)


def test_the_layer_is_written_without_a_journal_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash would leave it behind, and readers that may not write could not open the GeoPackage."""
    user, made = prepare(tmp_path, 5)
    statements: list[str] = []
    connect = sqlite3.connect

    def traced(*args: object, **options: object) -> sqlite3.Connection:
        base: sqlite3.Connection = connect(*args, **options)  # type: ignore[call-overload]
        base.set_trace_callback(statements.append)
        return base

    monkeypatch.setattr(transaction.sqlite3, "connect", traced)
    put_layer(made, user, LAYER, nothing)
    modes = [line.rpartition(" ")[2] for line in statements if "journal_mode =" in line]
    assert modes == ["MEMORY", "WAL", "MEMORY"]
    assert user.read_bytes()[18:20] == b"\1\1"  # the header says that a journal, not a log, is used
    assert not list(tmp_path.glob("project.gpkg-*"))


def test_a_rollback_journal_serves_where_another_program_reads(tmp_path: Path) -> None:
    user, _ = prepare(tmp_path, 5)
    with (
        closing(sqlite3.connect(user, isolation_level=None)) as other,
        closing(sqlite3.connect(user, timeout=0)) as base,
    ):
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM parcels").fetchone()
        transaction._log_ahead(base)
        assert transaction._journal_mode(base) == "delete"


def test_a_kill_leaves_the_old_or_the_new_layer_and_all_others(tmp_path: Path) -> None:
    tally = kill_often(4, 4000, seed=1)
    assert (tally.kills, tally.old + tally.new, tally.lost, tally.damaged) == (4, 4, 0, 0)
