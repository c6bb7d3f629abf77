"""Names in the style table of a GeoPackage, `layer_styles`, which QGIS reads."""

from __future__ import annotations

#: QGIS's table of the styles in a GeoPackage, and the name of this tool's style.
STYLE_TABLE_NAME, STYLE_NAME = "layer_styles", "classes"
