"""Windowed reading of any raster that GDAL opens, with nodata, masks and alpha."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from idgbr.arrays import Mask
from idgbr.errors import InputError, JobCancelled
from idgbr.monitor import Monitor, pause, run_cancellable
from idgbr.paths import container
from idgbr.raster.bad_blocks import Block, blocks_text, read_sound, resample
from idgbr.raster.bands import BandNote, ImageBands, expand_palette, has_palette
from idgbr.raster.georeferencing import grid_of, in_place, place_notes
from idgbr.raster.grid import Grid, ground_sample_distance
from idgbr.raster.open_dataset import check_single, open_raster, pages_note, raster_name
from idgbr.raster.open_dataset import reason as _short
from idgbr.raster.remote import FORGETTING, PAUSES_S, is_remote, remote_versions, set_gdal_options
from idgbr.raster.validity import Validity, tell_missing, with_numbers

log = logging.getLogger(__name__)
Result = TypeVar("Result")

#: Least time between two checks for a changed file, in s.
_LOOK_S = 5.0
#: Columns in which validity is read.
_CHUNK = 4096
#: At most this many bands are read, e.g. of a time series; no supported network needs more.
_MAX_BANDS = 64

Pixels = NDArray[np.generic]


class RasterSource:
    """A raster opened for reading. Reads are thread-safe; a context manager.

    `name` is GDAL's name for it. `bands` are the first 1-based data bands, without alpha and with a palette replaced by
    its colours; `layout` has their meanings. `gsd_m` is the ground sample distance at the centre in metres.
    `bad_blocks` are the damaged blocks treated as nodata. `looked_at` counts the pixels that `valid_rows` has checked,
    and those without data.
    """

    def __init__(self, path: str, on_bad_block: str = "stop", monitor: Monitor | None = None) -> None:
        """Open a path, an address (http, https, s3, gs, az) or anything else that GDAL knows. Raises InputError.

        A block that cannot be read ends the job, or counts as nodata with `on_bad_block`. Remote rasters always end the
        job, because an outage would leave holes. Waiting for a network ends if `monitor` is cancelled.
        """
        if not path:
            raise InputError("no input raster was given; name one.")
        set_gdal_options()
        self.path, self.name = path, raster_name(path, "the input raster")
        self.bad_blocks: set[Block] = set()
        self._remote, self._abandoned = is_remote(self.name), False
        self._monitor = monitor or Monitor()
        self._check = self._monitor.check
        self._lock = threading.Lock()
        self._open()
        check_single(self._dataset, path)
        self.layout = ImageBands(self._dataset.colorinterp, palette=self._palette)
        self.bands = self.layout.data[:_MAX_BANDS]
        if not self.bands:
            raise InputError(f"{path}: has no data band; choose a raster layer.")
        if self._dataset.dtypes[0].startswith("complex"):
            raise InputError(f"{path}: complex pixel values cannot be segmented; use amplitude or intensity.")
        self.dtype = np.dtype(self._dataset.dtypes[0])
        self._place_notes = [*self._pages, *place_notes(self._dataset, path)]
        self.gsd_m = ground_sample_distance(self.grid)
        self._validity = Validity(self._dataset)
        self.looked_at = [0, 0]
        self._told = False
        self._remote = any(map(is_remote, [self.name, *self.files]))
        self._skips_bad = on_bad_block == "nodata" and not self._remote
        self._states, self._looked = self._current_states(), time.monotonic()

    def _open(self) -> None:
        try:
            self._dataset = self._retried(self._opened)
        except RasterioError as error:
            remedy = "check the address, the network and your rights" if self._remote else "choose a raster file"
            raise InputError(f"{self.path}: GDAL cannot open it as a raster ({_short(error)}); {remedy}.") from error

    def _opened(self) -> DatasetReader:
        dataset = open_raster(self.name)
        self._files, self._palette = sorted(dataset.files), has_palette(dataset)
        #: Whether `files` are all of its files: GDAL does not list the rasters of a tile index.
        self.lists_files = dataset.driver != "GTI"
        self._pages = pages_note(dataset, self.path)
        # The colours of a palette have no nodata value.
        limits = Validity(dataset) if self._palette else None
        self._reason = limits.reason if limits and limits.limited else ""
        return in_place(expand_palette(dataset), self.path, Resampling.bilinear)

    def _retried(self, read: Callable[[], Result]) -> Result:
        """The result of `read`; for a remote raster, repeated after pauses."""
        if not self._remote:
            return read()
        for seconds in PAUSES_S:
            try:
                return self._cancellable(read)
            except RasterioError as error:
                if "response code: 4" in _short(error):  # not there, or not for us: it would not be another time
                    raise
                log.info("%s: %s; trying again in %s s", self.path, _short(error), seconds)
            pause(seconds, self._check)
            self._cancellable(self._reopen)
        return self._cancellable(read)

    def _cancellable(self, call: Callable[[], Result]) -> Result:
        """The result of `call`. If the job is cancelled meanwhile, the raster is abandoned and never used again."""
        try:
            return run_cancellable(call, self._check)
        except JobCancelled:
            self._abandoned = True
            raise

    def _reopen(self) -> None:
        """Open the raster again if it is open: GDAL caches truncated answers and trusts them."""
        if hasattr(self, "_dataset"):
            with suppress(RasterioError), rasterio.Env(**FORGETTING):
                before, self._dataset = self._dataset, self._opened()
                before.close()

    def __enter__(self) -> RasterSource:
        return self

    def __exit__(self, *exc: object) -> None:
        if not self._abandoned:
            self._dataset.close()

    @property
    def files(self) -> list[str]:
        """Files of the raster: its file, side files, the sources of a mosaic."""
        return self._files or [self.name]

    def remote_versions(self) -> dict[str, str | None]:
        """Versions of its files according to servers, see `idgbr.raster.remote.remote_versions`."""
        files = self.files
        return self._cancellable(lambda: remote_versions(files)) if self._remote else {}

    @property
    def states(self) -> dict[str, tuple[int, int] | str | None]:
        """Size and modification time (ns) of each local file when it was opened, and a server's statement of others."""
        return self._states

    def _current_states(self) -> dict[str, tuple[int, int] | str | None]:
        """Size and modification time (ns) of each local file, and a server's statement of its version."""
        files = self.files
        states: dict[str, tuple[int, int] | str | None] = {**self.remote_versions()}
        for name in files:
            if name in states:
                continue
            try:
                status = Path(container(name)).stat()
                states[name] = status.st_size, status.st_mtime_ns
            except OSError:  # no file, but a table, a layer of a service, or gone
                states[name] = None
        return states

    def check_unchanged(self) -> None:
        """Raise InputError if a file of the raster was changed since it was opened."""
        now = self._current_states()
        for name, state in self._states.items():
            silent = now[name] is None and is_remote(name)  # an outage is no change
            if now[name] != state and not silent:
                raise InputError(
                    f"{self.path}: {'' if name == self.name else name + ' '}was changed or removed while it was read; "
                    "run the job again once it is complete."
                )

    @property
    def grid(self) -> Grid:
        """The grid of the whole raster."""
        return grid_of(self._dataset)

    def tell_place(self, monitor: Monitor) -> None:
        """Report an assumed place of the raster and assumed units."""
        for note in self._place_notes:
            monitor.info(note)

    def read(self, window: Window, shape: tuple[int, int], bands: Sequence[int] | None = None) -> tuple[Pixels, Mask]:
        """Pixels (bands, *shape) in the file's type and validity (*shape); the window must be inside the raster.

        Reads the given `bands`, or all. Resamples if `shape` differs from the window: averaging for larger pixels (no
        aliasing), bilinear for smaller ones. A pixel is valid if any band has data, see `idgbr.raster.validity`; its
        other bands may have their nodata value or nan. Raises InputError if the file cannot be read there.
        """
        coarser = shape[0] < window.height or shape[1] < window.width
        resampling = Resampling.average if coarser else Resampling.bilinear
        bands = self.bands if bands is None else list(bands)
        with self._lock:
            if not self._remote and time.monotonic() - self._looked > _LOOK_S:
                self.check_unchanged()
                self._looked = time.monotonic()
            try:
                data, valid = self._retried(lambda: self._read(bands, window, shape, resampling))
            except RasterioError as error:
                data, valid = self._read_around(bands, window, shape, resampling, error)
        return data, with_numbers(data, valid)

    def _read(
        self, bands: list[int], window: Window, shape: tuple[int, int], resampling: Resampling, *, every: bool = False
    ) -> tuple[Pixels, Mask]:
        out_shape = (len(bands), *shape)
        data = self._dataset.read(bands, window=window, out_shape=out_shape, resampling=resampling)
        return data, self._validity.read(self._dataset, bands, window, shape, every=every)

    def _read_around(
        self, bands: list[int], window: Window, shape: tuple[int, int], resampling: Resampling, error: RasterioError
    ) -> tuple[Pixels, Mask]:
        """The readable part of a window where GDAL failed with `error`; InputError names the damaged blocks."""
        self.check_unchanged()
        data, valid, whole, damaged = read_sound(
            lambda: self._dataset, bands, window, self._validity, self._retried, skip=self._skips_bad
        )
        if self._remote and damaged:
            raise InputError(f"{self.path}: cannot be read ({_short(error)}); check the network.") from error
        if damaged and not self._skips_bad:
            raise InputError(
                f"{self.path}: the {blocks_text(damaged)} cannot be read ({_short(error)}); get an intact copy, choose "
                "another extent, or treat such blocks as nodata (on_bad_block nodata)."
            ) from error
        if not damaged and not self._remote:
            raise InputError(f"{self.path}: cannot be read ({_short(error)}); check that it is complete.") from error
        self.bad_blocks |= damaged
        inner = Window(window.col_off - whole.col_off, window.row_off - whole.row_off, window.width, window.height)
        return resample(data, valid, inner, shape, resampling)

    def sample(self, grid: Grid, bands: Sequence[int], side: int = 1024) -> NDArray[np.float64]:
        """Values sampled evenly from a part of this raster, (bands, N): up to `side` in a row or column.

        Only pixels with data in every band are used. A damaged raster is sampled in small windows, because GDAL's
        reduced reading needs all of its blocks.
        """
        shape = (min(grid.height, side), min(grid.width, side))
        whole = grid.window(0, 0, grid.height, grid.width)
        try:
            data, valid = self._retried(lambda: self._read(list(bands), whole, shape, Resampling.average, every=True))
        except RasterioError:
            return self._sample_windows(grid, bands, side)
        return data[:, with_numbers(data, valid, every=True)].astype(np.float64)

    def _sample_windows(self, grid: Grid, bands: Sequence[int], side: int, count: int = 16) -> NDArray[np.float64]:
        """Like `sample`, from `count` windows in each direction."""
        found = []
        for row in np.linspace(0, max(grid.height - side // count, 0), count).astype(int):
            for col in np.linspace(0, max(grid.width - side // count, 0), count).astype(int):
                shape = min(side // count, grid.height), min(side // count, grid.width)
                data, valid = self.read(grid.window(int(row), int(col), *shape), shape, bands)
                found.append(data[:, with_numbers(data, valid, every=True)].astype(np.float64))
        return np.concatenate(found, axis=1)

    def valid_rows(self, grid: Grid, first: int, last: int) -> Mask:
        """Validity of rows [first, last) of a part of this raster, (rows, width)."""
        out = np.ones((last - first, grid.width), bool)
        self.looked_at[0] += out.size
        if not (self._validity.limited or self._skips_bad or np.issubdtype(self.dtype, np.floating)):
            return out
        for left in range(0, grid.width, _CHUNK):
            width = min(_CHUNK, grid.width - left)
            out[:, left : left + width] = self.read(
                grid.window(first, left, last - first, width), (last - first, width)
            )[1]
        self.looked_at[1] += out.size - int(np.count_nonzero(out))
        return out

    def tell_missing(self, monitor: Monitor) -> None:
        """Warn if much of the ground that `valid_rows` has checked has no data."""
        pixels, missing = self.looked_at
        then = "nothing is found or changed there"
        tell_missing(self.path, missing, pixels, self._reason or self._validity.reason, then, monitor)

    def tell_once(self, note: BandNote | None) -> None:
        """Report notes on the raster's bands, the first time there are any."""
        if note and not self._told:
            self._told = True
            (self._monitor.warn if note.doubt else self._monitor.info)(f"{self.path}: {note.text}")
