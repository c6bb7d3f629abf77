"""Sources of classes, with confidence, in strips of full rows: from rasters, or from a running job."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.windows import Window

from idgbr.arrays import AnyArray, Codes, Mask
from idgbr.classes import CLASSES_TAG, NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.monitor import Monitor, check_cancelled
from idgbr.polygonize.cracks import FIRST_CLASS, VOID
from idgbr.polygonize.objects.cores import Cores
from idgbr.polygonize.regions import STEPS
from idgbr.raster.class_table import NONE, NONE_NOTE, class_infos, read_class_table, unnamed_class
from idgbr.raster.class_values import check_confidence, class_band, find_codes, indices, open_classes, read_codes
from idgbr.raster.georeferencing import grid_of
from idgbr.raster.grid import share_plane
from idgbr.raster.validity import Validity

#: Pixels of a strip. Each takes some 30 bytes during tracing.
STRIP_PIXELS = 3 << 17
#: Least size of GDAL's block cache in bytes, and columns by which the last block of a row may exceed it.
LEAST_CACHE, MOST_BLOCK = 8 << 20, 2048
#: Half the side of the square whose mean uncertainty counts for a pixel of an outline, in px.
NEAR_PX = 4
#: Gives a plane of rows [first, last), (rows, width), nan where unknown.
Share = Callable[[int, int], AnyArray]
Read = TypeVar("Read")


class _Band:
    """The data band of a raster, and where it has data; the opener closes it."""

    def __init__(self, path: Path | str, what: str = "the class raster") -> None:
        self.path = path
        self.raster, self.notes = open_classes(str(path), what)
        self.number = class_band(self.raster, path)
        self.dtype = np.dtype(self.raster.dtypes[self.number - 1])
        self.validity = Validity(self.raster)

    def read(self, row: int, rows: int) -> tuple[AnyArray, Mask]:
        """Values of some rows and where they are valid."""
        return self._reported(lambda window: read_codes(self.raster, self.validity, self.number, window), row, rows)

    def values(self, row: int, rows: int) -> AnyArray:
        """Values of some rows."""
        return self._reported(lambda window: self.raster.read(self.number, window=window), row, rows)

    def _reported(self, read: Callable[[Window], Read], row: int, rows: int) -> Read:
        try:
            return read(Window(0, row, self.raster.width, rows))
        except RasterioError as error:
            raise InputError(
                f"{self.path} cannot be read at row {row}; it may be damaged. Copy or write it again."
            ) from error


class ClassSource(ABC):
    """Classes of a grid, read as codes for `CoverageBuilder`, with confidence and uncertainty if available.

    `classes` are those of all values from 0 to 255.
    """

    def __init__(
        self, size: tuple[int, int], transform: Affine, crs_wkt: str | None, classes: Iterable[ClassInfo],
        nodata: float | None, confidence: Share | None = None, uncertainty: Share | None = None,
        cores: Cores | None = None,
    ) -> None:  # fmt: skip
        self.height, self.width = size
        self.transform, self.crs_wkt = transform, crs_wkt
        known = {c.id: c for c in classes}
        self.classes = [known.get(i) or unnamed_class(i) for i in range(256)]
        self._nodata = nodata
        self._used = np.zeros(256, np.bool_)
        self._confidence, self._uncertainty = confidence, uncertainty
        #: Where touching objects meet; None if they are not parted.
        self.cores = cores

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
        """Classes found so far that get polygons."""
        return [c for c in self.classes if self._used[c.id] and not c.background]

    @property
    def background_codes(self) -> Codes:
        """Lookup table of codes that turns background into `VOID`."""
        table = np.arange(256 + FIRST_CLASS, dtype=np.uint16)
        table[[c.id + FIRST_CLASS for c in self.classes if c.background]] = VOID
        return table

    @abstractmethod
    def strips(self, rows: int | None = None) -> Iterator[Codes]:
        """Read all from top to bottom, at most `rows` at a time: class id + `FIRST_CLASS`, or `VOID` for nodata."""

    def confidence(self, row: int, rows: int) -> AnyArray | None:
        """Confidence of some rows, nan where unknown; None if there is none."""
        return self._confidence(row, row + rows) if self._confidence else None

    def uncertainty(self, row: int, rows: int) -> AnyArray | None:
        """Mean uncertainty within `NEAR_PX` of each pixel, nan where unknown; None if there is none.

        The width of uncertain ground along a boundary predicts its displacement better than the boundary's own value.
        """
        if self._uncertainty is None:
            return None
        top, bottom = max(row - NEAR_PX, 0), min(row + rows + NEAR_PX, self.height)
        values = self._uncertainty(top, bottom)
        known = np.isfinite(values)
        # In integers, so that sums do not depend on the start of strips.
        levels = np.where(known, np.rint(np.where(known, values, 0) * STEPS), 0).astype(np.int32)
        total, count = (_box_sum(x)[row - top : row - top + rows] for x in (levels, known.astype(np.int32)))
        return np.where(count > 0, total / np.maximum(count * float(STEPS), 1.0), np.nan)

    def _step(self, rows: int | None) -> int:
        """Rows of a strip."""
        return rows or min(max(STRIP_PIXELS // self.width, 32), 1024)

    def _codes(self, values: AnyArray) -> Codes:
        """Codes of values of 0 to 255 or nodata, in a type with 256 values if they are not 8-bit."""
        table = np.arange(257, dtype=np.uint16) + FIRST_CLASS
        table[256] = VOID
        if self._nodata is not None and 0 <= self._nodata <= 255:
            table[int(self._nodata)] = VOID
        return _encode(values, table, self._used)


class ClassRows(ClassSource):
    """Classes that come in strips; their planes (confidence, and perhaps uncertainty) can be read by rows by then."""

    def __init__(
        self, strips: Iterator[NDArray[np.uint8]], size: tuple[int, int], transform: Affine, crs_wkt: str | None,
        classes: Sequence[ClassInfo], confidence: Share, uncertainty: Share | None = None,
        *, cores: Cores | None = None,
    ) -> None:  # fmt: skip
        """Take the strips: full rows in order, nodata `NODATA_CLASS`.

        `confidence` and `uncertainty` give their plane of rows [first, last), nan where unknown.
        """
        super().__init__(size, transform, crs_wkt, classes, NODATA_CLASS, confidence, uncertainty, cores)
        self._strips = strips

    def strips(self, rows: int | None = None) -> Iterator[Codes]:
        """All strips from top to bottom; only once."""
        step = self._step(rows)
        for strip in self._strips:
            for top in range(0, len(strip), step):
                yield self._codes(strip[top : top + step])


class ClassRaster(ClassSource):
    """A class raster, with an optional confidence raster.

    8-bit values are used as class codes. Other types are scanned for their values, and codes are their indices; `ids`
    has the values then.
    """

    def __init__(self, path: Path | str, confidence: Path | str | None, classes: Sequence[ClassInfo] | None) -> None:
        """Open and check the files.

        Args:
            path: Raster of integers with one band besides alpha, a file or an address.
            confidence: Raster of the same size with 0…1.
            classes: Names and colours; None to read them from the raster.

        Raises InputError, also for more than 255 classes.
        """
        self._path = path
        self._band = _Band(path)
        raster, validity = self._band.raster, self._band.validity
        self._beside = _Band(confidence, "the confidence raster") if confidence else None
        if self._beside and self._beside.raster.shape != raster.shape:
            raise InputError(
                f"{confidence} is not of the same size as {path}. Choose the confidence raster that belongs to it."
            )
        if self._beside and not _share_ground(raster, self._beside.raster):
            raise InputError(
                f"{confidence} does not cover the same ground as {path}. Choose the confidence raster of that raster."
            )
        if classes is not None:
            given = list(classes)
        else:
            given = list(read_class_table(raster, Path(path), self._band.number).values())
        own = classes is not None or CLASSES_TAG in raster.tags()
        #: An undeclared nodata value: rasters of the project reserve it.
        self._free = NODATA_CLASS if own and raster.nodata is None else None
        plain = not validity.limited or (validity.by_nodata_alone and float(raster.nodata).is_integer())
        self._by_table = self._band.dtype == np.uint8 and plain
        #: Notes about the raster for the user.
        self.notes = self._band.notes
        self.missing = 0
        self.ids: list[int] | None = None
        nodata: float | None = self._free
        if self._by_table and validity.limited:
            nodata = raster.nodata
        if self._band.dtype != np.uint8:
            self.height, self.width = raster.shape
            self.ids, nodata = find_codes(self._known_values(), path), NODATA_CLASS
            table = {info.id: info for info in given}
            infos = class_infos(self.ids, table, declared=validity.limited)
            self.notes += [f"{path}: {NONE_NOTE}"] * (NONE in infos)
            given = [replace(info, id=i) for i, info in enumerate(infos)]
        grid = grid_of(raster)
        share = self._confidence_at if confidence else None
        super().__init__(raster.shape, grid.transform, grid.crs_wkt, given, nodata, share)

    def tell(self, monitor: Monitor) -> None:
        """Report assumptions about the raster: its place, its units, its values."""
        for note in self.notes:
            monitor.info(note)

    def close(self) -> None:
        """Close the files."""
        self._band.raster.close()
        if self._beside:
            self._beside.raster.close()

    @property
    def reason(self) -> str:
        """Why pixels have no class, as text."""
        by_value = self._free is not None and not self._band.validity.limited
        return f"nodata {self._free}" if by_value else self._band.validity.reason

    @property
    def cache_bytes(self) -> int:
        """Size of GDAL's block cache, in bytes, with which no block of full rows is read twice."""
        rasters = [band.raster for band in (self._band, self._beside) if band]
        rows = sum(int(r.block_shapes[0][0]) * np.dtype(r.dtypes[0]).itemsize for r in rasters)
        return max(LEAST_CACHE, int(2 * rows * (self.width + MOST_BLOCK)))

    def strips(self, rows: int | None = None) -> Iterator[Codes]:
        """Read the raster from top to bottom."""
        self.missing = 0
        for row, count in self._rows(rows):
            if self._by_table:
                codes = self._codes(self._band.values(row, count))
            else:
                values, known = self._values(row, count)
                if self.ids is None:
                    codes = self._codes(np.where(known, values, np.uint16(256)))
                else:
                    codes = self._codes(indices(values, known, self.ids))
            self.missing += int(np.count_nonzero(codes == VOID))
            yield codes

    def _rows(self, rows: int | None) -> Iterator[tuple[int, int]]:
        """First row and number of rows of each strip."""
        step = self._step(rows)
        for row in range(0, self.height, step):
            yield row, min(step, self.height - row)

    def _values(self, row: int, rows: int) -> tuple[AnyArray, Mask]:
        """Values of some rows and where there is a class."""
        values, known = self._band.read(row, rows)
        if self._free is not None:
            known &= values != self._free
        return values, known

    def _known_values(self) -> Iterator[tuple[AnyArray, Mask]]:
        for row, count in self._rows(None):
            check_cancelled()
            yield self._values(row, count)

    def _confidence_at(self, first: int, last: int) -> AnyArray:
        assert self._beside is not None
        values, known = self._beside.read(first, last - first)
        check_confidence(values, known, self._beside.path)
        return np.where(known, values, np.nan).astype(np.float32)


def _share_ground(one: DatasetReader, other: DatasetReader) -> bool:
    """Whether two rasters of one size cover the same ground to half a pixel, or one has no georeference."""
    if one.transform.is_identity or other.transform.is_identity:
        return True
    if not share_plane(one.crs, other.crs):
        return False
    corners = np.array([0, one.width, one.width]), np.array([0, 0, one.height])
    cols, rows = ~one.transform * (other.transform * corners)
    return bool(np.abs(np.concatenate([cols - corners[0], rows - corners[1]])).max() <= 0.5)


@njit(cache=True, nogil=True)
def _encode(values: AnyArray, table: Codes, used: Mask) -> Codes:
    """Look up the codes of values, and mark the classes that occur."""
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
    """Sum (H, W) over the square around each pixel; 0 beyond the edge."""
    side = np.ones(2 * NEAR_PX + 1, np.int64)
    wide = values.astype(np.int64)
    from scipy.ndimage import convolve1d

    out: AnyArray = convolve1d(convolve1d(wide, side, axis=0, mode="constant"), side, axis=1, mode="constant")
    return out
