"""Fixtures for all suites, whatever Python runs them: nothing beyond the standard library and pytest here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions import version_lines

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_report_header() -> list[str]:
    """Versions of GDAL, PROJ, engines and QGIS: each library brings its own."""
    return version_lines()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real imagery beside the repository; the test is skipped where it is not there."""
    if not _DATA.is_dir():
        pytest.skip("no real imagery beside the repository (../shared/data)")
    return _DATA
