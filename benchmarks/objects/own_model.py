"""Single buildings of an own-class model, with touching ones parted and not.

A quick model learns from 20 roofs and 20 pieces of ground of one training town, and finds the roofs of two others. They
train the bundled models, so the figures compare the two ways with each other only.

    python -m benchmarks.objects.own_model --data FOLDER
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import rasterio
import shapely

import idgbr
from benchmarks.objects.touching import compared

SET, LABELLED, OTHERS = "buildings_oam_drone", "nepal_banepa_town_c", ("uganda_kampala_a_z21", "nepal_banepa_town_d")
#: Labels of each class; radius (m) of those of the ground, and how far (m) they keep from roofs.
LABELS, RADIUS_M, APART_M = 20, 2.0, 1.0
CLASS = "kind"


def roofs_of(folder: Path, stem: str) -> tuple[geopandas.GeoDataFrame, shapely.Geometry]:
    """True roofs of a town in a metric CRS, and the extent of its image."""
    with rasterio.open(folder / "images" / f"{stem}.tif") as source:
        extent = geopandas.GeoSeries([shapely.box(*source.bounds)], crs=source.crs)
    roofs = geopandas.read_file(folder / "vectors" / f"{stem}.geojson")
    metric = roofs.estimate_utm_crs()
    roofs = roofs[["geometry"]].to_crs(metric)
    roofs["geometry"] = roofs.make_valid()
    whole = extent.to_crs(metric).iloc[0]
    return roofs[roofs.centroid.within(whole)], whole


def labels(folder: Path, stem: str, path: Path) -> Path:
    """Random labels of roofs and of the ground, written to `path`."""
    rng = np.random.default_rng(0)
    roofs, whole = roofs_of(folder, stem)
    taken = roofs.buffer(APART_M).union_all()
    ground: list[shapely.Geometry] = []
    west, south, east, north = whole.bounds
    while len(ground) < LABELS:
        place = shapely.Point(rng.uniform(west, east), rng.uniform(south, north)).buffer(RADIUS_M)
        if whole.contains(place) and not place.intersects(taken):
            ground.append(place)
    chosen = list(roofs[roofs.within(whole)].geometry.iloc[rng.permutation(int(roofs.within(whole).sum()))[:LABELS]])
    kinds = ["roof"] * len(chosen) + ["ground"] * LABELS
    geopandas.GeoDataFrame({CLASS: kinds}, geometry=chosen + ground, crs=roofs.crs).to_file(path)
    return path


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery")
    folder = parser.parse_args().data / SET
    with tempfile.TemporaryDirectory(prefix="idgbr_own_") as temporary:
        work = Path(temporary)
        given = labels(folder, LABELLED, work / "labels.gpkg")
        idgbr.train(folder / "images" / f"{LABELLED}.tif", given, work / "own", class_field=CLASS)
        for stem in OTHERS:
            truth, _ = roofs_of(folder, stem)
            for parted in (False, True):
                out = work / f"{stem}_{parted}.gpkg"
                idgbr.segment(folder / "images" / f"{stem}.tif", out, model=str(work / "own"), objects=parted)
                found = pyogrio.read_dataframe(out).to_crs(truth.crs)
                found = found[found["class"] == "roof"]
                score = compared(np.asarray(found.make_valid()), np.asarray(truth.geometry))
                print(f"{stem:<24} {'parted' if parted else 'whole':<8} {score} F1 {score.f1:.3f}")


if __name__ == "__main__":
    main()
