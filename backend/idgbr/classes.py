"""Classes of a class raster: ids, names and colours, as in cards, rasters and layers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: Pixel value of unclassified pixels in class rasters (nodata of the image, outside the mask).
NODATA_CLASS = 255
#: GDAL metadata item with the classes of a class raster as JSON.
CLASSES_TAG = "IDGBR_CLASSES"


@dataclass(frozen=True)
class ClassInfo:
    """One class: pixel value `id`, name, RGB colour; `background` classes get no polygons.

    Rasters made by models have ids 0…254; those of a given map may be any integers.
    """

    id: int
    name: str
    color: tuple[int, int, int]
    background: bool = False


def classes_to_json(classes: Sequence[ClassInfo]) -> str:
    """Write classes as a JSON list, the value of the `CLASSES_TAG` metadata item and of a card's `classes`."""
    return json.dumps([asdict(c) for c in classes])


def classes_from_json(items: str | Sequence[dict[str, Any]]) -> list[ClassInfo]:
    """Read what `classes_to_json` wrote (text, or the list already parsed); unknown fields are ignored."""
    parsed: Sequence[dict[str, Any]] = json.loads(items) if isinstance(items, str) else items
    return [
        ClassInfo(int(i["id"]), str(i["name"]), tuple(i["color"]), bool(i.get("background", False))) for i in parsed
    ]
