"""What was set in QGIS for a raster layer and is not in its file: coordinate system and nodata."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsRasterDataProvider, QgsRasterLayer


@dataclass(frozen=True)
class LayerSettings:
    """Settings of a layer; None for what its file says itself.

    `nodata` is the value of each band, None for none; `many_nodata` says that a band has several values or a range,
    which only QGIS can apply.
    """

    crs: QgsCoordinateReferenceSystem | None = None
    nodata: tuple[float | None, ...] | None = None
    many_nodata: bool = False

    @classmethod
    def of(cls, layer: QgsRasterLayer) -> LayerSettings:
        """Read them from a valid layer."""
        provider = layer.dataProvider()
        crs = QgsCoordinateReferenceSystem(layer.crs()) if layer.crs() != provider.crs() else None
        bands = range(1, provider.bandCount() + 1)
        if not any(_is_own(provider, band) for band in bands):
            return cls(crs)
        ranges = [_nodata(provider, band) for band in bands]
        if any(len(band) > 1 or any(low != high for low, high in band) for band in ranges):
            return cls(crs, many_nodata=True)
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

    def nodata_text(self) -> str:
        """The values for people, `none` for none."""
        texts = ["none" if value is None else f"{value:g}" for value in self.nodata or ()]
        return ", ".join(texts if len(set(texts)) > 1 else texts[:1])


def _is_own(provider: QgsRasterDataProvider, band: int) -> bool:
    """Whether nodata of a band is another one than its file says."""
    unused = provider.sourceHasNoDataValue(band) and not provider.useSourceNoDataValue(band)
    return unused or bool(provider.userNoDataValues(band))


def _nodata(provider: QgsRasterDataProvider, band: int) -> tuple[tuple[float, float], ...]:
    """Ranges of nodata of a band."""
    ranges = {(known.min(), known.max()) for known in provider.userNoDataValues(band)}
    if provider.sourceHasNoDataValue(band) and provider.useSourceNoDataValue(band):
        ranges.add((provider.sourceNoDataValue(band),) * 2)
    return tuple(sorted(ranges))
