#!/usr/bin/env python3
"""Writes the demo's sample image: a procedural scene as a georeferenced RGB raster. Usage: sample.py IMAGE.tif."""

from __future__ import annotations

import sys
from pathlib import Path

import rasterio
from rasterio.transform import from_origin

from idgbr.scenes import make_scene

HEIGHT, WIDTH = 1280, 1792
GSD_M = 0.2
SEED = 7


def write_sample(path: Path) -> None:
    """Draw the scene and put it on the UTM grid of zone 33 N."""
    scene = make_scene(HEIGHT, WIDTH, gsd_m=GSD_M, seed=SEED)
    profile = {
        "driver": "GTiff",
        "height": HEIGHT,
        "width": WIDTH,
        "count": 3,
        "dtype": "uint8",
        "crs": "EPSG:32633",
        "transform": from_origin(412_000.0, 5_330_000.0, GSD_M, GSD_M),
        "tiled": True,
        "compress": "deflate",
        "predictor": 2,
        "photometric": "RGB",
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(scene.image)


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]))
