"""Waiting for what goes on in the background."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Callable


def wait_until(done: Callable[[], bool], seconds: float = 30) -> None:
    """Let QGIS go on until something has come about."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come about"
        QCoreApplication.processEvents()
        time.sleep(0.01)
