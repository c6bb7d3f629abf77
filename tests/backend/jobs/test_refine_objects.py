"""Touching objects in the job `refine`: those of the layer stay apart, buildings of a class raster are parted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
import shapely

from idgbr.errors import JobCancelled
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import TRANSFORM, Listener, Stopping, write_raster
from tests.backend.tiny_models import moving_refiner, touching_model


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A row of three houses with yellowish walls between them, and a meadow; refinement moves all to the right."""
    monkeypatch.setenv("IDGBR_MODELS", str(moving_refiner(touching_model(tmp_path / "models", name="buildings"))))
    pixels = np.full((3, 300, 340), 40, np.uint8)
    pixels[:, 100:160, 40:220] = 220
    for wall in (100, 160):
        pixels[2, 100:160, wall - 1 : wall + 1] = 160
    return str(write_raster(tmp_path / "image.tif", pixels))


def house(col0: int, col1: int) -> shapely.Geometry:
    return shapely.box(500000 + col0 / 2, 5000000 - 80, 500000 + col1 / 2, 5000000 - 50)


@pytest.fixture
def houses(tmp_path: Path) -> str:
    shapes = [house(40, 100), house(100, 160), house(160, 220)]
    path = tmp_path / "houses.gpkg"
    geopandas.GeoDataFrame({"name": ["a", "b", "c"]}, geometry=shapes, crs="EPSG:32633").to_file(path)
    return str(path)


@pytest.fixture
def classes(tmp_path: Path) -> str:
    """The houses as one region of class 5, and a strip of class 9."""
    codes = np.zeros((1, 300, 340), np.uint8)
    codes[0, 100:160, 40:220], codes[0, 200:220] = 5, 9
    return str(write_raster(tmp_path / "classes.tif", codes))


def refined(image: str, coarse: str, output: Path, monitor: Listener | None = None, **more: Any) -> Any:
    given = {"input": image, "coarse": coarse, "output": str(output), "device": "cpu", "band_width": 8, "tile": 96}
    run_job("refine", given | {"objects": True} | more, monitor or Listener())
    return geopandas.read_file(output)


def test_polygons_of_the_layer_stay_apart_and_keep_their_attributes(image: str, houses: str, tmp_path: Path) -> None:
    """Walls stay, the outer outline moves; without the parameter, the three are one polygon without a name."""
    found = refined(image, houses, tmp_path / "out.gpkg")
    assert found["name"].tolist() == ["a", "b", "c"]
    assert found["object_id"].tolist() == [1, 2, 3]
    assert shapely.coverage_is_valid(found.geometry.to_numpy())
    assert found.total_bounds[2] > 500110.5  # it moved
    assert found.geometry[1].bounds[::2] == pytest.approx((500050, 500080), abs=0.3)
    one = refined(image, houses, tmp_path / "one.gpkg", objects=False)
    assert one["name"].tolist() == [None]
    assert "object_id" not in one


def test_buildings_of_a_class_raster_are_parted(image: str, classes: str, tmp_path: Path) -> None:
    """The model says which class has buildings, and where they meet; another class stays as it is."""
    listener = Listener()
    found = refined(image, classes, tmp_path / "out.gpkg", listener)
    assert sorted(found["class_id"]) == [0, 0, 5, 5, 5, 9]
    assert any("touching objects of 'class 5' are parted" in text for text in listener.messages)


def test_a_raster_without_buildings_is_not_parted(image: str, tmp_path: Path) -> None:
    codes = np.zeros((1, 300, 340), np.uint8)
    codes[0, 200:220] = 9
    listener, coarse = Listener(), str(write_raster(tmp_path / "meadow.tif", codes))
    found = refined(image, coarse, tmp_path / "out.gpkg", listener)
    assert sorted(found["class_id"]) == [0, 0, 9]
    assert any("objects are not parted, because model 'buildings'" in text for text in listener.messages)


@pytest.mark.parametrize("kind", ["houses", "classes"])
@pytest.mark.parametrize(("stage", "done"), [("refine", 8), ("vectorize", 300)])
def test_a_stopped_job_goes_on_to_the_same_objects(
    image: str, tmp_path: Path, kind: str, stage: str, done: int, request: pytest.FixtureRequest
) -> None:
    coarse = request.getfixturevalue(kind)
    with pytest.raises(JobCancelled):
        refined(image, coarse, tmp_path / "out.gpkg", Stopping(stage, done))
    listener = Listener()
    found = refined(image, coarse, tmp_path / "out.gpkg", listener)
    assert any("resuming an earlier run" in text for text in listener.messages)
    assert "segment" not in listener.stages()
    other = refined(image, coarse, tmp_path / "other.gpkg", tile=64)
    assert found["object_id"].tolist() == other["object_id"].tolist()
    assert shapely.equals_exact(found.geometry.to_numpy(), other.geometry.to_numpy()).all()
    with rasterio.open(image) as raster:
        assert raster.transform == TRANSFORM
