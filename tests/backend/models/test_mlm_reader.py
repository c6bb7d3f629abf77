"""STAC items with the Machine Learning Model extension, of all its versions, become coarse models or are refused."""

from __future__ import annotations

import copy
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from idgbr.errors import ModelError, PixelSizeError
from idgbr.models.card import CoarseCard, Scaling
from idgbr.models.manage import add_model
from idgbr.models.mlm_reader import mlm_card
from tests.backend.tiny_models import save_graph

Item = dict[str, Any]
BANDS = ("B04", "B03", "B02")
SCALING: Item = {"value_scaling": [{"type": "z-score", "mean": 100.0 + i, "stddev": 50.0} for i in range(3)]}
#: Until 1.3, scaling has these fields in place of `value_scaling`.
OLD_SCALING: Item = {
    "norm_by_channel": True, "norm_type": "z-score", "norm_clip": None,
    "statistics": [{"mean": 100.0 + i, "stddev": 50.0} for i in range(3)],
}  # fmt: skip
EQUAL = {
    "1.0.0": OLD_SCALING, "1.1.0": OLD_SCALING, "1.2.0": OLD_SCALING, "1.3.0": OLD_SCALING,
    "1.4.0": SCALING, "1.5.0": SCALING, "1.5.1": SCALING, "1.6.0": SCALING,
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's data folder, empty."""
    monkeypatch.delenv("IDGBR_MODELS", raising=False)
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))


def item_of(version: str = "1.5.1", **of_input: Any) -> Item:
    """A valid item of a version, of a model for three of four described bands."""
    host = "crim-ca.github.io/mlm-extension" if version == "1.1.0" else "stac-extensions.github.io/mlm"
    tasks = ["semantic-segmentation"]
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": "vineyards-01", "geometry": None, "links": [],
        "stac_extensions": [
            f"https://{host}/v{version}/schema.json", "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
        ],
        "properties": {
            "datetime": "2024-01-01T00:00:00Z", "title": "Vineyards", "description": "Rows of vines.", "version": "2",
            "license": "CC-BY-4.0", "gsd": 0.25, "mlm:name": "vineyards", "mlm:architecture": "U-Net",
            "mlm:framework": "PyTorch", "mlm:tasks": tasks,
            "mlm:input": [{
                "name": "chips", "bands": list(BANDS),
                "input": {
                    "shape": [-1, 3, 512, 512], "dim_order": ["batch", "channel", "height", "width"],
                    "data_type": "float32",
                },
                **(EQUAL[version] | of_input),
            }],
            "mlm:output": [{
                "name": "scores", "tasks": tasks,
                "result": {
                    "shape": [-1, 2, 512, 512], "dim_order": ["batch", "class", "height", "width"],
                    "data_type": "float32",
                },
                "classification:classes": [
                    {"value": 0, "name": "background", "description": "All else"},
                    {"value": 1, "name": "vine", "description": "Vines", "color_hint": "7A28C8"},
                ],
            }],
        },
        "assets": {
            "checkpoint": {"href": "http://a.org/v.pth", "roles": ["mlm:model"], "mlm:artifact_type": "torch.save"},
            "model": {
                "href": "./weights/vines.onnx", "roles": ["mlm:model"], "mlm:artifact_type": "onnx",
                "raster:bands": [{"name": name, "spatial_resolution": 10} for name in ("B02", "B03", "B04", "B08")],
            },
        },
    }  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Item], Path]:
    """Write an item beside its ONNX file."""
    folder = tmp_path / "given"
    (folder / "weights").mkdir(parents=True)
    save_graph(folder / "weights" / "vines.onnx", np.ones((2, 3)), np.zeros(2), data="vines.onnx.data")

    def written(item: Item) -> Path:
        path = folder / "vines.json"
        path.write_text(json.dumps(item))
        return path

    return written


