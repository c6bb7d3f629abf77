"""Damaged files: finds the blocks of a raster that cannot be read, names them, and reads around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile
from rasterio.windows import Window

from idgbr.arrays import Mask
from idgbr.raster.validity import Validity

Pixels = NDArray[np.generic]
Read = Callable[[], tuple[Pixels, Mask]]
#: Calls a read; repeats it if it fails and a retry may help.
Retried = Callable[[Read], tuple[Pixels, Mask]]
#: Most blocks that a message lists.
_LISTED = 3


@dataclass(frozen=True, order=True)
class Block:
    """Rows [top, bottom) and columns [left, right) of a raster that its file stores together."""

    top: int
    bottom: int
    left: int
    right: int

    def __str__(self) -> str:
        return f"rows {self.top} to {self.bottom - 1}, columns {self.left} to {self.right - 1}"


def blocks_text(blocks: Collection[Block]) -> str:
    """Blocks as text; only the first few of many."""
    listed = "; ".join(map(str, sorted(blocks)[:_LISTED]))
    more = f" and {len(blocks) - _LISTED} more" if len(blocks) > _LISTED else ""
    return f"{'blocks' if len(blocks) > 1 else 'block'} at {listed}{more}"


def read_sound(
    opened: Callable[[], DatasetReader], bands: Sequence[int], window: Window, validity: Validity, retried: Retried, *,
    skip: bool,
) -> tuple[Pixels, Mask, Window, set[Block]]:  # fmt: skip
    """The readable part of a window, at the raster's own resolution.

    Args:
        opened: Gives the raster; `retried` may open it again.
        bands: Bands to read, from 1 on.
        window: Part of the raster; fractions of pixels are allowed.
        validity: Where the raster has data.
        retried: Function that reads each block, with retries.
        skip: Whether to continue after a damaged block.

    Returns:
        Pixels (bands, H, W), validity (H, W), their whole-pixel window in the raster, and the damaged blocks in it,
        which
        are invalid.
    """
    top, left = math.floor(window.row_off + 1e-6), math.floor(window.col_off + 1e-6)
    bottom = math.ceil(window.row_off + window.height - 1e-6)
    right = math.ceil(window.col_off + window.width - 1e-6)
    data = np.zeros((len(bands), bottom - top, right - left), opened().dtypes[0])
    valid = np.zeros(data.shape[1:], bool)
    damaged = set()
    for block in _blocks(opened(), top, bottom, left, right):
        rows = slice(max(block.top, top), min(block.bottom, bottom))
        cols = slice(max(block.left, left), min(block.right, right))
        part = Window(cols.start, rows.start, cols.stop - cols.start, rows.stop - rows.start)

        def read(part: Window = part) -> tuple[Pixels, Mask]:
            known = validity.read(opened(), bands, part, (part.height, part.width))
            return opened().read(bands, window=part), known

        try:
            pixels, known = retried(read)
        except RasterioError:
            damaged.add(block)
            if skip:
                continue
            break
        to_rows, to_cols = slice(rows.start - top, rows.stop - top), slice(cols.start - left, cols.stop - left)
        data[:, to_rows, to_cols] = pixels
        valid[to_rows, to_cols] = known
    return data, valid, Window(left, top, right - left, bottom - top), damaged


def _blocks(dataset: DatasetReader, top: int, bottom: int, left: int, right: int) -> Iterator[Block]:
    """Blocks that contain rows [top, bottom) and columns [left, right)."""
    height, width = dataset.block_shapes[0]
    for row in range(top // height * height, bottom, height):
        for col in range(left // width * width, right, width):
            yield Block(row, min(row + height, dataset.height), col, min(col + width, dataset.width))


def resample(
    data: Pixels, valid: Mask, window: Window, shape: tuple[int, int], resampling: Resampling
) -> tuple[Pixels, Mask]:
    """A window (in pixels of `data`, fractions allowed) of (bands, H, W), resampled by GDAL to `shape`."""
    if (window.row_off, window.col_off, *shape) == (0, 0, *valid.shape):
        return data, valid
    bands, height, width = data.shape
    profile = {"driver": "GTiff", "count": bands, "height": height, "width": width, "dtype": data.dtype}
    with MemoryFile() as memory, memory.open(**profile) as copy:
        copy.write(data)
        copy.write_mask(valid)
        pixels = copy.read(window=window, out_shape=(bands, *shape), resampling=resampling)
        mask = copy.read_masks(1, window=window, out_shape=shape, resampling=Resampling.nearest)
    return pixels, mask > 0
