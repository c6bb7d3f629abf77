"""Destinations of QGIS, as the backend is told of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsVectorLayer

from idgbr_qgis.core.destinations import destination, is_file, join_destination, split_destination
from idgbr_qgis.core.job_plan import Output, _open_in, _place, check_writable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("""ogr:dbname='/data/a b.gpkg' table="roofs" (geom)""", "/data/a b.gpkg|layername=roofs"),
        ("""ogr:dbname='/data/it\\'s.gpkg' table="main roofs" (geom)""", "/data/it's.gpkg|layername=main roofs"),
        ("/data/a.gpkg", "/data/a.gpkg"),
        ("/data/a!b|c.shp", "/data/a!b|c.shp"),
    ],
)
def test_a_layer_of_a_geopackage_is_named_as_the_backend_does(text: str, expected: str) -> None:
    assert destination(text) == expected
    assert is_file(text)


def test_other_databases_are_no_files() -> None:
    assert not is_file("""ogr:dbname='/data/a.sqlite' table="roofs" (geom)""")


def test_files_and_layers_are_told_apart() -> None:
    assert split_destination("/a.gpkg|layername=b") == ("/a.gpkg", "b")
    assert split_destination("/a|b.shp") == ("/a|b.shp", "")
    assert join_destination("/a.gpkg", "b") == "/a.gpkg|layername=b"
    assert join_destination("/a.gpkg", "") == "/a.gpkg"


def test_rasters_lie_beside_the_file_of_a_layer() -> None:
    paths = Output("/data/a.gpkg|layername=roofs", classes=True).paths()
    assert paths == {"OUTPUT": "/data/a.gpkg|layername=roofs", "OUTPUT_CLASSES": "/data/a_classes.tif"}


def test_other_layers_of_a_geopackage_may_be_open(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    source = f"{path}|layername=Parcels"
    project = QgsProject()
    project.addMapLayer(QgsVectorLayer(source, "parcels", "ogr", QgsVectorLayer.LayerOptions(False)))
    open_here = _open_in(project)
    assert open_here.get(_place(f"{path}|layername=parcels")) == "parcels"
    assert _place(str(path)) not in open_here
    assert _place(f"{path}|layername=roofs") not in open_here


def test_a_geopackage_that_is_open_elsewhere_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("CREATE TABLE a (b)")
        assert Path(f"{path}-wal").exists()
        check_writable(str(path))
