"""Settings of a process of our own."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys, types
for name in ("geopandas", "pandas"):
    sys.modules.pop(name, None)
{own}
from idgbr.layers.ogr import pyogrio
from pyogrio import _compat
print(_compat.HAS_GEOPANDAS, "pandas" in sys.modules, sys.modules.get("geopandas", 0) is None)
"""


def _answer(own: str) -> list[str]:
    command = [sys.executable, "-c", _PROGRAM.format(own=own)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_a_program_of_our_own_imports_no_data_frames() -> None:
    """And hides them only while pyogrio is imported."""
    assert _answer("from idgbr.process import own_process; own_process()") == ["False", "False", "False"]


def test_a_program_that_imports_the_package_keeps_them() -> None:
    try:
        import geopandas  # noqa: F401
    except ImportError:
        return
    assert _answer("") == ["True", "True", "False"]
