"""Read a class raster and its confidence in strips of full rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import rasterio
from numba import njit
from rasterio.errors import RasterioError
from rasterio.windows import Window
from scipy.ndimage import convolve1d

from idgbr.classes import CLASSES_TAG, NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.raster.class_table import read_class_table, unnamed
from idgbr.raster.remote import gdal_name, is_remote, set_gdal_options
from idgbr.vector.arrays import AnyArray, Bools, Codes
from idgbr.vector.lattice import FIRST_CLASS, VOID
from idgbr.vector.regions import STEPS

#: Pixels of a strip. Each takes some 30 bytes while the strip is traced.
STRIP_PIXELS = 3 << 17
#: Bytes that GDAL keeps of rasters at least, and columns that the last block of a row may reach beyond it.
LEAST_CACHE, MOST_BLOCK = 8 << 20, 2048


#: Half the side of the square around a pixel of an outline whose uncertainty counts for it, px.
NEAR_PX = 4


def open_raster(path: Path | str) -> rasterio.DatasetReader:
    """Open a raster of one band, a file or an address, or say why not."""
    name = gdal_name(str(path))
    set_gdal_options()
    try:
        # Servers are not asked for files beside the raster, each of which would be a request in vain.
        with rasterio.Env(**({"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"} if is_remote(name) else {})):
            raster = rasterio.open(name)
    except RasterioError as error:
        if is_remote(name):
            raise InputError(f"{path} cannot be read. Check the address, the network and your rights.") from error
        if not Path(path).exists():
            raise InputError(f"{path} does not exist. Choose a class raster.") from error
        if Path(path).is_file() and not Path(path).stat().st_size:
            raise InputError(f"{path} is empty (0 bytes). Get a complete copy of it.") from error
        raise InputError(f"{path} is not a raster that can be read. Choose a class raster.") from error
    if raster.count != 1:
        raise InputError(
            f"{path} has {raster.count} bands; a class or confidence raster has one. Choose another raster."
        )
    return raster


class ClassRaster:
    """A class raster, read as codes for `CoverageBuilder`, with the confidence raster that may go with it."""

    def __init__(
        self, path: Path | str, confidence: Path | str | None, classes: Sequence[ClassInfo] | None,
        uncertainty: Path | None = None,
    ) -> None:  # fmt: skip
        """Open and check the files.

        Args:
            path: Raster of one integer band, a file or an address.
            confidence: Raster of the same size with 0…1, its nodata or nan where unknown.
            classes: Names and colours; None to read them from the raster.
            uncertainty: Raster like `confidence`.
        """
        self._path = path
        self._raster = open_raster(path)
        if not np.issubdtype(np.dtype(self._raster.dtypes[0]), np.integer):
            raise InputError(
                f"{path} holds {self._raster.dtypes[0]} values; a class raster holds integers. Choose another raster."
            )
        self.width, self.height = self._raster.width, self._raster.height
        self.transform = self._raster.transform
        self.crs_wkt: str | None = self._raster.crs.to_wkt() if self._raster.crs else None
        given = list(classes) if classes is not None else list(read_class_table(self._raster, Path(path)).values())
        own = classes is not None or CLASSES_TAG in self._raster.tags()
        self._nodata = self._raster.nodata if self._raster.nodata is not None else (NODATA_CLASS if own else None)
        known = {c.id: c for c in given}
        self.classes = [known.get(i) or unnamed(i) for i in range(256)]
        self._used = np.zeros(256, np.bool_)
        self._confidence = self._companion(confidence)
        self._uncertainty = self._companion(uncertainty)

    def _companion(self, path: Path | str | None) -> rasterio.DatasetReader | None:
        """The raster of the same grid at a path, if any."""
        raster = open_raster(path) if path else None
        if raster and (raster.width, raster.height) != (self.width, self.height):
            raise InputError(
                f"{path} is not of the same size as {self._path}. Choose the confidence raster that belongs to it."
            )
        return raster

    def close(self) -> None:
        """Close the files."""
        for raster in (self._raster, self._confidence, self._uncertainty):
            if raster:
                raster.close()

    @property
    def cache_bytes(self) -> int:
        """Bytes of GDAL's block cache that let no block of full rows be read twice."""
        rasters = [r for r in (self._raster, self._confidence, self._uncertainty) if r]
        rows = sum(int(r.block_shapes[0][0]) * np.dtype(r.dtypes[0]).itemsize for r in rasters)
        return max(LEAST_CACHE, int(2 * rows * (self.width + MOST_BLOCK)))

    @property
    def has_confidence(self) -> bool:
        """Whether there is a confidence raster."""
        return self._confidence is not None

    @property
    def has_uncertainty(self) -> bool:
        """Whether there is a raster of uncertainty."""
        return self._uncertainty is not None

    @property
    def used_classes(self) -> list[ClassInfo]:
        """Classes met so far that get polygons."""
        return [c for c in self.classes if self._used[c.id] and not c.background]

    @property
    def background_codes(self) -> Codes:
        """Codes by code with background turned into `VOID`, to index with."""
        table = np.arange(256 + FIRST_CLASS, dtype=np.uint16)
        table[[c.id + FIRST_CLASS for c in self.classes if c.background]] = VOID
        return table

    def strips(self, rows: int | None = None) -> Iterator[Codes]:
        """Read the raster from top to bottom: class id + `FIRST_CLASS`, or `VOID` for nodata."""
        step = rows or min(max(STRIP_PIXELS // self.width, 32), 1024)
        for row in range(0, self.height, step):
            yield self._codes(self._read(self._raster, row, min(step, self.height - row)))

    def confidence(self, row: int, rows: int) -> AnyArray | None:
        """Read confidence, nan where unknown; None if there is no such raster."""
        return self._known(self._confidence, row, rows)

    def uncertainty(self, row: int, rows: int) -> AnyArray | None:
        """Mean uncertainty within `NEAR_PX` of each pixel, nan where unknown; None if there is no such raster.

        How wide the uncertain ground along a boundary is says more of its displacement than the boundary's own value.
        """
        top, bottom = max(row - NEAR_PX, 0), min(row + rows + NEAR_PX, self.height)
        values = self._known(self._uncertainty, top, bottom - top)
        if values is None:
            return None
        known = np.isfinite(values)
        # In whole numbers, so that sums do not depend on where strips begin.
        levels = np.where(known, np.rint(np.where(known, values, 0) * STEPS), 0).astype(np.int32)
        total, count = (_box_sum(x)[row - top : row - top + rows] for x in (levels, known.astype(np.int32)))
        return np.where(count > 0, total / np.maximum(count * float(STEPS), 1.0), np.nan)

    def _known(self, raster: rasterio.DatasetReader | None, row: int, rows: int) -> AnyArray | None:
        """Values of some rows as float, nan where there are none; None without a raster."""
        if raster is None:
            return None
        values = self._read(raster, row, rows).astype(np.float32)
        if raster.nodata is not None:
            values[values == raster.nodata] = np.nan
        return values

    def _read(self, raster: rasterio.DatasetReader, row: int, rows: int) -> AnyArray:
        try:
            values: AnyArray = raster.read(1, window=Window(0, row, self.width, rows))
        except RasterioError as error:
            raise InputError(
                f"{raster.name} cannot be read at row {row}; it may be damaged. Copy or write it again."
            ) from error
        return values

    def _codes(self, values: AnyArray) -> Codes:
        if values.dtype != np.uint8:
            known = np.ones(values.shape, np.bool_) if self._nodata is None else values != self._nodata
            if values[known].size and (values[known].min() < 0 or values[known].max() > 255):
                raise InputError(
                    f"{self._path} holds values beyond 0…255, so it is not a class raster. Choose another raster."
                )
            values = np.where(known, values, 256).astype(np.uint16)
        table = np.arange(257, dtype=np.uint16) + FIRST_CLASS
        table[256] = VOID
        if self._nodata is not None and 0 <= self._nodata <= 255:
            table[int(self._nodata)] = VOID
        return _encode(values, table, self._used)


@njit(cache=True, nogil=True)
def _encode(values: AnyArray, table: Codes, used: Bools) -> Codes:
    """Look up the codes of values, and flag the classes that occur."""
    codes = np.empty(values.shape, np.uint16)
    last = -1
    code = table[0]
    for r in range(values.shape[0]):
        for c in range(values.shape[1]):
            value = int(values[r, c])
            if value != last:
                last, code = value, table[value]
                if code >= FIRST_CLASS:
                    used[code - FIRST_CLASS] = True
            codes[r, c] = code
    return codes


def _box_sum(values: AnyArray) -> AnyArray:
    """Sum (H, W) over the square around each pixel; beyond the edge is nothing."""
    side = np.ones(2 * NEAR_PX + 1, np.int64)
    wide = values.astype(np.int64)
    out: AnyArray = convolve1d(convolve1d(wide, side, axis=0, mode="constant"), side, axis=1, mode="constant")
    return out
