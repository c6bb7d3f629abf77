"""The user's own labelled images as training places of the refiner: any bands, any classes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.coarse_map import read_coarse_map
from idgbr.errors import InputError
from idgbr.models.card import ModelCard
from idgbr.monitor import Monitor
from idgbr.raster.reader import RasterSource
from idgbr.tiling.normalize import ScaledSource
from idgbr.training.places import IGNORE, LANDCOVER, Place, pyramid
from idgbr.training.refiner_config import OwnImage

#: Name of the data set that these places form.
OWN = "own images"


def own_place(own: OwnImage, bands: Sequence[int], monitor: Monitor) -> Place:
    """Read an image (bands, from 1) and its labels. Raises InputError for what cannot be used.

    Values are scaled as they are at run time. The refiner knows no classes by name, so of many classes the commonest
    stay and the rarer ones are one: a sample has room for five.
    """
    with RasterSource(own.image) as source, tempfile.TemporaryDirectory(prefix="idgbr_") as folder:
        grid = source.grid
        card = ModelCard("own", "refiner", "", "", (), len(bands), (0.0, np.inf), 512, 0, {}, band_map=tuple(bands))
        pixels, valid = ScaledSource(source, grid, card, 1.0).read(0, 0, grid.height, grid.width)
        found = read_coarse_map(own.labels, own.class_field, own.background, False, grid, Path(folder), monitor)
        with rasterio.open(found.path) as raster:
            labels = commonest(raster.read(1), len(LANDCOVER))
    labels[~valid] = IGNORE
    known = np.unique(labels[labels != IGNORE])
    if len(known) < 2:
        raise InputError(f"{own.labels}: has fewer than two classes on {own.image}: no boundary to learn from.")
    image = np.ascontiguousarray(np.moveaxis((pixels * 255 + 0.5).astype(np.uint8), 0, 2))
    return Place(Path(own.image).stem, OWN, labels, source.gsd_m, -1, pyramid(image), calibration=own.calibration)


def commonest(labels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Labels numbered by how common they are, those from `count` − 1 on as one; `IGNORE` stays."""
    pixels = np.bincount(labels.ravel(), minlength=NODATA_CLASS + 1)[:NODATA_CLASS]
    table = np.full(NODATA_CLASS + 1, IGNORE, np.uint8)
    table[np.argsort(-pixels, kind="stable")] = np.minimum(np.arange(NODATA_CLASS), count - 1)
    return table[labels]
