#!/usr/bin/env python3
"""Writes what the pictures of the recipes start from. Usage: recipe_samples.py FOLDER, with the backend's Python.

A procedural scene, polygons as another plugin would make them, misplaced footprints, an area, and the scene at an
earlier date.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from pyogrio.raw import write
from rasterio.features import shapes
from rasterio.transform import from_origin

from idgbr.scenes import CLASSES, make_scene

SIDE, GSD_M, SEED, EARLIER_SEED = 640, 0.2, 12, 31
CRS = "EPSG:32633"
TRANSFORM = from_origin(500_000, 5_000_000, GSD_M, GSD_M)
#: Shift of the footprints (m), and how coarse the other plugin's polygons are (px).
SHIFT_M, COARSE_PX = (3.2, -2.4), 10
#: Larger roofs do not change.
LARGEST_M2 = 250.0
BUILDING = next(info.id for info in CLASSES if info.name == "building")


def main() -> None:
    """Write the files."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    scene, other = (make_scene(SIDE, SIDE, gsd_m=GSD_M, seed=seed) for seed in (SEED, EARLIER_SEED))
    image, roofs = scene.image, scene.classes == BUILDING
    _write_image(folder / "image.tif", image)
    _write_image(folder / "before.tif", _earlier(image, roofs, other.image))
    small = cv2.resize(roofs.astype(np.float32), None, fx=1 / COARSE_PX, fy=1 / COARSE_PX, interpolation=cv2.INTER_AREA)
    coarse = np.kron((small > 0.4).astype(np.uint8), np.ones((COARSE_PX, COARSE_PX), np.uint8))
    _write_polygons(folder / "theirs.gpkg", _polygons(coarse))
    exact = shapely.simplify(_polygons(roofs.astype(np.uint8)), 2 * GSD_M)
    shifted = shapely.transform(exact, lambda points: points + SHIFT_M)
    _write_polygons(folder / "footprints.gpkg", shifted)
    side = SIDE * GSD_M
    corners = np.array([(0.1, 0.15), (0.55, 0.06), (0.93, 0.3), (0.86, 0.9), (0.35, 0.94), (0.07, 0.6)]) * side
    area = shapely.polygons(corners * (1, -1) + (500_000, 5_000_000))
    _write_polygons(folder / "municipality.gpkg", np.array([area]))


def _earlier(image: NDArray[np.uint8], roofs: NDArray[np.bool_], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image (3, H, W) with each third house replaced by ground, in slightly other light."""
    count, numbers, parts, _ = cv2.connectedComponentsWithStats(roofs.astype(np.uint8), connectivity=4)
    houses = [n for n in range(1, count) if parts[n, cv2.CC_STAT_AREA] * GSD_M**2 < LARGEST_M2]
    gone = np.isin(numbers, houses[::3])
    gone = cv2.dilate(gone.astype(np.uint8), np.ones((17, 17), np.uint8)) * ~(roofs & ~gone)
    ground = np.median(image[:, ~roofs], axis=1)[:, None, None]
    texture = other.astype(np.float32) - cv2.GaussianBlur(other.transpose(1, 2, 0), (0, 0), 6).transpose(2, 0, 1)
    soft = cv2.GaussianBlur(gone.astype(np.float32), (0, 0), 2)
    out = image * (1 - soft) + (ground + 0.4 * texture) * soft
    return np.clip(out * 1.06 - 4, 0, 255).astype(np.uint8)


def _write_image(path: Path, image: NDArray[np.uint8]) -> None:
    with rasterio.open(
        path, "w", driver="GTiff", width=SIDE, height=SIDE, count=3, dtype="uint8", crs=CRS, transform=TRANSFORM
    ) as out:
        out.write(image)


def _polygons(mask: NDArray[np.uint8]) -> NDArray[np.object_]:
    found = [shapely.geometry.shape(shape) for shape, _ in shapes(mask, mask > 0, transform=TRANSFORM)]
    return np.array(found, object)


def _write_polygons(path: Path, polygons: NDArray[np.object_]) -> None:
    numbers = np.arange(1, len(polygons) + 1)
    write(path, shapely.to_wkb(polygons), [numbers], ["number"], geometry_type="Polygon", crs=CRS, driver="GPKG")


if __name__ == "__main__":
    main()
