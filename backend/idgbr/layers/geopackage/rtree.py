"""The spatial index of a GeoPackage, packed here: GDAL makes it in one call that takes seconds and cannot be cancelled.

An R-tree of SQLite stores its nodes in tables (https://www.sqlite.org/rtree.html, §6). They are filled from sorted
boxes, as GDAL does, but in pieces. Plain INSERTs into SQLite's virtual table take 36 s of CPU per million boxes. The
other parts of the index, its triggers and its entry among the extensions, are copied from an empty layer that GDAL
writes.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Floats, Ints
from idgbr.layers.arrow import BINARY, ColumnStream
from idgbr.layers.ogr import raw
from idgbr.paths import literal

#: Number of the root node.
_ROOT = 1
#: Entries of a node, the same number as in SQLite.
_FAN = 51
_ENTRY = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_NODE = np.dtype([("depth", ">u2"), ("count", ">u2"), ("entries", _ENTRY, _FAN)])
#: Polygons that are sorted at a time: some megabytes, and a tenth of a second.
_PIECE = 512 * _FAN


def has_rtree() -> bool:
    """Whether this Python's SQLite supports the index."""
    with closing(sqlite3.connect(":memory:")) as base:
        try:
            base.execute("CREATE VIRTUAL TABLE tree USING rtree(id, minx, maxx, miny, maxy)")
            base.execute("UPDATE tree_node SET data = data")
        except sqlite3.Error:
            return False
    return True


class SpatialIndex:
    """Boxes of a layer's polygons, stored on disk until `write`."""

    def __init__(self, folder: Path) -> None:
        """Store them in a temporary folder."""
        self._folder = folder
        self._boxes = folder / "boxes.f32"
        self._count = 0

    def add(self, bounds: Floats) -> None:
        """Add the bounds (N, 4) of the next polygons: least x and y, greatest x and y."""
        boxes = np.empty((len(bounds), 4), np.float32)
        for corner, outward in enumerate((-np.inf, np.inf)):
            exact = bounds[:, 2 * corner : 2 * corner + 2]
            rounded = exact.astype(np.float32)
            inside = rounded > exact if outward < 0 else rounded < exact
            boxes[:, corner::2] = np.where(inside, np.nextafter(rounded, np.float32(outward)), rounded)
        with self._boxes.open("ab") as file:
            file.write(boxes.tobytes())
        self._count += len(boxes)

    def write(self, path: Path, layer: str, geometry: str, check: Callable[[], None]) -> None:
        """Make the index of a GeoPackage's layer, whose features are numbered from 1 in the order of their boxes.

        Args:
            path: File with the layer, without an index.
            layer: Name of the layer.
            geometry: Name of its geometry column.
            check: Asked from time to time whether to continue; an exception leaves the index incomplete.

        Raises OSError or sqlite3.Error if it cannot be written.
        """
        twin = self._folder / "twin.gpkg"
        # The index has no CRS; any one keeps pyogrio from warning that the twin has none.
        raw.write_arrow(
            ColumnStream({geometry: BINARY}, iter(())), literal(twin), driver="GPKG", layer=layer,
            geometry_name=geometry, geometry_type="Polygon", crs="EPSG:4326", VERSION="1.3",
        )  # fmt: skip
        name = f"rtree_{layer}_{geometry}"
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            # The file is temporary: after a crash, its remains are never read.
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("PRAGMA synchronous = OFF")
            base.execute("ATTACH ? AS twin", (str(twin),))
            base.execute("BEGIN")
            triggers = _begin(base, name)
            _Tables(base, name).fill(self._count, self._pieces(), check)
            for trigger in triggers:
                base.execute(trigger)
            base.execute("INSERT INTO main.gpkg_extensions SELECT * FROM twin.gpkg_extensions")
            base.execute("COMMIT")
        twin.unlink()
        self._boxes.unlink(missing_ok=True)

    def _pieces(self) -> Iterator[NDArray[np.void]]:
        """Entries of the polygons in pieces."""
        if not self._count:
            return
        first = 1
        with self._boxes.open("rb") as file:
            while len(boxes := np.fromfile(file, np.float32, 4 * _PIECE).reshape(-1, 4)):
                yield _entries(np.arange(first, first + len(boxes)), boxes)
                first += len(boxes)


