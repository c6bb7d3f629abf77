"""The layer style in QGIS's QML: one category per class, filled with the class's colour."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from idgbr.classes import ClassInfo
from idgbr.layers.geopackage.styles import STYLE_NAME

#: Opacity of fills, 0…255: the image stays visible below.
FILL_ALPHA = 90

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
#: First line of this tool's styles; those saved by QGIS have more in it, and others below it.
_HEAD = f'{_DOCTYPE}<qgis version="3.40.0" styleCategories="Symbology"><renderer-v2 '
_STYLE_TABLE = """CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
styleSLD TEXT,
useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))"""


def add_style(path: Path, layer: str, qml: str) -> None:
    """Store a style where QGIS expects that of a layer: in the GeoPackage, else beside the file.

    Raises OSError or sqlite3.Error.
    """
    if path.suffix.lower() != ".gpkg":
        path.with_suffix(".qml").write_text(qml, encoding="utf-8")
        return
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(_STYLE_TABLE)
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
            " styleName, styleQML, styleSLD, useAsDefault, description, owner)"
            " VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '')",
            (layer, STYLE_NAME, qml),
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '')"
        )


def is_own_style(path: Path) -> bool:
    """Whether this tool wrote a style beside a layer, not QGIS or a user. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD.encode()


def qml_style(classes: Sequence[ClassInfo], classed_by: str = "class_id") -> str:
    """A categorized renderer on a field or expression, for the classes with polygons."""
    root = ET.Element("qgis", version="3.40.0", styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr=classed_by, symbollevels="0", enableorderby="0"
    )
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for i, info in enumerate(c for c in classes if not c.background):
        color = ",".join(str(v) for v in info.color)
        kind = "integer" if abs(info.id) < 1 << 31 else "longlong"
        category = {"value": str(info.id), "symbol": str(i), "label": info.name, "render": "true", "type": kind}
        ET.SubElement(categories, "category", category)
        symbol = ET.SubElement(symbols, "symbol", type="fill", name=str(i), alpha="1", clip_to_extent="1")
        layer = ET.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"})  # nosec B105: a drawing pass
        options = ET.SubElement(layer, "Option", type="Map")
        values = {
            "color": f"{color},{FILL_ALPHA}",
            "style": "solid",
            "outline_color": f"{color},255",
            "outline_style": "solid",
            "outline_width": "0.4",
            "outline_width_unit": "MM",
            "joinstyle": "miter",
        }
        for name, value in values.items():
            ET.SubElement(options, "Option", name=name, type="QString", value=value)
    return _DOCTYPE + ET.tostring(root, encoding="unicode")
