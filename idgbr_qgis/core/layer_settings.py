"""What was set in QGIS for a raster layer and is not in its file: coordinate system, nodata and bands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMultiBandColorRenderer,
    QgsRasterDataProvider,
    QgsRasterLayer,
)

from idgbr_qgis.core.translation import tr

#: Nodata of a band: from and to of each range.
Ranges = tuple[tuple[float, float], ...]
#: Meanings of the bands of an image of three colours.
COLOURS = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
#: Rows that a mask is written by.
_ROWS = 256


@dataclass(frozen=True)
class LayerSettings:
    """Settings of a layer; None for what its file says itself.

    `nodata` is the value of each band, None for none; `ranges` are those of each band instead, from and to, if a band
    has several values or a range, or is scaled, which only QGIS can apply. `bands` are those that the layer shows:
    three colours, or the one of a class raster.
    """

    crs: QgsCoordinateReferenceSystem | None = None
    nodata: tuple[float | None, ...] | None = None
    ranges: tuple[Ranges, ...] = ()
    bands: tuple[int, ...] = ()

    @property
    def many_nodata(self) -> bool:
        """Whether only QGIS can apply nodata: a band has several values or a range of them, or is scaled."""
        return bool(self.ranges)

    @classmethod
    def of(cls, layer: QgsRasterLayer, *, one_band: bool = False) -> LayerSettings:
        """Read them from a valid layer; of a raster of which `one_band` is wanted, the one that it shows."""
        provider = layer.dataProvider()
        crs = QgsCoordinateReferenceSystem(layer.crs()) if layer.crs() != provider.crs() else None
        bands = range(1, provider.bandCount() + 1)
        if not any(_is_own(provider, band) for band in bands):
            return cls(crs, bands=_shown(layer, one_band=one_band))
        ranges = tuple(_nodata(provider, band) for band in bands)
        several = any(len(band) > 1 or any(low != high for low, high in band) for band in ranges)
        if several or any(_is_scaled(provider, band) for band in bands):
            return cls(crs, ranges=ranges, bands=_shown(layer, one_band=one_band))
        nodata = tuple(band[0][0] if band else None for band in ranges)
        return cls(crs, nodata, bands=_shown(layer, one_band=one_band))

    def __bool__(self) -> bool:
        """Whether the file does not say it all."""
        return self.crs is not None or self.nodata is not None or self.many_nodata or bool(self.bands)

    def wrap(self, source: str, path: Path) -> bool:
        """Write a VRT of `source` with these settings; whether GDAL can."""
        opened = gdal.Open(source)
        if opened is None:
            return False
        numbers = self._numbers(opened)
        options = gdal.TranslateOptions(
            format="VRT", bandList=numbers, outputSRS=self.crs.toWkt() if self.crs else None
        )
        wrapped = gdal.Translate(str(path), opened, options=options)
        if wrapped is None:
            return False
        for place, number in enumerate(numbers, 1):
            band = wrapped.GetRasterBand(place)
            if self.nodata and (value := self.nodata[number - 1]) is not None:
                band.SetNoDataValue(value)
            elif self.nodata:
                band.DeleteNoDataValue()
        if len(self.bands) == len(COLOURS):
            self._declare_colours(wrapped, numbers)
        return True

    def _numbers(self, raster: gdal.Dataset) -> list[int]:
        """The bands of a file that its layer stands for: all of them, for models that read others than colours."""
        every = list(range(1, raster.RasterCount + 1))
        if not self.bands or len(set(self.bands)) == len(COLOURS):
            return every
        alpha = [n for n in every if raster.GetRasterBand(n).GetColorInterpretation() == gdal.GCI_AlphaBand]
        return [*self.bands, *(number for number in alpha if number not in self.bands)]

    def _declare_colours(self, raster: gdal.Dataset, numbers: list[int]) -> None:
        """Have the bands that are shown as red, green and blue say so, and no others."""
        places = [numbers.index(band) + 1 for band in self.bands] if len(set(self.bands)) > 2 else [1, 2, 3]
        for place in range(1, raster.RasterCount + 1):
            band = raster.GetRasterBand(place)
            if place in places:
                band.SetColorInterpretation(COLOURS[places.index(place)])
            elif band.GetColorInterpretation() in COLOURS:
                band.SetColorInterpretation(gdal.GCI_Undefined)

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

    def bands_text(self, layer: str) -> str:
        """One line on the bands that are read."""
        listed = ", ".join(map(str, self.bands))
        if len(self.bands) == 1:
            return tr("{layer}: band {band} is read, as set in QGIS for the layer.").format(layer=layer, band=listed)
        text = tr("{layer}: bands {bands} are read as red, green and blue, as set in QGIS for the layer.")
        return text.format(layer=layer, bands=listed)

    def nodata_text(self) -> str:
        """The values for people, `none` for none."""
        texts = ["none" if value is None else f"{value:g}" for value in self.nodata or ()]
        texts += [", ".join(f"{a:g}" if a == b else f"{a:g}–{b:g}" for a, b in band) or "none" for band in self.ranges]
        return ", ".join(texts if len(set(texts)) > 1 else texts[:1])


def _shown(layer: QgsRasterLayer, *, one_band: bool) -> tuple[int, ...]:
    """The bands that a layer of a file shows, if QGIS would not show these by itself: three, or the one wanted."""
    if layer.providerType() != "gdal" or layer.bandCount() < 2:
        return ()
    chosen = _bands(layer, one_band=one_band)
    if not chosen:
        return ()
    default = _default_bands(layer.source(), one_band=one_band)
    return () if default is None or default == chosen else chosen


def _default_bands(source: str, *, one_band: bool) -> tuple[int, ...] | None:
    """The bands that QGIS shows of a raster without any style; None if GDAL cannot open it.

    QGIS decides that from the number and the meaning of bands, so a raster of four pixels in memory stands for the
    file: for a layer of the file itself QGIS computes statistics, and GDAL writes them beside it (`.aux.xml`).
    """
    opened = gdal.Open(source)
    if opened is None:
        return None
    folder = f"/vsimem/{uuid4().hex}"
    path = f"{folder}/bands.vrt"
    stand_in = gdal.GetDriverByName("VRT").Create(path, 2, 2, 0)
    for number in range(1, opened.RasterCount + 1):
        band = opened.GetRasterBand(number)
        stand_in.AddBand(band.DataType)
        copy = stand_in.GetRasterBand(number)
        copy.SetColorInterpretation(band.GetColorInterpretation())
        if (table := band.GetColorTable()) is not None:
            copy.SetColorTable(table)
    stand_in.FlushCache()
    try:
        untouched = QgsRasterLayer(path, "", "gdal", QgsRasterLayer.LayerOptions(False))
        return _bands(untouched, one_band=one_band) if untouched.isValid() else None
    finally:
        for name in gdal.ReadDir(folder) or []:
            gdal.Unlink(f"{folder}/{name}")


def _bands(layer: QgsRasterLayer, *, one_band: bool) -> tuple[int, ...]:
    """The bands that a layer shows in three colours, or in one; empty if it shows them otherwise."""
    renderer = layer.renderer()
    if one_band:
        bands = (renderer.inputBand(),) if renderer is not None else ()
    elif isinstance(renderer, QgsMultiBandColorRenderer):
        bands = (renderer.redBand(), renderer.greenBand(), renderer.blueBand())
    else:
        bands = ()
    return bands if all(band > 0 for band in bands) else ()


def _is_own(provider: QgsRasterDataProvider, band: int) -> bool:
    """Whether nodata of a band is another one than its file says."""
    unused = provider.sourceHasNoDataValue(band) and not provider.useSourceNoDataValue(band)
    return unused or bool(provider.userNoDataValues(band))


def _is_scaled(provider: QgsRasterDataProvider, band: int) -> bool:
    """Whether QGIS shows other values of a band than the file holds; nodata set in QGIS is compared with these."""
    return (provider.bandScale(band), provider.bandOffset(band)) != (1.0, 0.0)


def _nodata(provider: QgsRasterDataProvider, band: int) -> Ranges:
    """Ranges of nodata of a band."""
    ranges = {(known.min(), known.max()) for known in provider.userNoDataValues(band)}
    if provider.sourceHasNoDataValue(band) and provider.useSourceNoDataValue(band):
        ranges.add((provider.sourceNoDataValue(band),) * 2)
    return tuple(sorted(ranges))
