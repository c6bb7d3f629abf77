"""Fixtures of the tests of jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backend.jobs.evaluate_files import BUILDING, square, write_raster


@pytest.fixture(autouse=True)
def _copies_here(copies_here: None) -> None:
    """See `copies_here`."""


@pytest.fixture
def truth(tmp_path: Path) -> str:
    """A raster of one square building, to evaluate against."""
    return write_raster(tmp_path / "truth.tif", square(), classes=BUILDING)
