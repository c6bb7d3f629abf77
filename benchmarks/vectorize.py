"""Time, memory and correctness of vectorization, against polygonizing pixel by pixel and simplifying each polygon.

    python benchmarks/vectorize.py --size 8192 [--speckle 0.01] [--min-area 4]

Each tool runs in a process of its own, twice: the second run, with compiled code cached, is the one shown. Gap and
overlap are exact areas, in pixels, within a window in the middle of the map.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
import shapely
from pyogrio import raw
from rasterio.transform import from_origin
from scipy import ndimage

sys.path.insert(0, str(Path(__file__).parents[1] / "backend"))

#: Window within which gap and overlap are computed.
CHECKED = 1024


def make_raster(path: Path, size: int, speckle: float, seed: int) -> None:
    """Write a class raster of 0.3 m pixels: five land covers from smooth noise, with rotated rectangles on them."""
    rng = np.random.default_rng(seed)
    classes, best = np.ones((size, size), np.uint8), None
    for k in range(1, 6):
        coarse = ndimage.gaussian_filter(rng.normal(size=(size // 16 + 2, size // 16 + 2)).astype(np.float32), 1.0)
        field = ndimage.zoom(coarse, 16, order=3)[:size, :size]
        if best is None:
            best = field
            continue
        above = field > best
        classes[above] = k
        best[above] = field[above]
    for _ in range(size * size // 3500):
        x, y, turn = rng.uniform(0, size), rng.uniform(0, size), rng.uniform(0, np.pi)
        width, height = rng.uniform(6, 40, 2)
        reach = int(np.hypot(width, height) / 2) + 2
        rows = np.arange(max(0, int(y) - reach), min(size, int(y) + reach))[:, None] + 0.5
        cols = np.arange(max(0, int(x) - reach), min(size, int(x) + reach))[None, :] + 0.5
        u = (cols - x) * np.cos(turn) + (rows - y) * np.sin(turn)
        v = (rows - y) * np.cos(turn) - (cols - x) * np.sin(turn)
        inside = (np.abs(u) < width / 2) & (np.abs(v) < height / 2)
        part = classes[int(rows[0, 0]) : int(rows[-1, 0]) + 1, int(cols[0, 0]) : int(cols[0, -1]) + 1]
        part[inside] = 6
    if speckle:
        noisy = rng.random(classes.shape, np.float32) < speckle
        classes[noisy] = rng.integers(1, 7, int(noisy.sum()), dtype=np.uint8)
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "width": size, "height": size, "tiled": True}
    transform = from_origin(500_000, 5_400_000, 0.3, 0.3)
    with rasterio.open(path, "w", crs="EPSG:32632", transform=transform, compress="deflate", **profile) as raster:
        raster.write(classes, 1)


def run_idgbr(source: Path, output: Path, min_area: float, simplify: float) -> None:
    """This project's vectorizer."""
    from idgbr.vector import VectorOptions, vectorize

    vectorize(source, output, options=VectorOptions(min_area_m2=min_area, simplify_px=simplify))


def run_shapes(source: Path, output: Path, simplify: float) -> None:
    """rasterio.features.shapes and Douglas-Peucker on each polygon."""
    from rasterio import features

    with rasterio.open(source) as raster:
        pairs = list(features.shapes(raster.read(1), transform=raster.transform))
        crs, pixel = raster.crs.to_wkt(), raster.transform.a
    polygons = np.array([shapely.Polygon(s["coordinates"][0], s["coordinates"][1:]) for s, _ in pairs])
    if simplify:
        polygons = shapely.simplify(polygons, simplify * pixel)
    ids = np.array([v for _, v in pairs], np.int32)
    raw.write(output, shapely.to_wkb(polygons), [ids], ["class_id"], driver="GPKG", geometry_type="Polygon", crs=crs)


def run_gdal(source: Path, output: Path) -> None:
    """gdal_polygonize as it is on the PATH."""
    program = shutil.which("gdal_polygonize.py") or shutil.which("gdal_polygonize")
    subprocess.run([str(program), "-q", str(source), str(output)], check=True)


