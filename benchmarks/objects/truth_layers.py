"""True outlines of buildings at test places of labelled data sets, in metres, and rasters of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin

#: Data sets by their short name: folder, and the classes of outlines that count.
SETS = {
    "zanzibar": ("buildings_oam_drone", None),
    "nrcan": ("buildings_georef_vector_nrcan", ("building", "buildings")),
    "southtyrol": ("roofs_solar_southtyrol", ("roof",)),
    "ramp": ("buildings_ramp_hot_chips", None),
}
#: Sets of chosen places, by the start of their names, which need not be `test`; `calibration` chooses constants.
CHOSEN = {
    "slums": ("buildings_ramp_hot_chips", ("hot_",)),
    "calibration": ("buildings_oam_drone", ("uganda_kampala_a", "nepal_banepa_town")),
}
#: Smaller outlines do not count, in m².
LEAST_M2 = 6.0
#: Pixel size of the rasters, and ground around the outlines, in m.
PIXEL_M, AROUND_M = 0.3, 6.0
#: Neighbouring outlines get different classes, so that they stay apart: this many, in turn.
CLASSES = 200


@dataclass(frozen=True)
class TrueLayer:
    """True outlines of one place in a CRS in metres."""

    name: str
    image: Path
    shapes: NDArray[np.object_]
    crs: str

    def rasterized(self, path: Path) -> Affine:
        """Write a class raster of the outlines, sampled at the centres of pixels; returns its transform."""
        left, bottom, right, top = shapely.total_bounds(self.shapes)
        transform = from_origin(left - AROUND_M - 0.11, top + AROUND_M + 0.17, PIXEL_M, PIXEL_M)
        width, height = (int(np.ceil((s + 2 * AROUND_M) / PIXEL_M)) + 1 for s in (right - left, top - bottom))
        pairs = [(shape, 1 + i % CLASSES) for i, shape in enumerate(self.shapes)]
        codes = rasterize(pairs, (height, width), transform=transform, dtype="uint8")
        options = {"width": width, "height": height, "count": 1, "dtype": "uint8", "nodata": 0}
        with rasterio.open(path, "w", "GTiff", crs=self.crs, transform=transform, compress="deflate", **options) as out:
            out.write(codes, 1)
        return transform


def true_layers(data: Path, name: str) -> Iterator[TrueLayer]:
    """The true outlines of the places of a set: all test places, or those of a set of `CHOSEN`."""
    folder, classes = SETS[name] if name in SETS else (CHOSEN[name][0], None)
    split = json.loads((data / "splits.json").read_text())[folder]
    stems = split["test"]
    if name in CHOSEN:
        stems = [stem for stem in split["test"] + split.get("train", []) if stem.startswith(CHOSEN[name][1])]
    for stem in stems:
        path = data / folder / "vectors" / f"{stem}.geojson"
        if not path.exists():
            continue
        frame = geopandas.read_file(path)
        for field in ("name", "class", "Cinqclasses"):
            if classes and field in frame and frame[field].dtype == object:
                frame = frame[frame[field].str.lower().str.startswith(classes)]
                break
        frame = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
        if frame.empty:
            continue
        frame = frame.to_crs(frame.estimate_utm_crs()).explode(index_parts=False)
        shapes = shapely.make_valid(frame.geometry.to_numpy())
        shapes = shapes[
            (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON) & (shapely.area(shapes) > LEAST_M2)
        ]
        if len(shapes):
            (image,) = (data / folder / "images").glob(f"{stem}.*[!wx]")
            yield TrueLayer(f"{name}/{stem}", image, shapes, frame.crs.to_string())
