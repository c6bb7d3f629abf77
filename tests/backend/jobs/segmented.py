"""Segmenting a drawn image, for tests of the polygons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely
from rasterio.transform import Affine

from idgbr.monitor import Monitor
from idgbr.run import run_job


def written(path: Path, pixels: np.ndarray, transform: Affine) -> str:
    """The path of an image (3, H, W)."""
    _, height, width = pixels.shape
    with rasterio.open(
        path, "w", "GTiff", height=height, width=width, count=3, dtype="uint8", crs="EPSG:32633", transform=transform
    ) as out:
        out.write(pixels)
    return str(path)


def segmented(image: str, output: Path, **parameters: object) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Fields and polygons of the layer, by default of the coarse map."""
    given = {"device": "cpu", "refine": False, "input": image, "output": str(output)}
    run_job("segment", given | parameters, Monitor())
    meta, _, shapes, fields = pyogrio.raw.read(output, layer=output.stem)
    return dict(zip(meta["fields"], fields, strict=True)), shapely.from_wkb(shapes)
