"""Regular outlines against plain ones and against the package `buildingregulariser`, on true outlines of buildings.

True outlines of `test` places are rasterized at 0.3 m and vectorized: plain, and with each method. Then the plain
layers are regularized as layers, by this tool and by the package. It is compared if it can be imported from the folder
of `--package` (`pip install --target FOLDER buildingregulariser`); else its rows say so.

    python -m benchmarks.objects.regularize --data FOLDER --package FOLDER
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.objects.truth_layers import TrueLayer, true_layers
from idgbr.evaluation.polygons import polis, tangent_angle_error
from idgbr.monitor import Monitor
from idgbr.run import run_job

SETS = ("zanzibar", "nrcan", "southtyrol")
METHODS = ("none", "right-angles", "diagonals", "circles", "auto")
#: Least IoU of an outline and its truth, sampling distance of angles, and tolerance of layers, in m.
MATCH, STEP_M, TOLERANCE_M = 0.5, 0.1, 0.6
#: Polygons of the layer on which speeds are compared.
MANY = 10_000
HEAD = (
    f"{'set':<12} {'outlines':<22} {'found':>6} {'IoU':>7} {'PoLiS m':>8} {'angle max':>9} {'mean':>6} "
    f"{'overlap m2':>10} {'gap m2':>7}"
)

Shapes = NDArray[np.object_]
Other = Callable[[geopandas.GeoDataFrame], geopandas.GeoDataFrame]


def scores(shapes: Shapes, truth: Shapes) -> list[tuple[float, float, float, float]]:
    """IoU, PoLiS (m), largest and mean angle error (degrees) of each true outline that is found."""
    rows = []
    tree = shapely.STRtree(shapes)
    for true in truth:
        near = shapes[tree.query(true, "intersects")]
        if not len(near):
            continue
        shared = shapely.area(shapely.intersection(near, true))
        iou = shared / (shapely.area(near) + true.area - shared)
        best = int(np.argmax(iou))
        if iou[best] >= MATCH:
            got = near[best]
            rows.append(
                (float(iou[best]), polis(got, true), tangent_angle_error(got, true, STEP_M), wall_error(got, true))
            )
    return rows


def wall_error(shape: shapely.Geometry, truth: shapely.Geometry) -> float:
    """Mean angle between an outline and the nearest true edge, by length, in degrees."""
    edges = np.concatenate([_edges(ring) for ring in shapely.get_rings(truth)])
    tree = shapely.STRtree(shapely.linestrings(edges))
    ours = np.concatenate([_edges(shapely.segmentize(ring, 1.0)) for ring in shapely.get_rings(shape)])
    middles = shapely.points(ours.mean(1))
    nearest = edges[tree.nearest(middles)]
    a, b = ours[:, 1] - ours[:, 0], nearest[:, 1] - nearest[:, 0]
    length = np.hypot(*a.T)
    cosine = np.abs((a * b).sum(1)) / np.maximum(length * np.hypot(*b.T), 1e-12)
    return float((np.degrees(np.arccos(np.clip(cosine, 0, 1))) * length).sum() / length.sum())


def _edges(ring: shapely.Geometry) -> NDArray[np.float64]:
    points = shapely.get_coordinates(ring)
    return np.stack((points[:-1], points[1:]), 1)


def overlaps_and_gaps(shapes: Shapes, before: Shapes) -> tuple[float, float]:
    """Area of overlaps, and of narrow ground between outlines that shared a wall before, in m²."""
    overlap = float(shapely.area(shapes).sum() - shapely.union_all(shapes).area)
    a, b = shapely.STRtree(before).query(before, "touches")
    a, b = a[a < b], b[a < b]
    walls = shapely.intersection(shapely.boundary(before[a]), shapely.boundary(before[b]))
    # Both together without narrow ground, less what each has of it by itself.
    gaps = closed(shapely.union(shapes[a], shapes[b]))
    for one in (a, b):
        gaps = shapely.difference(gaps, closed(shapes[one]))
    near = shapely.buffer(walls, 2 * TOLERANCE_M)
    return max(overlap, 0.0), float(shapely.area(shapely.intersection(gaps, near)).sum())


def closed(shapes: Shapes) -> Shapes:
    """Shapes without narrow ground in and between their parts."""
    wider = shapely.buffer(shapes, 0.3, join_style="mitre")
    return np.asarray(shapely.buffer(wider, -0.3, join_style="mitre"), object)


def vectorized(layer: TrueLayer, method: str, work: Path) -> Shapes:
    """The polygons of the raster of a layer."""
    raster, out = work / "classes.tif", work / f"{method}.gpkg"
    if not raster.exists():
        layer.rasterized(raster)
    run_job("vectorize", {"input": str(raster), "output": str(out), "regularize": method}, Monitor())
    return geopandas.read_file(out, layer=method).geometry.to_numpy()


def compared(package: Path | None) -> Other | None:
    """The function of the other package, or None."""
    if package:
        sys.path.append(str(package))
    try:
        from buildingregulariser import regularize_geodataframe
    except ImportError:
        return None
    found: Other = regularize_geodataframe
    return found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data sets")
    parser.add_argument("--package", type=Path, help="folder in which buildingregulariser is installed")
    parser.add_argument("--sets", nargs="*", default=SETS, choices=SETS)
    parser.add_argument("--most", type=int, default=1000, help="most places of a set")
    parser.add_argument("--no-layers", action="store_true", help="leave the second table out")
    options = parser.parse_args()
    other = None if options.no_layers else compared(options.package)
    print(HEAD)
    totals: dict[str, list[tuple[float, float, float, float]]] = {}
    sums: dict[str, np.ndarray] = {}
    for name in options.sets:
        rows: dict[str, list[tuple[float, float, float, float]]] = {}
        faults: dict[str, np.ndarray] = {}
        for layer in list(true_layers(options.data, name))[: options.most]:
            with tempfile.TemporaryDirectory() as folder:
                one_place(layer, Path(folder), rows, faults, other, layers=not options.no_layers)
        for kind, found in rows.items():
            show(name, kind, found, faults.get(kind))
            totals.setdefault(kind, []).extend(found)
            if kind in faults:
                sums[kind] = sums.get(kind, np.zeros(2)) + faults[kind]
    for kind, found in totals.items():
        show("all", kind, found, sums.get(kind))
    if not options.no_layers:
        speeds(next(true_layers(options.data, options.sets[0])), other)
    if not other and not options.no_layers:
        print("buildingregulariser: not compared, it cannot be imported; see --package.")


def one_place(
    layer: TrueLayer, work: Path, rows: dict[str, list[tuple[float, float, float, float]]],
    faults: dict[str, np.ndarray], other: Other | None, *, layers: bool,
) -> None:  # fmt: skip
    """Add the scores of a place to `rows`, and overlaps and gaps of layers to `faults`."""
    for method in METHODS:
        rows.setdefault(f"raster, {method}", []).extend(scores(vectorized(layer, method, work), layer.shapes))
    if not layers:
        return
    plain = geopandas.read_file(work / "none.gpkg", layer="none")
    before = plain.geometry.to_numpy()
    made = {f"layer, {method}": regularized(work / "none.gpkg", method) for method in ("right-angles", "auto")}
    if other:
        made["buildingregulariser"] = other(plain).geometry.to_numpy()
    for kind, shapes in made.items():
        rows.setdefault(kind, []).extend(scores(shapes, layer.shapes))
        faults[kind] = faults.get(kind, np.zeros(2)) + overlaps_and_gaps(shapes, before)


def regularized(path: Path, method: str) -> Shapes:
    """The polygons of a layer with regular outlines."""
    out = path.with_name(f"layer_{method}.gpkg")
    given = {"input": f"{path}|{path.stem}", "output": str(out), "method": method, "tolerance": TOLERANCE_M}
    run_job("regularize", given, Monitor())
    return geopandas.read_file(out, layer=out.stem).geometry.to_numpy()


def speeds(layer: TrueLayer, other: Other | None) -> None:
    """Print seconds of CPU, with reading and writing, for a layer of many copies of the outlines of a place."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shapes = vectorized(layer, "none", work)
        left, bottom, right, top = shapely.total_bounds(shapes)
        side = int(np.ceil(np.sqrt(MANY / len(shapes))))
        step = np.array([right - left + 9, top - bottom + 9])
        places = [np.array([i % side, i // side]) * step for i in range(side * side)]
        many = np.concatenate([shapely.transform(shapes, lambda p, at=at: p + at) for at in places])[:MANY]
        path = work / "many.gpkg"
        geopandas.GeoDataFrame(geometry=many, crs=layer.crs).to_file(path)
        regularized(work / "none.gpkg", "auto")  # compiles
        for name, function in {
            "layer, auto": lambda: regularized(path, "auto"),
            "buildingregulariser": (lambda: other(geopandas.read_file(path)).to_file(work / "other.gpkg"))
            if other
            else None,
        }.items():
            if function:
                start, begun = os.times(), time.monotonic()
                function()
                end = os.times()
                cpu = sum(end[:4]) - sum(start[:4])
                print(f"{name}: {MANY} polygons in {time.monotonic() - begun:.1f} s, {cpu:.1f} s of CPU")


def show(name: str, kind: str, found: list[tuple[float, float, float, float]], faults: np.ndarray | None) -> None:
    """Print a row."""
    iou, distance, most, mean = np.mean(found, axis=0) if found else np.full(4, np.nan)
    tail = "" if faults is None else f" {faults[0]:>10.2f} {faults[1]:>7.2f}"
    print(f"{name:<12} {kind:<22} {len(found):>6} {iou:>7.4f} {distance:>8.4f} {most:>9.2f} {mean:>6.2f}{tail}")


if __name__ == "__main__":
    main()
