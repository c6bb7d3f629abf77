"""Finding models, and refusing those that are missing, damaged or of another kind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from idgbr.errors import ModelError
from idgbr.models.card import CoarseCard, read_card
from idgbr.models.deepness import deepness_card
from idgbr.models.registry import BUNDLED, find_model, list_models
from tests.backend.tiny_models import bright_model, save_graph


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models on the search path that holds one sound model."""
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path))
    return bright_model(tmp_path)


def test_model_is_found_by_id_and_by_folder(models: Path) -> None:
    """The id and the folder lead to the same model."""
    assert find_model("bright", "coarse")[0] == models / "bright"
    assert find_model(str(models / "bright"), "coarse")[1].id == "bright"


def test_wrong_sha256_is_refused_and_listed(models: Path) -> None:
    """A replaced file is named with the remedy, and shown in the list."""
    with (models / "bright" / "model.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"model\.onnx: its sha256 is not that of its card.*install the model again"):
        find_model("bright", "coarse")
    assert any(e.id == "bright" and e.problem for e in list_models())


def test_card_cannot_name_files_outside_its_folder(models: Path) -> None:
    """A card is untrusted input: paths in it are refused."""
    path = models / "bright" / "model.json"
    card = json.loads(path.read_text())
    card["files"] = {"../../secret.onnx": "0"}
    path.write_text(json.dumps(card))
    with pytest.raises(ModelError, match="leaves the model's folder"):
        find_model("bright", "coarse")


def test_unknown_model_lists_the_known_ones(models: Path) -> None:
    """The message helps to choose."""
    with pytest.raises(ModelError, match=r"'nothing' is not known \(found: .*bright"):
        find_model("nothing", "coarse")


def test_wrong_kind_is_refused(models: Path) -> None:
    """A coarse model is no refiner."""
    with pytest.raises(ModelError, match="kind coarse, not refiner"):
        find_model("bright", "refiner")


def test_broken_card_is_one_line(models: Path) -> None:
    """Broken JSON and missing fields give one line with the file's name."""
    path = models / "bright" / "model.json"
    path.write_text("{")
    with pytest.raises(ModelError, match=r"model\.json: not valid JSON"):
        read_card(path.parent)
    path.write_text("{}")
    with pytest.raises(ModelError, match=r"model\.json: the card's field 'kind' is missing or none of coarse, refiner"):
        read_card(path.parent)
    path.write_text('{"kind": "coarse"}')
    with pytest.raises(ModelError, match=r"model\.json: the card's field 'id' is missing"):
        read_card(path.parent)


@pytest.mark.parametrize("name", ["backbone", "buildings", "change", "landcover", "refiner"])
def test_cards_of_the_tool_are_written_as_they_were_read(name: str) -> None:
    card = read_card(BUNDLED / name)
    data = json.loads((BUNDLED / name / "model.json").read_text(encoding="utf-8"))
    written = json.loads(json.dumps(card.as_dict()))
    assert {key for key in data if key not in written} <= {"classes", "direction_model", "band_width"}, (
        "only defaults are left out"
    )
    assert {key: data[key] for key in written if key in data and key != "classes"} == {
        key: value for key, value in written.items() if key in data and key != "classes"
    }
    assert type(card).kind == data["kind"]


def test_a_misspelt_field_of_a_card_is_named(models: Path) -> None:
    """Fields for people that resemble none are kept."""
    path = models / "bright" / "model.json"
    card = json.loads(path.read_text())
    path.write_text(json.dumps(card | {"treshold": 0.3}))
    with pytest.raises(ModelError, match="field 'treshold' is not known; did you mean 'threshold'"):
        read_card(path.parent)
    path.write_text(json.dumps(card | {"author": "me", "threshold": 0.3}))
    read = read_card(path.parent)
    assert isinstance(read, CoarseCard)
    assert (read.threshold, dict(read.further)) == (0.3, {"author": "me"})
    path.write_text(json.dumps(card | {"tile": "large"}))
    with pytest.raises(ModelError, match="the card's field 'tile' is wrong"):
        read_card(path.parent)


def test_deepness_metadata_makes_a_card(tmp_path: Path) -> None:
    """Class names, resolution (cm), tile size and standardization are taken from the ONNX metadata."""
    path = tmp_path / "zoo.onnx"
    metadata = {
        "model_type": json.dumps("Segmentor"), "class_names": json.dumps({"0": "_background", "1": "road"}),
        "resolution": "21", "tiles_size": "512", "tiles_overlap": "15",
        "standardization_mean": "[0.4, 0.4, 0.4]", "standardization_std": "[0.2, 0.2, 0.2]",
    }  # fmt: skip
    save_graph(path, np.ones((2, 3)), np.zeros(2), metadata, input_name="x")
    card = deepness_card(path)
    assert [c.name for c in card.classes] == ["_background", "road"]
    assert card.gsd_range_m == (0.21, 0.21)
    assert card.scaling.mean == (0.4, 0.4, 0.4)
    assert card.tile == 512
    assert find_model(str(path), "coarse")[1].id == "zoo"


def test_not_an_onnx_file(tmp_path: Path) -> None:
    """Garbage is named, without a traceback of the engine."""
    path = tmp_path / "bad.onnx"
    path.write_bytes(b"garbage")
    with pytest.raises(ModelError, match=r"bad\.onnx: not a readable ONNX model"):
        deepness_card(path)


def test_bundled_models_are_sound_and_small() -> None:
    """What ships is whole, covers the models, and stays within 20 MB."""
    entries = [e for e in list_models() if e.folder.parent == BUNDLED]
    assert {e.id for e in entries} == {"backbone", "buildings", "change", "landcover", "refiner"}
    assert [e.problem for e in entries] == [None] * 5
    assert sum(f.stat().st_size for f in BUNDLED.rglob("*") if f.is_file()) < 20e6
