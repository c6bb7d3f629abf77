"""Reports renamed fields, and what a shapefile cuts: field names to 10 bytes, texts to 254."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

#: Most bytes of a field name and of a text in a shapefile.
NAME_BYTES, TEXT_BYTES = 10, 254
#: Most fields in a message.
_NAMED = 6


def renamed(given: Iterable[str], written: Iterable[str], *, shapefile: bool) -> Iterator[str]:
    """Messages about fields with another name: those that a shapefile cuts, and those whose name is not free."""
    pairs = [(a, b) for a, b in zip(given, written, strict=True) if a != b]
    cut = [pair for pair in pairs if shapefile and len(pair[0].encode()) > NAME_BYTES]
    if cut:
        yield f"a shapefile allows field names of at most {NAME_BYTES} bytes: {_changes(cut)}."
    if taken := [pair for pair in pairs if pair not in cut]:
        yield f"some names of fields are taken by the result or reserved, so fields are renamed: {_changes(taken)}."


def _changes(pairs: Iterable[tuple[str, str]]) -> str:
    return _listed([f"{a or '(empty)'} as {b}" for a, b in pairs])


def cut_texts(fields: Iterable[str]) -> str:
    """The message about fields with texts that are too long; empty if there are none."""
    named = list(fields)
    if not named:
        return ""
    return (
        f"a shapefile cuts texts to {TEXT_BYTES} bytes, longer ones in {_listed(named)}; choose another format to keep "
        "them."
    )


def is_long(text: str) -> bool:
    """Whether a text is cut."""
    return len(text.encode()) > TEXT_BYTES


def long_fields(path: Path, table: str, fields: Iterable[str]) -> Iterator[str]:
    """Fields of a table of a GeoPackage with texts that are cut."""
    with closing(sqlite3.connect(path)) as base:
        for field in fields:
            quoted, held = (name.replace('"', '""') for name in (field, table))
            query = f'SELECT max(length(CAST("{quoted}" AS BLOB))) FROM "{held}" WHERE typeof("{quoted}") = \'text\''  # noqa: S608 # nosec B608 (quoted names)
            if (base.execute(query).fetchone()[0] or 0) > TEXT_BYTES:
                yield field


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
