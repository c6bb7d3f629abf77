"""Two dates on one grid: AFTER is seen on BEFORE's, whatever its CRS, resolution and extent."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT

from idgbr.errors import InputError, ModelError
from idgbr.models.card import ModelCard
from idgbr.monitor import Monitor
from idgbr.raster.grid import FAILURES, Grid, share_plane, transformed
from idgbr.raster.named import reason
from idgbr.raster.place import PLANE
from idgbr.raster.source import RasterSource, ScaledSource
from idgbr.raster.validity import Validity, alpha_band, warped_nodata

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

#: Side of the parts that a date's statistics are taken from, px, and how many along each axis at most.
SAMPLE_PX, SAMPLES = 128, 6
#: Added to a deviation, so that an even image stays finite; as in training.
LEAST_STD = 0.02
#: Pixels count as equal where they and all within this distance (px) are: as far as resampling may reach.
EQUAL_REACH_PX = 2
#: A side of the decimated read that overlap is judged by, px.
OVERVIEW_PX = 512
#: Places along a side of a raster that are looked for on the other.
BORDER_PLACES = 513


class WarpedSource(RasterSource):
    """A raster seen on the grid of another, moved by `shift` (right, down) px of that grid.

    `crs_assumed`: just one of the two names a CRS, so they are taken to share it.
    """

    def __init__(
        self, path: str, grid: Grid, shift: tuple[float, float] = (0.0, 0.0), on_bad_block: str = "stop",
        monitor: Monitor | None = None,
    ) -> None:  # fmt: skip
        """Open it; `on_bad_block` and `monitor` as for any `RasterSource`. Raises InputError."""
        super().__init__(path, on_bad_block, monitor)
        own = self.grid
        self._own, self._shift = own, shift
        self.crs_assumed = (own.crs is None) != (grid.crs is None)
        if not any(shift) and own == grid:
            return
        plane = share_plane(own.crs, grid.crs)
        try:
            self._dataset = WarpedVRT(
                self._dataset,
                src_crs=PLANE if plane else own.crs,
                crs=PLANE if plane else grid.crs,
                src_transform=own.transform,
                # What lies `shift` px further right and down in this raster is seen at its place in the other.
                transform=grid.transform * Affine.translation(*shift),
                width=grid.width,
                height=grid.height,
                resampling=Resampling.bilinear,
                src_nodata=warped_nodata(self._dataset),
                add_alpha=alpha_band(self._dataset) is None,
                tolerance=0.05,  # px
            )
        except FAILURES as error:
            raise InputError(
                f"{path}: cannot be brought onto the grid of the other date ({reason(error)}); check the CRS of both."
            ) from error
        self._validity = Validity(self._dataset)  # there is no data outside its own extent, at least

    def __enter__(self) -> WarpedSource:
        return self

    def covered(self, grid: Grid) -> Grid:
        """The part of `grid` that the raster reaches, or little more; all of it where no such part is found.

        `grid` is that of the other raster, or a part of it.
        """
        seen = replace(grid, transform=grid.transform * Affine.translation(*self._shift))
        mine, theirs = _border(grid), _border(self._own)
        mine = mine[_within(_moved(mine, seen, self._own), self._own)]
        theirs = _moved(theirs, self._own, seen)
        places = np.concatenate([mine, theirs[_within(theirs, grid)]])
        if not len(places):
            return grid
        # Where both borders cross, the nearest of the places on this one is up to a step away.
        sides = np.array([grid.width, grid.height])
        step = np.ceil(sides / (BORDER_PLACES - 1)).astype(int)
        left, top = np.maximum(np.floor(places.min(0)).astype(int) - step, 0)
        right, bottom = np.minimum(np.ceil(places.max(0)).astype(int) + step, sides)
        return grid.part(int(top), int(left), int(bottom - top), int(right - left))


class Window(NamedTuple):
    """Both dates in a window: network inputs (bands, H, W) in 0…1, where both are known, and where both are equal."""

    before: Array
    after: Array
    valid: Mask
    equal: Mask


class DatePair:
    """Both dates, cut to a part of BEFORE's grid and scaled for a model, on that grid or a coarser working grid."""

    def __init__(self, before: RasterSource, after: RasterSource, grid: Grid, card: ModelCard, factor: float) -> None:
        self._before = ScaledSource(before, grid, card, factor)
        self._after = ScaledSource(after, grid, card, factor)
        self.height, self.width = self._before.height, self._before.width
        self._statistics = _card_statistics(card)

    def read(self, row: int, col: int, height: int, width: int) -> Window:
        """A window of the working grid; it may reach beyond the area."""
        before, known_before = self._before.read(row, col, height, width)
        after, known_after = self._after.read(row, col, height, width)
        return Window(before, after, known_before & known_after, equal_around(before, after))

    def standardized(self, window: Window) -> tuple[Array, Array]:
        """Both dates, each by its own mean and deviation of each band (SChanger: per date).

        They are those of the model's card, `date_statistics`, else those of the whole area.
        """
        if self._statistics is None:
            self._statistics = self._sampled()
        first, second = self._statistics
        return (window.before - first[0]) / first[1], (window.after - second[0]) / second[1]

    def _sampled(self) -> NDArray[np.float32]:
        """Mean and deviation of each date (date, mean or deviation, bands, 1, 1) from parts all over the area.

        From full resolution, since averaging would lower the deviation.
        """
        parts: list[tuple[Array, Array]] = []
        for row in _starts(self.height):
            for col in _starts(self.width):
                shape = min(SAMPLE_PX, self.height - row), min(SAMPLE_PX, self.width - col)
                window = self.read(row, col, *shape)
                parts.append((window.before[:, window.valid], window.after[:, window.valid]))
        out = []
        for seen in (np.concatenate([p[date] for p in parts], 1) for date in (0, 1)):
            values = seen if seen.size else np.full((len(seen), 1), 0.5, np.float32)
            out.append((values.mean(1), values.std(1) + LEAST_STD))
        return np.array(out, np.float32)[..., None, None]


