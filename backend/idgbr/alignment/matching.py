"""Scores of shifts: how well each object of a layer fits the evidence at each place within reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine
from scipy.fft import irfft2, next_fast_len, rfft2
from scipy.ndimage import distance_transform_edt, gaussian_filter

from idgbr.alignment.evidence import PLANES
from idgbr.arrays import Array, Floats, Ints, Mask
from idgbr.layers.polygon_store import PolygonStore, Shapes
from idgbr.monitor import Monitor
from idgbr.tiling.row_store import RawRows
from idgbr.tiling.score_store import ScoreStore, StoredScores

#: Width in m of the ring around an object that is compared with its inside.
RING_M = 2.0
#: Weight of edges along the outline, against the difference of probability between inside and ring.
EDGES = 2.0
#: A ring that covers less than this share of its object counts less: neighbours leave little of it.
_LEAST_RING = 0.15
#: Side in px of the cells whose objects are scored together, and the largest object.
_CELL, LARGEST = 512, 1024
#: Samples of a pixel along each axis, by which the outline of an object is known between pixels.
_SAMPLES = 4


class Window(NamedTuple):
    """Shifts by whole pixels: from -`rows` to `rows` down, and from -`cols` to `cols` right.

    `metres` (2, 2) turns pixels right and down into metres.
    """

    rows: int
    cols: int
    metres: Floats

    @staticmethod
    def of(reach_m: float, metres: Floats) -> Window:
        """All shifts within a distance, and more in the corners."""
        rows = int(np.ceil(reach_m / metres[1, 1]))
        cols = int(np.ceil((reach_m + abs(metres[0, 1]) * rows) / metres[0, 0]))
        return Window(rows, cols, metres)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of shifts down and right."""
        return 2 * self.rows + 1, 2 * self.cols + 1

    def shifts(self) -> Floats:
        """All shifts in metres right and down, (*shape, 2)."""
        down, right = np.mgrid[-self.rows : self.rows + 1, -self.cols : self.cols + 1]
        return np.asarray(np.stack((right, down), -1) @ self.metres.T)


@dataclass(frozen=True)
class Objects:
    """The objects of a layer in working pixels.

    `numbers` are those in the `store`, whose shapes `to_pixels` turns into pixels; `bounds` (n, 4) and `centres`
    (n, 2) are in pixels, x before y.
    """

    store: PolygonStore
    to_pixels: Affine
    numbers: Ints
    bounds: Floats
    centres: Floats

    @staticmethod
    def of(store: PolygonStore, to_pixels: Affine) -> Objects:
        """Take the shapes of a store that exist."""
        numbers = np.flatnonzero(store.there)
        bounds, centres = [np.zeros((0, 4))], [np.zeros((0, 2))]
        for batch in store.batches(numbers):
            shapes = _in_pixels(store.take(batch), to_pixels)
            bounds.append(shapely.bounds(shapes).reshape(-1, 4))
            centres.append(shapely.get_coordinates(shapely.centroid(shapes)))
        return Objects(store, to_pixels, numbers, np.concatenate(bounds), np.concatenate(centres))

    def take(self, which: Ints) -> Shapes:
        """Shapes in pixels."""
        return _in_pixels(self.store.take(self.numbers[which]), self.to_pixels)


def _in_pixels(shapes: Shapes, to_pixels: Affine) -> Shapes:
    a, b, c, d, e, f = to_pixels[:6]
    moved: Shapes = shapely.transform(shapes, lambda p: p @ np.array([[a, d], [b, e]]) + (c, f))
    return moved


class ScoreSurfaces:
    """A file of the scores of all shifts, (n, *window.shape) in 16 bits; nan for objects without evidence."""

    def __init__(self, path: Path, count: int, window: Window) -> None:
        """Make the file. Raises OutputError on a full disk."""
        self.window, self._count = window, count
        self._rows = RawRows(path, 2 * window.shape[0] * window.shape[1])
        self._place = np.full(count, -1, np.int64)
        self._filled = 0

    def __enter__(self) -> ScoreSurfaces:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._rows.close()

    def __len__(self) -> int:
        return self._count

    @property
    def known(self) -> Mask:
        """Which objects have scores, (n,)."""
        return self._place >= 0

    def add(self, which: int, scores: Array) -> None:
        """Store those of an object."""
        self._rows.write(self._filled, scores.astype(np.float16).reshape(1, -1).view(np.uint8))
        self._place[which] = self._filled
        self._filled += 1

    def take(self, which: Ints) -> Array:
        """Those of some objects, (k, *window.shape) float32."""
        out = np.full((len(which), *self.window.shape), np.nan, np.float32)
        for i, place in enumerate(self._place[which].tolist()):
            if place >= 0:
                out[i] = self._rows.read(place, place + 1).view(np.float16).reshape(self.window.shape)
        return out


