"""Writing a large layer out can be cancelled between its batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
from pyproj import CRS

from idgbr.errors import JobCancelled
from idgbr.monitor import Monitor
from idgbr.vector import writer
from idgbr.vector.writer import Attributes, LayerWriter

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


def write(output: Path, monitor: Monitor) -> None:
    """A row of squares."""
    left, zero = np.arange(COUNT), np.zeros(COUNT)
    x, y = np.stack([left, left + 1, left + 1, left, left], 1), np.stack([zero, zero, zero + 1, zero + 1, zero], 1)
    vertices = np.stack([x, y], -1).reshape(-1, 2)
    numbers = np.ones(COUNT)
    fields = Attributes(np.arange(COUNT), np.array(["a"] * COUNT, object), numbers, numbers, numbers)
    with LayerWriter(output, CRS.from_epsg(32633).to_wkt(), list, monitor) as layer:
        layer.write(vertices, (np.arange(COUNT + 1) * 5, np.arange(COUNT + 1)), fields)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".fgb", ".geojson"])
def test_export_stops_between_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr(writer, "EXPORT_BATCH", 10)
    monitor = Counting(5)
    with pytest.raises(JobCancelled):
        write(tmp_path / f"o{suffix}", monitor)
    assert monitor.left < -1, "asked once more after the stream had ended"
    assert list(tmp_path.iterdir()) == []
    write(tmp_path / f"o{suffix}", Counting(1000))
    assert pyogrio.read_info(tmp_path / f"o{suffix}")["features"] == COUNT