def _card_statistics(card: ModelCard) -> NDArray[np.float32] | None:
    """Mean and deviation of each date (date, mean or deviation, bands, 1, 1) from a card, None if it has none.

    Raises ModelError.
    """
    given = card.extra.get("date_statistics")
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
    """Where both dates (bands, H, W) are the very same, up to `EQUAL_REACH_PX` around: nothing can have changed there.

    Parts of a mosaic that were not flown again come along unchanged, and a network should not have a say in that.
    """
    from scipy.ndimage import minimum_filter

    same: NDArray[np.uint8] = (before == after).all(0).astype(np.uint8)
    if not same.any():
        return same.astype(bool)
    return np.asarray(minimum_filter(same, 2 * EQUAL_REACH_PX + 1, mode="nearest") > 0)


def check_pair(before: RasterSource, after: WarpedSource, grid: Grid, card: ModelCard, monitor: Monitor) -> None:
    """Raise InputError where the dates cannot be compared; say what is odd about them.

    `after` lies on BEFORE's grid.
    """
    chosen = [source.layout.chosen(card) for source in (before, after)]
    for source, bands in zip((before, after), chosen, strict=True):
        if not bands:
            lacking = source.layout.lacking(card, f"model {card.id!r}")
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
        monitor.warn(f"One of {before.path} and {after.path} names no CRS: they are taken to share that of the other.")
    shape = min(grid.height, OVERVIEW_PX), min(grid.width, OVERVIEW_PX)
    window = grid.window(0, 0, grid.height, grid.width)
    seen, known_before = before.read(window, shape, chosen[0])
    other, known_after = after.read(window, shape, chosen[1])
    if not known_after.any():
        raise InputError(
            f"{after.path}: has no data where {before.path} is looked at (it lies elsewhere, or holds nodata there); "
            "choose rasters that overlap."
        )
    if not known_before.any():
        raise InputError(f"{before.path}: has nothing but nodata in the area; choose another area or raster.")
    for source, values, known in ((before, seen, known_before), (after, other, known_after)):
        if known.sum() > 1 and not np.ptp(values[:, known], axis=1).any():
            raise InputError(
                f"{source.path}: is one and the same colour all over the area, so it shows nothing; choose another "
                "raster or area, or declare that colour as its nodata."
            )
    if not (known_before & known_after).any():
        raise InputError(
            f"{before.path} and {after.path}: nowhere do both have data; choose an area that both dates cover."
        )
    if before.dtype == after.dtype and np.array_equal(seen, other):
        monitor.warn(f"{before.path} and {after.path} are equal as far as looked at: is it the same image twice?")


def _listed(bands: list[int]) -> str:
    return ", ".join(map(str, bands))


def _border(grid: Grid) -> NDArray[np.float64]:
    """Places all along the border of a grid (n, 2), in px right and down of its corner."""
    along = np.linspace(0, 1, BORDER_PLACES)
    sides = [(along, 0 * along), (along, 0 * along + 1), (0 * along, along), (0 * along + 1, along)]
    return np.concatenate([np.stack(side, 1) for side in sides]) * (grid.width, grid.height)


def _moved(places: NDArray[np.float64], grid: Grid, other: Grid) -> NDArray[np.float64]:
    """Places on a grid (n, 2), px, as px of another; infinite where there is no way from one CRS to the other."""
    xs, ys = grid.transform * tuple(places.T)
    if not share_plane(grid.crs, other.crs):
        assert grid.crs is not None
        assert other.crs is not None
        try:
            xs, ys = transformed(grid.crs, other.crs, xs, ys)
        except RasterioError:
            return np.full_like(places, np.inf)
    return np.stack(~other.transform * (xs, ys), 1)


def _within(places: NDArray[np.float64], grid: Grid) -> Mask:
    return np.asarray(((places >= 0) & (places <= (grid.width, grid.height))).all(1))


def _starts(length: int) -> list[int]:
    """Where samples along an axis begin."""
    count = min(SAMPLES, -(-length // SAMPLE_PX))
    last = max(length - SAMPLE_PX, 0)
    return sorted({round(last * i / max(count - 1, 1)) for i in range(count)})
