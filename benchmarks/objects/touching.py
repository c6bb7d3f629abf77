"""Single buildings of `segment`: with touching objects parted, and as connected regions of the same class raster.

The images of `test` places are segmented with a model that finds where objects meet. Their class rasters are also
vectorized, which makes one polygon of what touches. Both layers are compared with the true outlines: F1 of buildings
found with an IoU above 0.5, and counts.

    python -m benchmarks.objects.touching --data FOLDER
    python -m benchmarks.objects.touching --data FOLDER --sets calibration
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import geopandas
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray

from benchmarks.objects.truth_layers import CHOSEN, LEAST_M2, SETS, TrueLayer, true_layers
from idgbr.monitor import Monitor
from idgbr.run import run_job

#: Least IoU of a building and its truth.
MATCH = 0.5
#: CRS of images that do not say theirs.
IMAGE_CRS = "EPSG:3857"
HEAD = f"{'place':<46} {'truth':>6} {'parted':>7} {'F1':>6} {'regions':>8} {'F1':>6}"

Shapes = NDArray[np.object_]


class Found(NamedTuple):
    """Numbers of true buildings, of polygons, and of both that match."""

    true: int
    polygons: int
    matched: int

    @property
    def f1(self) -> float:
        """F1 of the buildings."""
        return 2 * self.matched / max(self.true + self.polygons, 1)

    def plus(self, other: Found) -> Found:
        """Of two places."""
        return Found(*(a + b for a, b in zip(self, other, strict=True)))


def compared(shapes: Shapes, truth: Shapes) -> Found:
    """Polygons against true outlines; a polygon matches at most one."""
    ours, true = shapely.STRtree(shapes).query(truth, "intersects")[::-1]
    shared = shapely.area(shapely.intersection(shapes[ours], truth[true]))
    iou = shared / (shapely.area(shapes[ours]) + shapely.area(truth[true]) - shared)
    good = iou > MATCH
    return Found(len(truth), len(shapes), min(len(np.unique(ours[good])), len(np.unique(true[good]))))


def image_with_crs(image: Path, work: Path) -> Path:
    """The image, copied with a CRS if it has none."""
    with rasterio.open(image) as source:
        if source.crs:
            return image
        pixels, transform, copy = source.read(), source.transform, work / "image.tif"
    shape = dict(zip(("count", "height", "width"), pixels.shape, strict=True))
    with rasterio.open(copy, "w", "GTiff", dtype=pixels.dtype, crs=IMAGE_CRS, transform=transform, **shape) as out:
        out.write(pixels)
    return copy


def both_layers(layer: TrueLayer, model: str, options: dict[str, bool], work: Path) -> Iterator[Shapes]:
    """Polygons with objects parted, and regions of the same class raster, in the CRS of the truth."""
    image, classes = image_with_crs(layer.image, work), str(work / "classes.tif")
    parted, regions = work / "parted.fgb", work / "regions.fgb"
    run_job(
        "segment", {"input": str(image), "output": str(parted), "model": model, "output_classes": classes} | options,
        Monitor(),
    )  # fmt: skip
    run_job("vectorize", {"input": classes, "output": str(regions), "min_area": 4.0}, Monitor())
    for path in (parted, regions):
        frame = geopandas.read_file(path)
        frame = frame[frame["class"] == "building"] if len(frame) else frame
        shapes = np.asarray(frame.to_crs(layer.crs).geometry.to_numpy(), object)
        yield shapes[shapely.area(shapes) > LEAST_M2]


def main() -> None:
    """Print a row for each place and each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data sets")
    sets = [*CHOSEN, *SETS]
    parser.add_argument("--sets", nargs="*", default=[s for s in sets if s != "calibration"], choices=sets)
    parser.add_argument("--model", default="buildings")
    parser.add_argument("--most", type=int, default=1000, help="most places of a set")
    parser.add_argument("--no-refine", action="store_true", help="leave the boundaries of the model")
    options = parser.parse_args()
    print(HEAD)
    means = []
    for name in options.sets:
        totals = [Found(0, 0, 0)] * 2
        for layer in islice(true_layers(options.data, name), options.most):
            with tempfile.TemporaryDirectory() as work:
                layers = both_layers(layer, options.model, {"refine": not options.no_refine}, Path(work))
                found = [compared(shapes, layer.shapes) for shapes in layers]
            show(layer.name, found)
            totals = [total.plus(one) for total, one in zip(totals, found, strict=True)]
        show(name, totals)
        means.append([total.f1 for total in totals])
    parted, regions = np.mean(means, axis=0)
    print(f"{'mean of the sets':<46} {'':>6} {'':>7} {parted:>6.3f} {'':>8} {regions:>6.3f}")


def show(name: str, found: list[Found]) -> None:
    """Print a row."""
    parted, regions = found
    print(
        f"{name:<46} {parted.true:>6} {parted.polygons:>7} {parted.f1:>6.3f} {regions.polygons:>8} {regions.f1:>6.3f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
