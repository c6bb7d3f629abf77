"""Rasters of known truth on projected, geographic and rotated grids come out as polygons in the right place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
import shapely.affinity
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize

from idgbr.classes import ClassInfo
from idgbr.polygonize import VectorOptions, vectorize
from idgbr.scenes import RasterForm, grid_transform
from tests.backend.conftest import FORMS, SceneFiles

GSD_M = 0.3
CLASSES = [ClassInfo(0, "ground", (0, 0, 0), background=True), ClassInfo(1, "shape", (255, 0, 0))]


def in_pixels(geometries: NDArray[np.object_], transform: Affine) -> NDArray[np.object_]:
    a, b, c, d, e, f = tuple(~transform)[:6]
    moved = shapely.transform(
        geometries, lambda p: np.column_stack([a * p[:, 0] + b * p[:, 1] + c, d * p[:, 0] + e * p[:, 1] + f])
    )
    # Rounding of the coordinates can make rings cross themselves by a hair where they touch.
    return shapely.set_precision(moved, 1e-5)


def read_polygons(path: Path) -> tuple[str, NDArray[np.object_], dict[str, NDArray]]:
    meta, _, shapes, fields = pyogrio.raw.read(path, layer=path.stem)
    return meta["crs"], shapely.from_wkb(shapes), dict(zip(meta["fields"], fields, strict=True))


def known_shapes() -> list[shapely.Polygon]:
    """Disks and turned squares at odd places, in pixels."""
    shapes = []
    for k in range(16):
        x, y = 40.0 + 70.3 * (k % 4) + 0.13 * k, 38.0 + 66.7 * (k // 4) + 0.29 * k
        square = shapely.affinity.rotate(shapely.box(x - 15, y - 11, x + 15, y + 11), 23.0 * k)
        shapes.append(shapely.Point(x, y).buffer(17.0 + 0.4 * k, quad_segs=32) if k % 2 else square)
    return shapes


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_known_shapes_do_not_move(tmp_path: Path, form: RasterForm) -> None:
    truth = known_shapes()
    transform = grid_transform(form, GSD_M)
    labels = rasterize(truth, out_shape=(290, 310), dtype="uint8")
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "height": 290, "width": 310, "nodata": 255}
    with rasterio.open(tmp_path / "c.tif", "w", crs=form.crs, transform=transform, **profile) as raster:
        raster.write(labels, 1)
    vectorize(tmp_path / "c.tif", tmp_path / "out.gpkg", classes=CLASSES)
    crs, shapes, fields = read_polygons(tmp_path / "out.gpkg")
    assert crs == form.crs
    assert len(shapes) == len(truth)
    pixels = in_pixels(shapes, transform)
    shifts, areas = [], []
    for known in truth:
        nearest = int(np.argmin(shapely.distance(pixels, known.centroid)))
        found = pixels[nearest]
        shifts.append((found.centroid.x - known.centroid.x, found.centroid.y - known.centroid.y))
        assert found.symmetric_difference(known).area / known.length < 0.25
        areas.append(fields["area_m2"][nearest] / (known.area * GSD_M**2))
    assert np.abs(shifts).max() < 0.25
    assert np.abs(np.mean(shifts, axis=0)).max() < 0.04
    # Pixels of the geographic grid are 0.3 m on a sphere, areas are those on the ellipsoid; UTM has its scale factor.
    assert np.mean(areas) == pytest.approx(1.0, abs=0.01)


def test_scene_lands_on_its_truth(tmp_path: Path, scene_files: SceneFiles) -> None:
    vectorize(scene_files.classes, tmp_path / "out.gpkg", options=VectorOptions())
    crs, shapes, fields = read_polygons(tmp_path / "out.gpkg")
    _, truth, known = read_polygons(scene_files.polygons)
    assert crs == scene_files.crs
    found, real = in_pixels(shapes, scene_files.transform), in_pixels(truth, scene_files.transform)
    for label in np.unique(known["class_id"]):
        ours, theirs = (shapely.union_all(s[f["class_id"] == label]) for s, f in ((found, fields), (real, known)))
        assert ours.symmetric_difference(theirs).area / theirs.length < 0.3
    assert sum(shapely.area(found)) == pytest.approx(240 * 320, rel=1e-3)