def changed(*keys: str | int, to: Any) -> Item:
    """The item with the value at some keys changed, or left out for `...`."""
    item = copy.deepcopy(item_of())
    *above, last = keys
    place: Any = item
    for key in above:
        place = place[key]
    if to is ...:
        del place[last]
    else:
        place[last] = to
    return item


INPUT = ("properties", "mlm:input", 0)
OUTPUT = ("properties", "mlm:output", 0)


@pytest.mark.parametrize("version", EQUAL)
def test_every_version_gives_the_same_model(version: str, write: Callable[[Item], Path]) -> None:
    entry = add_model(write(item_of(version)))
    card = entry.card
    assert isinstance(card, CoarseCard)
    assert (entry.id, card.title, card.version, card.license) == ("vineyards-01", "Vineyards", "2", "CC-BY-4.0")
    assert [(c.name, c.background) for c in card.classes] == [("background", True), ("vine", False)]
    assert card.classes[1].color == (0x7A, 0x28, 0xC8)
    assert (card.bands, card.band_map, card.tile, card.gsd_range_m) == (3, (3, 2, 1), 512, (0.25, 0.25))
    assert sorted(card.files) == ["weights/vines.onnx", "weights/vines.onnx.data"]
    assert entry.problem is None
    values = np.array([[0.0, 0.0, 0.0], [255.0, 128.0, 77.0]])
    low, high, mean, std = (np.array(getattr(card.scaling, name)) for name in ("low", "high", "mean", "std"))
    scaled = (np.clip((values - low) / (high - low), 0, 1) - mean) / std
    np.testing.assert_allclose(scaled, (values - [100, 101, 102]) / 50, atol=1e-9)


@pytest.mark.parametrize(
    ("steps", "scaling"),
    [
        (None, Scaling()),
        ([], Scaling()),
        ([{"type": "min-max", "minimum": 0, "maximum": 3000}], Scaling(low=(0.0,) * 3, high=(3000.0,) * 3)),
        # As pystac writes it: an object that is in no list.
        ({"type": "min-max", "minimum": 0, "maximum": 255}, Scaling(low=(0.0,) * 3, high=(255.0,) * 3)),
        ([{"type": "scale", "value": 10000}] * 3, Scaling(low=(0.0,) * 3, high=(10000.0,) * 3)),
        ([{"type": "z-score", "mean": 0.5, "stddev": 0.25}], Scaling("standardize", (0.5,) * 3, (0.25,) * 3)),
    ],
)
def test_value_scaling(steps: Any, scaling: Scaling, write: Callable[[Item], Path]) -> None:
    assert mlm_card(write(item_of(value_scaling=steps))).scaling == scaling


