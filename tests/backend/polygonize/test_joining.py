"""Joining attributes to a large layer can be cancelled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
from pyproj import CRS

from idgbr.errors import JobCancelled
from idgbr.layers.polygons import LayerReference
from idgbr.layers.writer import Attributes, LayerWriter
from idgbr.monitor import Monitor

COUNT = 100


class Counting(Monitor):
    """Says stop when asked for the n-th time."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self.left = last

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise JobCancelled


def squares(number: int) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Vertices and offsets of a row of squares."""
    left, zero = np.arange(number), np.zeros(number)
    x, y = np.stack([left, left + 1, left + 1, left, left], 1), np.stack([zero, zero, zero + 1, zero + 1, zero], 1)
    return np.stack([x, y], -1).reshape(-1, 2), (np.arange(number + 1) * 5, np.arange(number + 1))


def write(output: Path, monitor: Monitor, carried: LayerReference | None = None) -> None:
    vertices, offsets = squares(COUNT)
    numbers = np.ones(COUNT)
    fields = Attributes(np.arange(COUNT), np.array(["a"] * COUNT, object), numbers, numbers, numbers)
    with LayerWriter(output, CRS.from_epsg(32633).to_wkt(), list, monitor, carried=carried) as layer:
        layer.write(vertices, offsets, fields)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_joining_of_attributes_can_be_cancelled(tmp_path: Path, suffix: str) -> None:
    source, folder = tmp_path / "source.gpkg", tmp_path / "made"
    folder.mkdir()
    write(source, Counting(1000))
    carried = LayerReference(str(source), "source")
    with pytest.raises(JobCancelled):
        # At the second look while the first of the two processes starts.
        write(folder / f"o{suffix}", Counting(1), carried)
    assert list(folder.iterdir()) == []
    write(folder / f"o{suffix}", Counting(1000), carried)
    assert pyogrio.read_info(folder / f"o{suffix}", layer="o")["features"] == COUNT
