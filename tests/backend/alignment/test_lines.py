"""Layers of lines, in all formats."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest

from idgbr.alignment import LineLayer
from idgbr.errors import OutputError
from idgbr.monitor import Monitor
from idgbr.paths import layer_output


def test_lines_have_their_fields_in_every_format(tmp_path: Path, vector_format: str) -> None:
    out = tmp_path / f"lines{vector_format}"
    starts = np.array([[500_000.0, 5e6], [500_010.0, 5e6 + 7]])
    with LineLayer(layer_output(out), "EPSG:32633", ["a", "b"], Monitor(), tmp_path) as lines:
        lines.write(starts, starts + 3, np.array([1.0, 2.0]), np.array([0.5, np.nan]))
    found = geopandas.read_parquet(out) if vector_format == ".parquet" else geopandas.read_file(out)
    found = found.to_crs("EPSG:32633").sort_values("a")
    ends = np.array([np.asarray(line.coords) for line in found.geometry])
    np.testing.assert_allclose(ends, np.stack((starts, starts + 3), 1), atol=1e-3)
    assert found["a"].tolist() == [1, 2]
    assert np.isnan(found["b"].iloc[1])
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> None:
        with LineLayer(layer_output(tmp_path / "lines.gpkg"), None, ["a"], Monitor(), tmp_path) as lines:
            lines.write(np.zeros((1, 2)), np.ones((1, 2)), np.zeros(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert not list(tmp_path.iterdir())
    with pytest.raises(OutputError, match="unknown format"):
        LineLayer(layer_output(tmp_path / "lines.xyz"), None, [], Monitor(), tmp_path)
