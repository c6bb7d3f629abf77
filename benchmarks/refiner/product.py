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
from idgbr.engines.devices import choose_device
from idgbr.engines.network_cache import NetworkCache
from idgbr.jobs.refine import Refinement
from idgbr.models.card import RefinerCard
from idgbr.monitor import Monitor
from idgbr.parameters import RefineParameters
from idgbr.pipeline.coarse_to_fine import ROUGH_GSD_M
from idgbr.pipeline.label_map import ROUGH, VERY_ROUGH
from idgbr.raster.reader import RasterSource
from idgbr.refiner.acceptance import EXACT_TIMES, ROUGH_MARGIN, ROUGH_TIMES, best_class
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

    def __init__(self, folder: Path, card: RefinerCard, device: str, steps: int) -> None:
        self._model, self._steps, self._monitor = (folder, card), steps, Monitor()
        self._device, self._networks = choose_device(device, self._monitor), NetworkCache()

    def labels(self, image: Array, coarse: Array, gsd_m: float) -> Labels:
        """Refined classes (H, W) of an image (3, H, W) in 0…1 and coarse probabilities (K, H, W)."""
        with TemporaryDirectory() as temporary:
            work = Path(temporary)
            pixels = np.rint(image * 255).astype(np.uint8)
            before = best_class(np.ascontiguousarray(coarse))[0]
            given = RefineParameters(
                _write(work / "image.tif", pixels, gsd_m), _write(work / "coarse.tif", before[None], gsd_m),
                str(work / "refined.gpkg"), background="no", steps=self._steps,
            )  # fmt: skip
            with RasterSource(given.input) as source:
                job = Refinement(given, work, self._monitor, source, source.grid, self._model)
                job.use(self._device, self._networks)
                job.read_coarse()
                _, after = job.refined_at_once()
        values = np.zeros(NODATA_CLASS + 1, np.uint8)
        values[: len(job.coarse.classes)] = [c.id for c in job.coarse.classes]
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
