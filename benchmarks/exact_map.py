"""A class map whose boundaries are known exactly: land covers from smooth noise, and buildings of known outline.

Land cover is the largest of five smooth random fields (bicubic splines), so its boundaries can be found at any
resolution. Buildings are rotated rectangles and L-shapes that do not touch. A raster of it holds the class at the
centre of each pixel, without any error: what a vectorizer does to the boundaries is its own doing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin
from scipy import ndimage
from scipy.interpolate import RectBivariateSpline
from shapely import affinity

LAND_COVERS = 5
BUILDING = LAND_COVERS + 1
#: Pixels between the knots of the fields.
KNOTS = 18
#: Side of the cell around each building, in pixels.
CELL = 59
PIXEL_M = 0.3
#: World position of the raster's upper left corner.
ORIGIN = (500_000.0, 5_400_000.0)
_BLOCK = 256

Bytes = NDArray[np.uint8]


class ExactMap:
    """A square map of `size` x `size` pixels; coordinates are pixels, x right and y down."""

    def __init__(self, size: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.size = size
        knots = size // KNOTS + 4
        at = (np.arange(knots) - 1) * float(KNOTS)
        self._fields = [
            RectBivariateSpline(at, at, ndimage.gaussian_filter(rng.normal(size=(knots, knots)), 1.0))
            for _ in range(LAND_COVERS)
        ]
        self.buildings = np.array(
            [_building(rng, x, y) for y in range(0, size - CELL, CELL) for x in range(0, size - CELL, CELL)], object
        )
        self._tree = shapely.STRtree(self.buildings)

    def classes(self, row: int, col: int, rows: int, cols: int, samples: int = 1) -> Bytes:
        """Classes 1… in a window of pixels, at the centres of `samples` x `samples` parts of each pixel."""
        step = 1 / samples
        ys, xs = row + (np.arange(rows * samples) + 0.5) * step, col + (np.arange(cols * samples) + 0.5) * step
        best = self._fields[0](ys, xs)
        found = np.ones(best.shape, np.uint8)
        for k, field in enumerate(self._fields[1:], 2):
            values = field(ys, xs)
            found[values > best] = k
            np.maximum(best, values, out=best)
        here = self.buildings[self._tree.query(shapely.box(col, row, col + cols, row + rows))]
        if here.size:
            grid = Affine(step, 0, col, 0, step, row)
            rasterize(((b, BUILDING) for b in here), out=found, transform=grid)
        return found

    def write(self, path: Path, speckle: float = 0.0, seed: int = 0) -> None:
        """Write the class raster, tiled GeoTIFF; a share `speckle` of its pixels get a random class."""
        rng = np.random.default_rng(seed)
        profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "width": self.size, "height": self.size}
        profile |= {"tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK, "compress": "deflate"}
        transform = from_origin(*ORIGIN, PIXEL_M, PIXEL_M)
        with rasterio.open(path, "w", crs="EPSG:32632", transform=transform, **profile) as raster:
            for row in range(0, self.size, _BLOCK):
                rows = min(_BLOCK, self.size - row)
                classes = self.classes(row, 0, rows, self.size)
                noisy = rng.random(classes.shape, np.float32) < speckle
                classes[noisy] = rng.integers(1, BUILDING + 1, int(noisy.sum()), dtype=np.uint8)
                raster.write(classes, 1, window=((row, row + rows), (0, self.size)))


def _building(rng: np.random.Generator, x: float, y: float) -> shapely.Polygon:
    """A rectangle, or an L of at least 18 pixels, turned at random, inside the cell whose corner is given."""
    width, height = rng.uniform(8, 40, 2)
    shape = shapely.box(-width / 2, -height / 2, width / 2, height / 2)
    if min(width, height) > 18 and rng.random() < 0.5:
        shape = shape.difference(shapely.box(0, 0, width, height))
    shape = affinity.rotate(shape, rng.uniform(0, 180), origin=(0, 0))
    left, top, right, bottom = shape.bounds
    free = CELL - 2 - np.array([right - left, bottom - top])
    move = 1 + rng.uniform(0, 1, 2) * free - (left, top)
    return affinity.translate(shape, x + move[0], y + move[1])


def in_pixels(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Polygons of the raster's CRS in pixel coordinates."""
    moved: NDArray[np.object_] = shapely.transform(shapes, lambda p: (p - ORIGIN) / (PIXEL_M, -PIXEL_M))
    return moved


def boundary_error(
    truth: ExactMap, shapes: NDArray[np.object_], ids: NDArray[np.int64], side: int, samples: int
) -> float:
    """Mean distance between drawn and true boundaries, in pixels, in a window of `side` pixels in the middle.

    It is the area where the class is not the true one, rendered at `samples` x `samples` a pixel, divided by the true
    boundaries' length. Their length is that of their staircase times pi / 4, as they run in all directions.
    """
    corner = (truth.size - side) // 2
    true = truth.classes(corner, corner, side, side, samples)
    window = shapely.box(corner, corner, corner + side, corner + side)
    here = np.flatnonzero(shapely.intersects(shapes, window))
    grid = Affine(1 / samples, 0, corner, 0, 1 / samples, corner)
    drawn = rasterize(zip(shapes[here], ids[here].tolist(), strict=True), true.shape, transform=grid, dtype="uint8")
    steps = np.count_nonzero(np.diff(true, axis=0)) + np.count_nonzero(np.diff(true, axis=1))
    return float(np.count_nonzero(drawn != true) / samples**2 / (steps / samples * np.pi / 4))


def building_scores(truth: ExactMap, shapes: NDArray[np.object_], ids: NDArray[np.int64]) -> tuple[float, float]:
    """Mean IoU of the buildings with the polygons drawn for them, and mean PoLiS distance in pixels.

    PoLiS is the mean distance of the vertices of each of two outlines from the other outline, both ways averaged. A
    building without a polygon of its own has an IoU of 0 and no PoLiS.
    """
    drawn = shapes[ids == BUILDING]
    points = shapely.point_on_surface(truth.buildings)
    which, found = shapely.STRtree(drawn).query(points, "intersects")
    iou = np.zeros(len(points))
    true, got = truth.buildings[which], shapely.make_valid(drawn[found])
    iou[which] = shapely.area(shapely.intersection(true, got)) / shapely.area(shapely.union(true, got))
    polis = 0.5 * (_from_vertices(true, got) + _from_vertices(got, true))
    return float(iou.mean()), float(polis.mean())


def _from_vertices(shapes: NDArray[np.object_], others: NDArray[np.object_]) -> NDArray[np.float64]:
    """Mean distance of the vertices of each shape from the outline of the other."""
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    distance = shapely.distance(shapely.points(coordinates), shapely.boundary(others)[owner])
    return np.bincount(owner, distance) / np.bincount(owner)
