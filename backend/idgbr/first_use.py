"""Tells the user that the first job after an installation takes longer: compiled code is being made."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
import platformdirs

import idgbr
from idgbr.monitor import Monitor


@contextmanager
def first_use_announced(monitor: Monitor) -> Iterator[None]:
    """Around work by compiled kernels: says so once per installation that they are being made now.

    What was compiled is kept by numba beside the code or in NUMBA_CACHE_DIR; a marker file tells that this was done.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_path("idgbr"))
    marker = folder / f"compiled-{idgbr.__version__}-numba{numba.__version__}-python{python}"
    if marker.exists():
        yield
        return
    monitor.info("First use after installation: code is being compiled, which takes up to a minute, once.")
    yield
    try:
        folder.mkdir(parents=True, exist_ok=True)
        marker.touch()
    except OSError:
        pass  # without a place for the marker the message comes again, no harm done
