"""The loop of a plain tool for ONNX models: tiles, ONNX Runtime, hard crop, argmax, gdal_polygonize.

    python benchmarks/plain_loop.py IMAGE MODEL.onnx OUT.gpkg

Tools such as Deepness work like this. With the default tile of 512 px and overlap of 15 %, the image is read and scaled
tile by tile, half of the overlap is cut off each result, and the class raster is one array in memory. `speed.py` times
it beside the coarse pass of the same model.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime as ort
import rasterio
from rasterio.windows import Window

TILE, OVERLAP = 512, 0.15


def main(image: Path, model: Path, out: Path) -> None:
    """Write the polygons of an 8-bit image with three bands."""
    session = ort.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    edge = round(TILE * OVERLAP / 2)
    step = TILE - 2 * edge
    with rasterio.open(image) as source:
        classes = np.zeros((source.height, source.width), np.uint8)
        for row in range(0, source.height, step):
            for col in range(0, source.width, step):
                window = Window(col - edge, row - edge, TILE, TILE)
                tile = source.read((1, 2, 3), window=window, boundless=True, fill_value=0)
                scores = session.run(None, {name: (tile / np.float32(255)).astype(np.float32)[None]})[0][0]
                inner = scores[:, edge : edge + step, edge : edge + step].argmax(0).astype(np.uint8)
                part = classes[row : row + step, col : col + step]
                part[:] = inner[: part.shape[0], : part.shape[1]]
        profile = {"driver": "GTiff", "width": source.width, "height": source.height, "count": 1, "dtype": "uint8"}
        profile |= {"crs": source.crs, "transform": source.transform}
    with tempfile.TemporaryDirectory() as folder:
        raster = Path(folder) / "classes.tif"
        with rasterio.open(raster, "w", **profile) as written:
            written.write(classes, 1)
        command = ["gdal_polygonize.py", "-q", str(raster), "-f", "GPKG", str(out)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
