"""A copy of a layer with its spatial index, made in a process of its own: GDAL builds it in one go and asks nobody.

It can be ended at once, and takes the file that it writes with it. Imports little, as each copy starts it anew.
"""

from __future__ import annotations

import subprocess  # nosec B404
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

#: Seconds between two looks whether to go on.
_LOOK_S = 0.1


def copy_layer(source: Path, target: Path, layer: str, driver: str, check: Callable[[], None]) -> None:
    """Copy a layer of polygons into a new file.

    Raises OSError with the reason if it cannot be written, and what `check` raises meanwhile: then the copying ends.
    """
    command = [sys.executable, "-m", "idgbr.layer_copy", str(source), str(target), layer, driver]
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


def _copy(source: str, target: str, layer: str, driver: str) -> None:
    from pyogrio import raw

    # A raster without CRS makes a layer without.
    warnings.filterwarnings("ignore", "'crs' was not provided")
    with raw.open_arrow(source, use_pyarrow=False) as (meta, stream):
        raw.write_arrow(
            stream, target, layer=layer, driver=driver, geometry_type="Polygon",
            geometry_name=meta["geometry_name"] or "wkb_geometry", crs=meta["crs"],
        )  # fmt: skip


if __name__ == "__main__":
    try:
        _copy(*sys.argv[1:])
    except (OSError, RuntimeError) as error:
        raise SystemExit(" ".join(str(error).split())) from None
