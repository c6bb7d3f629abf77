"""Exported models: other tools read the STAC item and the metadata of Deepness, and the export can be added again."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from typer.testing import CliRunner

from idgbr.classes import ClassInfo
from idgbr.cli import models
from idgbr.errors import ModelError, ModelExistsError
from idgbr.models.card import CoarseCard, Scaling, read_card, sha256_of, write_card
from idgbr.models.deepness import deepness_card
from idgbr.models.export import export_model
from idgbr.models.manage import add_model
from idgbr.models.mlm_reader import mlm_card
from idgbr.models.registry import BUNDLED, user_folder
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.tiny_models import bright_model, save_graph

SCHEMAS = Path(__file__).with_name("stac_schemas")


class Told(Monitor):
    """Keeps what is reported."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        """Keep a line."""
        self.lines.append(message)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's data folder, with a model `bright`."""
    monkeypatch.delenv("IDGBR_MODELS", raising=False)
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))
    add_model(bright_model(tmp_path / "given") / "bright")


def changed(**fields: Any) -> CoarseCard:
    """The model `bright` with other fields in its card."""
    card = read_card(user_folder() / "bright")
    assert isinstance(card, CoarseCard)
    card = replace(card, **fields)
    write_card(user_folder() / "bright", card)
    return card


def errors(item: dict[str, Any]) -> list[str]:
    """What the schema of the extension says against an item."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((SCHEMAS / "mlm-v1.4.0.json").read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(item)]


def item_in(folder: Path) -> dict[str, Any]:
    item = json.loads((folder / "item.json").read_text(encoding="utf-8"))
    assert isinstance(item, dict)
    return item


VALUES = {
    "plain": {},
    "fixed range": {"scaling": Scaling(low=(0.0, 1.0, 2.0), high=(3000.0,) * 3), "license": "MIT"},
    "mean and std": {"scaling": Scaling("standardize", (0.4, 0.5, 0.6), (0.2,) * 3), "threshold": 0.4},
    "all": {
        "scaling": Scaling("standardize", (0.4, 0.5, 0.6), (0.2,) * 3, (0.0,) * 3, (3000.0,) * 3),
        "band_map": (4, 3, 2), "license": "mine, all mine", "gsd_range_m": (0.25, 0.25), "further": {"about": "Lamps."},
        "classes": (ClassInfo(0, "Łąka (sucha)", (1, 2, 3)), ClassInfo(1, "光", (200, 0, 10))),
    },
}  # fmt: skip


@pytest.mark.parametrize("fields", VALUES.values(), ids=VALUES)
def test_an_item_is_valid_and_says_what_the_card_says(fields: dict[str, Any], tmp_path: Path) -> None:
    card = changed(**fields)
    folder = export_model("bright", tmp_path / "out")
    item = item_in(folder)
    assert errors(item) == []
    again = mlm_card(folder / "item.json")
    assert [(c.id, c.name, c.color) for c in again.classes] == [(c.id, c.name, c.color) for c in card.classes]
    assert (again.bands, again.band_map, again.title) == (card.bands, card.band_map, card.title)
    assert again.gsd_range_m == (card.gsd_range_m[0],) * 2
    assert (again.tile, again.halo) == ((256, 32) if "band_map" not in fields and not card.scaling.low else (1024, 128))
    values = np.linspace(10, 250, 12).reshape(4, 3)
    for each in (card, again):
        assert each.problem() is None
    np.testing.assert_allclose(scaled(again.scaling, values), scaled(card.scaling, values), atol=1e-6)


def scaled(scaling: Scaling, values: np.ndarray) -> np.ndarray:
    """8-bit values of three bands as the input of a network."""
    low, high = np.array(scaling.low or (0.0,) * 3), np.array(scaling.high or (255.0,) * 3)
    unit = np.clip((values - low) / (high - low), 0, 1)
    result: np.ndarray = (unit - (scaling.mean or (0.0,) * 3)) / (scaling.std or (1.0,) * 3)
    return result


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CC BY-SA 4.0 (weights; see training data)", "CC-BY-SA-4.0"),
        ("Apache-2.0", "Apache-2.0"),
        ("mine", "other"),
        ("", "other"),
    ],
)
def test_licences_are_named_as_stac_does(text: str, name: str, tmp_path: Path) -> None:
    changed(license=text)
    properties = item_in(export_model("bright", tmp_path / "out"))["properties"]
    assert properties["license"] == name
    assert text in properties["description"] or text == name


def test_other_readers_of_the_extension(tmp_path: Path) -> None:
    """Both libraries of the extension read the item, whatever version of it they write themselves."""
    pystac = pytest.importorskip("pystac")
    mlm = pytest.importorskip("pystac.extensions.mlm")
    changed(**VALUES["all"])
    folder = export_model("bright", tmp_path / "out")
    item = pystac.Item.from_file(str(folder / "item.json"))
    read = mlm.MLMExtension.ext(item)
    assert read.mlm_name == "bright"
    assert read.input[0].bands == ["band 4", "band 3", "band 2"]
    assert [each.color_hint for each in read.output[0].classes] == ["010203", "C8000A"]
    assert item.assets["model"].extra_fields["file:checksum"] == "1220" + sha256_of(folder / "model.onnx")
    schema = pytest.importorskip("stac_model.schema")
    properties = schema.MLModelProperties(**item_in(folder)["properties"])
    assert [(step.mean, round(step.stddev)) for step in properties.input[0].value_scaling] == [
        (1200, 600), (1500, 600), (1800, 600),
    ]  # fmt: skip
    assert [each.name for each in properties.output[0].classes] == ["ka-sucha", "class-1"]


def test_an_item_is_valid_for_the_core_of_stac(tmp_path: Path) -> None:
    pytest.importorskip("jsonschema")
    validation = pytest.importorskip("pystac.validation")
    item = item_in(export_model("bright", tmp_path / "out"))
    validation.validate_dict(item | {"stac_extensions": []})


def test_a_zip_is_added_again_as_it_was(tmp_path: Path) -> None:
    card = changed(**VALUES["all"], threshold=0.3)
    (user_folder() / "bright" / "LICENSE").write_text("open")
    archive = export_model("bright", tmp_path / "new" / "bright.zip")
    with zipfile.ZipFile(archive) as opened:
        assert sorted(opened.namelist()) == ["LICENSE", "item.json", "model.json", "model.onnx"]
    assert [path.name for path in archive.parent.iterdir()] == ["bright.zip"]
    assert add_model(archive, model_id="again").card == replace(card, id="again")


def test_deepness_reads_an_exported_file_alone(tmp_path: Path) -> None:
    card = changed(**VALUES["mean and std"], gsd_range_m=(0.21, 0.4))
    folder = export_model("bright", tmp_path / "out")
    onnx.checker.check_model(onnx.load(folder / "model.onnx"))
    again = deepness_card(folder / "model.onnx")
    assert [(c.id, c.name, c.background) for c in again.classes] == [(c.id, c.name, c.background) for c in card.classes]
    assert (again.tile, again.halo, again.gsd_range_m) == (card.tile, card.halo, (0.21, 0.21))
    assert (again.scaling, again.threshold) == (card.scaling, card.threshold)
    # Metadata that a file has stay; so a second export changes no byte.
    add_model(folder, model_id="second")
    second = export_model("second", tmp_path / "second")
    assert (second / "model.onnx").read_bytes() == (folder / "model.onnx").read_bytes()


def test_data_files_are_assets_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "wide.onnx"
    save_graph(path, np.ones((2, 3)), np.zeros(2), {"resolution": "20"}, data="weights.bin")
    add_model(path)
    folder = export_model("wide", tmp_path / "out")
    item = item_in(folder)
    assert errors(item) == []
    assert item["assets"]["weights.bin"]["roles"] == ["mlm:weights"]
    assert item["assets"]["weights.bin"]["file:size"] == (folder / "weights.bin").stat().st_size
    (folder / "model.json").unlink()
    assert add_model(folder, model_id="again").problem is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "value_scaling is that of 8-bit values"),
        ({"band_map": (3, 2, 1)}, "its band map cannot be given in the metadata of Deepness"),
        ({"scaling": Scaling(low=(0.0,) * 3, high=(9.0,) * 3)}, "its value range cannot be given in the metadata"),
    ],
)
def test_what_cannot_be_expressed_is_told(fields: dict[str, Any], said: str, tmp_path: Path) -> None:
    changed(**fields)
    told = Told()
    export_model("bright", tmp_path / "out", monitor=told)
    assert [line for line in told.lines if said in line]


@pytest.mark.parametrize("model", ["buildings", "refiner"])
def test_models_for_idgbr_only_have_no_item(model: str, tmp_path: Path) -> None:
    told = Told()
    folder = export_model(model, tmp_path / "out", monitor=told)
    assert told.lines[0].endswith("so it is exported for IDGBR only, without a STAC item.")
    assert not (folder / "item.json").exists()
    assert add_model(folder, model_id="again").problem is None
    assert read_card(folder) == read_card(BUNDLED / model)


def test_a_network_with_another_input_has_no_item(tmp_path: Path) -> None:
    path = user_folder() / "bright" / "model.onnx"
    nodes = [onnx.helper.make_node("Add", ["x", "noise"], ["y"])]
    inputs = [onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1, 3, 64, 64]) for n in ("x", "noise")]
    outputs = [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1, 3, 64, 64])]
    graph = onnx.helper.make_graph(nodes, "two", inputs, outputs)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9), path)
    changed(files={"model.onnx": sha256_of(path)})
    told = Told()
    assert not (export_model("bright", tmp_path / "out", monitor=told) / "item.json").exists()
    assert "is not one network that reads an image" in told.lines[0]


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_text("mine")
    for target in (archive, tmp_path / "given"):
        with pytest.raises(ModelExistsError, match="exists already"):
            export_model("bright", target)
    assert archive.read_text() == "mine"
    with pytest.raises(ModelExistsError, match="exists already"):
        export_model("bright", tmp_path / "given", replace_zip=True)
    run_job("export-model", {"id": "bright", "output": str(archive), "replace": True}, Monitor())
    assert zipfile.is_zipfile(archive)


def test_damaged_and_unknown_models_are_not_exported(tmp_path: Path) -> None:
    (user_folder() / "bright" / "model.onnx").write_bytes(b"x")
    for model, message in (("bright", "damaged or replaced"), ("dark", "is not known")):
        with pytest.raises(ModelError, match=message):
            export_model(model, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_command_line(tmp_path: Path) -> None:
    target = tmp_path / "bright.zip"
    result = CliRunner().invoke(models.app, ["export", "bright", str(target)], catch_exceptions=False)
    assert (result.exit_code, f"wrote {target}" in result.output) == (0, True)
