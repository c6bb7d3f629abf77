"""How much vegetation and how many pools `segment` takes for buildings, in a city that is held out of training.

    python benchmarks/ground.py --data DATA

The images of Santa Monica (NAIP, 0.6 m) have no labels of buildings; their near-infrared band tells vegetation and
pools (`idgbr.training.infrared_places`). The models are the bundled ones, or those of the folder IDGBR_MODELS.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import rasterio

from idgbr.monitor import Monitor
from idgbr.run import run_job
from idgbr.training.dated_places import DATASET
from idgbr.training.infrared_places import places_without_buildings
from idgbr.training.labels import NOT_BUILDING, VEGETATION

BUILDING = 1
NAMES = {VEGETATION: "vegetation", NOT_BUILDING: "pools"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--most", type=int, default=100, help="most images")
    parser.add_argument("--no-refine", action="store_true", help="measure the coarse maps")
    options = parser.parse_args()
    area: Counter[str] = Counter()
    found: Counter[str] = Counter()
    held_out = [place for place in places_without_buildings(options.data) if place.calibration]
    with tempfile.TemporaryDirectory() as folder:
        classes = Path(folder) / "classes.tif"
        for place in held_out[: options.most]:
            image = options.data / DATASET / "images" / f"{place.name}.tif"
            given = {"input": str(image), "output": str(Path(folder) / "out.gpkg"), "output_classes": str(classes)}
            run_job("segment", {**given, "refine": not options.no_refine, "resume": False}, Monitor())
            with rasterio.open(classes) as raster:
                building = raster.read(1) == BUILDING
            for label, name in NAMES.items():
                known = place.labels == label
                area[name] += int(np.count_nonzero(known))
                found[name] += int(np.count_nonzero(known & building))
    print("| ground | ha | taken for buildings |\n|---|---|---|")
    for name, pixels in area.items():
        print(f"| {name} | {pixels * place.gsd_m**2 / 1e4:.2f} | {found[name] / max(pixels, 1):.1%} |")


if __name__ == "__main__":
    main()
