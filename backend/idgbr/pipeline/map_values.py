"""The classes of a refined map: a raster with the values of the given map, and a table of changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from idgbr.classes import NODATA_CLASS
from idgbr.coarse_map import CoarseMap
from idgbr.pipeline.result import Strips, writing
from idgbr.raster.grid import Grid
from idgbr.raster.writer import RowWriter

#: Most rows of the table of changes; rarer changes are summed up.
MAX_CHANGES = 50


def writing_values(given: Strips, path: Path, coarse: CoarseMap, grid: Grid, made_by: dict[str, Any]) -> Strips:
    """Pass strips of class indices on; write them with values, colours and names of the given map."""
    values = [c.id for c in coarse.classes]
    dtype, nodata = value_type(values, coarse.nodata)
    table = np.full(NODATA_CLASS + 1, nodata, dtype)
    table[: len(values)] = values

    def opened() -> RowWriter:
        out = RowWriter(path, grid, dtype.name, nodata)
        out.describe(coarse.classes, coarse.legend)
        out.tag(IDGBR_MADE_BY=json.dumps(made_by))
        return out

    return writing(given, opened, lambda _, labels: table[labels])


def value_type(values: list[int], nodata: int | None) -> tuple[np.dtype[Any], int]:
    """The smallest data type for `values` and one nodata value, and that value: `nodata` if possible."""
    used = set(values)
    for name in ("uint8", "uint16", "int16", "uint32", "int32"):
        low, high = int(np.iinfo(name).min), int(np.iinfo(name).max)
        if low <= min(values) and max(values) <= high:
            if nodata is not None and low <= nodata <= high and nodata not in used:
                return np.dtype(name), nodata
            return np.dtype(name), next(v for v in range(high, low - 1, -1) if v not in used)
    # In wider types, a nodata value is only kept if floats can hold it, too.
    if max(values) > np.iinfo(np.int64).max:
        return np.dtype("uint64"), next(v for v in range(2**53) if v not in used)
    return np.dtype("int64"), next(v for v in range(-(2**53), 2**53) if v not in used)


def change_table(changes: list[list[int]], coarse: CoarseMap, pixel_m2: float) -> list[dict[str, Any]]:
    """Pixels that went from one class to another, the most frequent first; `changes` are [from, to, pixels]."""
    rows: list[dict[str, Any]] = [
        {
            "from": coarse.classes[before].name,
            "to": coarse.classes[after].name,
            "from_id": coarse.classes[before].id,
            "to_id": coarse.classes[after].id,
            "pixels": pixels,
            "area_m2": round(pixels * pixel_m2, 2),
        }
        for before, after, pixels in sorted(changes, key=lambda change: -change[2])
    ]
    rest = sum(row["pixels"] for row in rows[MAX_CHANGES:])
    if rest:
        others = {"from": "others", "to": "others", "from_id": None, "to_id": None}
        rows[MAX_CHANGES:] = [{**others, "pixels": rest, "area_m2": round(rest * pixel_m2, 2)}]
    return rows
