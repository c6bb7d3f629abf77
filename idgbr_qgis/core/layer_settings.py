"""What was set in QGIS for a raster layer and is not in its file: coordinate system and nodata."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsRasterDataProvider, QgsRasterLayer

#: Nodata of a band: from and to of each range.
Ranges = tuple[tuple[float, float], ...]
#: Rows that a mask is written by.
_ROWS = 256


@dataclass(frozen=True)
class LayerSettings:
    """Settings of a layer; None for what its file says itself.

    `nodata` is the value of each band, None for none; `ranges` are those of each band instead, from and to, if a band
    has several values or a range, which only QGIS can apply.
    """

    crs: QgsCoordinateReferenceSystem | None = None
    nodata: tuple[float | None, ...] | None = None
    ranges: tuple[Ranges, ...] = ()

    @property
    def many_nodata(self) -> bool:
        """Whether a band has several nodata values or a range of them."""
        return bool(self.ranges)

    @classmethod
    def of(cls, layer: QgsRasterLayer) -> LayerSettings:
        """Read them from a valid layer."""
        provider = layer.dataProvider()
        crs = QgsCoordinateReferenceSystem(layer.crs()) if layer.crs() != provider.crs() else None
        bands = range(1, provider.bandCount() + 1)
        if not any(_is_own(provider, band) for band in bands):
            return cls(crs)
        ranges = tuple(_nodata(provider, band) for band in bands)
        if any(len(band) > 1 or any(low != high for low, high in band) for band in ranges):
            return cls(crs, ranges=ranges)
        return cls(crs, tuple(band[0][0] if band else None for band in ranges))

    def __bool__(self) -> bool:
        """Whether the file does not say it all."""
        return self.crs is not None or self.nodata is not None or self.many_nodata

    def wrap(self, source: str, path: Path) -> bool:
        """Write a VRT of `source` with these settings; whether GDAL can."""
        options = gdal.TranslateOptions(format="VRT", outputSRS=self.crs.toWkt() if self.crs else None)
        wrapped = gdal.Translate(str(path), source, options=options)
        if wrapped is None:
            return False
        for number, value in enumerate(self.nodata or (), 1):
            band = wrapped.GetRasterBand(number)
            if value is not None:
                band.SetNoDataValue(value)
            else:
                band.DeleteNoDataValue()
        return True

    def add_mask(self, path: Path) -> None:
        """Give a raster that QGIS has exported a mask band of these values, unless a nodata value stands for them.

        QGIS writes such values as they are where the file of the layer has no nodata value. As everywhere, a pixel has
        no data where all bands but alpha have none.
        """
        raster = gdal.Open(str(path))
        bands = [raster.GetRasterBand(number) for number in range(1, raster.RasterCount + 1)]
        applied = self.ranges or tuple(() if value is None else ((value, value),) for value in self.nodata or ())
        if not applied or any(band.GetNoDataValue() is not None for band in bands):
            return
        raster.CreateMaskBand(gdal.GMF_PER_DATASET)
        mask = bands[0].GetMaskBand()
        chosen = [
            (band, ranges)
            for band, ranges in zip(bands, applied, strict=True)
            if band.GetColorInterpretation() != gdal.GCI_AlphaBand
        ]
        for row in range(0, raster.RasterYSize, _ROWS):
            part = (0, row, raster.RasterXSize, min(_ROWS, raster.RasterYSize - row))
            known = np.zeros(part[:1:-1], bool)
            for band, ranges in chosen:
                values = band.ReadAsArray(*part)
                known |= ~np.any([(low <= values) & (values <= high) for low, high in ranges or [(1, 0)]], axis=0)
            mask.WriteArray(known.astype(np.uint8) * 255, 0, row)

    def nodata_text(self) -> str:
        """The values for people, `none` for none."""
        texts = ["none" if value is None else f"{value:g}" for value in self.nodata or ()]
        texts += [", ".join(f"{a:g}" if a == b else f"{a:g}–{b:g}" for a, b in band) or "none" for band in self.ranges]
        return ", ".join(texts if len(set(texts)) > 1 else texts[:1])


def _is_own(provider: QgsRasterDataProvider, band: int) -> bool:
    """Whether nodata of a band is another one than its file says."""
    unused = provider.sourceHasNoDataValue(band) and not provider.useSourceNoDataValue(band)
    return unused or bool(provider.userNoDataValues(band))


def _nodata(provider: QgsRasterDataProvider, band: int) -> Ranges:
    """Ranges of nodata of a band."""
    ranges = {(known.min(), known.max()) for known in provider.userNoDataValues(band)}
    if provider.sourceHasNoDataValue(band) and provider.useSourceNoDataValue(band):
        ranges.add((provider.sourceNoDataValue(band),) * 2)
    return tuple(sorted(ranges))
