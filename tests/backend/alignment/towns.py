"""A small town of bright roofs on dark ground, and its footprints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine
from shapely import affinity

EAST, NORTH, SIDE_M = 500_000.0, 5_000_000.0, 240.0
CRS = "EPSG:32633"


def footprints(seed: int = 1, every_m: float = 24.0) -> np.ndarray:
    """Turned rectangles and L-shapes about `every_m` apart, in UTM."""
    rng = np.random.default_rng(seed)
    shapes = []
    places = np.arange(every_m / 2 + 6, SIDE_M - every_m / 2, every_m)
    for x in places:
        for y in places:
            wide, high = rng.uniform(7, 13, 2)
            shape = shapely.box(-wide / 2, -high / 2, wide / 2, high / 2)
            if rng.random() < 0.4:
                shape = shape.difference(shapely.box(0, 0, wide, high))
            shape = affinity.rotate(shape, rng.uniform(0, 90), origin=(0, 0))
            shapes.append(affinity.translate(shape, EAST + x + rng.uniform(-2, 2), NORTH - y + rng.uniform(-2, 2)))
    return np.array(shapes, object)


def write_town(path: Path, shapes: np.ndarray, pixel_m: float = 0.5, seed: int = 2, turn: float = 0.0) -> str:
    """Write an image of bright roofs with noise, turned by some degrees around its corner."""
    size = round(SIDE_M / pixel_m)
    transform = Affine.translation(EAST, NORTH) * Affine.rotation(turn) * Affine.scale(pixel_m, -pixel_m)
    roofs = rasterize([(shape, 1) for shape in shapes], (size, size), transform=transform, dtype="uint8")
    rng = np.random.default_rng(seed)
    image = (rng.normal(60, 8, (3, size, size)) + 120 * roofs).clip(0, 255).astype(np.uint8)
    profile = {"height": size, "width": size, "count": 3, "dtype": "uint8", "crs": CRS, "transform": transform}
    with rasterio.open(path, "w", driver="GTiff", **profile) as out:
        out.write(image)
    return str(path)


def field_at(shapes: np.ndarray) -> np.ndarray:
    """A smooth field of shifts (n, 2), 3 to 5 m long, at the centres of shapes."""
    places = shapely.get_coordinates(shapely.centroid(shapes)) - (EAST, NORTH)
    return np.array([3.0, -2.5]) + np.stack((np.sin(places[:, 1] / 90), np.cos(places[:, 0] / 80)), axis=1)


def shifted(shapes: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Shapes moved by a step each."""
    return np.array([affinity.translate(shape, *step) for shape, step in zip(shapes, steps, strict=True)], object)
