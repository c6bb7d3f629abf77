"""Writes class and confidence rasters: rows into a temporary GeoTIFF, then a COG under the final name."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError
from rasterio.windows import Window

from idgbr.classes import CLASSES_TAG, ClassInfo, classes_to_json
from idgbr.errors import JobCancelled, OutputError
from idgbr.exchange import exchange
from idgbr.monitor import Monitor, run_cancellable
from idgbr.raster.grid import Grid
from idgbr.spans import timed

#: Side files of a raster, by what is appended to its name or replaces its suffix.
_ENDS = (".ovr", ".msk", ".msk.ovr", ".ovr.msk", ".aux.xml", ".ovr.aux.xml", ".msk.aux.xml",
         ".vat.dbf", ".vat.cpg")  # fmt: skip
_WORLD_FILES = (".tfw", ".tifw", ".tiffw")

#: Nodata value of confidence and uncertainty rasters, whose values are 0 to 1.
NODATA_CONFIDENCE = -1.0
#: Side of the blocks of written rasters, in px.
_BLOCK = 512
#: Errors of rasterio; some errors of GDAL are passed on unchanged.
_FAILURES = (RasterioError, CPLE_BaseError, OSError)


class RowWriter:
    """Writes a raster of one band from top to bottom to `path`, a temporary file; `close` checks that it is complete.

    Raises OutputError if the file cannot be written.
    """

    def __init__(self, path: Path, grid: Grid, dtype: str, nodata: float | None) -> None:
        self.path = path
        try:
            path.unlink(missing_ok=True)  # GDAL writes over no file that was cut short
            self._dataset = rasterio.open(
                path, "w", driver="GTiff", height=grid.height, width=grid.width, count=1, dtype=dtype, nodata=nodata,
                crs=grid.crs, transform=grid.transform, tiled=True, blockxsize=_BLOCK, blockysize=_BLOCK,
                BIGTIFF="IF_SAFER", compress="LZW",
            )  # fmt: skip
        except _FAILURES as error:
            raise OutputError(
                f"{path}: cannot be written ({error}); check the folder, its space and rights."
            ) from error

    @timed("write raster")
    def write(self, row: int, values: NDArray[np.generic]) -> None:
        """Write values (rows, width) from grid row `row` on."""
        window = Window(0, row, values.shape[1], values.shape[0])
        try:
            self._dataset.write(values, 1, window=window)
        except _FAILURES as error:
            raise OutputError(f"{self.path}: writing failed ({error}); free disk space and run again.") from error

    def describe(self, classes: Sequence[ClassInfo], legend: Sequence[ClassInfo] = ()) -> None:
        """Attach classes: names as JSON in the metadata item `IDGBR_CLASSES`, and a colour table for 8 and 16 bits.

        The colour table also has the classes of `legend`, which need not occur.
        """
        if self._dataset.dtypes[0] in {"uint8", "uint16"}:
            nodata = {int(self._dataset.nodata): (0, 0, 0, 0)}
            highest = np.iinfo(self._dataset.dtypes[0]).max
            colors = {c.id: (*c.color, 255) for c in (*legend, *classes) if 0 <= c.id <= highest}
            self._dataset.write_colormap(1, colors | nodata)
            self._dataset.colorinterp = [ColorInterp.palette]
        self._dataset.update_tags(**{CLASSES_TAG: classes_to_json(classes)})

    def tag(self, **items: str) -> None:
        """Attach metadata items (model, parameters)."""
        self._dataset.update_tags(**items)

    def close(self) -> None:
        """Finish the temporary file. Raises OutputError if the disk has no room for it."""
        try:
            self._dataset.close()
        except _FAILURES as error:
            raise OutputError(f"{self.path}: writing failed ({error}); free disk space and run again.") from error
        _check_complete(self.path)

    def __enter__(self) -> RowWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            with contextlib.suppress(*_FAILURES):
                self._dataset.close()


def check_raster_output(path: Path) -> None:
    """Raise OutputError unless a GeoTIFF can be written at `path`."""
    if path.suffix.lower() not in (".tif", ".tiff"):
        raise OutputError(f"{path}: rasters are written as GeoTIFF; end the name in .tif.")
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent}: no such folder; create it or choose another.")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"{path}: is read-only or locked; close it in other programs or choose another name.")


def _check_complete(path: Path) -> None:
    """Raise OutputError unless a GeoTIFF has all its blocks: GDAL does not report a disk that is full at the end."""
    try:
        size = path.stat().st_size
        with rasterio.open(path) as raster:
            complete = all(end <= size for end in _block_ends(raster))
    except _FAILURES:
        complete = False
    if not complete:
        raise OutputError(f"{path}: cannot be written completely; free disk space and run again.")


def _block_ends(raster: rasterio.DatasetReader) -> Iterator[float]:
    """End of each block of a GeoTIFF in its file, including overviews; infinity for a missing one."""
    for level, factor in zip((None, *range(99)), (1, *raster.overviews(1)), strict=False):
        rows, cols = (math.ceil(math.ceil(side / factor) / _BLOCK) for side in raster.shape)
        for row, col in np.ndindex(rows, cols):
            place = (raster.get_tag_item(f"BLOCK_{item}_{col}_{row}", "TIFF", 1, level) for item in ("OFFSET", "SIZE"))
            begin, length = (int(number or 0) for number in place)
            yield begin + length if begin and length else math.inf


def write_cog(temporary: Path, path: Path, *, overviews: str, monitor: Monitor) -> None:
    """Copy a finished GeoTIFF to `path` as a compressed COG with overviews.

    Raises OutputError, and JobCancelled at once: GDAL's copy cannot be stopped, so it ends in the background, unused.
    """

    def copy() -> None:
        path.unlink(missing_ok=True)
        rasterio.shutil.copy(
            temporary, path, driver="COG", COMPRESS="DEFLATE", LEVEL="6", BLOCKSIZE=str(_BLOCK),
            NUM_THREADS="ALL_CPUS", OVERVIEW_RESAMPLING=overviews, BIGTIFF="IF_SAFER",
        )  # fmt: skip

    try:
        run_cancellable(copy, monitor.check)
    except JobCancelled:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    except _FAILURES as error:
        raise OutputError(f"{path}: cannot be written ({error}); free disk space.") from error
    _check_complete(path)


def put_raster(made: Path, path: Path) -> None:
    """Replace an older raster, including its overviews, masks and statistics. Raises OSError."""
    old = [path.with_name(path.name + end) for end in _ENDS]
    if path.exists():
        old += [path.with_suffix(end) for end in _WORLD_FILES]
    exchange(old, {made: path}, made, made.parent)
