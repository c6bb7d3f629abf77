"""Draws polygons as a small picture for notebooks."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_bounds

from idgbr.evaluation.pictures import png_uri
from idgbr.layers.ogr import raw
from idgbr.paths import layer_output

#: Longest side of the picture, px.
_SIDE = 256
#: Colour of polygons without a class.
_PLAIN = (70, 110, 160)


def polygons_uri(polygons: Any, classes: Any) -> str:
    """Polygons, a path or a GeoDataFrame, as the data URI of a PNG."""
    geometries, ids = _geometries(polygons)
    xmin, ymin, xmax, ymax = map(float, shapely.total_bounds(geometries))
    scale = _SIDE / max(xmax - xmin, ymax - ymin)
    height, width = (max(int(length * scale), 1) for length in (ymax - ymin, xmax - xmin))
    colors = {item["id"]: item["color"] for item in classes}
    order = {code: number for number, code in enumerate(dict.fromkeys(ids), 1)}
    table = np.full((len(order) + 1, 3), 255, np.uint8)
    for code, number in order.items():
        table[number] = colors.get(code, _PLAIN)
    shapes = [(geometry, order[code]) for geometry, code in zip(geometries, ids, strict=True)]
    transform = from_bounds(xmin, ymin, xmax, ymax, width, height)
    drawn = rasterize(shapes, (height, width), transform=transform, dtype="uint16")
    return png_uri(table[drawn])


def _geometries(polygons: Any) -> tuple[Any, list[int]]:
    """Geometries of a layer, and the class of each; 0 without a class."""
    if isinstance(polygons, str):
        layer = layer_output(polygons)
        meta, _, geometries, values = raw.read(layer.path, layer=layer.layer if layer.named else None)
        fields = dict(zip(meta["fields"], values, strict=True))
        geometries = shapely.from_wkb(geometries)
    else:
        geometries, fields = polygons.geometry.values, polygons
    return geometries, [int(code) for code in fields["class_id"]] if "class_id" in fields else [0] * len(geometries)
