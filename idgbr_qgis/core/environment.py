"""The environment of the worker: the user's, less what QGIS puts into it for its own libraries."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QProcessEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Variables that point programs to QGIS's own Python, libraries and data.
DROPPED = frozenset(
    {
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONEXECUTABLE",
        "PYTHONPLATLIBDIR",
        "PYTHONUSERBASE",
        "__PYVENV_LAUNCHER__",
        "VIRTUAL_ENV",
        "VIRTUAL_ENV_PROMPT",
        "CONDA_PREFIX",
        "CONDA_DEFAULT_ENV",
        "LD_PRELOAD",
        "GISBASE",
        "GEOTIFF_CSV",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    }
)
DROPPED_PREFIXES = ("PIP_", "QGIS_", "QT_", "GDAL_", "OGR_", "CPL_", "PROJ_", "OSGEO4W", "DYLD_")
#: Kept, but only the folders that hold CUDA: an engine finds its libraries there.
LIBRARY_PATH = "LD_LIBRARY_PATH"
CUDA_WORDS = ("cuda", "nvidia", "cudnn", "tensorrt")


def worker_environment(backend: Path, inherited: dict[str, str] | None = None) -> QProcessEnvironment:
    """Environment for the worker, whose package is found in the folder `backend` if it is there."""
    inherited = dict(os.environ) if inherited is None else inherited
    qgis_root = inherited.get("OSGEO4W_ROOT", "")
    environment = QProcessEnvironment()
    for name, value in inherited.items():
        upper = name.upper()
        if upper == LIBRARY_PATH:
            kept = _folders(value, lambda folder: any(word in folder.lower() for word in CUDA_WORDS))
            if kept:
                environment.insert(name, kept)
        elif upper == "PATH" and qgis_root:
            environment.insert(name, _folders(value, lambda folder: not folder.lower().startswith(qgis_root.lower())))
        elif upper not in DROPPED and not upper.startswith(DROPPED_PREFIXES):
            environment.insert(name, value)
    if backend.is_dir():
        environment.insert("PYTHONPATH", str(backend))
    environment.insert("PYTHONNOUSERSITE", "1")
    environment.insert("PYTHONUTF8", "1")
    # An installed plugin's folder holds no compiled files.
    environment.insert("PYTHONDONTWRITEBYTECODE", "1")
    return environment


def _folders(value: str, wanted: Callable[[str], bool]) -> str:
    return os.pathsep.join(folder for folder in value.split(os.pathsep) if folder and wanted(folder))
