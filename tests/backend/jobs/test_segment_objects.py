"""Touching objects in the job `segment`: one polygon each, whatever the tiles, in all formats."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from tests.backend.jobs.segmented import segmented, written
from tests.backend.tiny_models import moving_refiner, touching_model

TRANSFORM = Affine(0.5, 0, 500000, 0, -0.5, 5000000)
drawn = partial(segmented, model="touching")


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Four houses in a row, with yellowish walls between them, and one that stands alone."""
    monkeypatch.setenv("IDGBR_MODELS", str(moving_refiner(touching_model(tmp_path / "models"), right=1)))
    pixels = np.full((3, 300, 340), 40, np.uint8)
    pixels[:, 100:160, 40:280] = pixels[:, 200:240, 50:90] = 220
    for wall in (100, 160, 220):
        pixels[2, 100:160, wall - 1 : wall + 1] = 160
    return written(tmp_path / "image.tif", pixels, TRANSFORM)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".fgb", ".geojson"])
def test_each_house_is_a_polygon(image: str, tmp_path: Path, suffix: str) -> None:
    """Walls are where the image shows them; objects are numbered from 1 on."""
    fields, shapes = drawn(image, tmp_path / f"houses{suffix}", simplify=0)
    assert sorted(fields["object_id"].tolist()) == [1, 2, 3, 4, 5]
    assert sorted(fields["area_m2"]) == pytest.approx([400, 900, 900, 900, 900], rel=0.002)  # on the ellipsoid
    assert shapely.coverage_is_valid(shapes)


def test_without_objects_what_touches_is_one_polygon(image: str, tmp_path: Path) -> None:
    """With the parameter off, there is no field; the class raster is the same with both."""
    on, off = tmp_path / "on.tif", tmp_path / "off.tif"
    fields, shapes = drawn(image, tmp_path / "one.gpkg", objects=False, output_classes=str(off))
    assert len(shapes) == 2
    assert "object_id" not in fields
    drawn(image, tmp_path / "more.gpkg", output_classes=str(on))
    with rasterio.open(on) as one, rasterio.open(off) as other:
        assert (one.read(1) == other.read(1)).all()


@pytest.mark.parametrize("refine", [False, True])
def test_tiles_do_not_matter(image: str, tmp_path: Path, refine: bool) -> None:
    """Borders of tiles leave no trace in the objects, refined or not."""
    layers = [drawn(image, tmp_path / f"t{tile}.gpkg", tile=tile, refine=refine) for tile in (64, 192)]
    (fields, shapes), (others, other_shapes) = layers
    assert len(shapes) == 5
    assert (fields["object_id"] == others["object_id"]).all()
    assert shapely.equals_exact(shapes, other_shapes).all()
