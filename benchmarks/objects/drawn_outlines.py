"""Regular outlines for buildings that a model has found, against true outlines: shapes, and what they cost.

The images of places are segmented with `regularize="none"`. The layer is then regularized with each method and the
tolerance of `segment`, which gives what `segment` with this method would write, and by the package
`buildingregulariser`, if it can be imported from the folder of `--package`. Layers are compared on the image's grid
(IoU of buildings, boundary F within 2 px), and the outlines of buildings found with an IoU above 0.5 one by one.

    python -m benchmarks.objects.drawn_outlines --data FOLDER --package FOLDER
    python -m benchmarks.objects.drawn_outlines --data FOLDER --sets calibration
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import NamedTuple

import geopandas
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from benchmarks.objects.regularize import Other, compared, scores
from benchmarks.objects.touching import image_with_crs
from benchmarks.objects.truth_layers import CHOSEN, SETS, TrueLayer, true_layers
from idgbr.classes import NODATA_CLASS
from idgbr.evaluation.boundary import boundary_f_score
from idgbr.monitor import Monitor
from idgbr.outlines.drawn import tolerance_m
from idgbr.run import run_job

METHODS = ("right-angles", "diagonals", "auto")
#: Tolerance of the boundary F in px.
BOUNDARY_PX = 2.0
HEAD = (
    f"{'place':<38} {'outlines':<20} {'polygons':>8} {'IoU':>6} {'F 2 px':>6} {'found':>6} {'PoLiS m':>8} "
    f"{'wall error':>10} {'vertices':>8}"
)

Shapes = NDArray[np.object_]


class Row(NamedTuple):
    """The figures of a layer; `vertices` is the number for each polygon."""

    polygons: int
    iou: float
    boundary_f: float
    found: int
    polis_m: float
    wall_error: float
    vertices: float


def layers(layer: TrueLayer, image: Path, model: str, other: Other | None, work: Path) -> dict[str, Shapes]:
    """The polygons of a place in the CRS of the truth, by the kind of their outlines."""
    plain = work / "none.gpkg"
    summary = run_job(
        "segment", {"input": str(image), "output": str(plain), "model": model, "regularize": "none"}, Monitor()
    )["summary"]
    paths = {"none": plain}
    for method in METHODS:
        paths[method] = work / f"{method}.gpkg"
        given = {"input": str(plain), "output": str(paths[method]), "method": method}
        run_job("regularize", given | {"tolerance": tolerance_m(summary["gsd_m"])}, Monitor())
    frames = {kind: geopandas.read_file(path, layer=path.stem).to_crs(layer.crs) for kind, path in paths.items()}
    if other:
        frames["buildingregulariser"] = other(frames["none"])
    return {kind: np.asarray(frame.geometry.to_numpy(), object) for kind, frame in frames.items()}


def measured(shapes: Shapes, layer: TrueLayer, image: Path) -> Row:
    """Polygons of a place against the truth."""
    with rasterio.open(image) as source:
        size, transform, crs = (source.height, source.width), source.transform, source.crs
        known = source.dataset_mask() > 0

    def burnt(polygons: Shapes) -> NDArray[np.uint8]:
        placed = geopandas.GeoSeries(polygons, crs=layer.crs).to_crs(crs)
        labels = rasterize(placed, size, transform=transform, dtype="uint8")
        return np.asarray(np.where(known, labels, NODATA_CLASS), np.uint8)

    ours, true = burnt(shapes), burnt(layer.shapes)
    both, either = ((ours == 1) & (true == 1)).sum(), ((ours == 1) | (true == 1)).sum()
    found = scores(shapes, layer.shapes)
    _, polis_m, _, wall = np.mean(found, axis=0) if found else np.full(4, np.nan)
    vertices = shapely.get_num_coordinates(shapes) - shapely.get_num_interior_rings(shapes) - 1
    return Row(
        len(shapes), float(both / either), boundary_f_score(ours, true, BOUNDARY_PX), len(found), float(polis_m),
        float(wall), float(vertices.mean()),
    )  # fmt: skip


def show(name: str, kind: str, row: Row) -> None:
    """Print a row."""
    print(
        f"{name:<38} {kind:<20} {row.polygons:>8} {row.iou:>6.3f} {row.boundary_f:>6.3f} {row.found:>6} "
        f"{row.polis_m:>8.3f} {row.wall_error:>10.2f} {row.vertices:>8.1f}",
        flush=True,
    )


def main() -> None:
    """Print a row for each place and kind of outlines, and the means of the places."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data sets")
    parser.add_argument("--package", type=Path, help="folder in which buildingregulariser is installed")
    parser.add_argument("--sets", nargs="*", default=["zanzibar"], choices=[*CHOSEN, *SETS])
    parser.add_argument("--places", nargs="*", help="only places whose names contain one of these words")
    parser.add_argument("--model", default="buildings")
    options = parser.parse_args()
    other = compared(options.package)
    print(HEAD)
    rows: dict[str, list[Row]] = {}
    for name in options.sets:
        for layer in true_layers(options.data, name):
            if options.places and not any(word in layer.name for word in options.places):
                continue
            with tempfile.TemporaryDirectory() as folder:
                image = image_with_crs(layer.image, Path(folder))
                for kind, shapes in layers(layer, image, options.model, other, Path(folder)).items():
                    row = measured(shapes, layer, image)
                    show(layer.name, kind, row)
                    rows.setdefault(kind, []).append(row)
    for kind, found in rows.items():
        polygons, *means = np.mean(found, axis=0)
        show("mean", kind, Row(round(polygons), means[0], means[1], round(means[2]), *means[3:]))
    if not other:
        print("buildingregulariser: not compared, it cannot be imported; see --package.")


if __name__ == "__main__":
    main()
