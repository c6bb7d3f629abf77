"""How strong the joint evidence of neighbours must be for `align` to move them: chosen on places for calibration.

Images of the calibration places are cut into chips, as they are or dulled (less sharp, contrasty and colourful, with
noise), and aligned without a gate. Two layers each: true outlines moved by a smooth field, as in
`benchmarks.objects.align`, and those of another chip, which the image cannot show. A gate should let few polygons of
the second kind move, and most of the first.

    python -m benchmarks.objects.align_gate --data FOLDER [--each N]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import geopandas
import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window
from scipy.ndimage import gaussian_filter
from shapely import affinity

from benchmarks.objects.align import Place, centres, misplaced
from benchmarks.objects.truth_layers import TrueLayer, true_layers
from idgbr.alignment import find_shifts, shifts
from idgbr.alignment.field import Field, find_field
from idgbr.engines.devices import choose_device
from idgbr.engines.network_cache import NetworkCache
from idgbr.layers.polygons import find_layer, read_polygons
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.raster.reader import RasterSource

#: Side of a chip and its pixels in m, blur in m, contrast, noise and loss of colour.
KINDS = {
    "clear": (76.0, 0.3, 0.0, 1.0, 0.0, 0.0),
    "dull": (76.0, 0.3, 0.5, 0.5, 6.0, 0.5),
    "very dull": (76.0, 0.3, 0.9, 0.3, 8.0, 0.7),
    "coarse": (100.0, 0.6, 0.6, 0.6, 6.0, 0.3),
}
GATES = (5.0, 5.5, 6.0, 6.5, 7.0, 8.0)
SEED = 9
Floats = NDArray[np.float64]


def chips(layer: TrueLayer, kind: str, work: Path, each: int) -> Iterator[Place]:
    """Every n-th chip of an image with two outlines or more."""
    side_m, size, blur, contrast, noise, grey = KINDS[kind]
    rng = np.random.default_rng(SEED)
    with RasterSource(str(layer.image)) as source:
        gsd = source.gsd_m
    with rasterio.open(layer.image) as raster:
        side = round(side_m / gsd)
        corners = [
            (r, c) for r in range(0, raster.height - side + 1, side) for c in range(0, raster.width - side + 1, side)
        ]
        for row, col in corners[::each]:
            window, pixels = Window(col, row, side, side), round(side_m / size)
            image = raster.read((1, 2, 3), window=window, out_shape=(3, pixels, pixels), resampling=Resampling.average)
            image = gaussian_filter(image.astype(float), (0, blur / size, blur / size))
            image += grey * (image.mean(0) - image)
            mean = image.mean((1, 2), keepdims=True)
            image = mean + contrast * (image - mean) + rng.normal(0, noise, image.shape)
            path = work / f"{layer.image.stem}_{kind[:3]}_{row}_{col}.tif"
            transform = raster.window_transform(window) * Affine.scale(side / pixels)
            options = {"width": pixels, "height": pixels, "count": 3, "dtype": "uint8", "crs": raster.crs}
            with rasterio.open(path, "w", "GTiff", transform=transform, **options) as out:
                out.write(np.clip(np.round(image), 1, 255).astype(np.uint8))
            place = Place(replace(layer, image=path), work)
            if len(place.shapes) > 1:
                yield place


class Aligner:
    """Aligns layers with chips, and keeps the evidence that the gate is applied to."""

    def __init__(self) -> None:
        folder, self._card = find_model("buildings", "coarse")
        self._model = NetworkCache().loader(CoarseModel, folder, self._card, choose_device("cpu", Monitor()))

    def aligned(self, place: Place, path: Path, work: Path) -> tuple[Floats, Floats]:
        """Evidence (n,), and shifts (n, 2) in the CRS of the image without a gate."""
        kept: list[Field] = []

        def kept_field(*given: object) -> Field:
            kept.append(find_field(*given))  # type: ignore[arg-type]
            return kept[-1]

        monitor = Monitor()
        with RasterSource(place.image) as source:
            store, _ = read_polygons(find_layer(str(path)), source.grid, monitor, (), work)
            with (
                mock.patch.object(shifts, "LEAST_EVIDENCE", -np.inf),
                mock.patch.object(shifts, "find_field", kept_field),
            ):
                found = find_shifts(source, source.grid, store, self._card, self._model, 8.0, work, monitor)
        if found is None:
            return np.zeros(len(store)), np.zeros((len(store), 2))
        return kept[0].evidence, found.moves


def foreign(place: Place, other: Place) -> NDArray[np.object_]:
    """The outlines of another chip, in the middle of a chip."""
    x, y = centres(np.array([place.area]))[0] - centres(np.array([other.area]))[0]
    moved = np.array([affinity.translate(shape, x, y) for shape in other.shapes], object)
    return moved[[place.area.contains(shape) for shape in moved]]


def main() -> None:
    """Print a table for each kind of chips."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data sets")
    parser.add_argument("--each", type=int, default=1, help="take only every n-th chip")
    options = parser.parse_args()
    aligner = Aligner()
    print(f"{'chips':<10} {'gate':>5} {'foreign move':>12} {'true stay':>9} {'off, median':>11} {'95 %':>6}")
    for kind in KINDS:
        one(options.data, kind, options.each, aligner)


def one(data: Path, kind: str, each: int, aligner: Aligner) -> None:
    """Print the rows of a kind of chips."""
    false: list[Floats] = [np.zeros(0)]
    true: list[tuple[Floats, Floats, Floats]] = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for layer in true_layers(data, "calibration"):
            places = list(chips(layer, kind, work, each))
            for number, place in enumerate(places):
                shapes, right, _ = misplaced(place, np.random.default_rng([SEED, number]))
                path = work / f"moved_{len(true)}.gpkg"
                place.save(shapes, path)
                evidence, moves = aligner.aligned(place, path, work)
                with rasterio.open(place.image) as raster:
                    before, goal = (_in(centres(s)[: len(right)], place.crs, raster.crs) for s in (shapes, right))
                wide = np.sqrt(abs(_square_metres(place)))
                off = np.hypot(*(before + moves[: len(right)] - goal).T) * wide
                true.append((evidence[: len(right)], off, np.hypot(*(before - goal).T) * wide))
                others = foreign(place, places[number - 1]) if len(places) > 1 else []
                if len(others):
                    path = work / f"foreign_{len(true)}.gpkg"
                    place.save(others, path)
                    false.append(aligner.aligned(place, path, work)[0])
    evidence, after, before = (np.concatenate(parts) for parts in zip(*true, strict=True))
    wrong = np.concatenate(false)
    for gate in GATES:
        off = np.where(evidence >= gate, after, before)
        print(
            f"{kind:<10} {gate:>5.1f} {(wrong >= gate).mean():>12.1%} {(evidence < gate).mean():>9.1%} "
            f"{np.median(off):>11.2f} {np.percentile(off, 95):>6.2f}",
            flush=True,
        )


def _in(points: Floats, given: str, wanted: rasterio.CRS) -> Floats:
    """Points (n, 2) in another CRS."""
    series = geopandas.GeoSeries(geopandas.points_from_xy(*points.T), crs=given).to_crs(wanted)
    return np.column_stack((series.x, series.y))


def _square_metres(place: Place) -> float:
    """Square metres of a square unit of the image's CRS there, about."""
    with rasterio.open(place.image) as raster:
        return float(place.gsd_m**2 / abs(raster.transform.determinant))


if __name__ == "__main__":
    main()
