"""Colours and names of classes in the style of a layer: its .qml file, or the table of styles in its GeoPackage."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from idgbr.layers.geopackage.styles import STYLE_TABLE_NAME
from idgbr.layers.polygons import LayerReference

Color = tuple[int, int, int]
#: Options of a symbol layer with its colour, in this order: fill, line, any.
_COLORS = ("color", "line_color", "outline_color")


class Category(NamedTuple):
    """How a style shows a value: its label, and its colour."""

    label: str
    color: Color


def style_categories(layer: LayerReference, field: str) -> dict[str, Category]:
    """Categories of a layer's style by value as text; empty without a style, or if it is not categorized by `field`."""
    for qml in (_qml_beside(Path(layer.path)), _qml_in_geopackage(Path(layer.path), layer.layer)):
        if qml and (found := qml_categories(qml, field)):
            return found
    return {}


def qml_categories(qml: str, field: str) -> dict[str, Category]:
    """Categories of a QML document by value as text."""
    try:
        root = ET.fromstring(qml)  # noqa: S314 # nosec B314 (expat bounds the expansion of entities)
    except ET.ParseError:
        return {}
    renderer = root.find("renderer-v2[@type='categorizedSymbol']")
    if renderer is None or renderer.get("attr", "").strip('"') != field:
        return {}
    colors = {symbol.get("name"): _color(symbol) for symbol in renderer.iterfind("symbols/symbol")}
    found = {}
    for category in renderer.iterfind("categories/category"):
        value, color = category.get("value", ""), colors.get(category.get("symbol"))
        if value and color:
            found[value] = Category(category.get("label") or value, color)
    return found


def _color(symbol: ET.Element) -> Color | None:
    """The colour of the first layer of a symbol; QGIS before 3.22 writes `prop` in place of `Option`."""
    layer = symbol.find("layer")
    if layer is None:
        return None
    given = {item.get("name"): item.get("value", "") for item in layer.iterfind("Option/Option")}
    given |= {item.get("k"): item.get("v", "") for item in layer.iterfind("prop")}
    for name in _COLORS:
        with suppress(KeyError, ValueError):
            red, green, blue = (min(max(int(part), 0), 255) for part in given[name].split(",")[:3])
            return red, green, blue
    return None


def _qml_beside(path: Path) -> str | None:
    with suppress(OSError, UnicodeDecodeError):
        return path.with_suffix(".qml").read_text(encoding="utf-8")
    return None


def _qml_in_geopackage(path: Path, layer: str) -> str | None:
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return None
    query = (
        f"SELECT styleQML FROM {STYLE_TABLE_NAME} WHERE f_table_name = ? ORDER BY useAsDefault DESC, id DESC LIMIT 1"  # noqa: S608 # nosec B608 (a constant)
    )
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
        found = base.execute(query, (layer,)).fetchone()
        return str(found[0]) if found and found[0] else None
    return None
