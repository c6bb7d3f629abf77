"""The jobs `train` and `try-labels`: from labels to a model that `segment` takes at once, and to a view."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

import idgbr
from idgbr.errors import InputError, ModelError, OutputError
from idgbr.jobs import try_labels
from idgbr.monitor import Monitor
from idgbr.quick.trial import FeatureMemory
from idgbr.run import run_job
from tests.backend.labelled_images import (
    LEFT,
    PIXEL,
    TOP,
    dark_and_bright,
    ground,
    square,
    write_image,
    write_labels,
)
from tests.backend.tiny_models import moving_refiner, tiny_backbone


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny backbone and refiner on the search path, and no features in memory."""
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))
    tiny_backbone(tmp_path / "models")
    moving_refiner(tmp_path / "models")
    monkeypatch.setattr(try_labels, "_memory", FeatureMemory())


class Warnings(Monitor):
    """Keeps the warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def warn(self, message: str) -> None:
        self.said.append(message)


def run(job: str, *, monitor: Monitor | None = None, **parameters: Any) -> dict[str, Any]:
    return run_job(job, {"device": "cpu", **{name: str(value) if isinstance(value, Path) else value
                                             for name, value in parameters.items()}}, monitor or Monitor())  # fmt: skip


def test_segment_takes_the_model_at_once(tmp_path: Path) -> None:
    image = write_image(tmp_path / "i.tif", ground())
    labels = dark_and_bright(tmp_path / "l.gpkg")
    done = run("train", input=image, labels=labels, output=tmp_path / "own", background="dark")
    assert done["outputs"] == {"OUTPUT_MODEL": str(tmp_path / "own")}
    assert done["summary"]["miou"] == 1
    assert done["summary"]["accuracy"] == [
        {"class": name, "labels": 3, "iou": 1.0, "f1": 1.0} for name in ("bright", "dark")
    ]
    assert done["summary"]["labels"] == 6
    assert sorted(path.name for path in (tmp_path / "own").iterdir()) == ["head.onnx", "model.json"]
    assert not list(tmp_path.glob(".own*"))
    run("segment", input=image, output=tmp_path / "o.gpkg", model=tmp_path / "own", refine=False,
        output_classes=str(tmp_path / "c.tif"))  # fmt: skip
    with rasterio.open(tmp_path / "c.tif") as classes:
        found = classes.read(1)
    names = {item["id"]: item["name"] for item in done["summary"]["classes"]}
    assert names == {1: "bright", 2: "dark"}
    assert (found[:, :120] == 2).mean() > 0.99
    assert (found[:, 136:] == 1).mean() > 0.99


@pytest.mark.parametrize(("bands", "dtype"), [(1, "uint8"), (2, "uint16"), (5, "float32"), (12, "int16")])
def test_any_bands_and_types(tmp_path: Path, bands: int, dtype: str) -> None:
    image = write_image(tmp_path / "i.tif", ground(bands=bands, dtype=dtype))
    run("train", input=image, labels=dark_and_bright(tmp_path / "l.gpkg"), output=tmp_path / "own")
    run("segment", input=image, output=tmp_path / "o.gpkg", model=tmp_path / "own", refine=False,
        output_classes=str(tmp_path / "c.tif"))  # fmt: skip
    with rasterio.open(tmp_path / "c.tif") as classes:
        assert (classes.read(1)[:, 136:] == 1).mean() > 0.99
    if bands > 1:
        other = write_image(tmp_path / "other.tif", ground(bands=bands - 1, dtype=dtype))
        with pytest.raises(InputError, match=f"has {bands - 1} data band"):
            run("segment", input=other, output=tmp_path / "p.gpkg", model=tmp_path / "own", refine=False)


@pytest.mark.parametrize(("bands", "dtype"), [(3, "uint8"), (5, "uint16")])
def test_further_bands_are_left_out_and_said(tmp_path: Path, bands: int, dtype: str) -> None:
    pixels = ground(bands=bands + 2, dtype=dtype)
    image = write_image(tmp_path / "i.tif", pixels[:bands], photometric="minisblack")
    more = write_image(tmp_path / "more.tif", pixels, photometric="minisblack")
    run("train", input=image, labels=dark_and_bright(tmp_path / "l.gpkg"), output=tmp_path / "own")
    found = []
    for path in (image, more):
        notes = Warnings()
        run("segment", input=path, output=tmp_path / "o.gpkg", model=tmp_path / "own",
            output_classes=str(tmp_path / "c.tif"), monitor=notes)  # fmt: skip
        with rasterio.open(tmp_path / "c.tif") as classes:
            found.append(classes.read(1))
    np.testing.assert_array_equal(*found)
    (said,) = [line for line in notes.said if "are read" in line]
    assert said.startswith(f"{more}: ")
    assert ", ".join(map(str, range(1, bands + 1))) in said


def test_tiles_do_not_show(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    image = write_image(
        tmp_path / "i.tif", np.clip(ground(384) + rng.normal(0, 40, (3, 384, 384)), 0, 255).astype("u1")
    )
    run("train", input=image, labels=dark_and_bright(tmp_path / "l.gpkg"), output=tmp_path / "own")
    for tile in (64, 384):
        run("segment", input=image, output=tmp_path / f"{tile}.gpkg", model=tmp_path / "own", refine=False, tile=tile,
            output_confidence=str(tmp_path / f"{tile}.tif"))  # fmt: skip
    small, large = (rasterio.open(tmp_path / f"{tile}.tif").read(1) for tile in (64, 384))
    assert np.abs(small - large).max() <= 2 / 255


def test_several_places_with_a_layer_each_or_one_for_all(tmp_path: Path) -> None:
    images = [write_image(tmp_path / f"i{n}.tif", ground(seed=n)) for n in (1, 2)]
    layers = [dark_and_bright(tmp_path / f"l{n}.gpkg") for n in (1, 2)]
    run("train", input=images[0], labels=layers[0], output=tmp_path / "own", more_inputs=images[1],
        more_labels=layers[1])  # fmt: skip
    card = json.loads((tmp_path / "own" / "model.json").read_text())
    assert list(card["accuracy"]) == ["cross-validation by place"]
    assert [place["raster"] for place in card["training"]["places"]] == ["i1.tif", "i2.tif"]
    result = idgbr.train(images[0], layers[0], tmp_path / "own", more_inputs=[images[1]], device="cpu")
    assert result.outputs == {"model": str(tmp_path / "own")}
    assert result.figures["labels"] == 12
    with pytest.raises(InputError, match="there are 3 rasters and 2 layers of labels"):
        run("train", input=images[0], labels=layers[0], output=tmp_path / "own", more_inputs="\n".join(images),
            more_labels=layers[1])  # fmt: skip


def test_a_model_can_be_added_to_the_users_own(tmp_path: Path) -> None:
    image, labels = write_image(tmp_path / "i.tif", ground()), dark_and_bright(tmp_path / "l.gpkg")
    for title in ("", "Old  vines\n"):  # again: it replaces the former
        run("train", input=image, labels=labels, output=tmp_path / "own", add_as="vineyards", title=title)
        (found,) = [model for model in idgbr.list_models() if model["id"] == "vineyards"]
        assert found["title"] == (" ".join(title.split()) or "own")
    assert run("segment", input=image, output=tmp_path / "o.gpkg", model="vineyards", refine=False)


def test_a_class_raster_of_another_grid_labels_too(tmp_path: Path) -> None:
    """All its pixels are labels, in blocks; those in the ignored polygons and without data are not."""
    image = write_image(tmp_path / "i.tif", ground())
    classes = np.where(np.arange(128) < 64, 7, 40)[None].repeat(128, 0).astype(np.uint8)
    classes[:20] = 0
    with rasterio.open(
        tmp_path / "l.tif", "w", driver="GTiff", width=128, height=128, count=1, dtype="uint8", nodata=0,
        crs="EPSG:32633", transform=rasterio.Affine(2 * PIXEL, 0, LEFT, 0, -2 * PIXEL, TOP),
    ) as out:  # fmt: skip
        out.write(classes, 1)
    ignore = write_labels(tmp_path / "no.gpkg", [square(0, 100, 32)], ["x"])
    done = run("train", input=image, labels=tmp_path / "l.tif", output=tmp_path / "own", ignore=ignore)
    assert done["summary"]["miou"] == 1
    assert [item["id"] for item in done["summary"]["classes"]] == [7, 40]
    card = json.loads((tmp_path / "own" / "model.json").read_text())
    assert list(card["accuracy"]) == ["cross-validation by block"]
    layer = dark_and_bright(tmp_path / "l.gpkg")
    with pytest.raises(InputError, match="layers and rasters; give one kind"):
        run("train", input=image, labels=layer, output=tmp_path / "own", more_inputs=image,
            more_labels=tmp_path / "l.tif")  # fmt: skip
    with rasterio.open(tmp_path / "l.tif", "r+") as out:
        out.write(np.where(classes == 40, 0, classes), 1)
    with pytest.raises(InputError, match=r"l\.tif: has one class only \(class 7\)"):
        run("train", input=image, labels=tmp_path / "l.tif", output=tmp_path / "own")
    with pytest.raises(InputError, match=r"i\.tif: has 3 bands"):
        run("train", input=image, labels=image, output=tmp_path / "own")


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    image, labels = write_image(tmp_path / "i.tif", ground()), dark_and_bright(tmp_path / "l.gpkg")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.odt").write_text("long")
    with pytest.raises(OutputError, match="holds something other than a model"):
        run("train", input=image, labels=labels, output=tmp_path / "own")
    with pytest.raises(OutputError, match="no such folder"):
        run("train", input=image, labels=labels, output=tmp_path / "none" / "own")
    assert (tmp_path / "own" / "thesis.odt").read_text() == "long"


def test_contradictory_labels_are_told_with_the_place_and_ignored_ground_is_not_used(tmp_path: Path) -> None:
    told: list[str] = []

    class Told(Monitor):
        def warn(self, message: str) -> None:
            told.append(message)

    image = write_image(tmp_path / "i.tif", ground())
    shapes = [square(20, 20, 20), square(90, 20, 20), square(20, 180, 20), square(100, 180, 20), square(90, 30, 20)]
    labels = write_labels(tmp_path / "l.gpkg", shapes, ["dark", "dark", "bright", "bright", "bright"])
    run("train", input=image, labels=labels, output=tmp_path / "own", monitor=Told())
    (found,) = [message for message in told if "several classes" in message]
    assert "200 pixels carry labels of several classes, first at 500015.25, 4999954.75" in found
    told.clear()
    ignore = write_labels(tmp_path / "no.gpkg", [square(85, 15, 40)], ["x"])
    run("train", input=image, labels=labels, output=tmp_path / "own", ignore=ignore, monitor=Told())
    assert not [message for message in told if "several classes" in message]


def test_a_model_without_its_backbone_is_told(tmp_path: Path) -> None:
    image, labels = write_image(tmp_path / "i.tif", ground()), dark_and_bright(tmp_path / "l.gpkg")
    run("train", input=image, labels=labels, output=tmp_path / "own")
    card = json.loads((tmp_path / "own" / "model.json").read_text())
    card["backbone"]["sha256"] = "0" * 64
    (tmp_path / "own" / "model.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match="not the backbone that model 'own' was trained on"):
        run("segment", input=image, output=tmp_path / "o.gpkg", model=tmp_path / "own")


def test_labels_are_tried_on_a_view(tmp_path: Path) -> None:
    image, labels = write_image(tmp_path / "i.tif", ground()), dark_and_bright(tmp_path / "l.gpkg")
    extent = [LEFT + 40 * PIXEL, TOP - 240 * PIXEL, LEFT + 200 * PIXEL, TOP - 100 * PIXEL]
    done = run("try-labels", input=image, labels=labels, output=tmp_path, extent=extent, refine=True)
    with rasterio.open(done["outputs"]["CLASSES"]) as classes:
        found, colors = classes.read(1), classes.colormap(1)
        assert classes.shape == (140, 160)
        assert classes.transform * (0, 0) == (extent[0], extent[3])
    assert (found[:, :80] == 2).all()
    assert (found[:, 96:] == 1).all()
    first = done["summary"]["classes"][0]
    assert first["name"] == "bright"
    assert (first["labels"], first["pixels"]) == (3, 3 * 256)
    assert colors[1][:3] == tuple(first["color"])
    with rasterio.open(done["outputs"]["AGREEMENT"]) as agreement:
        sure = agreement.read(1)
    assert sure[:, 84:92].mean() < sure[:, :70].mean()
    with rasterio.open(done["outputs"]["REFINED"]) as refined:
        moved = refined.read(1)
    assert moved.shape == found.shape
    assert (moved != found).any()


def test_features_of_a_view_are_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = write_image(tmp_path / "i.tif", ground())
    looked: list[tuple[int, ...]] = []
    maps = try_labels._memory.__class__.get

    def counted(self: FeatureMemory, source: Any, key: Any, window: Any, reader: Any) -> Any:
        if (key, window) not in self._kept:
            looked.append(tuple(window))
        return maps(self, source, key, window, reader)

    monkeypatch.setattr(FeatureMemory, "get", counted)
    first = run("try-labels", input=image, labels=dark_and_bright(tmp_path / "a.gpkg"), output=tmp_path)
    before = rasterio.open(first["outputs"]["CLASSES"]).read(1)
    shapes = [square(20, 20), square(20, 180), square(120, 60)]
    other = write_labels(tmp_path / "b.gpkg", shapes, ["bright", "dark", "bright"])
    second = run("try-labels", input=image, labels=other, output=tmp_path)
    assert looked == [(0, 0, 256, 256)]
    after = rasterio.open(second["outputs"]["CLASSES"]).read(1)
    assert (before[:, 140:] == 1).all()
    assert (after[:, 140:] == 2).all()
    write_image(tmp_path / "i.tif", ground(seed=8))
    run("try-labels", input=image, labels=other, output=tmp_path)
    assert len(looked) == 2
