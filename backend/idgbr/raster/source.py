"""Windowed reading of any raster that GDAL opens, with nodata, masks and alpha, scaled to the network's input."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.models.card import ModelCard
from idgbr.raster.grid import Grid
from idgbr.raster.gsd import ground_sample_distance


class RasterSource:
    """A raster opened for reading. Reads are thread-safe; use as a context manager.

    `bands` are the 1-based data bands, alpha left out; `gsd_m` the ground sample distance at the centre in metres.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._lock = threading.Lock()
        if not path:
            raise InputError("no input raster was given; name one.")
        local = Path(path)
        # Anything that is not a plain local path (/vsicurl/…, GPKG:…:table, NETCDF:…) is left to GDAL to judge.
        plain = ":" not in path.replace(":\\", "").replace(":/", "") and not path.startswith("/vsi")
        if plain and not local.exists():
            raise InputError(f"{path}: no such file; check the path of the input raster.")
        try:
            self._dataset = rasterio.open(path)
        except (RasterioIOError, RasterioError) as error:
            raise InputError(
                f"{path}: GDAL cannot open it as a raster ({_short(error)}); choose a raster file."
            ) from error
        self.bands = [
            band
            for band, meaning in zip(self._dataset.indexes, self._dataset.colorinterp, strict=True)
            if meaning != ColorInterp.alpha
        ]
        if not self.bands:
            raise InputError(f"{path}: has no data band; choose a raster layer.")
        if self._dataset.dtypes[0].startswith("complex"):
            raise InputError(f"{path}: complex pixel values cannot be segmented; use amplitude or intensity.")
        self.dtype = np.dtype(self._dataset.dtypes[0])
        self.gsd_m = ground_sample_distance(self._dataset)
        flags = [set(f) for f in self._dataset.mask_flag_enums]
        self._masked = not all(MaskFlags.all_valid in f for f in flags)

    def __enter__(self) -> RasterSource:
        return self

    def __exit__(self, *exc: object) -> None:
        self._dataset.close()

    @property
    def files(self) -> list[str]:
        """What the raster consists of: its file, side files, the sources of a mosaic."""
        return sorted(self._dataset.files) or [self.path]

    @property
    def grid(self) -> Grid:
        """The grid of the whole raster."""
        d = self._dataset
        return Grid(d.transform, d.crs, d.height, d.width)

    def read(self, window: Window, shape: tuple[int, int]) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        """Pixels (bands, *shape) in the file's type and validity (*shape); the window must lie inside the raster.

        Resamples when `shape` is not the window's: averages when coarser (no aliasing), bilinear when finer. A pixel is
        valid if every band is. Raises InputError when the file cannot be read there.
        """
        coarser = shape[0] < window.height or shape[1] < window.width
        resampling = Resampling.average if coarser else Resampling.bilinear
        out_shape = (len(self.bands), *shape)
        try:
            with self._lock:
                data = self._dataset.read(self.bands, window=window, out_shape=out_shape, resampling=resampling)
                valid = np.ones(shape, bool)
                if self._masked:
                    masks = self._dataset.read_masks(
                        self.bands, window=window, out_shape=out_shape, resampling=Resampling.nearest
                    )
                    valid = (masks > 0).all(0)
        except RasterioError as error:
            raise InputError(
                f"{self.path}: cannot be read ({_short(error)}); check that the file is complete."
            ) from error
        if np.issubdtype(data.dtype, np.floating):
            valid &= np.isfinite(data).all(0)
        return data, valid

    def valid_rows(self, grid: Grid, first: int, last: int) -> NDArray[np.bool_]:
        """Validity of rows [first, last) of a part of this raster, (rows, width)."""
        if not self._masked and not np.issubdtype(self.dtype, np.floating):
            return np.ones((last - first, grid.width), bool)
        return self.read(grid.window(first, 0, last - first, grid.width), (last - first, grid.width))[1]


class ScaledSource:
    """A part of a source on a working grid, scaled for a model: what the tiles read.

    `factor` is working pixels per source pixel; (height, width) the size of the working grid. Values outside the part
    are mirrored, so that tiles at its edge have context; nodata is filled with the area's middle value.
    """

    def __init__(self, source: RasterSource, grid: Grid, card: ModelCard, factor: float) -> None:
        self._source, self._grid = source, grid
        if card.bands > len(source.bands):
            raise InputError(
                f"{source.path}: has {len(source.bands)} data band(s), but model {card.id!r} needs {card.bands}; "
                "choose another raster or model."
            )
        self._bands = card.bands
        self.factor = factor
        self.height = max(1, round(grid.height * factor))
        self.width = max(1, round(grid.width * factor))
        self.low, self.span = self._value_range()
        scaling = card.scaling
        self._mean = np.array(scaling.mean or [0.0] * self._bands, np.float32)[: self._bands, None, None]
        self._std = np.array(scaling.std or [1.0] * self._bands, np.float32)[: self._bands, None, None]

    def _value_range(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Per-band lowest value and span that map to 0…1, once for the whole area.

        8-bit values keep their meaning; other types run from the 1st to the 99th percentile of a decimated read.
        """
        ones = np.ones((self._bands, 1, 1), np.float32)
        if self._source.dtype == np.uint8:
            return 0 * ones, 255 * ones
        shape = (min(self._grid.height, 1024), min(self._grid.width, 1024))
        data, valid = self._source.read(self._grid.window(0, 0, self._grid.height, self._grid.width), shape)
        if not valid.any():
            return 0 * ones, ones
        values = data[: self._bands, valid].astype(np.float64)
        low, high = np.percentile(values, [1, 99], axis=1)
        return _column(low), _column(np.maximum(high - low, 1e-6))

    def read(self, row: int, col: int, height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Network input (bands, height, width) and validity of a working-grid window; it may reach beyond the area."""
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + height, self.height), min(col + width, self.width)
        sy, sx = self._grid.height / self.height, self._grid.width / self.width
        window = Window(
            self._grid.col0 + left * sx, self._grid.row0 + top * sy, (right - left) * sx, (bottom - top) * sy
        )
        data, valid = self._source.read(window, (bottom - top, right - left))
        image = data[: self._bands].astype(np.float32)
        image -= self.low
        image /= self.span
        np.clip(image, 0, 1, out=image)
        image[:, ~valid] = 0.5
        image -= self._mean
        image /= self._std
        pad = ((top - row, row + height - bottom), (left - col, col + width - right))
        if any(map(any, pad)):
            image = _mirror(image, pad)
            valid = np.pad(valid, pad)
        return image, valid


def _column(values: NDArray[np.float64]) -> NDArray[np.float32]:
    return values.astype(np.float32)[:, None, None]


def _mirror(image: NDArray[np.float32], pad: tuple[tuple[int, int], tuple[int, int]]) -> NDArray[np.float32]:
    """Pad by mirroring, as often as the padding asks for."""
    return np.pad(image, ((0, 0), *pad), mode="symmetric")


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or ["unknown"])[0][:160]
