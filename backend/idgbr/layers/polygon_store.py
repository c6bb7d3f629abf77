"""Shapes by number, stored on disk, so that a layer of millions takes little memory."""

from __future__ import annotations

import mmap
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.enums import MergeAlg
from rasterio.transform import Affine

from idgbr.arrays import Floats
from idgbr.errors import OutputError
from idgbr.monitor import check_cancelled, run_cancellable

Shapes = NDArray[np.object_]
Numbers = NDArray[np.int64]
#: Most shapes in memory at a time, and most bytes of them, unless a single one is larger.
BATCH, BATCH_BYTES = 10_000, 16 << 20


class PolygonStore:
    """Shapes by number, from 0 on in the order of their adding: first all are added, then they are read.

    Memory holds the bounds, area and file position of each; the file is removed with the object.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Make the file in a folder, by default that of temporary files."""
        #: Folder of the file; None for that of temporary files.
        self.folder = folder
        with _reported(self.folder):
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed with the object)
        weakref.finalize(self, self._file.close)
        self._parts: list[tuple[Floats, Floats, Numbers]] = []
        self._whole: tuple[Floats, Floats, Numbers] | None = None
        self._map: mmap.mmap | None = None

    def add(self, shapes: Shapes) -> None:
        """Add polygons or multipolygons, None without an area. Raises OutputError on a full disk."""
        wkb = shapely.to_wkb(shapes)
        sizes = np.array([len(shape) if shape else 0 for shape in wkb], np.int64)
        with _reported(self.folder):
            self._file.write(b"".join(shape for shape in wkb if shape))
        self._parts.append((shapely.bounds(shapes).reshape(-1, 4), shapely.area(shapes), sizes))

    def _arrays(self) -> tuple[Floats, Floats, Numbers]:
        if self._whole is None:
            with _reported(self.folder):
                self._file.flush()
            if self._file.tell():
                self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            columns = zip(*self._parts, strict=True) if self._parts else ([], [], [])
            bounds, areas, sizes = (list(parts) for parts in columns)
            self._parts = []
            ends = np.concatenate([np.zeros(1, np.int64), *sizes])
            np.cumsum(ends, out=ends)
            self._whole = (np.concatenate([np.empty((0, 4)), *bounds]), np.concatenate([np.empty(0), *areas]), ends)
        return self._whole

    @property
    def bounds(self) -> Floats:
        """Left, bottom, right and top of each shape, (n, 4); nan for missing ones."""
        return self._arrays()[0]

    @property
    def areas(self) -> Floats:
        """Area of each shape in square units of the CRS, (n,); nan for missing ones."""
        return self._arrays()[1]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Whether each shape exists, (n,)."""
        ends = self._arrays()[2]
        there: NDArray[np.bool_] = ends[1:] > ends[:-1]
        return there

    def __len__(self) -> int:
        return len(self.areas)

    def near(self, area: tuple[float, float, float, float]) -> NDArray[np.bool_]:
        """Whether the bounds of each shape touch the box (left, bottom, right, top), (n,)."""
        left, bottom, right, top = self.bounds.T
        near: NDArray[np.bool_] = (left <= area[2]) & (right >= area[0]) & (bottom <= area[3]) & (top >= area[1])
        return near

    def take(self, numbers: Numbers) -> Shapes:
        """The shapes with these numbers, in their order; None for missing ones."""
        ends = self._arrays()[2]
        found = np.full(len(numbers), None, object)
        if self._map is not None:
            for place, (first, last) in enumerate(
                zip(ends[numbers].tolist(), ends[np.asarray(numbers) + 1].tolist(), strict=True)
            ):
                if last > first:
                    found[place] = self._map[first:last]
        shapes: Shapes = shapely.from_wkb(found)
        return shapes

    def batches(self, numbers: Numbers | None = None) -> Iterator[Numbers]:
        """Numbers, by default all, in order, in batches that fit into memory.

        Raises JobCancelled between them.
        """
        numbers = np.arange(len(self)) if numbers is None else numbers
        ends = self._arrays()[2]
        first = 0
        while first < len(numbers):
            check_cancelled()
            batch = numbers[first : first + BATCH]
            size = np.cumsum(ends[batch + 1] - ends[batch])
            batch = batch[: max(int(np.searchsorted(size, BATCH_BYTES, side="right")), 1)]
            yield batch
            first += len(batch)

    def burn(
        self, numbers: Numbers, shape: tuple[int, int], transform: Affine, *, count: bool = False
    ) -> NDArray[np.int32]:
        """Number + 1 of the last of the shapes `numbers` at the centre of each pixel (H, W), 0 for none.

        With `count`, the number of shapes instead. Raises JobCancelled.
        """
        burnt = np.zeros(shape, np.int32)

        def add(batch: Numbers) -> None:
            values = np.ones(len(batch), np.int64) if count else batch + 1
            rasterio.features.rasterize(
                zip(self.take(batch), values.tolist(), strict=True), out=burnt, transform=transform,
                merge_alg=MergeAlg.add if count else MergeAlg.replace,
            )  # fmt: skip

        for batch in self.batches(numbers[self.near(box_of(shape, transform))[numbers]]):
            run_cancellable(partial(add, batch), check_cancelled)
        return burnt


def by_place(points: Floats, most: int = 4000) -> Numbers:
    """Order of points (n, 2) by square cells with about `most` points each."""
    span = np.ptp(points, axis=0) if len(points) else np.zeros(2)
    side = max(float(np.sqrt(max(span[0] * span[1], 0.0) * most / max(len(points), 1))), span.max() / 1e4, 1e-300)
    cells = np.floor((points - points.min(0)) / side) if len(points) else points
    return np.lexsort((cells[:, 0], cells[:, 1]))


def total_bounds(bounds: Floats) -> tuple[float, float, float, float] | None:
    """Bounding box of bounds (n, 4); None for none."""
    if not len(bounds):
        return None
    low, high = bounds.min(axis=0), bounds.max(axis=0)
    return float(low[0]), float(low[1]), float(high[2]), float(high[3])


def box_of(shape: tuple[int, int], transform: Affine) -> tuple[float, float, float, float]:
    """Bounding box of pixels (H, W), whose grid may be rotated."""
    height, width = shape
    xs, ys = transform * (np.array([0, width, width, 0]), np.array([0, 0, height, height]))
    return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())


@contextmanager
def _reported(folder: Path | None) -> Iterator[None]:
    """Turn errors of the file system into one line for the user."""
    try:
        yield
    except OSError as error:
        where = folder or tempfile.gettempdir()
        raise OutputError(f"{where}: no temporary file can be written ({error.strerror}); free disk space.") from error