def fill_scores(evidence: StoredScores, objects: Objects, scores: ScoreSurfaces, monitor: Monitor) -> None:
    """Score the shifts of all objects whose centre is on the grid of the evidence. Raises JobCancelled."""
    window = scores.window
    ring = [int(np.ceil(RING_M / size)) + 1 for size in (window.metres[0, 0], window.metres[1, 1])]
    reach = np.array([window.cols + ring[0], window.rows + ring[1]])
    size = objects.bounds[:, 2:] - objects.bounds[:, :2]
    height, width = evidence.size
    there = (objects.centres >= 0).all(1) & (objects.centres < (width, height)).all(1) & (size.max(1) <= LARGEST)
    done = 0
    total = int(np.count_nonzero(there))
    with evidence.on(evidence.size) as planes:
        for cell in _cells(objects.centres, np.flatnonzero(there)):
            monitor.check()
            inner = objects.bounds[cell]
            low = np.floor(inner[:, :2].min(0)).astype(int) - reach
            high = np.ceil(inner[:, 2:].max(0)).astype(int) + reach
            bounds = objects.bounds
            near = (bounds[:, :2] < high).all(1) & (bounds[:, 2:] > low).all(1)
            others = np.flatnonzero(near)
            area = _Area(low, high, _read(planes, evidence.size, low, high), objects.take(others))
            place = dict(zip(others.tolist(), range(len(others)), strict=True))
            for which in cell.tolist():
                scores.add(which, area.scores(place[which], bounds[which], ring, window))
            done += len(cell)
            monitor.progress("match", done, total)


def _cells(centres: Floats, which: Ints) -> Iterator[Ints]:
    """Objects by the square cell of their centre, row of cells by row of cells."""
    cells = np.floor(centres[which] / _CELL).astype(np.int64)
    order = np.lexsort((cells[:, 0], cells[:, 1]))
    ends = np.flatnonzero(np.any(np.diff(cells[order], axis=0), axis=1)) + 1
    yield from (part for part in np.split(which[order], ends) if part.size)


def _read(planes: ScoreStore, grid: tuple[int, int], low: Ints, high: Ints) -> Array:
    """The planes (PLANES, H, W) of a box of pixels; without evidence where it reaches beyond their grid."""
    width, height = high - low
    # The probability is centred, so that ground beyond the edge counts neither for nor against an object.
    out = np.zeros((PLANES, height, width), np.float32)
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, grid[::-1])
    if left < right and top < bottom:
        part = planes.read(int(top), int(bottom), int(left), int(right))
        part[0] -= 0.5
        out[:, top - low[1] : bottom - low[1], left - low[0] : right - low[0]] = part
    return out


class _Area:
    """A box of pixels from `low` to `high` with its evidence, and the shapes in it."""

    def __init__(self, low: Ints, high: Ints, planes: Array, shapes: Shapes) -> None:
        self._low, self._planes, self._shapes = low, planes, shapes
        pairs = [(shape, 1 + i) for i, shape in enumerate(shapes)]
        width, height = high - low
        self._owner = rasterize(pairs, (height, width), transform=Affine.translation(*low), dtype="int32")

    def scores(self, which: int, bounds: Floats, ring: list[int], window: Window) -> Array:
        """Scores of the shifts of an object."""
        left, top = np.floor(bounds[:2]).astype(int) - ring
        right, bottom = np.ceil(bounds[2:]).astype(int) + ring
        col, row = int(left - self._low[0]), int(top - self._low[1])
        height, width = int(bottom - top), int(right - left)
        owner = self._owner[row : row + height, col : col + width]
        inside = _cover(self._shapes[which], left, top, (height, width))
        template = _template(inside, (owner > 0) & (owner != which + 1), window.metres)
        rows, cols = window.rows, window.cols
        seen = self._planes[:, row - rows : row + height + rows, col - cols : col + width + cols]
        size = tuple(next_fast_len(side, real=True) for side in seen.shape[1:])
        product = (rfft2(seen, size) * rfft2(template, size).conj()).sum(0)
        return np.asarray(irfft2(product, size)[: 2 * rows + 1, : 2 * cols + 1], np.float32)


def _cover(shape: shapely.Geometry, left: int, top: int, size: tuple[int, int]) -> Array:
    """Share of each pixel (H, W) that a shape covers."""
    height, width = size
    transform = Affine.translation(left, top) * Affine.scale(1 / _SAMPLES)
    fine = rasterize([(shape, 1)], (height * _SAMPLES, width * _SAMPLES), transform=transform, dtype="uint8")
    blocks = fine.reshape(height, _SAMPLES, width, _SAMPLES)
    return np.asarray(blocks.mean((1, 3), dtype=np.float32))


def _template(inside: Array, others: Mask, metres: Floats) -> Array:
    """Weights (PLANES, H, W) of the evidence for an object, from the share of each pixel inside it."""
    # A narrow or tiny object covers no pixel by half; without any pixel of its own, distances would mean nothing.
    own = inside >= min(0.5, float(inside.max()))
    away = distance_transform_edt(~own, sampling=(metres[1, 1], metres[0, 0]))
    ring = ((away <= RING_M) & (inside == 0) & ~others).astype(np.float32)
    area = float(inside.sum())
    contrast = inside / max(area, 1e-6) - ring / max(float(ring.sum()), _LEAST_RING * area, 1e-6)
    soft = gaussian_filter(inside, 0.7)
    down, right = np.gradient(soft)
    length = np.hypot(right, down)
    right, down = right / (length + 1e-9), down / (length + 1e-9)
    outline = EDGES * length / max(float(length.sum()), 1e-6)
    # The energy along a normal (right, down), from the energies of three directions.
    cross = right * down
    return np.stack((contrast, outline * (right**2 - cross), outline * (down**2 - cross), outline * 2 * cross))
