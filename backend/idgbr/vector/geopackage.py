"""A layer put into a GeoPackage that holds more, in one transaction: at any moment it is the old or the new one.

All else in the file stays as it is: layers, tables, rasters, styles, projects, triggers and spatial indexes. Nothing of
what other programs have open is replaced under their hands.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from idgbr.errors import OutputError
from idgbr.vector.spatial_index import has_rtree
from idgbr.vector.style import STYLE_NAME, STYLE_TABLE_NAME

#: Files that SQLite keeps beside one that is open, or was when its program died.
SIDE_ENDS = ("-wal", "-shm", "-journal")
#: Seconds that another program is given to finish its own transaction, and between two tries.
PATIENCE_S, _TRY_S = 20.0, 0.2
#: Steps of SQLite between two looks for a cancel.
_STEPS = 200_000
_MAGIC = b"SQLite format 3\0"
#: Tables in which GeoPackages tell of a layer by its name.
_ABOUT = (
    "gpkg_geometry_columns", "gpkg_ogr_contents", "gpkg_extensions", "gpkg_data_columns", "gpkg_metadata_reference",
    "gpkg_contents",
)  # fmt: skip
#: Names listed in a message.
_LISTED = 5


@dataclass(frozen=True)
class Replaced:
    """What a layer finds in a GeoPackage: how many features it replaces (None: it is new), and the names that stay.

    `alone` says that nothing but the layer, as this tool writes it, is in the file.
    """

    features: int | None
    others: list[str]
    alone: bool


def is_geopackage(path: Path) -> bool:
    """Whether a file is there that SQLite has written."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC
    return False


