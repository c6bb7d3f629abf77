"""Configuration files of trainings: TOML, checked against a dataclass field by field."""

from __future__ import annotations

import sys
import typing
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from idgbr.errors import InputError, OutputError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Types of fields that stand in a table itself; others are tables of their own.
_PLAIN = (bool, int, float, str, str | None, tuple[int, ...])


def read_toml(path: Path) -> dict[str, Any]:
    """Content of a file. Raises InputError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: is no valid TOML ({error}); correct it.") from error


def pop_tables(data: dict[str, Any], name: str, path: Path) -> list[dict[str, Any]]:
    """Remove and return the tables `[[name]]`. Raises InputError."""
    tables = data.pop(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError(f"{path}: {name} must be tables, each beginning with [[{name}]].")
    return tables


def claim(folder: Path, name: str, config: object) -> None:
    """Write a configuration into a file of the run folder, or compare it with the one there.

    Raises InputError if the run was started with another one, OutputError if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        note = folder / name
        if note.exists() and note.read_text(encoding="utf-8") != repr(config):
            raise InputError(f"{folder}: was begun with another configuration; choose another --run, or remove it.")
        if not note.exists():
            note.write_text(repr(config), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); check the path and its rights.") from error


def built(kind: type, table: dict[str, Any], where: str) -> Any:
    """An instance of a dataclass from a table. Raises InputError for unknown, missing and mistyped fields."""
    hints = typing.get_type_hints(kind)
    known = {item.name: item for item in fields(kind) if hints[item.name] in _PLAIN}
    for name in table:
        if name not in known:
            raise InputError(f"{where}: {name!r} is no field; there are {', '.join(known)}.")
    for name, item in known.items():
        if name not in table and item.default is MISSING:
            raise InputError(f"{where}: {name} is missing; give it.")
    return kind(**{name: _typed(value, hints[name], f"{where}: {name}") for name, value in table.items()})


def _typed(value: Any, hint: Any, where: str) -> Any:
    """`value` as the type of `hint`: bool, int, float, str (or None), tuple of int."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if hint is float and (whole or isinstance(value, float)):
        return float(value)
    if hint == tuple[int, ...]:
        if isinstance(value, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in value):
            return tuple(value)
        raise InputError(f"{where} is {value!r}; give whole numbers in brackets.")
    names = {bool: "true or false", int: "a whole number", float: "a number"}
    fine = {bool: isinstance(value, bool), int: whole, float: False}.get(hint, isinstance(value, str))
    if not fine:
        raise InputError(f"{where} is {value!r}; give {names.get(hint, 'a text in quotes')}.")
    return value
