"""Writes a layer into a GeoPackage with other content, in one transaction: it is always the old or the new one.

Everything else in the file stays: layers, tables, rasters, styles, projects, triggers and spatial indexes. Nothing that
other programs have open is replaced.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from idgbr.errors import OutputError
from idgbr.layers.geopackage.layer_move import LayerMove, quoted
from idgbr.layers.geopackage.rtree import has_rtree
from idgbr.layers.geopackage.styles import STYLE_NAME, STYLE_TABLE_NAME

#: Files that SQLite has beside an open database, or after a crash.
SIDE_ENDS = ("-wal", "-shm", "-journal")
#: Seconds to wait for another program's transaction, and between two tries.
PATIENCE_S, _TRY_S = 20.0, 0.2
#: Steps of SQLite between two checks for a cancel.
_STEPS = 200_000
_MAGIC = b"SQLite format 3\0"
#: Most names in a message.
_LISTED = 5


@dataclass(frozen=True)
class Replaced:
    """Existing content of a GeoPackage: features that a layer replaces (None: it is new), and the names that stay.

    `alone` says that the file has nothing but the layer, as this tool writes it.
    """

    features: int | None
    others: list[str]
    alone: bool


def is_geopackage(path: Path) -> bool:
    """Whether a file exists that SQLite has written."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC
    return False


def find_replaced(path: Path, layer: str) -> Replaced:
    """What a layer would replace in the GeoPackage at `path`. Raises OutputError if it cannot be written there."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as base:
            return _look(base, path, layer)
    except sqlite3.Error as error:
        raise OutputError(_failure(path, error)) from error


def _look(base: sqlite3.Connection, path: Path, layer: str) -> Replaced:
    names = {name.lower(): (kind, name) for kind, name in base.execute("SELECT type, name FROM sqlite_master")}
    if "gpkg_contents" not in names:
        raise OutputError(f"{path}: is a database, but not a GeoPackage; choose another name.")
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
            f"{path}: {there or layer!r} in it is not a polygon layer; choose another name for the layer."
        )
    features = _count(base, there, names) if there else None
    others = sorted(name for name in contents if not _same(name, layer) and name.lower() != STYLE_TABLE_NAME)
    others += ["QGIS projects"] * ("qgis_projects" in names)
    return Replaced(features, others, alone=_is_alone(base, layer, there, names, others))


def _count(base: sqlite3.Connection, table: str, names: dict[str, tuple[str, str]]) -> int:
    """Features of a layer, as recorded in the file, else counted."""
    if "gpkg_ogr_contents" in names:
        known = base.execute("SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (table,)).fetchone()
        if known and known[0] is not None:
            return int(known[0])
    return int(base.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0])  # noqa: S608 # nosec B608 (quoted)


def _is_alone(
    base: sqlite3.Connection, layer: str, there: str, names: dict[str, tuple[str, str]], others: list[str]
) -> bool:
    """Whether all tables, triggers and styles belong to the layer as this tool writes it."""
    if others or not there:
        return False
    columns = [row[1] for row in base.execute(f"PRAGMA table_info({quoted(there)})")]
    geometry = base.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (there,)).fetchone()
    if geometry != ("geom",) or not {"class_id", "first_seen"} & set(columns):
        return False
    own = layer.lower()
    starts = (f"rtree_{own}_geom", "gpkg_", "sqlite_", f"trigger_insert_feature_count_{own}",
              f"trigger_delete_feature_count_{own}")  # fmt: skip
    if any(name not in (own, STYLE_TABLE_NAME) and not name.startswith(starts) for name in names):
        return False
    owners = [("layer_styles", f"f_table_name <> ? OR styleName <> '{STYLE_NAME}'")]
    owners += [("gpkg_metadata_reference", "coalesce(table_name, '') <> ?"), ("gpkg_data_columns", "table_name <> ?")]
    return not any(
        name in names and base.execute(f"SELECT 1 FROM {name} WHERE {where}", (there,)).fetchone()  # noqa: S608 # nosec B608
        for name, where in owners
    )


def effect_text(path: Path, layer: str, found: Replaced) -> str:
    """One line about the effect of a layer on the file; empty if it only replaces its own previous version."""
    if found.alone:
        return ""
    if found.features is None:
        begin = f"the layer {layer!r} is added"
    else:
        begin = f"its layer {layer!r} ({found.features} features) is replaced"
    if not found.others:
        return f"{path}: {begin}."
    listed = ", ".join(found.others[:_LISTED]) + ", …" * (len(found.others) > _LISTED)
    return f"{path}: {begin}; its other content stays ({listed})."


def put_layer(made: Path, path: Path, layer: str, check: Callable[[], None]) -> None:
    """Copy the layer of the GeoPackage `made` into the one at `path`, replacing one with its name.

    Args:
        made: File with only the layer, its spatial index and its style.
        path: Target file.
        layer: Name of the layer in both.
        check: Asked from time to time whether to continue; an exception leaves the file unchanged.

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
            base.execute("ATTACH ? AS made", (str(made),))
            _log_ahead(base)
            with _transaction(base, check):
                base.set_progress_handler(go_on, _STEPS)
                try:
                    LayerMove(base, layer).run()
                finally:
                    base.set_progress_handler(None, 0)
            # Only if nobody else has the file open; leaving it does no harm.
            with suppress(sqlite3.Error):
                base.execute("PRAGMA busy_timeout = 0")
                base.execute("PRAGMA main.journal_mode = MEMORY").fetchone()
    except sqlite3.Error as error:
        if stopped:
            raise stopped[0] from None
        raise OutputError(_failure(path, error)) from error


def _log_ahead(base: sqlite3.Connection) -> None:
    """Write through a write-ahead log instead of a rollback journal, if no other program reads the file.

    After a crash, readers of a log need no permission to write. The switch itself changes two bytes of the first page;
    SQLite would protect them by a journal file, which a crash could leave behind, so its journal is kept in memory.
    """
    if _journal_mode(base) == "wal":
        return
    with suppress(sqlite3.Error):
        base.execute("PRAGMA main.journal_mode = MEMORY").fetchone()
        base.execute("PRAGMA main.journal_mode = WAL").fetchone()
    if _journal_mode(base) != "wal":
        base.execute("PRAGMA main.journal_mode = DELETE").fetchone()


def _journal_mode(base: sqlite3.Connection) -> str:
    return str(base.execute("PRAGMA main.journal_mode").fetchone()[0])


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
    """Execute a statement, waiting for other programs."""
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
        return f"{path}: another program is writing to it; save or end the editing there, and run again."
    if "malformed" in str(error) or "not a database" in str(error):
        return f"{path}: the file is damaged ({error}); choose another name."
    return (
        f"{path}: cannot be written ({error}), and is unchanged; check the free disk space and the rights of the file."
    )


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