def _begin(base: sqlite3.Connection, name: str) -> list[str]:
    """Make the empty tables; returns the statements that make the triggers."""
    wanted = "SELECT sql FROM twin.sqlite_master WHERE type = ? AND name = ?"
    if not base.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'gpkg_extensions'").fetchone():
        base.execute(base.execute(wanted, ("table", "gpkg_extensions")).fetchone()[0])
    base.execute(base.execute(wanted, ("table", name)).fetchone()[0])
    triggers = "SELECT sql FROM twin.sqlite_master WHERE type = 'trigger' AND substr(name, 1, length(?)) = ?"
    return [sql for (sql,) in base.execute(triggers, (name, name))]


class _Tables:
    """SQLite's tables of an R-tree."""

    def __init__(self, base: sqlite3.Connection, name: str) -> None:
        self._base, self._name = base, name.replace('"', '""')
        self._next = _ROOT + 1

    def fill(self, count: int, pieces: Iterator[NDArray[np.void]], check: Callable[[], None]) -> None:
        """Pack the entries of `count` features into leaves, these into nodes above, up to the root."""
        level, depth = pieces, 0
        while count > _FAN:
            above = []
            for entries in level:
                check()
                above.append(self._pack(entries, depth))
            nodes = np.concatenate(above)
            level, count, depth = iter([nodes]), len(nodes), depth + 1
        for entries in level:
            self._pack(entries, depth, root=True)

    def _pack(self, entries: NDArray[np.void], depth: int, *, root: bool = False) -> NDArray[np.void]:
        """Store nodes of neighbouring entries, and the node of each entry; returns the entries of the nodes."""
        entries = entries[_tiled(entries["box"])]
        nodes = np.zeros(math.ceil(len(entries) / _FAN), _NODE)
        nodes["count"] = np.minimum(len(entries) - np.arange(len(nodes)) * _FAN, _FAN)
        padded = np.zeros(len(nodes) * _FAN, _ENTRY)
        padded[: len(entries)] = entries
        nodes["entries"] = padded.reshape(-1, _FAN)
        if root:
            nodes["depth"], numbers = depth, np.array([_ROOT])
        else:
            numbers = np.arange(self._next, self._next + len(nodes))
            self._next += len(nodes)
        self._insert("node", numbers, (node.tobytes() for node in nodes))
        order = np.argsort(entries["id"])  # tables grow fastest at their ends
        within = np.repeat(numbers, nodes["count"])
        self._insert("parent" if depth else "rowid", entries["id"][order], within[order].tolist())
        starts = np.arange(0, len(entries), _FAN)
        boxes = np.empty((len(nodes), 4), np.float32)
        boxes[:, 0::2] = np.minimum.reduceat(entries["box"][:, 0::2], starts)
        boxes[:, 1::2] = np.maximum.reduceat(entries["box"][:, 1::2], starts)
        return _entries(numbers, boxes)

    def _insert(self, table: str, keys: Ints, values: Iterable[object]) -> None:
        statement = f'INSERT OR REPLACE INTO main."{self._name}_{table}" VALUES (?, ?)'  # noqa: S608 # nosec B608 (quoted)
        self._base.executemany(statement, zip(keys.tolist(), values, strict=True))


def _entries(ids: Ints, boxes: NDArray[np.float32]) -> NDArray[np.void]:
    """Entries of features or nodes with boxes (N, 4): least and greatest x, least and greatest y."""
    entries = np.empty(len(ids), _ENTRY)
    entries["id"], entries["box"] = ids, boxes
    return entries


def _tiled(boxes: NDArray[np.float32]) -> Ints:
    """Order of boxes within each run, in tiles: by x into slabs, these by y (sort-tile-recursive)."""
    x, y = boxes[:, 0] + boxes[:, 1], boxes[:, 2] + boxes[:, 3]
    slab = math.ceil(math.sqrt(len(boxes) / _FAN)) * _FAN
    rank = np.empty(len(boxes), np.int64)
    rank[np.argsort(x)] = np.arange(len(boxes))
    return np.lexsort((y, rank // slab))
