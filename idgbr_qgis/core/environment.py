"""The environment of the worker: the user's, less what QGIS puts into it for its own libraries."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QProcessEnvironment

from idgbr_qgis.core.clean_environment import clean_environment

if TYPE_CHECKING:
    from pathlib import Path


def worker_environment(backend: Path, inherited: dict[str, str] | None = None) -> QProcessEnvironment:
    """Environment for the worker, whose package is found in the folder `backend` if it is there."""
    environment = QProcessEnvironment()
    for name, value in clean_environment(os.environ if inherited is None else inherited).items():
        # The worker installs nothing.
        if not name.upper().startswith("PIP_"):
            environment.insert(name, value)
    if backend.is_dir():
        environment.insert("PYTHONPATH", str(backend))
    # An installed plugin's folder holds no compiled files.
    environment.insert("PYTHONDONTWRITEBYTECODE", "1")
    return environment
