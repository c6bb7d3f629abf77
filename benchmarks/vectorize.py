"""Time, memory, truth and validity of vectorization, against polygonizing pixel by pixel and simplifying each polygon.

    python benchmarks/vectorize.py --size 8192                     # the table, on a map whose boundaries are known
    python benchmarks/vectorize.py --size 8192 --speckle 0.2 --only "idgbr 0.75 px"   # ten million regions

Each tool runs in a process of its own, from start to exit: seconds, seconds of CPU and peak memory are the process's.
This project's compiled code is cached before; `--compile` shows the first run of all, which compiles it.

err px: mean distance of drawn from true boundaries. IoU and PoLiS (px): of the buildings with their polygons. lost:
regions of the raster without a polygon. cover: whether GEOS finds the whole layer a valid coverage. Gap and overlap are
exact areas in px², in a window in the middle of the map. Truth is not scored with speckle, and what takes memory in
proportion to the layer is left out above a million polygons.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from exact_map import BUILDING, ExactMap, boundary_error, building_scores, in_pixels
from numpy.typing import NDArray
from pyogrio import raw, read_info
from scipy import ndimage

#: Side of the window within which gap, overlap and boundary error are found, and samples a pixel for the latter.
WINDOW, SAMPLES = 1024, 4
#: Polygons above which a layer is not read back.
MOST_CHECKED = 1_000_000
# A process inherits the peak memory of the one that starts it, so a small one does.
_LAUNCH = """import json, os, sys, time
began = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ), 0)
cpu = usage.ru_utime + usage.ru_stime
print(json.dumps([status, time.perf_counter() - began, cpu, usage.ru_maxrss / 1024]))"""
_TOOLS = Path(__file__).with_name("vector_tools.py")


@dataclass(frozen=True)
class Tool:
    """A row of the table: how to run it, and its output's suffix. The raster and the layer end the command."""

    label: str
    command: tuple[str, ...]
    suffix: str = ".gpkg"
    options: tuple[str, ...] = ()


def tools(min_area: float) -> list[Tool]:
    """All rows that can be had on this machine."""
    ours, shapes = (sys.executable, str(_TOOLS), "idgbr"), (sys.executable, str(_TOOLS), "shapes")
    rows = [
        Tool("idgbr exact", ours, options=("simplify_px=0",)),
        Tool("idgbr 0.75 px", ours),
        Tool("idgbr 0.75 px to .fgb", ours, ".fgb"),
        Tool("idgbr 0.75 px, smooth", ours, options=("smooth=1",)),
        Tool("idgbr 0.75 px, right angles", ours, options=("regularize=right-angles",)),
        Tool("idgbr 0.75 px, auto", ours, options=("regularize=auto",)),
        Tool("rasterio.shapes", shapes),
        Tool("rasterio.shapes + DP 1 px", shapes, options=("simplify_px=1",)),
    ]
    if min_area:
        rows.insert(5, Tool(f"idgbr 0.75 px, {min_area:g} m² and up", ours, options=(f"min_area_m2={min_area}",)))
    program = shutil.which("gdal_polygonize.py") or shutil.which("gdal_polygonize")
    if program:
        rows += [Tool("gdal_polygonize", (program, "-q"))]
        rows += [Tool("gdal_polygonize to .fgb", (program, "-q", "-f", "FlatGeobuf"), ".fgb")]
    return rows


def run(tool: Tool, source: Path, output: Path, **environment: str) -> tuple[float, float, float]:
    """Seconds, seconds of CPU and peak MB of a tool's process."""
    output.unlink(missing_ok=True)
    command = [*tool.command, str(source), str(output), *tool.options]
    launch = [sys.executable, "-S", "-c", _LAUNCH, *command]
    done = subprocess.run(launch, check=True, capture_output=True, text=True, env={**os.environ, **environment})
    status, seconds, cpu, peak = json.loads(done.stdout.splitlines()[-1])
    if status:
        raise SystemExit(f"{tool.label} failed: {done.stderr.strip()}")
    return seconds, cpu, peak


