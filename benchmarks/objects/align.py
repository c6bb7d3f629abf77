"""Misplaced footprints put onto images: how far they are off before and after, and what that does for refinement.

True outlines of buildings are moved by a smooth random field of up to 6 m; a tenth of them is left out, and as many are
invented on free ground. Errors are distances of the centres of true outlines from where they were. A layer that lies
right is aligned, too: it should hardly move. `apart` is how far the true outlines of both aligned layers are from each
other: if it is small and the others are large, the truth lies beside the image. With `--refine`, the moved and the
aligned layer are refined, and the boundary error of both is compared: 1 - F within 2 px, without the outlines that were
left out. Constants of the method were chosen with `--sets calibration` and `benchmarks.objects.align_gate`.

    python -m benchmarks.objects.align --data FOLDER [--refine] [--sets zanzibar nrcan southtyrol ramp]
    python -m benchmarks.objects.align --speed
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.shutil import copy
from shapely import affinity

from benchmarks.objects.truth_layers import SETS, TrueLayer, true_layers
from idgbr.evaluation.metrics import PlaceScores
from idgbr.monitor import Monitor
from idgbr.raster.grid import ground_sample_distance
from idgbr.raster.reader import RasterSource
from idgbr.run import run_job
from idgbr.scenes import write_scene

#: Longest shift of the field, and its shortest wave, in m.
MOST_M, WAVE_M = 6.0, 250.0
#: Share of outlines that are left out, and share of invented ones.
GONE, NEW = 0.1, 0.1
SEED = 5
#: Of the layer for speeds: outlines, side of the image and of the piece that it repeats in px, and pixel size in m.
MANY, SIDE, PIECE, PIXEL_M = 10_000, 20_000, 2_500, 0.1
HEAD = (
    f"{'set':<12} {'GSD m':>6} {'polygons':>8} {'off before':>10} {'after':>6} {'95 %':>6} {'target':>7} "
    f"{'right: moved':>12} {'apart':>6} {'conf. true':>10} {'invented':>8} {'still':>6}"
)

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]


class Place:
    """The true outlines that lie on an image in whole, and the image with its CRS."""

    def __init__(self, layer: TrueLayer, work: Path) -> None:
        self.name, self.crs = layer.name, layer.crs
        self.image = str(layer.image)
        with rasterio.open(layer.image) as raster:
            bounds, crs = raster.bounds, raster.crs
        if crs is None:  # a picture with a world file, in Web Mercator
            crs = rasterio.CRS.from_epsg(3857)
            self.image = str(work / f"{layer.image.stem}.tif")
            copy(str(layer.image), self.image, driver="GTiff")
            with rasterio.open(self.image, "r+") as raster:
                raster.crs = crs
        area = geopandas.GeoSeries([shapely.box(*bounds)], crs=crs).to_crs(layer.crs)[0]
        self.shapes = layer.shapes[shapely.within(layer.shapes, area)]
        self.area = area.buffer(-1.0)
        with RasterSource(self.image) as source:
            self.gsd_m = ground_sample_distance(source.grid)

    def save(self, shapes: Shapes, path: Path) -> str:
        """Write shapes as a layer."""
        geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=self.crs).to_file(path)
        return str(path)


def field_at(points: Floats, rng: np.random.Generator, waves: int = 12) -> Floats:
    """A smooth random field of shifts at points (n, 2); the longest is `MOST_M` long."""
    field = np.tile(rng.normal(size=2), (len(points), 1))
    for _ in range(waves):
        length, angle = WAVE_M * np.exp(rng.uniform(0, 1.2)), rng.uniform(0, 2 * np.pi)
        phase = points @ (2 * np.pi / length * np.array([np.cos(angle), np.sin(angle)]))
        field += rng.normal(size=2) / np.sqrt(waves) * np.sin(phase[:, None] + rng.uniform(0, 2 * np.pi, 2))
    return np.asarray(field * MOST_M / np.hypot(*field.T).max())


def centres(shapes: Shapes) -> Floats:
    """Centres of shapes, (n, 2)."""
    return shapely.get_coordinates(shapely.centroid(shapes))


def misplaced(place: Place, rng: np.random.Generator) -> tuple[Shapes, Shapes, Shapes]:
    """Moved outlines followed by invented ones, the true places of the former, and the outlines left out."""
    kept = rng.random(len(place.shapes)) >= GONE
    if not kept.any():
        kept[:] = True
    true = place.shapes[kept]
    moved = [affinity.translate(s, *step) for s, step in zip(true, field_at(centres(true), rng), strict=True)]
    return np.array([*moved, *invented(place, rng)], object), true, place.shapes[~kept]


def invented(place: Place, rng: np.random.Generator) -> Iterator[shapely.Geometry]:
    """Copies of outlines on free ground."""
    tree, wanted = shapely.STRtree(place.shapes), round(NEW * len(place.shapes))
    low, high = np.array(place.area.bounds).reshape(2, 2)
    for _ in range(2000):
        if not wanted:
            return
        shape = place.shapes[rng.integers(len(place.shapes))]
        made = affinity.translate(shape, *(rng.uniform(low, high) - centres(np.array([shape]))[0]))
        if place.area.contains(made) and not len(tree.query(made, "intersects")):
            wanted -= 1
            yield made


def aligned(place: Place, layer: str, out: Path) -> geopandas.GeoDataFrame:
    """The aligned layer, read back."""
    given = {"input": place.image, "layer": layer, "output": str(out)}
    run_job("align", given, Monitor())
    return geopandas.read_file(out)


def boundary_counts(place: Place, layer: str, true: Shapes, gone: Shapes, work: Path) -> PlaceScores:
    """Scores of the refined layer on the grid of the image."""
    classes = work / "refined.tif"
    given = {"input": place.image, "coarse": layer, "output": str(work / "refined.gpkg"), "resume": False}
    run_job("refine", given | {"output_classes": str(classes)}, Monitor())
    with rasterio.open(classes) as raster:
        found, transform, crs = raster.read(1), raster.transform, raster.crs

    def burnt(shapes: Shapes) -> NDArray[np.uint8]:
        moved = geopandas.GeoSeries(list(shapes), crs=place.crs).to_crs(crs)
        pairs = [(shape, 1) for shape in moved]
        return np.asarray(rasterize(pairs, found.shape, transform=transform, dtype="uint8"))

    truth = burnt(true)
    if len(gone):
        truth[(burnt(gone) > 0) & (truth == 0)] = 255
    scores = PlaceScores(2, (2,))
    scores.add((found == 1).astype(np.uint8), truth)
    return scores


def one_set(data: Path, name: str, most: int, *, refine: bool) -> None:
    """Print the rows of a set."""
    parts: dict[str, list[Any]] = {
        key: [] for key in ("before", "after", "right", "apart", "true", "invented", "still", "gsd", "plain", "moved")
    }
    count = 0
    for number, layer in enumerate(list(true_layers(data, name))[:most]):
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            place = Place(layer, work)
            if not len(place.shapes):
                continue
            rng = np.random.default_rng([SEED, number])
            shapes, true, gone = misplaced(place, rng)
            source = place.save(shapes, work / "moved.gpkg")
            found = aligned(place, source, work / "aligned.gpkg")
            goal = centres(true)
            parts["before"].append(np.hypot(*(centres(shapes)[: len(true)] - goal).T))
            parts["after"].append(np.hypot(*(centres(found.geometry.to_numpy())[: len(true)] - goal).T))
            conf = found["shift_conf"].to_numpy()
            parts["true"].append(conf[: len(true)])
            parts["invented"].append(conf[len(true) :])
            parts["still"].append((conf == 0)[: len(true)])
            right = aligned(place, place.save(place.shapes, work / "right.gpkg"), work / "kept.gpkg")
            parts["right"].append(np.hypot(right["shift_x"], right["shift_y"]))
            position = {id(shape): at for at, shape in enumerate(place.shapes)}
            same = centres(right.geometry.to_numpy())[[position[id(shape)] for shape in true]]
            parts["apart"].append(np.hypot(*(centres(found.geometry.to_numpy())[: len(true)] - same).T))
            parts["gsd"].append(place.gsd_m)
            count += len(shapes)
            if refine:
                for key, path in (("plain", source), ("moved", str(work / "aligned.gpkg"))):
                    parts[key].append(boundary_counts(place, path, true, gone, work))
    after, gsd = np.concatenate(parts["after"]), float(np.median(parts["gsd"]))
    target = min(0.5, 2 * gsd) if gsd < 0.25 else 0.5
    median = {key: float(np.median(np.concatenate(parts[key]))) for key in ("before", "right", "apart", "true")}
    false = np.concatenate(parts["invented"])
    print(
        f"{name:<12} {gsd:>6.3f} {count:>8} {median['before']:>10.2f} {np.median(after):>6.2f} "
        f"{np.percentile(after, 95):>6.2f} {target:>7.2f} {median['right']:>12.2f} {median['apart']:>6.2f} "
        f"{median['true']:>10.2f} {np.median(false) if len(false) else np.nan:>8.2f} "
        f"{np.concatenate(parts['still']).mean():>6.1%}",
        flush=True,
    )
    if refine:
        plain, moved = (sum(parts[key][1:], parts[key][0]).boundaries[2].f_scores()[1] for key in ("plain", "moved"))
        print(
            f"{name:<12} refined: boundary error {1 - plain:.3f} as moved, {1 - moved:.3f} aligned: "
            f"{(plain - moved) / (1 - plain):+.0%}",
            flush=True,
        )


def speed(sides: list[int]) -> None:
    """Print time and memory for many outlines on large images that repeat a procedural town."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for side in sides:
            many = round(MANY * (side / SIDE) ** 2)
            image, layer = many_files(work, many, side)
            command = [sys.executable, "-m", "idgbr", "align", image, layer, str(work / "out.gpkg")]
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "2"}, stdout=subprocess.DEVNULL)
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{many} polygons on {side} x {side} px of {PIXEL_M} m: {time.monotonic() - began:.0f} s, "
                f"{cpu:.0f} s of processors, {used.ru_maxrss / 1024:.0f} MiB",
                flush=True,
            )