@pytest.mark.parametrize(
    ("wanted", "described", "band_map"),
    [
        (["red", "green", "blue"], ["red", "green", "blue"], ()),
        ([{"name": "Blue"}, {"name": "Green"}, {"name": "Red"}], ["Blue", "Green", "Red"], (3, 2, 1)),
        (["nir", "red", "green"], ["blue", "green", "red", "nir"], (4, 3, 2)),
        (["a", "b", "c"], ["a", "b", "c", "d"], ()),
        (["a", "b", "c"], [], ()),
        ([], ["a", "b"], ()),
    ],
)
def test_bands(
    wanted: list[Any], described: list[str], band_map: tuple[int, ...], write: Callable[[Item], Path]
) -> None:
    item = item_of(bands=wanted)
    item["assets"]["model"]["raster:bands"] = [{"name": name} for name in described]
    assert mlm_card(write(item)).band_map == band_map


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (changed("type", to="Collection"), "not a STAC item"),
        (changed("stac_extensions", to=[]), "lacks the Machine Learning Model extension"),
        (changed("stac_extensions", 0, to="https://stac-extensions.github.io/mlm/v2.0.0/schema.json"), "has version 2"),
        (changed("properties", "mlm:input", to=[]), "its mlm:input is missing"),
        (changed("properties", "mlm:input", to=[{}, {}]), "has 2 objects in mlm:input"),
        (changed("assets", "model", to=...), r"no ONNX file among its model assets \(torch.save\)"),
        (changed("assets", "model", "href", to="https://example.org/m.onnx"), "is not there; put the file beside"),
        (changed("assets", "model", "href", to="../given/weights/vines.onnx"), "is not there; put the file beside"),
        (changed("assets", "model", "file:checksum", to="1220" + "0" * 64), "does not have the file:checksum"),
        (changed(*INPUT, "bands", to=["a", "b"]), "has 2 bands, but the ONNX file takes 3"),
        (changed(*INPUT, "input", "shape", to=[-1, 4, 512, 512]), "has 4 bands, but the ONNX file takes 3"),
        (
            changed(*INPUT, "bands", to=["a", "b", {"name": "NDVI", "format": "rio-calc", "expression": "a-b"}]),
            "its band 'NDVI' is an expression",
        ),
        (changed(*INPUT, "value_scaling", to=[{"type": "clip-min", "minimum": 0}]), r"value_scaling \(clip-min\)"),
        (changed(*INPUT, "value_scaling", to=[{"type": "scale", "value": 0.0001}]), "a value above 1, to divide by"),
        (changed(*INPUT, "value_scaling", to=[{"type": "z-score", "mean": 1}]), "lacks a number"),
        (changed(*INPUT, "value_scaling", to=[{"type": "z-score", "mean": 1, "stddev": 0}]), "a stddev above 0"),
        (changed(*OUTPUT, "classification:classes", to=[{"name": "a"}]), "lack a value"),
        (
            changed(*OUTPUT, "classification:classes", to=[{"value": 5, "name": "a"}]),
            "number the classes 5 to 5, but it gives 2",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_by_name(item: Item, message: str, write: Callable[[Item], Path]) -> None:
    with pytest.raises(ModelError, match=message):
        mlm_card(write(item))


def places(value: Any, *above: str | int) -> Iterator[tuple[str | int, ...]]:
    """The keys of every value in an item."""
    if above:
        yield above
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, *above, key)


@pytest.mark.parametrize("odd", [None, 3, -1.5, "x", [], {}, [None], True], ids=repr)
def test_odd_values_anywhere_give_a_model_or_one_line(odd: Any, write: Callable[[Item], Path], tmp_path: Path) -> None:
    told = {}
    for keys in places(item_of()):
        path = write(changed(*keys, to=odd))
        try:
            assert mlm_card(path).problem() is None
        except ModelError as error:
            told[keys] = str(error)
    wrong = {keys: line for keys, line in told.items() if not line.startswith(str(tmp_path)) or "\n" in line}
    assert wrong == {}
    assert len(told) > 20


def test_other_tasks_are_refused(write: Callable[[Item], Path]) -> None:
    item = item_of()
    item["properties"]["mlm:tasks"] = item["properties"]["mlm:output"][0]["tasks"] = ["object-detection"]
    with pytest.raises(ModelError, match="its mlm:tasks are object-detection"):
        mlm_card(write(item))


def test_norms_of_old_items_that_are_not_linear_are_refused(write: Callable[[Item], Path]) -> None:
    with pytest.raises(ModelError, match=r"norm_type 'l2' \(l2\) cannot be followed"):
        mlm_card(write(item_of("1.2.0", norm_type="l2")))
    with pytest.raises(ModelError, match="but no 'statistics'"):
        mlm_card(write(item_of("1.0.0", statistics=[])))


def test_the_pixel_size_is_that_of_item_or_bands_or_has_to_be_given(write: Callable[[Item], Path]) -> None:
    item = item_of()
    del item["properties"]["gsd"]
    assert mlm_card(write(item)).gsd_range_m == (10.0, 10.0)
    del item["assets"]["model"]["raster:bands"]
    with pytest.raises(PixelSizeError, match="states no 'gsd'"):
        mlm_card(write(item))
    assert mlm_card(write(item), 0.5).gsd_range_m == (0.5, 0.5)


