"""Copies a layer in a separate process that can be killed: GDAL sorts and indexes in one call without a cancel.

It imports little, because each copy starts a new process.
"""

from __future__ import annotations

import json
import subprocess  # nosec B404
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

#: For all written layers: otherwise GDAL holds a GeoPackage's index in up to a tenth of the memory.
GDAL_OPTIONS = {"OGR_GPKG_MAX_RAM_USAGE_RTREE": 64 << 20}
#: Features in memory at a time.
BATCH = 10_000
#: Seconds between two checks for a cancel.
_LOOK_S = 0.1


def copy_layer(
    source: Path | str,
    target: Path,
    check: Callable[[], None],
    *,
    reading: Mapping[str, Any],
    writing: Mapping[str, Any],
) -> None:
    """Copy a layer, or the result of a query on it, into a file.

    Args:
        source: Input file; of GeoParquet only its fields, without geometries.
        target: Output file.
        check: Asked whether to continue; an exception stops the copy and leaves the file incomplete.
        reading: Options of `pyogrio.raw.open_arrow`, of plain values, such as `sql`.
        writing: Options of `pyogrio.raw.write_arrow` except for the CRS and geometry options.

    Raises OSError with the reason if the file cannot be written.
    """
    options = json.dumps({"reading": dict(reading), "writing": dict(writing)})
    command = [sys.executable, "-m", "idgbr.layers.copy_process", str(source), str(target), options]
    with subprocess.Popen(  # noqa: S603 # nosec B603 (our own module, no shell)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as copy:
        try:
            while copy.poll() is None:
                check()
                try:
                    copy.wait(_LOOK_S)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            copy.kill()
        if copy.returncode:
            assert copy.stderr is not None
            lines = copy.stderr.read().decode(errors="replace").splitlines()
            raise OSError(lines[-1] if lines else "the copying of the layer was ended")


def _copy(source: str, target: str, options: str) -> None:
    from idgbr.layers.geoparquet import DRIVER, is_parquet, parquet_layer, write_parquet
    from idgbr.layers.ogr import pyogrio, raw
    from idgbr.paths import gdal_name, literal

    # A raster without a CRS makes a layer without one.
    warnings.filterwarnings("ignore", "'crs' was not provided")
    pyogrio.set_gdal_config_options(GDAL_OPTIONS)
    given = json.loads(options)
    if is_parquet(source):
        layer = parquet_layer(source)
        stream = layer.stream(layer.fields, BATCH, geometry=False)
        raw.write_arrow(stream, literal(target), **given["writing"])
        return
    with raw.open_arrow(gdal_name(source), use_pyarrow=False, **given["reading"]) as (meta, stream):
        if given["writing"].get("driver") == DRIVER:
            write_parquet(stream, target, meta["crs"], meta["geometry_name"] or "wkb_geometry")
            return
        shapes = {"geometry_type": "Polygon", "geometry_name": meta["geometry_name"] or "wkb_geometry"}
        if not given["reading"].get("read_geometry", True):
            shapes = {}
        raw.write_arrow(stream, literal(target), crs=meta["crs"], **{**shapes, **given["writing"]})


if __name__ == "__main__":
    try:
        _copy(*sys.argv[1:])
    except (OSError, RuntimeError, ValueError) as error:  # those of pyarrow are ValueErrors
        raise SystemExit(" ".join(str(error).split())) from None
