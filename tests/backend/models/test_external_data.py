"""ONNX models with external data, as torch and onnx write them, are taken along whole, or refused in one line."""

from __future__ import annotations

import os
import shutil
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx.external_data_helper import ExternalDataInfo, uses_external_data

from idgbr.engines.devices import Device
from idgbr.errors import ModelError
from idgbr.models.coarse import CoarseModel
from idgbr.models.external_data import data_files
from idgbr.models.manage import add_model
from idgbr.models.registry import find_model, user_folder
from tests.backend.tiny_models import save_graph

CPU = Device("cpu", "a CPU", "onnxruntime", 0, None)
WEIGHT = np.random.default_rng(0).normal(size=(2, 3))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's data folder, empty."""
    monkeypatch.delenv("IDGBR_MODELS", raising=False)
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def from_torch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `roads.onnx` and `roads.onnx.data`, of a network with 70 layers, as torch writes them."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnxscript")
    torch.manual_seed(0)
    inner = [torch.nn.Conv2d(4, 4, 1) for _ in range(68)]
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, padding=1), *inner, torch.nn.Conv2d(4, 2, 1)).eval()
    folder = tmp_path_factory.mktemp("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself
        torch.onnx.export(net, (torch.rand(1, 3, 64, 64),), folder / "roads.onnx", dynamo=True, verbose=False)
    return folder


def scores(model: str) -> np.ndarray:
    image = np.random.default_rng(1).random((3, 64, 64), np.float32)
    return CoarseModel(*find_model(model, "coarse"), CPU).predict(image)


def zipped(folder: Path, archive: Path, top: str = "") -> Path:
    with zipfile.ZipFile(archive, "w") as opened:
        for file in folder.rglob("*"):
            if file.is_file():
                opened.write(file, top + file.relative_to(folder).as_posix())
    return archive


def test_what_torch_writes_comes_from_file_folder_and_zip(from_torch: Path, tmp_path: Path) -> None:
    assert data_files(from_torch / "roads.onnx") == ["roads.onnx.data"]
    from_file = add_model(from_torch / "roads.onnx", gsd_m=0.2)
    assert sorted(path.name for path in from_file.folder.iterdir()) == ["model.json", "model.onnx", "roads.onnx.data"]
    add_model(from_torch, model_id="folder", gsd_m=0.2)
    add_model(zipped(from_torch, tmp_path / "a.zip"), model_id="zip", gsd_m=0.2)
    add_model(zipped(from_torch, tmp_path / "b.zip", "roads/"), model_id="zip-folder", gsd_m=0.2)
    add_model(from_file.folder, model_id="copy")
    expected = scores("roads")
    assert expected.std() > 0
    for model in ("folder", "zip", "zip-folder", "copy"):
        np.testing.assert_array_equal(scores(model), expected)


def test_a_file_for_each_weight_in_folders_below(from_torch: Path, tmp_path: Path) -> None:
    """140 data files, three folders down."""
    folder = tmp_path / "many"
    below = folder / "weights" / "by" / "layer"
    below.mkdir(parents=True)
    onnx.save(
        onnx.load(from_torch / "roads.onnx"), folder / "roads.onnx", save_as_external_data=True, size_threshold=0,
        all_tensors_to_one_file=False, convert_attribute=False,
    )  # fmt: skip
    graph = onnx.load(folder / "roads.onnx", load_external_data=False)
    for tensor in filter(uses_external_data, graph.graph.initializer):
        name = ExternalDataInfo(tensor).location
        (folder / name).rename(below / name)
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = f"weights/by/layer/{name}"
    onnx.save(graph, folder / "roads.onnx")
    files = data_files(folder / "roads.onnx")
    assert len(files) >= 140
    for model, source in (("folder", folder), ("zip", zipped(folder, tmp_path / "many.zip", "top/"))):
        entry = add_model(source, model_id=model, gsd_m=0.2)
        assert entry.card is not None
        assert set(files) < set(entry.card.files)
    np.testing.assert_array_equal(scores("zip"), scores("folder"))
    (below / Path(files[7]).name).unlink()
    with pytest.raises(ModelError, match=r"missing, the data file of roads\.onnx; put it there"):
        add_model(folder, model_id="gap", gsd_m=0.2)


def graph_with(folder: Path, place: str) -> Path:
    """A graph whose weights lie at a place that may be outside of its folder."""
    folder.mkdir(exist_ok=True)
    path = folder / "m.onnx"
    save_graph(path, WEIGHT, np.zeros(2), {"resolution": "20"}, data="w.bin")
    graph = onnx.load(path, load_external_data=False)
    for tensor in graph.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = place
    onnx.save(graph, path)
    return path


@pytest.mark.parametrize("place", ["../w.bin", "/w.bin", "deep/../../w.bin", "C:/w.bin", "..\\w.bin", "deep\\w.bin"])
@pytest.mark.parametrize("source", ["file", "folder", "zip"])
def test_places_outside_of_the_folder_are_refused(place: str, source: str, tmp_path: Path) -> None:
    path = graph_with(tmp_path / "given", place)
    shutil.copy(path.parent / "w.bin", tmp_path / "w.bin")
    given = {"file": path, "folder": path.parent, "zip": tmp_path / "given.zip"}[source]
    if source == "zip":
        zipped(path.parent, given)
    with pytest.raises(ModelError, match="leads out of the model's folder; export the model again"):
        add_model(given)
    assert not [*user_folder().iterdir()]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4])


def link(file: Path) -> None:
    file.rename(file.parents[1] / "elsewhere.bin")
    file.symlink_to(file.parents[1] / "elsewhere.bin")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (os.remove, r"w\.bin: missing, the data file of m\.onnx"),
        (cut, r"w\.bin: is cut off: it holds 28 of the 32 bytes that m\.onnx names"),
        (link, r"w\.bin: refused, as it is a link that leads out"),
    ],
)
def test_damaged_data_files_are_refused_with_their_name(
    damage: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    path = graph_with(tmp_path / "given", "w.bin")
    add_model(path, model_id="whole")
    damage(path.parent / "w.bin")
    for source in (path, path.parent):
        with pytest.raises(ModelError, match=message):
            add_model(source)


@pytest.mark.parametrize("name", ["w.onnx", "W.JSON"])
def test_data_files_with_the_name_of_a_graph_or_card_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is named like a graph or a card"):
        add_model(graph_with(tmp_path / "given", name))


def test_a_changed_data_file_is_found_by_its_sha256(tmp_path: Path) -> None:
    entry = add_model(graph_with(tmp_path / "given", "w.bin"))
    (entry.folder / "w.bin").write_bytes(b"\0" * 32)
    with pytest.raises(ModelError, match=r"w\.bin: its sha256 is not that of its card"):
        find_model(entry.id, "coarse")
