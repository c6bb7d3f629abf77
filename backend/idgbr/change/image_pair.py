"""A pair of images on one grid: AFTER is read on the grid of BEFORE, in any CRS, resolution and extent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter

from idgbr.arrays import Array, Mask
from idgbr.errors import InputError, ModelError
from idgbr.models.card import ChangeCard, ModelCard
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.warp import WarpedSource
from idgbr.tiling.normalize import ScaledSource

#: Side of the samples for a date's statistics, in px, and their largest number along each axis.
SAMPLE_PX, SAMPLES = 128, 6
#: Added to a deviation, so that a constant image stays finite; as in training.
LEAST_STD = 0.02
#: Pixels count as equal if all within this distance (px) are equal: the reach of resampling.
EQUAL_REACH_PX = 2
#: Side of the decimated read that checks the overlap, in px.
OVERVIEW_PX = 512


class Window(NamedTuple):
    """Both dates in a window: inputs (bands, H, W) in 0…1, where both are known, and where both are equal."""

    before: Array
    after: Array
    valid: Mask
    equal: Mask


class DatePair:
    """Both dates, cut to a part of BEFORE's grid and scaled for a model, on that grid or on a coarser working grid."""

    def __init__(self, before: RasterSource, after: RasterSource, grid: Grid, card: ModelCard, factor: float) -> None:
        self._before = ScaledSource(before, grid, card, factor)
        self._after = ScaledSource(after, grid, card, factor)
        self.height, self.width = self._before.height, self._before.width
        self._statistics = _card_statistics(card)

    def read(self, row: int, col: int, height: int, width: int) -> Window:
        """A window of the working grid; it may extend beyond the area."""
        before, known_before = self._before.read(row, col, height, width)
        after, known_after = self._after.read(row, col, height, width)
        return Window(before, after, known_before & known_after, equal_around(before, after))

    def standardized(self, window: Window) -> tuple[Array, Array]:
        """Both dates, each standardized by its own mean and deviation of each band (SChanger: per date).

        The statistics are `date_statistics` of the model's card, else those of the whole area.
        """
        if self._statistics is None:
            self._statistics = self._sampled()
        first, second = self._statistics
        return (window.before - first[0]) / first[1], (window.after - second[0]) / second[1]

    def _sampled(self) -> NDArray[np.float32]:
        """Mean and deviation of each date (date, mean or deviation, bands, 1, 1), from samples all over the area.

        At full resolution, because averaging would lower the deviation.
        """
        parts: list[tuple[Array, Array]] = []
        for row in starts_of_parts(self.height, SAMPLE_PX, SAMPLES):
            for col in starts_of_parts(self.width, SAMPLE_PX, SAMPLES):
                shape = min(SAMPLE_PX, self.height - row), min(SAMPLE_PX, self.width - col)
                window = self.read(row, col, *shape)
                parts.append((window.before[:, window.valid], window.after[:, window.valid]))
        out = []
        for seen in (np.concatenate([p[date] for p in parts], 1) for date in (0, 1)):
            values = seen if seen.size else np.full((len(seen), 1), 0.5, np.float32)
            out.append((values.mean(1), values.std(1) + LEAST_STD))
        return np.array(out, np.float32)[..., None, None]


def _card_statistics(card: ModelCard) -> NDArray[np.float32] | None:
    """Mean and deviation of each date (date, mean or deviation, bands, 1, 1) from a card; None if it has none.

    Raises ModelError.
    """
    given = card.date_statistics if isinstance(card, ChangeCard) else None
    if not given:
        return None
    try:
        found = np.array([[given[date][what] for what in ("mean", "std")] for date in ("before", "after")], np.float32)
    except (KeyError, TypeError, ValueError):
        found = np.zeros(0, np.float32)
    if found.shape != (2, 2, card.bands) or not (found[:, 1] > 0).all():
        raise ModelError(
            f"model {card.id!r}: date_statistics must give mean and std, {card.bands} numbers each, for before and "
            "after; correct its card."
        )
    return found[..., None, None]


def equal_around(before: Array, after: Array) -> Mask:
    """Pixels where both dates (bands, H, W) are equal within `EQUAL_REACH_PX`: nothing has changed there.

    Parts of a mosaic without a new flight are often reused unchanged; a network should not decide on them.
    """
    same: NDArray[np.uint8] = (before == after).all(0).astype(np.uint8)
    if not same.any():
        return same.astype(bool)
    return np.asarray(minimum_filter(same, 2 * EQUAL_REACH_PX + 1, mode="nearest") > 0)


def check_pair(before: RasterSource, after: WarpedSource, grid: Grid, card: ModelCard, monitor: Monitor) -> None:
    """Raise InputError if the dates cannot be compared; report oddities.

    `after` is on BEFORE's grid.
    """
    chosen = [source.layout.bands_for(card) for source in (before, after)]
    for source, bands in zip((before, after), chosen, strict=True):
        if not bands:
            lacking = source.layout.missing_text(card, f"model {card.id!r}")
            raise InputError(f"{source.path}: {lacking} of both dates; choose another raster.")
    if len(before.bands) != len(after.bands):
        monitor.warn(
            f"{before.path} has {len(before.bands)} bands, {after.path} {len(after.bands)}: bands {_listed(chosen[0])} "
            f"are compared with {_listed(chosen[1])}; check that they mean the same."
        )
    if before.dtype != after.dtype:
        monitor.warn(
            f"{before.path} is {before.dtype}, {after.path} {after.dtype}: each is scaled by its own values, so that "
            "differences of brightness do not count."
        )
    if after.crs_assumed:
        monitor.warn(f"One of {before.path} and {after.path} has no CRS; it is assumed to share that of the other.")
    shape = min(grid.height, OVERVIEW_PX), min(grid.width, OVERVIEW_PX)
    window = grid.window(0, 0, grid.height, grid.width)
    seen, known_before = before.read(window, shape, chosen[0])
    other, known_after = after.read(window, shape, chosen[1])
    if not known_after.any():
        raise InputError(
            f"{after.path}: has no data in the compared part of {before.path} (it is elsewhere, or has nodata there); "
            "choose rasters that overlap."
        )
    if not known_before.any():
        raise InputError(f"{before.path}: has only nodata in the area; choose another area or raster.")
    for source, values, known in ((before, seen, known_before), (after, other, known_after)):
        if known.sum() > 1 and not np.ptp(values[:, known], axis=1).any():
            raise InputError(
                f"{source.path}: has a single colour all over the area, so it shows nothing; choose another "
                "raster or area, or declare that colour as its nodata."
            )
    if not (known_before & known_after).any():
        raise InputError(
            f"{before.path} and {after.path}: there is no place where both have data; choose an area that both dates "
            "cover."
        )
    if before.dtype == after.dtype and np.array_equal(seen, other):
        monitor.warn(f"{before.path} and {after.path} are equal in all samples: is it the same image twice?")


def _listed(bands: list[int]) -> str:
    return ", ".join(map(str, bands))


def starts_of_parts(length: int, size: int, most: int) -> list[int]:
    """First pixels of parts of `size` px, spread over an axis of `length` px: at most `most` of them."""
    count, last = min(most, -(-length // size)), max(length - size, 0)
    return sorted({round(last * i / max(count - 1, 1)) for i in range(count)})
