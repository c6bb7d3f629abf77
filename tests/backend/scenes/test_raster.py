from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.enums import ColorInterp
from rasterio.features import rasterize

from idgbr.classes import CLASSES_TAG, classes_from_json
from idgbr.scenes import CLASSES, RasterForm, make_scene, write_scene

GEOGRAPHIC = RasterForm(crs="EPSG:4326", origin=(15.2, 48.1))
TURNED = RasterForm(rotation=25.0)


def test_blocks_make_up_the_scene(tmp_path: Path) -> None:
    write_scene(tmp_path / "a.tif", 530, 600, gsd_m=0.5, seed=3)
    with rasterio.open(tmp_path / "a.tif") as image:
        assert image.profile["tiled"]
        assert image.crs.to_epsg() == 32633
        assert image.res == pytest.approx((0.5, 0.5))
        np.testing.assert_array_equal(image.read(), make_scene(530, 600, gsd_m=0.5, seed=3).image)


@pytest.mark.parametrize("form", [RasterForm(), GEOGRAPHIC, TURNED], ids=["projected", "geographic", "rotated"])
def test_truth_vector_lies_on_truth_raster(tmp_path: Path, form: RasterForm) -> None:
    classes, polygons = tmp_path / "classes.tif", tmp_path / "truth.gpkg"
    write_scene(tmp_path / "a.tif", 200, 220, gsd_m=0.3, seed=2, form=form, truth_raster=classes, truth_vector=polygons)
    meta, _, shapes, (ids, names) = pyogrio.raw.read(polygons)
    with rasterio.open(classes) as source:
        truth, transform, tags = source.read(1), source.transform, source.tags()
        assert source.nodata == 255
    assert classes_from_json(tags[CLASSES_TAG]) == list(CLASSES)
    assert set(names) <= {c.name for c in CLASSES}
    assert meta["crs"] == form.crs
    drawn = rasterize(
        zip(shapely.from_wkb(shapes), ids, strict=True),
        out_shape=truth.shape,
        transform=transform,
        fill=9,
        dtype="uint8",
    )
    assert (drawn != truth).mean() < 5e-4


@pytest.mark.parametrize(("dtype", "full"), [("uint8", 255), ("uint16", 10_000), ("float32", 1.0)])
def test_types_bands_alpha_and_collar(tmp_path: Path, dtype: str, full: float) -> None:
    form = RasterForm(dtype=dtype, bands=4, alpha=True, nodata=0, collar=20)
    write_scene(tmp_path / "a.tif", 120, 130, gsd_m=0.3, seed=2, form=form, truth_raster=tmp_path / "t.tif")
    with rasterio.open(tmp_path / "a.tif") as image, rasterio.open(tmp_path / "t.tif") as truth:
        values, classes = image.read(), truth.read(1)
        assert image.dtypes == (dtype,) * 5
        assert image.colorinterp[:3] == (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
        assert image.colorinterp[4] == ColorInterp.alpha
    inner = np.s_[20:100, 20:110]
    assert (values[:, :20] == 0).all()
    assert (classes[:20] == 255).all()
    assert (classes[inner] < 255).all()
    assert (values[(slice(None), *inner)] > 0).all()
    assert values[:4].max() <= full
    assert (values[(4, *inner)] == full).all()
