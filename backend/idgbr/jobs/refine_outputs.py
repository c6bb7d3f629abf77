"""What a refined map is written and told as: the user's own class values, and what became of which class."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.coarse_map import CoarseMap
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.strips import RowReader, strips
from idgbr.raster.write import RowWriter

#: Most rows of the table of changes; what is rarer is summed up.
MAX_CHANGES = 50


def write_values(
    path: Path, indices: Path, coarse: CoarseMap, grid: Grid, made_by: dict[str, Any], monitor: Monitor
) -> None:
    """Write refined class indices as the values of the map that they refine, with its colours and names."""
    values = [c.id for c in coarse.classes]
    dtype, nodata = value_type(values, coarse.nodata)
    table = np.full(NODATA_CLASS + 1, nodata, dtype)
    table[: len(values)] = values
    with RowReader(indices) as labels, RowWriter(path, grid, dtype.name, nodata) as out:
        out.describe(coarse.classes, coarse.legend)
        out.tag(IDGBR_MADE_BY=json.dumps(made_by))
        for first, last in strips(grid):
            monitor.check()
            out.write(first, table[labels.read(first, last)])


def value_type(values: list[int], nodata: int | None) -> tuple[np.dtype[Any], int]:
    """The smallest data type that holds `values` and a nodata value beside them, and that: `nodata` where it fits."""
    used = set(values)
    for name in ("uint8", "uint16", "int16", "uint32", "int32"):
        low, high = int(np.iinfo(name).min), int(np.iinfo(name).max)
        if low <= min(values) and max(values) <= high:
            if nodata is not None and low <= nodata <= high and nodata not in used:
                return np.dtype(name), nodata
            return np.dtype(name), next(v for v in range(high, low - 1, -1) if v not in used)
    return np.dtype("int64"), next(v for v in range(-(2**53), 2**53) if v not in used)


def change_table(changes: NDArray[np.int64], coarse: CoarseMap, pixel_m2: float) -> list[dict[str, Any]]:
    """Pixels that went from one class to another, the commonest first."""
    before, after = np.nonzero(changes)
    order = np.argsort(-changes[before, after], kind="stable")
    rows = [
        {
            "from": coarse.classes[before[i]].name,
            "to": coarse.classes[after[i]].name,
            "from_id": coarse.classes[before[i]].id,
            "to_id": coarse.classes[after[i]].id,
            "pixels": int(changes[before[i], after[i]]),
            "area_m2": round(float(changes[before[i], after[i]] * pixel_m2), 2),
        }
        for i in order
    ]
    rest = sum(row["pixels"] for row in rows[MAX_CHANGES:])
    if rest:
        others = {"from": "others", "to": "others", "from_id": None, "to_id": None}
        rows[MAX_CHANGES:] = [{**others, "pixels": rest, "area_m2": round(rest * pixel_m2, 2)}]
    return rows
