"""Layers copied by a process of its own: complete, with their index, and ended by a cancel."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyogrio import raw

from idgbr.errors import JobCancelled
from idgbr.layers.copy_process import copy_layer
from idgbr.monitor import Monitor

WRITING = {"layer": "straße 1", "driver": "FlatGeobuf"}


def write(path: Path, count: int = 500) -> Path:
    x = np.arange(count, dtype=np.float64)
    wkb = shapely.to_wkb(shapely.box(x, 0, x + 0.5, 1))
    raw.write(
        path, wkb, [np.arange(count)], ["number"], geometry_type="Polygon", crs="EPSG:32633", SPATIAL_INDEX="NO"
    )  # fmt: skip
    return path


def test_a_copy_holds_all_and_has_an_index(tmp_path: Path) -> None:
    source, target = write(tmp_path / "source.fgb"), tmp_path / "straße 1.fgb"
    copy_layer(source, target, Monitor().check, reading={}, writing=WRITING)
    assert not pyogrio.read_info(source)["capabilities"]["fast_spatial_filter"]
    info = pyogrio.read_info(target)
    assert info["capabilities"]["fast_spatial_filter"]
    assert (info["features"], info["crs"], info["layer_name"]) == (500, "EPSG:32633", "straße 1")
    numbers = np.sort(raw.read(target)[3][0])
    np.testing.assert_array_equal(numbers, np.arange(500))


def test_a_cancel_ends_the_copying(tmp_path: Path) -> None:
    source, monitor = write(tmp_path / "source.fgb", 100_000), Monitor()
    monitor.cancel()
    begun = time.monotonic()
    with pytest.raises(JobCancelled):
        copy_layer(source, tmp_path / "out.fgb", monitor.check, reading={}, writing=WRITING)
    assert time.monotonic() - begun < 2
    assert not (tmp_path / "out.fgb").exists()


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    source = write(tmp_path / "source.fgb")
    with pytest.raises(OSError, match="none"):
        copy_layer(source, tmp_path / "none" / "out.fgb", Monitor().check, reading={}, writing=WRITING)
