"""Polygons as a user draws them: discs and strips well inside the regions of a class."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from benchmarks.own_classes.sets import UNKNOWN, Labels

#: Largest radius of a polygon, in px, and the smallest worth drawing.
LARGEST, SMALLEST = 24.0, 1.5


def draw(
    truths: dict[str, Labels], classes: int, count: int, rng: np.random.Generator
) -> dict[str, list[tuple[int, shapely.Polygon]]]:
    """`count` polygons of each class over all images: by stem, (class, polygon in pixel coordinates)."""
    found: dict[str, list[tuple[int, shapely.Polygon]]] = {stem: [] for stem in truths}
    for number in range(classes):
        inside = {stem: _depth(truth == number) for stem, truth in truths.items()}
        sizes = {stem: math.sqrt(float((depth >= SMALLEST).sum())) for stem, depth in inside.items()}
        total = sum(sizes.values())
        if not total:
            continue
        stems = list(sizes)
        for _ in range(count):
            stem = stems[int(rng.choice(len(stems), p=np.array([sizes[s] for s in stems]) / total))]
            found[stem].append((number, _polygon(inside[stem], rng)))
    return {stem: polygons for stem, polygons in found.items() if polygons}


def _depth(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(distance_transform_edt(np.pad(mask, 1)))[1:-1, 1:-1]


def _polygon(depth: NDArray[np.float64], rng: np.random.Generator) -> shapely.Polygon:
    """A disc inside the class around a random pixel, as far from its edge as the best of three draws."""
    rows, cols = np.nonzero(depth >= SMALLEST)
    drawn = rng.integers(len(rows), size=3)
    at = drawn[int(np.argmax(depth[rows[drawn], cols[drawn]]))]
    radius = min(0.9 * depth[rows[at], cols[at]], LARGEST * float(rng.uniform(0.5, 1.0)))
    return shapely.Point(cols[at] + 0.5, rows[at] + 0.5).buffer(max(radius, 1.0), quad_segs=3)


def write(image: Path, polygons: list[tuple[int, shapely.Polygon]], names: tuple[str, ...], path: Path) -> Path:
    """Write polygons in pixel coordinates as a layer with the field `class`, in the CRS of the image."""
    with rasterio.open(image) as source:
        matrix, crs = source.transform, source.crs
    shapes = [
        shapely.affinity.affine_transform(shape, [matrix.a, matrix.b, matrix.d, matrix.e, matrix.c, matrix.f])
        for _, shape in polygons
    ]
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(shape) for shape in shapes], object),
        [np.array([names[number] for number, _ in polygons], object)], ["class"], driver="GPKG", crs=crs.to_wkt(),
        geometry_type="Polygon",
    )  # fmt: skip
    return path


def rasterized(polygons: list[tuple[int, shapely.Polygon]], shape: tuple[int, int]) -> tuple[Labels, NDArray[np.int32]]:
    """Class of each labelled pixel (H, W), else `UNKNOWN`, and the number of its polygon, else 0."""
    from rasterio.features import rasterize

    labels = rasterize([(shape_, number) for number, shape_ in polygons], shape, fill=UNKNOWN, dtype="uint8")
    groups = rasterize([(shape_, n + 1) for n, (_, shape_) in enumerate(polygons)], shape, fill=0, dtype="int32")
    return labels, groups
