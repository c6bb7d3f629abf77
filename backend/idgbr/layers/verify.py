"""Verifies that a layer is complete on disk: GDAL writes the end on closing, and ignores a full disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from idgbr.layers.geoparquet import SUFFIXES, rows_of
from idgbr.layers.ogr import pyogrio, raw
from idgbr.layers.reader import READ_ERRORS
from idgbr.paths import literal


def is_complete(path: Path, layer: str, count: int) -> bool:
    """Whether a file in one of the output formats is complete with `count` polygons."""
    try:
        match path.suffix.lower():
            case ".gpkg":
                return _geopackage(path, layer)
            case ".shp":
                return _shapefile(path, count)
            case ".fgb":
                return _flatgeobuf(path, count)
            case suffix if suffix in SUFFIXES:
                return rows_of(path) == count
            case _:
                return _bytes(path, max(path.stat().st_size - 16, 0), 16).split()[-2:] == [b"]", b"}"]
    except (*READ_ERRORS, sqlite3.Error):
        return False


def _geopackage(path: Path, layer: str) -> bool:
    """Features are written or refused in transactions; the spatial index is made last."""
    # A field of the user may be called rowid, so the features are numbered by the key of GDAL's name.
    numbers = {"fid": layer, "rowid": f"rtree_{layer}_geom_rowid"}
    quoted = {number: name.replace('"', '""') for number, name in numbers.items()}
    table, index = (f'(SELECT max({number}) FROM "{name}")' for number, name in quoted.items())  # noqa: S608 # nosec B608 (quoted names)
    with closing(sqlite3.connect(path)) as base:
        return bool(base.execute(f"SELECT {table} IS {index}").fetchone()[0])  # nosec B608


def _shapefile(path: Path, count: int) -> bool:
    """Headers are written last, that of the table in part even if its last records could not be.

    Sizes are compared with the files, because GDAL reads missing records of a table as blank ones, without an error.
    """
    for part in (path, path.with_suffix(".shx")):
        if 2 * _number(part, 24, 4, "big") != part.stat().st_size:
            return False
    table = path.with_suffix(".dbf")
    records, header, record = (_number(table, *place) for place in ((4, 4), (8, 2), (10, 2)))
    return records == count and header > 0 and header + records * record <= table.stat().st_size


def _flatgeobuf(path: Path, count: int) -> bool:
    """The last feature is the end of the file."""
    name = literal(path)
    if pyogrio.read_info(name, force_feature_count=True)["features"] != count:
        return False
    return not count or raw.read(name, fids=[count - 1])[2][0] is not None


def _number(path: Path, begin: int, count: int, order: Literal["little", "big"] = "little") -> int:
    return int.from_bytes(_bytes(path, begin, count), order)


def _bytes(path: Path, begin: int, count: int) -> bytes:
    with path.open("rb") as file:
        file.seek(begin)
        return file.read(count)
