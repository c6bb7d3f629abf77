"""Where a raster has data: one rule for images, class rasters and confidence rasters.

It is that of GDAL's dataset mask. If there is a mask band, it decides. Else a pixel is nodata if all bands have their
nodata value, as GDAL compares it; a nodata value outside the range of the type is ignored. A pixel is also nodata if an
alpha band is 0, for any type and number of bands; any alpha above 0 is data. Nan and infinity are nodata.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.arrays import Mask
from idgbr.monitor import Monitor

#: Fraction of nodata pixels up to which nothing is reported.
UNTOLD = 0.01
#: Suffix of the reason for nodata in a warped raster.
BEYOND = ", or beyond the raster"


class Validity:
    """Where a raster has data, and why not elsewhere."""

    def __init__(self, dataset: DatasetReader) -> None:
        """Inspect the raster, which may be opened again for later reads."""
        self._flags = [set(flags) for flags in dataset.mask_flag_enums]
        self._alpha = alpha_band(dataset)
        #: Nodata value of the first band, None if there is none or GDAL ignores it.
        self.nodata: float | None = dataset.nodata if self._flags[0] == {MaskFlags.nodata} else None
        #: Reason for nodata inside a warped raster.
        self._inner = Validity(dataset.src_dataset) if isinstance(dataset, WarpedVRT) else None
        self._name = f"nodata {self.nodata:g}" if self.nodata is not None else "nodata values"

    @property
    def limited(self) -> bool:
        """Whether mask, nodata value or alpha may mark a pixel as nodata."""
        return self._alpha is not None or any(MaskFlags.all_valid not in flags for flags in self._flags)

    @property
    def by_nodata_alone(self) -> bool:
        """Whether only the nodata value of the first band does so."""
        return self._alpha is None and self.nodata is not None

    @property
    def reason(self) -> str:
        """What marks pixels as nodata, as text."""
        if self._inner is not None:
            return f"{self._inner.reason}{BEYOND}"
        by_mask = MaskFlags.per_dataset in self._flags[0] and not self._flags[0] & {MaskFlags.alpha, MaskFlags.nodata}
        by_nodata = any(MaskFlags.nodata in flags for flags in self._flags)
        named = [(by_mask, "mask band"), (by_nodata, self._name), (self._alpha is not None, "alpha band")]
        return " and ".join(name for there, name in named if there) or "no finite number"

    def read(
        self, dataset: DatasetReader, bands: Sequence[int], window: Window, shape: tuple[int, int], *,
        every: bool = False,
    ) -> Mask:  # fmt: skip
        """Where a window has data in any of some bands, or in `every` one, (H, W), by nearest neighbour.

        Nan and infinity are left to `with_numbers`. Raises RasterioError.
        """
        valid = np.ones(shape, bool)
        nearest = {"window": window, "resampling": Resampling.nearest}
        flags = [self._flags[band - 1] for band in bands]
        if MaskFlags.per_dataset in flags[0]:
            if MaskFlags.alpha not in flags[0]:
                valid = dataset.read_masks(bands[0], out_shape=shape, **nearest) > 0
        elif every or all(MaskFlags.all_valid not in of_band for of_band in flags):
            masks = dataset.read_masks(list(bands), out_shape=(len(bands), *shape), **nearest) > 0
            valid = masks.all(0) if every else masks.any(0)
        if self._alpha is not None:
            valid &= dataset.read(self._alpha, out_shape=shape, **nearest) > 0
        return valid


def with_numbers(data: NDArray[np.generic], valid: Mask, *, every: bool = False) -> Mask:
    """The part of `valid` (H, W) where any band of `data` (bands, H, W) is finite, or `every` one is."""
    if not np.issubdtype(data.dtype, np.floating):
        return valid
    finite = np.isfinite(data)
    found: Mask = valid & (finite.all(0) if every else finite.any(0))
    return found


def alpha_band(dataset: DatasetReader) -> int | None:
    """The alpha band, from 1 on."""
    return next((b for b, m in enumerate(dataset.colorinterp, start=1) if m == ColorInterp.alpha), None)


def warped_nodata(dataset: DatasetReader) -> float | None:
    """Nodata value for a `WarpedVRT` of the raster: none if there is a mask band, which GDAL's warper uses then."""
    value: float | None = dataset.nodata
    return None if MaskFlags.per_dataset in dataset.mask_flag_enums[0] else value


def tell_missing(
    name: object, missing: int, pixels: int, reason: str, then: str, monitor: Monitor, what: str = "data"
) -> None:
    """Report which fraction of an area has no data, why, and the consequence, if it exceeds `UNTOLD`."""
    if missing > UNTOLD * pixels:
        monitor.info(f"{name}: {share_text(missing / pixels)} of the area has no {what} ({reason}); {then}.")


def share_text(share: float) -> str:
    """A fraction in per cent, such as 30 % or 1.5 %."""
    return f"{100 * share:.0f} %" if share >= 0.095 else f"{100 * share:.1f} %"
