"""pyogrio, which here opens and writes what a `GdalName` says, and looks for nothing else in it.

By itself it takes ``!`` for the border between an archive and what is in it, and drops what follows a ``;``: a layer
``out/roofs!final.shp`` would be written over ``final.shp`` of the current folder. Import it from here alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.core
import pyogrio.errors
import pyogrio.util
from pyogrio import raw

from idgbr.paths import GdalName

__all__ = ["pyogrio", "raw"]

_parsed: Any = pyogrio.util.vsi_path


def _vsi_path(path: str | Path) -> str:
    """What GDAL is given for a name."""
    # pyogrio wants a text of the very type.
    return "".join(path) if isinstance(path, GdalName) else _parsed(path)


for module in (pyogrio.util, pyogrio.core, raw):
    module.vsi_path = _vsi_path
