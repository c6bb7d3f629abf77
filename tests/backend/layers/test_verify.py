"""Layers on a disk that is full before all is written, when GDAL closes them at the latest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from idgbr.errors import OutputError
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import write_raster

Limit = Callable[[int], AbstractContextManager[None]]


def draw(source: Path, folder: Path, name: str) -> Path:
    """The layer of a class raster, in a folder of its own."""
    folder.mkdir(exist_ok=True)
    run_job("vectorize", {"input": str(source), "output": str(folder / name), "min_area": 0}, Monitor())
    return folder / name


def features(layer: Path) -> int:
    return len(pyogrio.raw.read(layer, layer=layer.stem)[2])


@pytest.mark.parametrize("name", ['a "name" of Ω.gpkg', "o.shp"])
def test_a_layer_that_does_not_fit_is_said_to_be_none(tmp_path: Path, largest_file: Limit, name: str) -> None:
    values = np.kron(np.random.default_rng(0).integers(0, 5, (1, 40, 40)), np.ones((5, 5))).astype(np.uint8)
    source = write_raster(tmp_path / "classes.tif", values)
    whole = draw(source, tmp_path / "whole", name)
    size = max(part.stat().st_size for part in whole.parent.iterdir())
    for limit in (size - 60, int(0.9 * size), size // 2, 4000, 0):
        with largest_file(limit), pytest.raises(OutputError, match=r"disk") as raised:
            draw(source, tmp_path / "out", name)
        assert "\n" not in str(raised.value)
        assert not list((tmp_path / "out").iterdir())
    assert features(draw(source, tmp_path / "out", name)) == features(whole) > 900
