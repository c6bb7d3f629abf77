"""Classes, with their confidence, in strips of full rows: from rasters, or from what is still being made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import rasterio
from numba import njit
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from rasterio.windows import Window
from scipy.ndimage import convolve1d

from idgbr.classes import CLASSES_TAG, NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.raster.class_table import read_class_table, unnamed
from idgbr.raster.place import grid_of, in_place, place_notes
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
#: Gives a share of the pixels of rows [first, last), (rows, width), nan where unknown.
Share = Callable[[int, int], AnyArray]


def open_raster(path: Path | str) -> rasterio.DatasetReader:
    """Open a raster of one band, a file or an address, or say why not."""
    name = gdal_name(str(path))
    set_gdal_options()
    try:
        # Servers are not asked for files beside the raster, each of which would be a request in vain.
        with rasterio.Env(**({"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"} if is_remote(name) else {})):
            raster = in_place(rasterio.open(name), str(path), Resampling.nearest)
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


class ClassSource(ABC):
    """Classes of a grid, read as codes for `CoverageBuilder`, with confidence and uncertainty as far as there are any.

    `classes` are those of all values from 0 to 255.
    """

    def __init__(
        self, size: tuple[int, int], transform: Affine, crs_wkt: str | None, classes: Iterable[ClassInfo],
        nodata: float | None, confidence: Share | None = None, uncertainty: Share | None = None,
    ) -> None:  # fmt: skip
        self.height, self.width = size
        self.transform, self.crs_wkt = transform, crs_wkt
        known = {c.id: c for c in classes}
        self.classes = [known.get(i) or unnamed(i) for i in range(256)]
        self._nodata = nodata
        self._used = np.zeros(256, np.bool_)
        self._confidence, self._uncertainty = confidence, uncertainty

    @property
    def has_confidence(self) -> bool:
        """Whether there is a confidence."""
        return self._confidence is not None

    @property
    def has_uncertainty(self) -> bool:
        """Whether there is an uncertainty."""
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

    @abstractmethod
    def strips(self, rows: int | None = None) -> Iterator[Codes]:
        """Read all from top to bottom, `rows` at a time at most: class id + `FIRST_CLASS`, or `VOID` for nodata."""

    def confidence(self, row: int, rows: int) -> AnyArray | None:
        """Confidence of some rows, nan where unknown; None if there is none."""
        return self._confidence(row, row + rows) if self._confidence else None

    def uncertainty(self, row: int, rows: int) -> AnyArray | None:
        """Mean uncertainty within `NEAR_PX` of each pixel, nan where unknown; None if there is none.

        How wide the uncertain ground along a boundary is says more of its displacement than the boundary's own value.
        """
        if self._uncertainty is None:
            return None
        top, bottom = max(row - NEAR_PX, 0), min(row + rows + NEAR_PX, self.height)
        values = self._uncertainty(top, bottom)
        known = np.isfinite(values)
        # In whole numbers, so that sums do not depend on where strips begin.
        levels = np.where(known, np.rint(np.where(known, values, 0) * STEPS), 0).astype(np.int32)
        total, count = (_box_sum(x)[row - top : row - top + rows] for x in (levels, known.astype(np.int32)))
        return np.where(count > 0, total / np.maximum(count * float(STEPS), 1.0), np.nan)

    def _step(self, rows: int | None) -> int:
        """Rows of a strip."""
        return rows or min(max(STRIP_PIXELS // self.width, 32), 1024)

    def _codes(self, values: AnyArray) -> Codes:
        """Codes of values of 0 to 255 or nodata, in a type that holds 256 if they are not of eight bits."""
        table = np.arange(257, dtype=np.uint16) + FIRST_CLASS
        table[256] = VOID
        if self._nodata is not None and 0 <= self._nodata <= 255:
            table[int(self._nodata)] = VOID
        return _encode(values, table, self._used)


class ClassRows(ClassSource):
    """Classes that come in strips, whose shares (confidence, and perhaps uncertainty) can be read by rows by then."""

    def __init__(
        self, strips: Iterator[NDArray[np.uint8]], size: tuple[int, int], transform: Affine, crs_wkt: str | None,
        classes: Sequence[ClassInfo], confidence: Share, uncertainty: Share | None = None,
    ) -> None:  # fmt: skip
        """Take the strips, of full rows in order, nodata `NODATA_CLASS`.

        `confidence` and `uncertainty` give theirs of rows [first, last), nan where unknown.
        """
        super().__init__(size, transform, crs_wkt, classes, NODATA_CLASS, confidence, uncertainty)
        self._strips = strips

    def strips(self, rows: int | None = None) -> Iterator[Codes]:
        """All from top to bottom; once."""
        step = self._step(rows)
        for strip in self._strips:
            for top in range(0, len(strip), step):
                yield self._codes(strip[top : top + step])


class ClassRaster(ClassSource):
    """A class raster, with the confidence raster that may go with it."""

    def __init__(self, path: Path | str, confidence: Path | str | None, classes: Sequence[ClassInfo] | None) -> None:
        """Open and check the files.

        Args:
            path: Raster of one integer band, a file or an address.
            confidence: Raster of the same size with 0…1, its nodata or nan where unknown.
            classes: Names and colours; None to read them from the raster.
        """
        self._path = path
        self._raster = open_raster(path)
        if not np.issubdtype(np.dtype(self._raster.dtypes[0]), np.integer):
            raise InputError(
                f"{path} holds {self._raster.dtypes[0]} values; a class raster holds integers. Choose another raster."
            )
        grid = grid_of(self._raster)
        given = list(classes) if classes is not None else list(read_class_table(self._raster, Path(path)).values())
        own = classes is not None or CLASSES_TAG in self._raster.tags()
        nodata = self._raster.nodata if self._raster.nodata is not None else (NODATA_CLASS if own else None)
        share = self._confidence_at if confidence else None
        super().__init__(self._raster.shape, grid.transform, grid.crs_wkt, given, nodata, share)
        self._beside = open_raster(confidence) if confidence else None
        if self._beside and self._beside.shape != self._raster.shape:
            raise InputError(
                f"{confidence} is not of the same size as {path}. Choose the confidence raster that belongs to it."
            )

    def tell_place(self, monitor: Monitor) -> None:
        """Say where the raster was taken to lie, and in which units, where it does not say so itself."""
        for note in place_notes(self._raster, str(self._path)):
            monitor.info(note)

    def close(self) -> None:
        """Close the files."""
        self._raster.close()
        if self._beside:
            self._beside.close()

    @property
    def cache_bytes(self) -> int:
        """Bytes of GDAL's block cache that let no block of full rows be read twice."""
        rasters = [r for r in (self._raster, self._beside) if r]
        rows = sum(int(r.block_shapes[0][0]) * np.dtype(r.dtypes[0]).itemsize for r in rasters)
        return max(LEAST_CACHE, int(2 * rows * (self.width + MOST_BLOCK)))

    def strips(self, rows: int | None = None) -> Iterator[Codes]:
        """Read the raster from top to bottom."""
        step = self._step(rows)
        for row in range(0, self.height, step):
            yield self._checked_codes(self._read(self._raster, row, min(step, self.height - row)))

    def _confidence_at(self, first: int, last: int) -> AnyArray:
        assert self._beside is not None
        values = self._read(self._beside, first, last - first).astype(np.float32)
        if self._beside.nodata is not None:
            values[values == self._beside.nodata] = np.nan
        return values

    def _read(self, raster: rasterio.DatasetReader, row: int, rows: int) -> AnyArray:
        try:
            values: AnyArray = raster.read(1, window=Window(0, row, self.width, rows))
        except RasterioError as error:
            raise InputError(
                f"{(raster.files or [raster.name])[0]} cannot be read at row {row}; it may be damaged. "
                "Copy or write it again."
            ) from error
        return values

    def _checked_codes(self, values: AnyArray) -> Codes:
        if values.dtype != np.uint8:
            known = np.ones(values.shape, np.bool_) if self._nodata is None else values != self._nodata
            if values[known].size and (values[known].min() < 0 or values[known].max() > 255):
                raise InputError(
                    f"{self._path} holds values beyond 0…255, so it is not a class raster. Choose another raster."
                )
            values = np.where(known, values, 256).astype(np.uint16)
        return self._codes(values)


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
