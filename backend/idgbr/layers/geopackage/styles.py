"""Names in the table of styles of a GeoPackage, `layer_styles`, which QGIS reads."""

from __future__ import annotations

#: Table of QGIS that holds the styles of a GeoPackage's layers, and the name of ours there.
STYLE_TABLE_NAME, STYLE_NAME = "layer_styles", "classes"
