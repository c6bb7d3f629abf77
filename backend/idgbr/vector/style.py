"""The layer style in QGIS's QML: one category a class, filled in the class's colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from idgbr.classes import ClassInfo

#: Opacity of fills, 0…255: the image stays visible underneath.
FILL_ALPHA = 90


def qml_style(classes: Sequence[ClassInfo]) -> str:
    """Write a categorized renderer on `class_id` for the classes that get polygons."""
    root = ET.Element("qgis", version="3.40.0", styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr="class_id", symbollevels="0", enableorderby="0"
    )
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for i, info in enumerate(c for c in classes if not c.background):
        color = ",".join(str(v) for v in info.color)
        category = {"value": str(info.id), "symbol": str(i), "label": info.name, "render": "true", "type": "integer"}
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
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return doctype + ET.tostring(root, encoding="unicode")
