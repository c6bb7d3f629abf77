"""The user's own models: added whole or not at all, whatever they come in; changed; removed."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from idgbr.cli import models
from idgbr.errors import JobCancelled, ModelError
from idgbr.models import manage
from idgbr.models.card import CoarseCard, Scaling, read_card
from idgbr.models.manage import add_model, change_model, remove_model
from idgbr.models.registry import BUNDLED, find_model, list_models, user_folder
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.tiny_models import bright_model, save_graph

METADATA = {"class_names": json.dumps({"0": "_background", "1": "road"}), "resolution": "21", "tiles_size": "512"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, empty."""
    monkeypatch.delenv("IDGBR_MODELS", raising=False)
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))
    return user_folder()


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """The folder of a model, somewhere."""
    return bright_model(tmp_path / "given") / "bright"


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def only(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_folder_is_added_found_and_removed(given: Path, own_folder: Path) -> None:
    (given / "LICENSE").write_text("open")
    (given / "notes.txt").write_text("mine")
    entry = add_model(given)
    assert (entry.id, entry.own, entry.problem) == ("bright", True, None)
    assert only(own_folder / "bright") == ["LICENSE", "model.json", "model.onnx"]
    assert find_model("bright", "coarse")[1] == read_card(given)
    assert remove_model("bright") == own_folder / "bright"
    assert only(own_folder) == []


def test_the_same_id_is_replaced_only_when_told(given: Path, own_folder: Path) -> None:
    add_model(given)
    with pytest.raises(ModelError, match="you have a model 'bright' already"):
        add_model(given)
    change_model("bright", band_map=(3, 2, 1))
    assert add_model(given, replace_own=True).card == read_card(given)
    assert add_model(given, model_id="brighter").id == "brighter"
    assert only(own_folder) == ["bright", "brighter"]


def test_bundled_models_can_be_neither_replaced_nor_changed_nor_removed(given: Path) -> None:
    with pytest.raises(ModelError, match="a model 'buildings' is there already"):
        add_model(given, model_id="buildings", replace_own=True)
    for action in (remove_model, change_model):
        with pytest.raises(ModelError, match=r"not one that you added.*add a copy under another id"):
            action("buildings")
    copy = add_model(BUNDLED / "buildings", model_id="roofs")
    assert copy.card is not None
    assert copy.card.accuracy == read_card(BUNDLED / "buildings").accuracy


@pytest.mark.parametrize("top", ["", "bright/"])
def test_a_zip_is_added(given: Path, tmp_path: Path, own_folder: Path, top: str) -> None:
    files = [(top + name, (given / name).read_bytes()) for name in ("model.json", "model.onnx")]
    assert add_model(zipped(tmp_path / "model.zip", *files)).problem is None
    assert only(own_folder) == ["bright"]


def test_an_onnx_file_brings_the_metadata_of_the_zoo(tmp_path: Path, own_folder: Path) -> None:
    path = tmp_path / "roads of Łódź.onnx"
    save_graph(path, np.ones((2, 3)), np.zeros(2), METADATA)
    entry = add_model(path)
    assert entry.id == "roads-of-d"
    assert entry.card is not None
    assert [c.name for c in entry.card.classes] == ["_background", "road"]
    assert entry.card.gsd_range_m == (0.21, 0.21)
    assert isinstance(entry.card, CoarseCard)
    assert entry.card.activation == "auto"
    assert find_model(entry.id, "coarse")[0] == own_folder / entry.id
    assert add_model(zipped(tmp_path / "zoo.zip", ("zoo.onnx", path.read_bytes()))).id == "zoo"


def test_an_onnx_file_without_metadata_needs_its_pixel_size(tmp_path: Path, own_folder: Path) -> None:
    path = tmp_path / "bare.onnx"
    save_graph(path, np.ones((2, 3)), np.zeros(2))
    with pytest.raises(ModelError, match="--gsd"):
        add_model(path)
    assert only(own_folder) == []
    entry = add_model(path, gsd_m=0.5)
    assert entry.card is not None
    assert entry.card.gsd_range_m == (0.5, 0.5)


LINK = zipfile.ZipInfo("model.onnx")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


@pytest.mark.parametrize(
    "member",
    [
        "../evil.onnx",
        "/etc/evil.onnx",
        "a/../../evil.onnx",
        "a/" * 8 + "evil.onnx",
        "..\\evil.onnx",
        "C:\\evil.onnx",
        LINK,
    ],
    ids=str,
)
def test_entries_of_a_zip_cannot_lead_elsewhere(
    tmp_path: Path, own_folder: Path, member: str | zipfile.ZipInfo
) -> None:
    archive = zipped(tmp_path / "evil.zip", ("model.json", b"{}"), (member, b"x"))
    with pytest.raises(ModelError, match="leads out of the model's folder"):
        add_model(archive)
    assert only(own_folder) == []
    assert not list(tmp_path.rglob("evil.onnx"))


def test_sizes_are_limited_whatever_a_zip_says(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manage, "MAX_BYTES", 1000)
    bomb = zipped(tmp_path / "bomb.zip", ("model.json", b"0" * 100_000))
    with pytest.raises(ModelError, match="refused"):
        add_model(bomb)
    # A header that lies about the size: what is said is never all that is looked at.
    data = bytearray(bomb.read_bytes())
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(signature) + place
        data[at : at + 4] = (500).to_bytes(4, "little")
    bomb.write_bytes(data)
    with pytest.raises(ModelError, match=r"refused|cannot be unpacked"):
        add_model(bomb)
    monkeypatch.setattr(manage, "MAX_BYTES", 4 << 30)
    monkeypatch.setattr(manage.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(ModelError, match="the disk has no room"):
        add_model(bright_model(tmp_path / "given") / "bright")
    assert only(own_folder) == []


@pytest.mark.parametrize("damage", ["card", "weights", "sha256", "empty"])
def test_what_is_damaged_leaves_nothing_behind(given: Path, tmp_path: Path, own_folder: Path, damage: str) -> None:
    if damage == "card":
        (given / "model.json").write_text("{")
    elif damage == "weights":
        (given / "model.onnx").unlink()
    elif damage == "sha256":
        (given / "model.onnx").write_bytes(b"other")
    files = [(path.name, path.read_bytes()) for path in given.iterdir() if damage != "empty"]
    archive = zipped(tmp_path / "given.zip", *files)
    for source in (archive, tmp_path / "empty" if damage == "empty" else given):
        with pytest.raises(ModelError) as told:
            add_model(source)
        assert str(source) in str(told.value)
        assert ".adding" not in str(told.value)
    assert only(own_folder) == []


def test_a_cancel_leaves_nothing_behind(given: Path, own_folder: Path) -> None:
    monitor = Monitor()
    monitor.cancel()
    with pytest.raises(JobCancelled):
        add_model(given, monitor=monitor)
    assert only(own_folder) == []


@pytest.mark.parametrize("bad", ["../up", "", "a b", ".hidden"])
def test_ids_are_names_of_folders(given: Path, bad: str) -> None:
    card = json.loads((given / "model.json").read_text())
    (given / "model.json").write_text(json.dumps(card | {"id": bad}))
    with pytest.raises(ModelError, match="cannot be a model's id"):
        add_model(given)


def test_scaling_and_bands_are_written_into_the_card(given: Path) -> None:
    add_model(given)
    scaling = Scaling("standardize", (0.4,) * 3, (0.2,) * 3, (0.0,) * 3, (3000.0,) * 3)
    change_model("bright", scaling=scaling, band_map=(4, 3, 2))
    card = find_model("bright", "coarse")[1]
    assert (card.scaling, card.band_map) == (scaling, (4, 3, 2))
    assert card.classes == read_card(given).classes


@pytest.mark.parametrize(
    ("scaling", "bands", "message"),
    [
        (Scaling("percentile"), None, "not known"),
        (Scaling("standardize"), None, "given together"),
        (Scaling("standardize", (0.4,), (0.2,)), None, "one number a band"),
        (Scaling("standardize", (0.4,) * 3, (0.0,) * 3), None, "above 0"),
        (Scaling(low=(1.0,) * 3, high=(1.0,) * 3), None, "low below high"),
        (Scaling(low=(float("nan"),) * 3, high=(1.0,) * 3), None, "finite"),
        (None, (1, 2), "3 bands"),
        (None, (0, 1, 2), "from 1 on"),
    ],
)
def test_scaling_that_makes_no_sense_is_refused(
    given: Path, scaling: Scaling | None, bands: tuple[int, ...] | None, message: str
) -> None:
    add_model(given)
    before = read_card(user_folder() / "bright")
    with pytest.raises(ModelError, match=message):
        change_model("bright", scaling=scaling, band_map=bands)
    assert read_card(user_folder() / "bright") == before


def test_jobs_do_the_same_for_the_dialog(given: Path) -> None:
    added = run_job("add-model", {"source": str(given), "id": "lamps"}, Monitor())["summary"]
    assert (added["id"], added["own"], added["problem"]) == ("lamps", True, None)
    wanted = {"id": "lamps", "low": "0 0 0", "high": "1, 2, 3", "bands": "3,2,1"}
    changed = run_job("change-model", wanted, Monitor())["summary"]
    assert changed["scaling"] == {"kind": "unit", "low": (0, 0, 0), "high": (1, 2, 3)}
    assert changed["band_map"] == [3, 2, 1]
    run_job("remove-model", {"id": "lamps"}, Monitor())
    assert "lamps" not in [entry.id for entry in list_models()]


def test_command_line(given: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(models.app, list(arguments), catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    assert json.loads(run("add", str(given), "--json"))["id"] == "bright"
    assert "bright" in run("list")
    assert "buildings" in run()
    run("set", "bright", "--mean", "0.1,0.2,0.3", "--std", "1 1 1", "--bands", "1,1,1")
    shown = run("show", "bright")
    assert "standardize" in shown
    assert "raster bands: [1, 1, 1]" in shown
    assert "#d64933" in shown
    assert "kind unit" in run("set", "bright", "--scaling", "unit", "--bands", "")
    assert "accuracy on" in run("show", "buildings")
    assert "bright: sha256 right" in run("verify", "bright")
    (user_folder() / "bright" / "model.onnx").write_bytes(b"x")
    with pytest.raises(ModelError, match="bright: damaged"):
        run("verify")
    run("remove", "bright")
