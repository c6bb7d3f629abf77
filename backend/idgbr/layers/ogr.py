"""pyogrio with names that are passed to GDAL unchanged: it opens and writes exactly the file of a `GdalName`.

By itself, pyogrio splits names at ``!`` (archives) and drops the part after ``;``: a layer ``out/roofs!final.shp``
would overwrite ``final.shp`` in the current folder. Import pyogrio only from here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from idgbr.paths import GdalName
from idgbr.process import without

with without("geopandas", "pandas", "pyarrow"):  # which take a third of a second
    import pyogrio
import pyogrio.core
import pyogrio.errors
import pyogrio.util
from pyogrio import raw

__all__ = ["pyogrio", "raw"]

_parsed: Any = pyogrio.util.vsi_path


def _vsi_path(path: str | Path) -> str:
    """GDAL's form of a name."""
    # pyogrio requires exactly the type str.
    return "".join(path) if isinstance(path, GdalName) else _parsed(path)


for module in (pyogrio.util, pyogrio.core, raw):
    module.vsi_path = _vsi_path