def many_files(work: Path, many: int, side: int) -> tuple[str, str]:
    """A VRT that repeats a scene, and its buildings, moved."""
    piece, truth = work / "piece.tif", work / "truth.gpkg"
    if not piece.exists():
        write_scene(piece, PIECE, PIECE, gsd_m=PIXEL_M, seed=SEED, truth_vector=truth)
    frame = geopandas.read_file(truth)
    shapes = frame[(frame["class"] == "building") & (frame.area > 6)].geometry.to_numpy()
    steps = range(0, side, PIECE)
    each = -(-many // len(steps) ** 2)
    shapes = np.resize(shapes, each) if len(shapes) < each else shapes[:each]
    copies = [
        affinity.translate(shape, col * PIXEL_M + 3.0, -row * PIXEL_M - 2.0)
        for row in steps for col in steps for shape in shapes
    ]  # fmt: skip
    layer = work / f"moved_{side}.gpkg"
    geopandas.GeoDataFrame(geometry=copies[:many], crs=frame.crs).to_file(layer)
    with rasterio.open(piece) as raster:
        transform, crs = raster.transform.to_gdal(), raster.crs.to_wkt()
    bands = []
    for band in (1, 2, 3):
        sources = "".join(
            f'<SimpleSource><SourceFilename relativeToVRT="0">{piece}</SourceFilename><SourceBand>{band}</SourceBand>'
            f'<SrcRect xOff="0" yOff="0" xSize="{PIECE}" ySize="{PIECE}"/>'
            f'<DstRect xOff="{col}" yOff="{row}" xSize="{PIECE}" ySize="{PIECE}"/></SimpleSource>'
            for row in steps for col in steps
        )  # fmt: skip
        bands.append(f'<VRTRasterBand dataType="Byte" band="{band}">{sources}</VRTRasterBand>')
    image = work / f"town_{side}.vrt"
    image.write_text(
        f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}"><SRS>{crs}</SRS>'
        f"<GeoTransform>{', '.join(map(str, transform))}</GeoTransform>{''.join(bands)}</VRTDataset>"
    )
    return str(image), str(layer)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the labelled data sets")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=[*SETS, "calibration"])
    parser.add_argument("--most", type=int, default=1000, help="most places of a set")
    parser.add_argument("--refine", action="store_true", help="also refine both layers")
    parser.add_argument("--speed", action="store_true", help="only time a large layer")
    parser.add_argument("--sides", type=int, nargs="*", default=[SIDE // 2, SIDE], help="sides of the images, px")
    options = parser.parse_args()
    if options.speed:
        speed(options.sides)
        return
    if options.data is None:
        parser.error("give --data, or --speed")
    print(HEAD)
    for name in options.sets:
        one_set(options.data, name, options.most, refine=options.refine)


if __name__ == "__main__":
    main()