def check(output: Path, size: int) -> dict[str, float]:
    """Count polygons, vertices and invalid ones, and measure gap and overlap in the window."""
    _, _, geometry, _ = raw.read(output, layer=0)
    polygons = shapely.from_wkb(geometry)
    side = min(CHECKED, size) * 0.3
    x, y = 500_000 + size * 0.15 - side / 2, 5_400_000 - size * 0.15 - side / 2
    invalid = ~shapely.is_valid(polygons)
    sound = polygons.copy()
    sound[invalid] = shapely.make_valid(polygons[invalid])
    window = shapely.box(x, y, x + side, y + side)
    parts = shapely.intersection(sound[shapely.intersects(sound, window)], window)
    union = shapely.area(shapely.union_all(parts))
    return {
        "polygons": len(polygons),
        "vertices": int(shapely.get_num_coordinates(polygons).sum()),
        "invalid": int(invalid.sum()),
        "gap": (side * side - union) / 0.09,
        "overlap": (shapely.area(parts).sum() - union) / 0.09,
    }


def measure(arguments: list[str]) -> tuple[float, float, float]:
    """Run one tool in a process of its own: seconds, seconds of CPU with start-up, peak MB (its own or a child's)."""
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    return report["seconds"], report["cpu"], report["peak_mb"]


def main() -> None:
    """Make the raster, run the tools, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=2048)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--speckle", type=float, default=0.0, help="share of pixels of random class")
    parser.add_argument("--min-area", type=float, default=0.0, help="m², for a row of its own")
    parser.add_argument("--only", default="", help="run the tools whose name contains this")
    parser.add_argument("--tool", nargs=5, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.tool:
        name, source, output = args.tool[0], Path(args.tool[1]), Path(args.tool[2])
        began = time.perf_counter()
        if name == "idgbr":
            run_idgbr(source, output, float(args.tool[3]), float(args.tool[4]))
        elif name == "shapes":
            run_shapes(source, output, float(args.tool[4]))
        else:
            run_gdal(source, output)
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        peak = max(resource.getrusage(w).ru_maxrss for w in who) / 1024
        cpu = sum(os.times()[:4])
        print(json.dumps({"seconds": time.perf_counter() - began, "cpu": cpu, "peak_mb": peak}))
        return
    tools = [
        ("idgbr exact", "idgbr", 0.0, 0.0, ".gpkg"),
        ("idgbr 0.75 px", "idgbr", 0.0, 0.75, ".gpkg"),
        ("idgbr 0.75 px to .fgb", "idgbr", 0.0, 0.75, ".fgb"),
        ("rasterio.shapes", "shapes", 0.0, 0.0, ".gpkg"),
        ("rasterio.shapes + DP 0.75 px", "shapes", 0.0, 0.75, ".gpkg"),
    ]
    if args.min_area:
        tools.insert(3, (f"idgbr 0.75 px, {args.min_area:g} m² and up", "idgbr", args.min_area, 0.75, ".gpkg"))
    if shutil.which("gdal_polygonize.py") or shutil.which("gdal_polygonize"):
        tools.append(("gdal_polygonize", "gdal", 0.0, 0.0, ".gpkg"))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "classes.tif"
        make_raster(source, args.size, args.speckle, args.seed)
        print(f"{args.size} x {args.size} pixels, seed {args.seed}, speckle {args.speckle:g}")
        print(
            f"{'tool':34} {'s':>7} {'cpu s':>7} {'peak MB':>8} {'polygons':>9} {'vertices':>9} {'invalid':>7}"
            f" {'gap px²':>9} {'overlap':>9}"
        )
        for label, name, min_area, simplify, suffix in tools:
            if args.only not in label:
                continue
            output = Path(folder) / f"out{suffix}"
            for _ in range(2 if name == "idgbr" else 1):
                output.unlink(missing_ok=True)
                seconds, cpu, peak = measure(["--tool", name, str(source), str(output), str(min_area), str(simplify)])
            row = check(output, args.size)
            print(
                f"{label:34} {seconds:7.2f} {cpu:7.2f} {peak:8.0f} {row['polygons']:9.0f} {row['vertices']:9.0f}"
                f" {row['invalid']:7.0f} {row['gap']:9.1f} {row['overlap']:9.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
