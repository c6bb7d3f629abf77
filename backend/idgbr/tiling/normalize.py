"""A raster as input of a network: bands selected, scaled, resampled, and padded beyond the edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.models.card import ModelCard, Scaling
from idgbr.raster.grid import Grid, within
from idgbr.raster.reader import RasterSource
from idgbr.spans import timed

#: How far from data missing ground is filled, in px; pixels farther away hardly matter.
REACH = 64
#: Side of the blocks that are filled one by one, in px.
_BLOCK = 512

#: A raster with pixels this many times larger than those of the model's training data is refused.
MAX_UPSAMPLING = 4.0


class ScaledSource:
    """A part of a source on a working grid, scaled for a model: the input of tiles.

    `factor` is working pixels per source pixel; (height, width) is the size of the working grid. Outside the part,
    values are mirrored, so that tiles at its edge have context. Nodata is filled with mirrored values in the same way.
    """

    def __init__(self, source: RasterSource, grid: Grid, card: ModelCard, factor: float) -> None:
        self._source, self._grid = source, grid
        self._bands = source.layout.bands_for(card)
        if not self._bands:
            lacking = source.layout.missing_text(card, f"model {card.id!r}")
            raise InputError(f"{source.path}: {lacking}; choose another raster or model, or set its bands.")
        source.tell_once(source.layout.reading_note(card))
        self.factor = factor
        self.height = max(1, round(grid.height * factor))
        self.width = max(1, round(grid.width * factor))
        scaling = card.scaling
        self.low, self.span = self._value_range(scaling)
        self._mean = _column(np.array(scaling.mean or [0.0] * card.bands))
        self._std = _column(np.array(scaling.std or [1.0] * card.bands))

    @property
    def origin(self) -> tuple[int, int]:
        """Row and column of the upper left pixel of the part, in working pixels of the whole source."""
        return round(self._grid.row0 * self.factor), round(self._grid.col0 * self.factor)

    def _value_range(self, scaling: Scaling) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Lowest value and span of each band that are mapped to 0…1, once for the whole area.

        Values in the card come first. 8-bit values are mapped from 0…255, other types from the 1st to the 99th
        percentile of a
        decimated read.
        """
        if scaling.low:
            return _column(np.array(scaling.low)), _column(np.subtract(scaling.high, scaling.low))
        ones = np.ones((len(self._bands), 1, 1), np.float32)
        if self._source.dtype == np.uint8:
            return 0 * ones, 255 * ones
        values = self._source.sample(self._grid, self._bands)
        if not values.size:
            return 0 * ones, ones
        low, high = np.percentile(values, [1, 99], axis=1)
        return _column(low), _column(np.maximum(high - low, 1e-6))

    @timed("read image")
    def read(self, row: int, col: int, height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Network input (bands, height, width) and validity of a window, which may extend beyond the area."""
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + height, self.height), min(col + width, self.width)
        sy, sx = self._grid.height / self.height, self._grid.width / self.width
        window = Window(
            self._grid.col0 + left * sx, self._grid.row0 + top * sy, (right - left) * sx, (bottom - top) * sy
        )
        data, valid = self._source.read(window, (bottom - top, right - left), self._bands)
        image = data.astype(np.float32)
        image -= self.low
        with np.errstate(over="ignore"):  # a nodata value may be the largest of its type; what exceeds 0…1 is cut off
            image /= self.span
        np.clip(image, 0, 1, out=image)
        if np.issubdtype(data.dtype, np.floating):
            image[np.isnan(image)] = 0  # in one band of several, as is a nodata value
        image[:, ~valid] = 0.5
        fill_missing(image, valid)
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
    """Pad by mirroring, repeatedly for a large padding."""
    return np.pad(image, ((0, 0), *pad), mode="symmetric")


def working_factor(source: RasterSource, card: ModelCard, upsampling: float = MAX_UPSAMPLING) -> float:
    """Working pixels per source pixel: 1 inside the card's range of ground sample distances, or next to it.

    Raises InputError for a raster that would be enlarged more than `upsampling` times.
    """
    finest, coarsest = card.gsd_range_m
    gsd = source.gsd_m
    if gsd > coarsest * upsampling:
        raise InputError(
            f"{source.path}: its ground sample distance is {gsd:.3g} m, but model {card.id!r} was trained on "
            f"{finest:g} to {coarsest:g} m; choose a finer raster or another model."
        )
    return 1.0 if within(gsd, finest, coarsest) else gsd / min(max(gsd, finest), coarsest)


def fill_missing(image: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
    """Fill pixels that are not `valid` (H, W) of an image (bands, H, W), in place, up to `REACH` from valid ones.

    A pixel gets the value at the mirror position behind its nearest valid pixel, or the value of that pixel.
    """
    height, width = valid.shape
    for top in range(0, height, _BLOCK):
        for left in range(0, width, _BLOCK):
            inner = np.s_[top : top + _BLOCK, left : left + _BLOCK]
            first_row, first_col = max(top - REACH, 0), max(left - REACH, 0)
            around = valid[first_row : top + _BLOCK + REACH, first_col : left + _BLOCK + REACH]
            if valid[inner].all() or not around.any():
                continue
            from scipy.ndimage import distance_transform_edt

            distance, nearest = distance_transform_edt(~around, return_indices=True)
            there = (distance > 0) & (distance <= REACH)
            there[: top - first_row] = there[top - first_row + _BLOCK :] = False
            there[:, : left - first_col] = there[:, left - first_col + _BLOCK :] = False
            corner = np.array([[first_row], [first_col]])
            place, near = np.stack(np.nonzero(there)) + corner, nearest[:, there] + corner
            across = 2 * near - place
            inside = (across >= 0).all(0) & (across[0] < height) & (across[1] < width)
            inside[inside] = valid[tuple(across[:, inside])]
            row, col = np.where(inside, across, near)
            image[:, place[0], place[1]] = image[:, row, col]
