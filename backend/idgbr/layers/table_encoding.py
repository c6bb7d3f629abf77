"""Encoding of the texts in a shapefile's table, if it is not declared, or declared wrong.

GDAL reads such texts unchanged, pyogrio as ISO-8859-1, and QGIS in the encoding of the system, mostly UTF-8. Here the
texts themselves decide between the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

#: pyogrio's value for a table without an encoding; a declared one is reported as UTF-8.
UNSTATED = "ISO-8859-1"
UTF_8 = "UTF-8"
#: Number of non-ASCII texts that is enough to decide, and bytes that are read at a time.
_ENOUGH, _CHUNK = 10_000, 1 << 22
_END_OF_FIELDS, _TEXT = 0x0D, b"C"


@dataclass(frozen=True)
class TableEncoding:
    """Encoding for GDAL, and the message for the user."""

    name: str
    word: str


def table_encoding(path: str, layer: str, said: str) -> TableEncoding | None:
    """The encoding of a shapefile's table, also in a folder, for which pyogrio gives `said`; None if that is right.

    Tables in archives are not inspected. Raises OSError if the table cannot be read.
    """
    shapes = Path(path, f"{layer}.shp") if Path(path).is_dir() else Path(path)
    table, page = _beside(shapes, ".dbf"), _beside(shapes, ".cpg")
    wrong_page = page is not None and _says_utf8(page)
    if not (said == UNSTATED or wrong_page) or (table is None and shapes.is_file()):
        return None
    name = UNSTATED
    if table is not None:
        with table.open("rb") as file:
            utf8, other = _texts(file)
        if utf8 + other == 0 or (wrong_page and utf8 >= other):
            return None
        name = UTF_8 if utf8 >= other else UNSTATED
    if wrong_page and page is not None:
        return TableEncoding(name, f"{page.name} declares UTF-8, but its texts are not; they are read as {name}.")
    return TableEncoding(
        name,
        f"the encoding of its texts is not declared; they are read as {name}. If they look wrong, write the name of "
        f"their encoding into {shapes.stem}.cpg.",
    )


def _beside(shapes: Path, suffix: str) -> Path | None:
    """A part of the shapefile, in lower or upper case."""
    parts = [shapes.with_suffix(end) for end in (suffix, suffix.upper())]
    return next((part for part in parts if part.is_file()), None)


def _says_utf8(page: Path) -> bool:
    with page.open("rb") as file:
        return file.read(64).strip().upper() in (b"UTF-8", b"UTF8", b"65001")


def _texts(file: BinaryIO) -> tuple[int, int]:
    """Number of non-ASCII texts that are UTF-8, and that are not; field names count."""
    head = file.read(32)
    begin, size = int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")
    fields = file.read(max(begin - 32, 0))
    counts = [0, 0]
    places, at = [], 1
    for first in range(0, len(fields) - 31, 32):
        if fields[first] == _END_OF_FIELDS:
            break
        _judge(fields[first : first + 11].partition(b"\0")[0], counts)
        if fields[first + 11 : first + 12] == _TEXT:
            places.append((at, at + fields[first + 16]))
        at += fields[first + 16]
    for record in _records(file, begin, size):
        for a, b in places:
            _judge(record[a:b].rstrip(b" \0"), counts)
        if sum(counts) > _ENOUGH:
            break
    return counts[0], counts[1]


def _records(file: BinaryIO, begin: int, size: int) -> Iterator[bytes]:
    """The records that are not pure ASCII."""
    file.seek(begin)
    while size and (chunk := file.read(max(_CHUNK // size, 1) * size)):
        if not chunk.isascii():
            for first in range(0, len(chunk), size):
                record = chunk[first : first + size]
                if not record.isascii():
                    yield record


def _judge(text: bytes, counts: list[int]) -> None:
    if text.isascii():
        return
    try:
        text.decode()
    except UnicodeDecodeError:
        counts[1] += 1
    else:
        counts[0] += 1
