"""Moves a layer from one GeoPackage into another by SQL: rows, spatial index, style, and its metadata."""

from __future__ import annotations

import sqlite3

from idgbr.layers.geopackage.styles import STYLE_NAME, STYLE_TABLE_NAME

#: Tables with metadata of layers by name.
_ABOUT = (
    "gpkg_geometry_columns", "gpkg_ogr_contents", "gpkg_extensions", "gpkg_data_columns", "gpkg_metadata_reference",
    "gpkg_contents",
)  # fmt: skip


class LayerMove:
    """The statements that move a layer from the database `made` to `main`."""

    def __init__(self, base: sqlite3.Connection, layer: str) -> None:
        self._base, self._layer = base, layer
        base.create_function("with_srs", 2, _with_srs, deterministic=True)

    def run(self) -> None:
        """Remove the old layer and insert the new one."""
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
        # Last, because they would repeat for each row what is already done.
        triggers = "SELECT sql FROM made.sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        for (sql,) in run(triggers, (self._layer,)).fetchall():
            run(sql)

    def _remove(self) -> None:
        """Remove the layer with the name, and its metadata."""
        run, same = self._base.execute, "table_name = ? COLLATE NOCASE"
        row = run("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
                  (self._layer,)).fetchone()  # fmt: skip
        if row:
            start = f"rtree_{row[0]}_".lower()
            trees = run("SELECT name, sql FROM main.sqlite_master WHERE type = 'table'").fetchall()
            columns = [f"{start}{info[1]}".lower() for info in run(f"PRAGMA main.table_info({quoted(row[0])})")]
            for name, sql in trees:
                if name.lower() in columns and "VIRTUAL" in sql:
                    run(f"DROP TABLE main.{quoted(name)}")
            run(f"DROP TABLE main.{quoted(row[0])}")
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
        columns = [row[1] for row in self._base.execute(f"PRAGMA made.table_info({quoted(self._layer)})")]
        values = [quoted(name) for name in columns]
        if new_srs is not None:
            values = [
                f"with_srs({value}, {new_srs})" if name == geometry else value
                for name, value in zip(columns, values, strict=True)
            ]
        table, into = quoted(self._layer), ", ".join(map(quoted, columns))
        self._base.execute(f"INSERT INTO main.{table} ({into}) SELECT {', '.join(values)} FROM made.{table}")  # noqa: S608 # nosec B608

    def _index(self, name: str) -> None:
        """Copy the spatial index, node by node."""
        self._base.execute(self._sql("table", name))
        for part in ("node", "parent", "rowid"):
            table = quoted(f"{name}_{part}")
            self._base.execute(f"DELETE FROM main.{table}")  # noqa: S608 # nosec B608
            self._base.execute(f"INSERT INTO main.{table} SELECT * FROM made.{table}")  # noqa: S608 # nosec B608

    def _describe(self, table: str, srs: int) -> None:
        """Copy the layer's rows of a metadata table."""
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
        """Number of the layer's reference system in the file; added if the file lacks it."""
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
        """Add the layer's style; a style that the user made the default stays the default."""
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
        """The statement that created something in `made`; it creates the same in `main`."""
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


def quoted(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'
