"""Attributes of the source layer, copied to the polygons that continue its features."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from idgbr.errors import InputError
from idgbr.layers.copy_process import copy_layer
from idgbr.layers.polygons import LayerReference
from idgbr.layers.reader import layer_info
from idgbr.layers.shapefile_limits import NAME_BYTES, cut_texts, long_fields, renamed

#: Fields of all polygons, of refined ones (displacement, uncertainty), of parted objects (number, an integer), and the
#: spool's field of their origin.
FIELDS = ("class_id", "class", "confidence", "area_m2", "perim_m")
MOVED_FIELD = "moved_m"
UNCERTAIN_FIELD = "uncertain"
OBJECT_FIELD = "object_id"
ORIGIN_FIELD = "origin_row"
#: Names of the layers in the spool: polygons, and the attributes for them.
SPOOLED, CARRIED = "polygons", "carried"
#: Reserved names of GeoPackage.
_RESERVED = ("fid", "ogc_fid", "geom")
_ROW = "carried_row"
#: Name of a field without one, which formats would drop, in the result and in the spool.
_NAMELESS, _NAMELESS_SPOOLED = "field", "carried_nameless"


def carried_query(
    carried: LayerReference, spool: Path, driver: str, own: Sequence[str], check: Callable[[], None],
    tell: Callable[[str], None], *, edited: bool = False,
) -> str:  # fmt: skip
    """Write the attributes of `carried` into the spool, and return the query that joins them to its polygons.

    `own` are the fields of the polygons. Those of an `edited` layer are the features of `carried`, in their order and
    with all their fields. `tell` gets a line about fields with another name, and about each kind of value that the
    format cuts. Raises what `check` raises in the meantime.
    """
    info = layer_info(carried.path, carried.layer)
    copy_layer(
        info.source, spool, check,
        reading={"layer": carried.layer, "encoding": info.encoding, "read_geometry": False},
        writing={"layer": CARRIED, "driver": "GPKG", "append": True, "FID": _ROW},
    )  # fmt: skip
    given = list(info.fields) if edited else foreign(info.fields)
    shapefile = driver == "ESRI Shapefile"
    names = free_names(given, own, NAME_BYTES if shapefile else None)
    for line in renamed(given, names, shapefile=shapefile):
        tell(line)
    if shapefile and (line := cut_texts(long_fields(spool, CARRIED, given))):
        tell(line)
    columns = [f"p.{_quoted(name)}" for name in own]
    if "" in given:  # GDAL takes it for the geometry of a table without one
        with closing(sqlite3.connect(spool)) as base:
            base.execute(f'ALTER TABLE {CARRIED} RENAME COLUMN "" TO {_NAMELESS_SPOOLED}')
    columns += [
        f"c.{_quoted(name or _NAMELESS_SPOOLED)} AS {_quoted(new)}" for name, new in zip(given, names, strict=True)
    ]
    return (
        f"SELECT {', '.join(['p.geom', *columns])} FROM {SPOOLED} p "  # noqa: S608 # nosec B608 (quoted names)
        f"LEFT JOIN {CARRIED} c ON c.{_ROW} = p.{ORIGIN_FIELD} ORDER BY p.{ORIGIN_FIELD if edited else 'fid'}"
    )


def check_names(layer: LayerReference, names: Iterable[str]) -> None:
    """Raise InputError if fields differ only in case, which the spool cannot hold side by side."""
    if same := same_names(names):
        raise InputError(f"{layer}: the fields {' and '.join(map(repr, same))} differ only in case; rename one.")


def same_names(names: Iterable[str]) -> list[str]:
    """The first names that are one in a GeoPackage, which ignores case; empty if there are none."""
    seen: dict[str, list[str]] = {}
    for name in names:
        seen.setdefault(name.lower(), []).append(name)
    return next((same for same in seen.values() if len(same) > 1), [])


def foreign(names: Iterable[str]) -> list[str]:
    """Fields worth copying: in a layer made by this tool, not those that are computed again."""
    names = list(names)
    stale = {*FIELDS, MOVED_FIELD, UNCERTAIN_FIELD, OBJECT_FIELD} if set(FIELDS) <= set(names) else set()
    return [name for name in names if name not in stale]


def free_names(names: Iterable[str], taken: Iterable[str], limit: int | None) -> list[str]:
    """Names for fields that differ from `taken` and from each other in any case, within `limit` bytes, none empty."""
    used = {name.lower() for name in (*taken, *_RESERVED)}
    out = []
    for name in names:
        new, number = _cut(name, limit) or _NAMELESS, 0
        while new.lower() in used:
            number += 1
            ending = f"_{number}"
            new = _cut(name, limit - len(ending) if limit else None) + ending
        used.add(new.lower())
        out.append(new)
    return out


def _cut(name: str, limit: int | None) -> str:
    return name.encode()[:limit].decode(errors="ignore")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
