"""Fixtures of the tests of pipelines."""

from __future__ import annotations

from pathlib import Path

import pytest

from idgbr.scenes import write_scene


@pytest.fixture(scope="session")
def town_scene(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Image and classes of a town of 512 × 640 px of 0.1 m."""
    folder = tmp_path_factory.mktemp("town_scene")
    write_scene(folder / "image.tif", 512, 640, gsd_m=0.1, seed=5, truth_raster=folder / "truth.tif")
    return folder / "image.tif", folder / "truth.tif"
