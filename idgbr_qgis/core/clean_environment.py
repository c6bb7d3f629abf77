"""The environment for other programs, without QGIS's own variables.

Uses the standard library only, because the set-up imports it without QGIS.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

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
DROPPED_PREFIXES = ("QGIS_", "QT_", "GDAL_", "OGR_", "CPL_", "PROJ_", "OSGEO4W", "DYLD_")
#: Kept, but only the folders that hold CUDA: an engine finds its libraries there.
LIBRARY_PATH = "LD_LIBRARY_PATH"
CUDA_WORDS = ("cuda", "nvidia", "cudnn", "tensorrt")


def clean_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The user's environment, less what QGIS puts into it for its own Python and libraries."""
    qgis_root = inherited.get("OSGEO4W_ROOT", "").lower()
    kept: dict[str, str] = {}
    for name, value in inherited.items():
        upper = name.upper()
        if upper == LIBRARY_PATH:
            folders = _folders(value, lambda folder: any(word in folder.lower() for word in CUDA_WORDS))
            if folders:
                kept[name] = folders
        elif upper == "PATH" and qgis_root:
            kept[name] = _folders(value, lambda folder: not folder.lower().startswith(qgis_root))
        elif upper not in DROPPED and not upper.startswith(DROPPED_PREFIXES):
            kept[name] = value
    return kept | {"PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}


def _folders(value: str, wanted: Callable[[str], bool]) -> str:
    return os.pathsep.join(folder for folder in value.split(os.pathsep) if folder and wanted(folder))