def count_regions(source: Path) -> int:
    """4-connected regions of a class raster."""
    with rasterio.open(source) as raster:
        classes = raster.read(1)
    return sum(int(ndimage.label(classes == k)[1]) for k in range(1, BUILDING + 1))


def seams(shapes: NDArray[np.object_], size: int) -> tuple[float, float]:
    """Gap and overlap between polygons, given in pixels, within the window, in px²."""
    side = min(WINDOW, size)
    corner = (size - side) // 2
    window = shapely.box(corner, corner, corner + side, corner + side)
    sound = shapely.make_valid(shapes[shapely.intersects(shapes, window)])
    parts = shapely.intersection(sound, window)
    union = shapely.area(shapely.union_all(parts))
    return side * side - union, shapely.area(parts).sum() - union


def check(output: Path, truth: ExactMap, regions: int, clean: bool) -> str:
    """The right part of a tool's row."""
    layer = None if output.suffix == ".fgb" else output.stem
    polygons = int(read_info(output, layer=layer, force_feature_count=True)["features"])
    row = f"{polygons:9d} {regions - polygons:6d}"
    if polygons > MOST_CHECKED:
        return row
    _, _, geometry, columns = raw.read(output, layer=layer)
    world = shapely.from_wkb(geometry)
    shapes, ids = in_pixels(world), columns[0].astype(np.int64)
    if clean:
        error = boundary_error(truth, shapes, ids, min(WINDOW, truth.size), SAMPLES)
        iou, polis = building_scores(truth, shapes, ids)
        row += f" {error:6.3f} {iou:6.4f} {polis:6.3f}"
    else:
        row += f" {'':6} {'':6} {'':6}"
    gap, overlap = seams(shapes, truth.size)
    covers = "yes" if shapely.coverage_is_valid(world) else "no"
    vertices, invalid = int(shapely.get_num_coordinates(world).sum()), int((~shapely.is_valid(world)).sum())
    return f"{row} {vertices:9d} {invalid:7d} {covers:>5} {gap:9.1f} {overlap:9.1f}"


def main() -> None:
    """Make the raster, run the tools, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=2048)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--speckle", type=float, default=0.0, help="share of pixels of random class")
    parser.add_argument("--min-area", type=float, default=0.0, help="m², for a row of its own")
    parser.add_argument("--only", default="", help="run the tool of this name, or those whose name contains it")
    parser.add_argument("--compile", action="store_true", help="show the run that compiles, too")
    parser.add_argument("--work", type=Path, help="folder for rasters and layers")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.work) as name:
        folder = Path(name)
        source, small = folder / "classes.tif", folder / "small.tif"
        truth = ExactMap(args.size, args.seed)
        truth.write(source, args.speckle, args.seed)
        ExactMap(512).write(small)
        regions = count_regions(source)
        print(f"{args.size} x {args.size} pixels, {regions} regions, seed {args.seed}, speckle {args.speckle:g}")
        print(
            f"{'tool':34} {'s':>7} {'cpu s':>7} {'peak MB':>8} {'polygons':>9} {'lost':>6} {'err px':>6} {'IoU':>6}"
            f" {'PoLiS':>6} {'vertices':>9} {'invalid':>7} {'cover':>5} {'gap px²':>9} {'overlap':>9}"
        )
        rows = tools(args.min_area)
        for tool in [t for t in rows if t.label == args.only] or [t for t in rows if args.only in t.label]:
            output = folder / f"out{tool.suffix}"
            if "vector_tools" in str(tool.command):
                run(tool, small, output)  # What is not compiled yet is compiled here.
            if args.compile and tool.label == "idgbr 0.75 px":
                seconds, cpu, peak = run(tool, source, output, NUMBA_CACHE_DIR=str(folder / "numba"))
                print(f"{tool.label + ', compiling':34} {seconds:7.2f} {cpu:7.2f} {peak:8.0f}", flush=True)
            seconds, cpu, peak = run(tool, source, output)
            print(f"{tool.label:34} {seconds:7.2f} {cpu:7.2f} {peak:8.0f}", end=" ", flush=True)
            print(check(output, truth, regions, not args.speckle), flush=True)


if __name__ == "__main__":
    main()