def test_what_is_not_followed_is_in_the_note(write: Callable[[Item], Path]) -> None:
    code = {"format": "python", "expression": "models.vines:preprocess"}
    item = item_of(pre_processing_function=code, resize_type="crop")
    item["properties"]["mlm:output"] *= 2
    item["assets"]["model"]["file:checksum"] = "d5014000"
    card = mlm_card(write(item))
    for field in ("pre_processing_function", "resize_type 'crop'", "the first of 2", "file:checksum", "bands B04, B03"):
        assert field in card.note


def test_a_file_that_was_downloaded_lies_beside_its_item(write: Callable[[Item], Path]) -> None:
    path = write(changed("assets", "model", "href", to="https://example.org/models/Vines%20A.onnx?download=true"))
    for name in ("vines.onnx", "vines.onnx.data"):
        (path.parent / "weights" / name).rename(path.parent / name.replace("vines.onnx", "Vines A.onnx", 1))
    (path.parent / "Vines A.onnx.data").rename(path.parent / "vines.onnx.data")
    assert sorted(mlm_card(path).files) == ["Vines A.onnx", "vines.onnx.data"]


def test_an_item_in_the_form_of_fair(write: Callable[[Item], Path]) -> None:
    """Bands by name, code around the model, addresses for all files, and no pixel size."""
    item = item_of(bands=[{"name": "red"}, {"name": "green"}, {"name": "blue"}], value_scaling=None)
    code = {"format": "python", "expression": "models.vines.pipeline:step"}
    item["properties"]["mlm:input"][0]["pre_processing_function"] = code
    item["properties"]["mlm:input"][0]["input"]["dim_order"][1] = "bands"
    item["properties"]["mlm:output"][0] |= {"post_processing_function": code, "bands": []}
    item["properties"]["mlm:hyperparameters"] = {"inference.confidence_threshold": 0.5}
    item["assets"]["model"] |= {
        "href": "https://example.org/vines.onnx?download=true", "roles": ["mlm:model", "mlm:compiled"],
        "raster:bands": [{"name": "red"}, {"name": "green"}, {"name": "blue"}],
    }  # fmt: skip
    item["assets"]["mlm:inference"] = {"href": "ghcr.io/example/vines:latest", "roles": ["mlm:inference-runtime"]}
    del item["properties"]["gsd"]
    path = write(item)
    for name in ("vines.onnx", "vines.onnx.data"):
        (path.parent / "weights" / name).rename(path.parent / name)
    with pytest.raises(PixelSizeError):
        add_model(path)
    card = add_model(path, gsd_m=0.3).card
    assert isinstance(card, CoarseCard)
    assert (card.band_map, card.scaling, sorted(card.files)) == ((), Scaling(), ["vines.onnx", "vines.onnx.data"])
    assert card.note.startswith("was read from a STAC item: pre_processing_function is not run")
    assert "post_processing_function is not run" in card.note


def test_a_folder_and_a_zip_with_an_item(write: Callable[[Item], Path], tmp_path: Path) -> None:
    item = item_of()
    graph = tmp_path / "given" / "weights" / "vines.onnx"
    item["assets"]["model"]["file:checksum"] = "1220" + hashlib.sha256(graph.read_bytes()).hexdigest()
    folder = write(item).parent
    (folder / "notes.json").write_text("[1]")
    (folder / "LICENSE").write_text("open")
    assert add_model(folder).problem is None
    archive = tmp_path / "vines.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for file in folder.rglob("*.*"):
            opened.write(file, f"top/{file.relative_to(folder)}")
    entry = add_model(archive, model_id="again")
    assert (entry.folder / "weights" / "vines.onnx.data").is_file()
    write(changed("assets", "model", "href", to="no.onnx"))
    with pytest.raises(ModelError, match=r"vines\.json: its model 'no\.onnx' is not there"):
        add_model(folder, model_id="third")
