"""The refiner as a user meets it: `idgbr refine` of a class raster, with all that it decides for itself.

Of a soft coarse map only the most probable class is given to it, as a class raster holds no more. Where pixels may
change, from which grid on and how freely is the product's own choice.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import rasterio
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.coarse_map import read_coarse_map
from idgbr.models.card import ModelCard
from idgbr.models.devices import choose_device
from idgbr.monitor import Monitor
from idgbr.pipeline.coarse_to_fine import ROUGH_GSD_M
from idgbr.pipeline.label_map import ROUGH, VERY_ROUGH, DrawnMap
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import RowReader
from idgbr.refiner.acceptance import EXACT_TIMES, ROUGH_MARGIN, ROUGH_TIMES, best_class
from idgbr.refiner.refiner import Refiner
from idgbr.refiner.specks import SPECK_PX

Array = NDArray[np.float32]
Labels = NDArray[np.uint8]
NAME = "idgbr refine"
#: What its results depend on besides the refiner's card and weights.
FINGERPRINT = f"{EXACT_TIMES} {ROUGH_TIMES} {ROUGH_MARGIN} {ROUGH} {VERY_ROUGH} {ROUGH_GSD_M} {SPECK_PX}"
#: Files lie somewhere in this projection, in metres.
_CRS = "EPSG:32633"


class Product:
    """What the job `refine` does between reading and writing, with the network kept loaded."""

    def __init__(self, folder: Path, card: ModelCard, device: str, steps: int) -> None:
        self._card, self._steps, self._monitor = card, steps, Monitor()
        # The margins are the map's (see `DrawnMap`), so the refiner's own, which rest on the resolution, do not count.
        self._refiner = Refiner(folder, card, choose_device(device, self._monitor), gsd_m=1.0, steps=steps)

    def labels(self, image: Array, coarse: Array, gsd_m: float) -> Labels:
        """Refined classes (H, W) of an image (3, H, W) in 0…1 and coarse probabilities (K, H, W)."""
        with TemporaryDirectory() as temporary:
            work = Path(temporary)
            pixels = np.rint(image * 255).astype(np.uint8)
            before = best_class(np.ascontiguousarray(coarse))[0]
            with RasterSource(_write(work / "image.tif", pixels, gsd_m)) as source:
                grid = source.grid
                found = read_coarse_map(
                    _write(work / "coarse.tif", before[None], gsd_m), None, "no", False, grid, work, self._monitor
                )
                drawn = DrawnMap(found.path, len(found.classes), source, grid, self._card, steps=self._steps)
                with RowReader(found.path) as rows:
                    after = drawn.refined(self._refiner.on(1 / gsd_m), rows, work, self._monitor)
        values = np.zeros(NODATA_CLASS + 1, np.uint8)
        values[: len(found.classes)] = [c.id for c in found.classes]
        return np.asarray(values[after])


def _write(path: Path, bands: NDArray[np.uint8], gsd_m: float) -> str:
    count, height, width = bands.shape
    transform = rasterio.Affine(gsd_m, 0, 500000, 0, -gsd_m, 5000000)
    with rasterio.open(
        path, "w", driver="GTiff", height=height, width=width, count=count, dtype="uint8", crs=_CRS,
        transform=transform,
    ) as out:  # fmt: skip
        out.write(bands)
    return str(path)
