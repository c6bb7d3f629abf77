"""Layers read in batches hold what they hold read as a whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyogrio import raw

from idgbr.errors import InputError, JobCancelled
from idgbr.layers import reader
from idgbr.layers.reader import layer_info, layer_names
from idgbr.monitor import Monitor, listening

COUNT = 100


def write(path: Path) -> Path:
    """A layer with fields of many types, some of them null here and there."""
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 100, (COUNT, 2))
    wkb = shapely.to_wkb(shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + 3, corners[:, 1] + 2))
    wkb[[3, 50]] = None
    days = np.array(["2024-02-29", "1969-12-31"], "M8[D]")
    null = np.arange(COUNT) % 7 == 0
    columns = {
        "small": rng.integers(-9, 9, COUNT).astype(np.int16),
        "whole": rng.integers(-(2**40), 2**40, COUNT),
        "gaps": rng.integers(0, 9, COUNT).astype(np.int32),
        "single": rng.normal(size=COUNT).astype(np.float32),
        "real": np.where(null, np.nan, rng.normal(size=COUNT)),
        "yes": rng.integers(0, 2, COUNT).astype(bool),
        "text": np.array([None if n else f"Straße {i}" for i, n in enumerate(null)], object),
        "day": days[rng.integers(0, 2, COUNT)],
        "time": (days[rng.integers(0, 2, COUNT)].astype("M8[ms]") + np.arange(COUNT)),
    }
    masks = [null if name == "gaps" else None for name in columns]
    raw.write(
        path, wkb, list(columns.values()), list(columns), field_mask=masks, geometry_type="Polygon", crs="EPSG:32633",
    )  # fmt: skip
    return path


def test_batches_hold_what_the_whole_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "BATCH", 7)
    path = write(tmp_path / "layer.gpkg")
    meta, _, wkb, values = raw.read(path)
    batches = list(reader.layer_batches(str(path), "layer"))
    assert max(len(batch.wkb) for batch in batches) == 7
    shapes = shapely.from_wkb(np.concatenate([batch.wkb for batch in batches]))
    assert shapely.equals_exact(shapes, shapely.from_wkb(wkb)).sum() == COUNT - 2
    assert shapely.is_missing(shapes).sum() == 2
    assert list(batches[0].columns) == list(meta["fields"]) == layer_info(str(path), "layer").fields
    for name, expected in zip(meta["fields"], values, strict=True):
        parts = [batch.columns[name] for batch in batches]
        if name != "gaps":
            np.testing.assert_array_equal(np.concatenate(parts), expected, err_msg=name)
            continue
        found = np.ma.concatenate(parts)
        assert found.dtype.kind == "i"
        np.testing.assert_array_equal(found.mask, np.isnan(expected))
        np.testing.assert_array_equal(found.compressed(), expected[~np.isnan(expected)])


def test_only_the_fields_asked_for_are_read(tmp_path: Path) -> None:
    path = str(write(tmp_path / "layer.gpkg"))
    (batch,) = reader.layer_batches(path, "layer", ["text"])
    assert list(batch.columns) == ["text"]
    (batch,) = reader.layer_batches(path, "layer", [])
    assert batch.columns == {}
    assert len(batch.wkb) == COUNT


def test_arcs_become_lines(tmp_path: Path) -> None:
    """A round plot of cadastral data, drawn as an arc, is read as a polygon of many corners."""
    path = tmp_path / "layer.gpkg"
    ring = np.array([0, 0, 1, 1, 2, 0, 1, -1, 0, 0], np.float64).tobytes()
    string = b"\x01" + (8).to_bytes(4, "little") + (5).to_bytes(4, "little") + ring
    curved = b"\x01" + (10).to_bytes(4, "little") + (1).to_bytes(4, "little") + string
    plain = shapely.to_wkb(shapely.box(5, 5, 6, 6))
    raw.write(path, np.array([plain, curved], object), [], [], geometry_type="Unknown", crs="EPSG:32633")
    (batch,) = reader.layer_batches(str(path), "layer")
    square, plot = shapely.from_wkb(batch.wkb)
    assert shapely.area(plot) == pytest.approx(np.pi, rel=0.01)
    assert shapely.area(square) == 1


def test_what_is_no_layer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text.gpkg"
    path.write_text("no layer")
    for read in (layer_names, lambda p: layer_info(p, "x"), lambda p: list(reader.layer_batches(p, "x"))):
        with pytest.raises(InputError, match=r"text\.gpkg: cannot be read as a vector layer"):
            read(str(path))


def test_a_cancel_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "BATCH", 10)
    path, monitor = write(tmp_path / "layer.gpkg"), Monitor()
    with listening(monitor):
        batches = reader.layer_batches(str(path), "layer")
        next(batches)
        monitor.cancel()
        with pytest.raises(JobCancelled):
            next(batches)
    assert pyogrio.read_info(path)["features"] == COUNT
