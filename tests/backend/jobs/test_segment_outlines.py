"""Regular outlines of the job `segment`: as the model's card recommends, or as they are asked for."""

from __future__ import annotations

import json
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from idgbr.engines.devices import Device
from idgbr.errors import ModelError
from idgbr.jobs.segment import Segmentation
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.parameters import SegmentParameters
from tests.backend.jobs.segmented import segmented, written
from tests.backend.tiny_models import bright_model, touching_model

TRANSFORM = Affine(0.25, 0, 500000, 0, -0.25, 5000000)
drawn = partial(segmented, model="regular")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model "bright" recommends nothing, "regular" and "touching" the shape that fits each object."""
    folder = tmp_path / "models"
    monkeypatch.setenv("IDGBR_MODELS", str(folder))
    touching_model(bright_model(bright_model(folder), name="regular"))
    for name in ("regular", "touching"):
        recommend(folder / name, "auto")
    return folder


def recommend(model: Path, outlines: object) -> None:
    """Write the field `outlines` into a card."""
    card = json.loads((model / "model.json").read_text())
    (model / "model.json").write_text(json.dumps(card | {"outlines": outlines}))


@pytest.fixture
def image(tmp_path: Path) -> str:
    """Two houses in a row with a yellowish wall between them, and one that stands alone; outer walls run in waves."""
    pixels = np.full((3, 240, 320), 40, np.uint8)
    waves = np.rint(1.4 * np.sin(np.arange(320) * 0.3)).astype(int)
    for top, left, bottom, right in ((40, 40, 90, 200), (140, 60, 200, 150)):
        for col in range(left, right):
            pixels[:, top + waves[col] : bottom + waves[col + 7], col] = 220
        for row in range(top + 5, bottom - 5):
            pixels[:, row, left - 1 + waves[row] : left] = 220
    pixels[2, 30:100, 119:121] = np.minimum(pixels[2, 30:100, 119:121], 160)
    return written(tmp_path / "image.tif", pixels, TRANSFORM)


def corners(shapes: np.ndarray) -> list[int]:
    """Vertices of each polygon, the fewest first."""
    return sorted((shapely.get_num_coordinates(shapes) - 1).tolist())


@pytest.mark.usefixtures("models")
def test_the_card_recommends_outlines(image: str, tmp_path: Path) -> None:
    """Waves become walls, and sizes are those of the new polygons; what is asked for comes first."""
    fields, shapes = drawn(image, tmp_path / "regular.gpkg")
    assert corners(shapes) == [4, 4]
    assert fields["area_m2"] == pytest.approx(shapely.area(shapes), rel=0.002)  # on the ellipsoid
    assert fields["perim_m"] == pytest.approx(shapely.length(shapes), rel=0.002)
    _, plain = drawn(image, tmp_path / "plain.gpkg", regularize="none")
    assert min(corners(plain)) > 20
    _, bright = drawn(image, tmp_path / "bright.gpkg", model="bright")
    assert shapely.equals_exact(plain, bright).all()
    _, asked = drawn(image, tmp_path / "asked.gpkg", model="bright", regularize="auto")
    assert shapely.equals_exact(shapes, asked).all()
    _, square = drawn(image, tmp_path / "square.gpkg", square=True)
    _, right = drawn(image, tmp_path / "right.gpkg", regularize="right-angles")
    assert shapely.equals_exact(square, right).all()


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".fgb", ".geojson"])
def test_touching_objects_keep_their_wall_and_their_number(image: str, tmp_path: Path, suffix: str) -> None:
    fields, shapes = drawn(image, tmp_path / f"houses{suffix}", model="touching")
    _, plain = drawn(image, tmp_path / "plain.gpkg", model="touching", regularize="none")
    assert sorted(fields["object_id"].tolist()) == [1, 2, 3]
    assert sum(corners(shapes)) < sum(corners(plain)) / 3
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    one, two = shapes[fields["object_id"] < 3]
    assert one.intersection(two).length > 0, "they still share a wall"


@pytest.mark.usefixtures("models")
def test_an_image_without_objects_gives_an_empty_layer(image: str, tmp_path: Path) -> None:
    with rasterio.open(image, "r+") as out:
        out.write(np.full((3, 240, 320), 40, np.uint8))
    assert not len(drawn(image, tmp_path / "none.gpkg")[1])


@pytest.mark.usefixtures("models")
def test_a_job_depends_on_the_outlines_that_it_draws(image: str) -> None:
    """Whether the card or the user says so, and with what recommends nothing as in former versions."""

    def noted(**given: object) -> dict[str, object]:
        with ExitStack() as stack:
            parameters = SegmentParameters(image, "o.gpkg", refine=False, **given)
            job = Segmentation.opened(parameters, Path("work"), Monitor(), stack)
            return job.identity(Device("cpu", "CPU", "onnxruntime", 0))

    assert noted(model="regular") == noted(model="regular", regularize="auto")
    assert noted(model="regular")["regularize"] == "auto"
    assert noted(model="bright") == noted(model="bright", regularize="none")
    assert "regularize" not in noted(model="bright")
    assert noted(model="regular", square=True) == noted(model="regular", regularize="right-angles")
    assert noted(model="regular") != noted(model="regular", regularize="none")


def test_unknown_outlines_of_a_card_are_refused(models: Path) -> None:
    recommend(models / "regular", "round")
    with pytest.raises(ModelError, match=r"the outlines 'round' are not known; they are one of none, right-angles"):
        find_model("regular", "coarse")
    recommend(models / "regular", "model")
    with pytest.raises(ModelError, match="'model' are not known"):
        find_model("regular", "coarse")


def test_outlines_of_a_card_are_written_as_they_were_read(models: Path) -> None:
    assert find_model("regular", "coarse")[1].as_dict()["outlines"] == "auto"
    assert "outlines" not in find_model("bright", "coarse")[1].as_dict()