def look(path: Path, layer: str) -> Replaced:
    """What a layer would replace in the GeoPackage at `path`. Raises OutputError if it cannot be put there."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as base:
            return _look(base, path, layer)
    except sqlite3.Error as error:
        raise OutputError(_failure(path, error)) from error


def _look(base: sqlite3.Connection, path: Path, layer: str) -> Replaced:
    names = {name.lower(): (kind, name) for kind, name in base.execute("SELECT type, name FROM sqlite_master")}
    if "gpkg_contents" not in names:
        raise OutputError(f"{path}: is a database, but no GeoPackage; choose another name.")
    if not has_rtree():
        raise OutputError(
            f"{path}: holds other layers, and this Python's SQLite has no R-tree to add one; choose another."
        )
    contents = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
    old = next((name for name in contents if _same(name, layer)), None)
    kind, there = names.get(layer.lower(), ("", ""))
    reserved = _same(layer, STYLE_TABLE_NAME) or layer.lower().startswith(("gpkg_", "sqlite_", "rtree_"))
    if reserved or (there and (kind != "table" or old is None or contents[old] != "features")):
        raise OutputError(
            f"{path}: {there or layer!r} in it is no layer of polygons; choose another name for the layer."
        )
    features = base.execute(f"SELECT count(*) FROM {_quoted(there)}").fetchone()[0] if there else None  # noqa: S608
    others = sorted(name for name in contents if not _same(name, layer) and name.lower() != STYLE_TABLE_NAME)
    others += ["QGIS projects"] * ("qgis_projects" in names)
    return Replaced(features, others, alone=_is_alone(base, layer, there, names, others))


def _is_alone(
    base: sqlite3.Connection, layer: str, there: str, names: dict[str, tuple[str, str]], others: list[str]
) -> bool:
    """Whether all tables, triggers and styles belong to the layer as this tool writes it."""
    if others or not there:
        return False
    columns = [row[1] for row in base.execute(f"PRAGMA table_info({_quoted(there)})")]
    geometry = base.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (there,)).fetchone()
    if geometry != ("geom",) or not {"class_id", "first_seen"} & set(columns):
        return False
    own = layer.lower()
    starts = (f"rtree_{own}_geom", "gpkg_", "sqlite_", f"trigger_insert_feature_count_{own}",
              f"trigger_delete_feature_count_{own}")  # fmt: skip
    if any(name not in (own, STYLE_TABLE_NAME) and not name.startswith(starts) for name in names):
        return False
    told = [("layer_styles", f"f_table_name <> ? OR styleName <> '{STYLE_NAME}'")]
    told += [("gpkg_metadata_reference", "coalesce(table_name, '') <> ?"), ("gpkg_data_columns", "table_name <> ?")]
    return not any(
        name in names and base.execute(f"SELECT 1 FROM {name} WHERE {where}", (there,)).fetchone()  # noqa: S608
        for name, where in told
    )


def told(path: Path, layer: str, found: Replaced) -> str:
    """One line that says what a layer does to what is in the file; empty where that is its own former self alone."""
    if found.alone:
        return ""
    if found.features is None:
        begin = f"the layer {layer!r} is added"
    else:
        begin = f"its layer {layer!r} ({found.features} features) is replaced"
    if not found.others:
        return f"{path}: {begin}."
    listed = ", ".join(found.others[:_LISTED]) + ", …" * (len(found.others) > _LISTED)
    return f"{path}: {begin}; what else it holds stays ({listed})."


def put_layer(made: Path, path: Path, layer: str, check: Callable[[], None]) -> None:
    """Bring the layer of the GeoPackage `made` into the one at `path`, in place of one of its name.

    Args:
        made: File with the layer alone, its spatial index and its style.
        path: File that gets it.
        layer: Name of the layer in both.
        check: Asked now and then whether to go on; what it raises leaves the file as it was.

    Raises OutputError if the file is locked or full.
    """
    stopped: list[BaseException] = []

    def go_on() -> int:
        try:
            check()
        except BaseException as error:  # noqa: BLE001 (raised again below)
            stopped.append(error)
        return len(stopped)

    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as base:
            base.create_function("with_srs", 2, _with_srs, deterministic=True)
            base.execute("ATTACH ? AS made", (str(made),))
            # A log beside the file, rather than a journal that undoes: whoever reads it after a crash needs no rights
            # to write. Where another program reads in the old way, the journal serves as well.
            with suppress(sqlite3.Error):
                base.execute("PRAGMA main.journal_mode = WAL").fetchone()
            with _transaction(base, check):
                base.set_progress_handler(go_on, _STEPS)
                try:
                    _Move(base, layer).run()
                finally:
                    base.set_progress_handler(None, 0)
            # Only if nobody else has the file open; it costs others nothing if it stays.
            with suppress(sqlite3.Error):
                base.execute("PRAGMA busy_timeout = 0")
                base.execute("PRAGMA main.journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        if stopped:
            raise stopped[0] from None
        raise OutputError(_failure(path, error)) from error


@contextmanager
def _transaction(base: sqlite3.Connection, check: Callable[[], None]) -> Iterator[None]:
    _patiently(base, "BEGIN IMMEDIATE", check)
    try:
        yield
        _patiently(base, "COMMIT", check)
    except BaseException:
        with suppress(sqlite3.Error):
            base.execute("ROLLBACK")
        raise


def _patiently(base: sqlite3.Connection, statement: str, check: Callable[[], None]) -> None:
    """Execute a statement that waits for other programs."""
    base.execute("PRAGMA busy_timeout = 0")
    end = time.monotonic() + PATIENCE_S
    while True:
        check()
        try:
            base.execute(statement)
        except sqlite3.OperationalError as error:
            if not _is_lock(error) or time.monotonic() > end:
                raise
            time.sleep(_TRY_S)
        else:
            base.execute(f"PRAGMA busy_timeout = {PATIENCE_S * 1000:.0f}")
            return


def _is_lock(error: sqlite3.Error) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def _failure(path: Path, error: sqlite3.Error) -> str:
    if _is_lock(error):
        return f"Cannot write {path}: another program is writing to it; save or end the editing there, and run again."
    if "malformed" in str(error) or "not a database" in str(error):
        return f"Cannot write {path}: the file is damaged ({error}); choose another name."
    return f"Cannot write {path}: {error}. Check the free disk space and the rights of the file; it is as it was."


class _Move:
    """The statements that move a layer from the database `made` to `main`."""

    def __init__(self, base: sqlite3.Connection, layer: str) -> None:
        self._base, self._layer = base, layer

    def run(self) -> None:
        """Take the old layer away and put the new one in its place."""
        self._remove()
        run = self._base.execute
        (geometry, srs) = run(
            "SELECT column_name, srs_id FROM made.gpkg_geometry_columns WHERE table_name = ?", (self._layer,)
        ).fetchone()
        new_srs = self._reference_system(srs)
        run(self._sql("table", self._layer))
        self._copy_rows(geometry, None if new_srs == srs else new_srs)
        self._index(f"rtree_{self._layer}_{geometry}")
        for table in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents", "gpkg_extensions"):
            self._describe(table, new_srs)
        self._style()
        # Last, as they would do to each row what is done already.
        triggers = "SELECT sql FROM made.sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        for (sql,) in run(triggers, (self._layer,)).fetchall():
            run(sql)

    def _remove(self) -> None:
        """Take away the layer that has the name, and what tells of it."""
        run, same = self._base.execute, "table_name = ? COLLATE NOCASE"
        row = run("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
                  (self._layer,)).fetchone()  # fmt: skip
        if row:
            start = f"rtree_{row[0]}_".lower()
            trees = run("SELECT name, sql FROM main.sqlite_master WHERE type = 'table'").fetchall()
            columns = [f"{start}{info[1]}".lower() for info in run(f"PRAGMA main.table_info({_quoted(row[0])})")]
            for name, sql in trees:
                if name.lower() in columns and "VIRTUAL" in sql:
                    run(f"DROP TABLE main.{_quoted(name)}")
            run(f"DROP TABLE main.{_quoted(row[0])}")
        there = self._tables("main")
        for table in _ABOUT:
            if table in there:
                run(f"DELETE FROM main.{table} WHERE {same}", (self._layer,))  # noqa: S608 # nosec B608 (constant)
        if "gpkg_metadata" in there and "gpkg_metadata_reference" in there:
            run(
                "DELETE FROM main.gpkg_metadata WHERE id NOT IN (SELECT md_file_id FROM main.gpkg_metadata_reference) "
                "AND id NOT IN (SELECT md_parent_id FROM main.gpkg_metadata_reference WHERE md_parent_id NOT NULL) "
                "AND metadata LIKE '%IDGBR%'"
            )
        if STYLE_TABLE_NAME in there:
            run(
                "DELETE FROM main.layer_styles WHERE f_table_name = ? COLLATE NOCASE AND styleName = ?",
                (self._layer, STYLE_NAME),
            )

    def _copy_rows(self, geometry: str, new_srs: int | None) -> None:
        columns = [row[1] for row in self._base.execute(f"PRAGMA made.table_info({_quoted(self._layer)})")]
        values = [_quoted(name) for name in columns]
        if new_srs is not None:
            values = [
                f"with_srs({value}, {new_srs})" if name == geometry else value
                for name, value in zip(columns, values, strict=True)
            ]
        table, into = _quoted(self._layer), ", ".join(map(_quoted, columns))
        self._base.execute(f"INSERT INTO main.{table} ({into}) SELECT {', '.join(values)} FROM made.{table}")  # noqa: S608 # nosec B608

    def _index(self, name: str) -> None:
        """Copy the spatial index, node by node."""
        self._base.execute(self._sql("table", name))
        for part in ("node", "parent", "rowid"):
            table = _quoted(f"{name}_{part}")
            self._base.execute(f"DELETE FROM main.{table}")  # noqa: S608 # nosec B608
            self._base.execute(f"INSERT INTO main.{table} SELECT * FROM made.{table}")  # noqa: S608 # nosec B608

    def _describe(self, table: str, srs: int) -> None:
        """Copy what a table tells of the layer."""
        if table not in self._tables("made"):
            return
        if table not in self._tables("main"):
            self._base.execute(self._sql("table", table))
        columns = self._common(table)
        values = [str(srs) if name == "srs_id" else name for name in columns]
        if table == "gpkg_contents":  # identifiers are unique in the file
            free = "CASE WHEN identifier IN (SELECT identifier FROM main.gpkg_contents) THEN NULL ELSE identifier END"
            values = [free if name == "identifier" else value for name, value in zip(columns, values, strict=True)]
        self._base.execute(
            f"INSERT INTO main.{table} ({', '.join(columns)}) "  # noqa: S608 # nosec B608 (names of the standard)
            f"SELECT {', '.join(values)} FROM made.{table} WHERE table_name = ?",
            (self._layer,),
        )

    def _reference_system(self, srs: int) -> int:
        """The number that the layer's reference system has in the file, to which it is added if it lacks."""
        run = self._base.execute
        there = "SELECT 1 FROM main.gpkg_spatial_ref_sys WHERE srs_id = ?"
        same = (
            "SELECT a.srs_id FROM main.gpkg_spatial_ref_sys a JOIN made.gpkg_spatial_ref_sys b ON b.srs_id = ? AND "
            "upper(a.organization) = upper(b.organization) AND a.organization_coordsys_id = b.organization_coordsys_id "
            "AND (upper(b.organization) IN ('EPSG', 'ESRI', 'IAU_2015') OR a.definition = b.definition "
            "OR b.srs_id < 1) "
            "ORDER BY a.srs_id <> b.srs_id"
        )
        if found := run(same, (srs,)).fetchone():
            return int(found[0])
        new = srs
        if run(there, (srs,)).fetchone():
            new = max(run("SELECT max(srs_id) FROM main.gpkg_spatial_ref_sys").fetchone()[0], 99_999) + 1
        self._widen_reference_systems()
        columns = self._common("gpkg_spatial_ref_sys")
        values = [str(new) if name == "srs_id" else name for name in columns]
        if "definition_12_063" in self._columns("main", "gpkg_spatial_ref_sys") and "definition_12_063" not in columns:
            columns, values = [*columns, "definition_12_063"], [*values, "'undefined'"]
        run(
            f"INSERT INTO main.gpkg_spatial_ref_sys ({', '.join(columns)}) "  # noqa: S608 # nosec B608 (standard)
            f"SELECT {', '.join(values)} FROM made.gpkg_spatial_ref_sys WHERE srs_id = ?",
            (srs,),
        )
        return new

    def _widen_reference_systems(self) -> None:
        """Add the columns of newer definitions that the layer's file has."""
        table = "gpkg_spatial_ref_sys"
        have = self._columns("main", table)
        kinds = {"definition_12_063": "TEXT NOT NULL DEFAULT 'undefined'", "epoch": "DOUBLE"}
        for name, kind in kinds.items():
            if name in self._columns("made", table) and name not in have:
                self._base.execute(f"ALTER TABLE main.{table} ADD COLUMN {name} {kind}")
                if "gpkg_extensions" not in self._tables("main"):
                    self._base.execute(self._sql("table", "gpkg_extensions"))
                self._base.execute(
                    "INSERT OR IGNORE INTO main.gpkg_extensions "
                    "SELECT * FROM made.gpkg_extensions WHERE table_name = ?",
                    (table,),
                )

    def _style(self) -> None:
        """Add the layer's style; one that the user has made the layer's own stays so."""
        if STYLE_TABLE_NAME not in self._tables("made"):
            return
        if STYLE_TABLE_NAME not in self._tables("main"):
            self._base.execute(self._sql("table", STYLE_TABLE_NAME))
            self._describe_styles()
        columns = [name for name in self._common(STYLE_TABLE_NAME) if name != "id"]
        own = "SELECT 1 FROM main.layer_styles WHERE f_table_name = ? COLLATE NOCASE AND useAsDefault"
        chosen = self._base.execute(own, (self._layer,)).fetchone()
        values = ["0" if chosen and name == "useAsDefault" else name for name in columns]
        self._base.execute(
            f"INSERT INTO main.layer_styles ({', '.join(columns)}) "  # noqa: S608 # nosec B608 (names of QGIS)
            f"SELECT {', '.join(values)} FROM made.layer_styles WHERE f_table_name = ?",
            (self._layer,),
        )

    def _describe_styles(self) -> None:
        columns = ", ".join(self._common("gpkg_contents"))
        self._base.execute(
            f"INSERT OR IGNORE INTO main.gpkg_contents ({columns}) "  # noqa: S608 # nosec B608 (standard)
            f"SELECT {columns} FROM made.gpkg_contents WHERE table_name = 'layer_styles'"
        )

    def _sql(self, kind: str, name: str) -> str:
        """The statement that made something in `made`; it makes the same in `main`."""
        wanted = "SELECT sql FROM made.sqlite_master WHERE type = ? AND name = ?"
        return str(self._base.execute(wanted, (kind, name)).fetchone()[0])

    def _tables(self, base: str) -> set[str]:
        rows = self._base.execute(f"SELECT lower(name) FROM {base}.sqlite_master WHERE type = 'table'")  # noqa: S608 # nosec B608 (constant)
        return {name for (name,) in rows}

    def _columns(self, base: str, table: str) -> list[str]:
        return [row[1] for row in self._base.execute(f"PRAGMA {base}.table_info({table})")]

    def _common(self, table: str) -> list[str]:
        """Columns that a table has in both files."""
        have = {name.lower() for name in self._columns("main", table)}
        return [name for name in self._columns("made", table) if name.lower() in have]


def _with_srs(shape: bytes | None, srs: int) -> bytes | None:
    """A geometry of a GeoPackage with another number of its reference system."""
    if shape is None:
        return None
    order = "little" if shape[3] & 1 else "big"
    return shape[:4] + srs.to_bytes(4, order, signed=True) + shape[8:]  # type: ignore[arg-type]


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
