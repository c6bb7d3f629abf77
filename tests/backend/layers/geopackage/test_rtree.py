"""The index of a GeoPackage is whole, finds what it should, and is kept up to date by whoever edits the layer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyogrio import raw

from idgbr.arrays import Floats
from idgbr.layers.arrow import BINARY, ColumnStream
from idgbr.layers.geopackage import rtree
from idgbr.layers.geopackage.rtree import SpatialIndex, has_rtree

#: A name that has to be quoted, in whichever way.
LAYER = """a "b' c"""
TREE = f"rtree_{LAYER}_geom"
QUOTED = '"{}"'.format(TREE.replace('"', '""'))


def bounds_of(count: int) -> Floats:
    """Boxes of a few metres, far from the origin, so that they are no numbers of 32 bits."""
    rng = np.random.default_rng(count)
    corner = rng.uniform((399_000, 5_400_000), (400_000, 5_401_000), (count, 2))
    return np.hstack([corner, corner + rng.uniform(0.01, 9, (count, 2))])


def write_layer(path: Path, bounds: Floats, **options: Any) -> None:
    def batches() -> Iterator[list[Any]]:
        yield [shapely.to_wkb(shapely.box(*bounds.T))]

    raw.write_arrow(
        ColumnStream({"geom": BINARY}, batches() if len(bounds) else iter(())), path, driver="GPKG", layer=LAYER,
        geometry_name="geom", geometry_type="Polygon", crs="EPSG:32633", VERSION="1.3", **options,
    )  # fmt: skip


def write_indexed(path: Path, bounds: Floats) -> None:
    write_layer(path, bounds, SPATIAL_INDEX="NO")
    folder = path.with_suffix(".part")
    folder.mkdir()
    index = SpatialIndex(folder)
    for some in np.array_split(bounds, 3):
        index.add(some)
    index.write(path, LAYER, "geom", lambda: None)
    assert not list(folder.iterdir())


def asked(path: Path, question: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(question, values).fetchall()


def checked(path: Path) -> str:
    """What SQLite says of the tree's nodes, boxes and tables."""
    return str(asked(path, "SELECT rtreecheck(?)", TREE)[0][0])


@pytest.mark.parametrize("count", [0, 1, 51, 52, 2602, 7000])
def test_the_tree_is_whole_and_finds_what_lies_in_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(rtree, "_PIECE", 3 * 51)
    bounds, path = bounds_of(count), tmp_path / "o.gpkg"
    write_indexed(path, bounds)
    assert checked(path) == "ok"
    assert asked(path, f"SELECT count(*) FROM {QUOTED}") == [(count,)]
    for x, y in ((399_100, 5_400_100), (399_900.5, 5_400_300.25)):
        window = shapely.box(x, y, x + 60, y + 60)
        _, fids, _, _ = raw.read(path, layer=LAYER, bbox=window.bounds, return_fids=True)
        expected = np.flatnonzero(shapely.intersects(shapely.box(*bounds.T), window)) + 1
        assert sorted(fids) == expected.tolist()
        assert count < 2000 or len(expected)


def test_boxes_hold_what_they_stand_for(tmp_path: Path) -> None:
    """Numbers of 32 bits are a few centimetres off here."""
    bounds, path = bounds_of(200), tmp_path / "o.gpkg"
    write_indexed(path, bounds)
    boxes = np.array(asked(path, f"SELECT minx, miny, maxx, maxy FROM {QUOTED} ORDER BY id"))
    assert (boxes[:, :2] <= bounds[:, :2]).all()
    assert (boxes[:, 2:] >= bounds[:, 2:]).all()
    assert np.abs(boxes - bounds).max() < 0.6


def test_the_file_is_as_gdal_makes_it(tmp_path: Path) -> None:
    bounds = bounds_of(100)
    write_indexed(tmp_path / "ours.gpkg", bounds)
    write_layer(tmp_path / "gdals.gpkg", bounds)
    for question in (
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",
        "SELECT * FROM gpkg_extensions",
        "SELECT * FROM gpkg_ogr_contents",
        "PRAGMA journal_mode",
    ):
        assert asked(tmp_path / "ours.gpkg", question) == asked(tmp_path / "gdals.gpkg", question)


def test_who_adds_features_keeps_the_tree_up_to_date(tmp_path: Path) -> None:
    bounds, path = bounds_of(3000), tmp_path / "o.gpkg"
    write_indexed(path, bounds[:2000])
    write_layer(path, bounds[2000:], append=True)
    assert checked(path) == "ok"
    assert asked(path, f"SELECT count(*) FROM {QUOTED}") == [(3000,)]


def test_it_stops_when_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtree, "_PIECE", 51)
    path, looks = tmp_path / "o.gpkg", iter(range(3))
    write_layer(path, bounds_of(500), SPATIAL_INDEX="NO")
    index = SpatialIndex(tmp_path)
    index.add(bounds_of(500))

    def check() -> None:
        if next(looks, None) is None:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        index.write(path, LAYER, "geom", check)


def test_sqlite_here_has_trees() -> None:
    assert has_rtree()
