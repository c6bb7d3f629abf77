"""The bands of a model of one's own: data bands of its rasters, three of them for the backbone, their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from idgbr.arrays import Floats
from idgbr.errors import InputError
from idgbr.models.card import ModelCard, Scaling
from idgbr.raster.bands import RGB, ImageBands
from idgbr.raster.reader import RasterSource

#: Most bands that a model reads: the first ones.
MAX_BANDS = 12
#: Percentiles of a raster's values that become 0 and 1, except of 8-bit ones.
_PERCENTILES = (1, 99)


@dataclass(frozen=True)
class NetworkBands:
    """Number of bands of a network, its `band_map` and the bands of the backbone, as in a card."""

    count: int
    band_map: tuple[int, ...]
    backbone: tuple[int, ...]


def network_bands(sources: Sequence[RasterSource]) -> NetworkBands:
    """The bands for rasters with the same number of data bands. Raises InputError if the numbers differ."""
    first, counts = sources[0], [len(source.layout.data) for source in sources]
    for source, count in zip(sources, counts, strict=True):
        if count != counts[0]:
            raise InputError(
                f"{source.path}: has {count} data bands, but {first.path} has {counts[0]}; give rasters with the same "
                "bands."
            )
    return bands_of(first.layout)


def bands_of(layout: ImageBands) -> NetworkBands:
    """The bands for an image: up to `MAX_BANDS`; three colours are read in the order red, green, blue.

    The backbone sees red, green and blue if they are declared, else the first three bands; the last one is repeated if
    there are fewer.
    """
    count = min(len(layout.data), MAX_BANDS)
    if count == len(RGB):
        in_file_order = (1, 2, 3)
        return NetworkBands(count, () if len(layout.colours) == count else in_file_order, ())
    declared = [layout.meanings.index(colour) + 1 for colour in RGB if colour in layout.meanings]
    places = [layout.data.index(band) + 1 for band in declared]
    if len(places) == len(RGB) and max(places) <= count:
        return NetworkBands(count, (), tuple(places))
    return NetworkBands(count, (), tuple(min(band, count) for band in (1, 2, 3)))


def value_scaling(sources: Sequence[RasterSource], card: ModelCard) -> Scaling:
    """Values that become 0 and 1: those of the training rasters, unless all have 8 bits."""
    if all(source.dtype == np.uint8 for source in sources):
        return Scaling()
    values: list[Floats] = []
    for source in sources:
        values.append(source.sample(source.grid, source.layout.bands_for(card)))
    low, high = np.percentile(np.concatenate(values, axis=1), _PERCENTILES, axis=1)
    high = np.maximum(high, low + 1e-6)
    return Scaling(low=tuple(map(float, low)), high=tuple(map(float, high)))
