"""A backbone and a head as one network: the same values as one after the other, from the cache the second time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from idgbr.engines import joined as module
from idgbr.engines.devices import Device
from idgbr.engines.joined import PREFIX, cached, joined
from idgbr.engines.session import OnnxRuntimeSession, OpenVinoSession, Session
from idgbr.errors import ModelError
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from tests.backend.tiny_models import tiny_backbone, tiny_finder

CPU = Device("cpu", "a CPU", "onnxruntime", 0, None)
Open = Callable[..., Session]


def openvino(path: Path, outputs: tuple[str, ...] = (), backbone: Path | None = None) -> Session:
    pytest.importorskip("openvino")
    return OpenVinoSession(path, 1, outputs, backbone=backbone)


def onnxruntime(path: Path, outputs: tuple[str, ...] = (), backbone: Path | None = None) -> Session:
    return OnnxRuntimeSession(path, CPU, 1, outputs, backbone=backbone)


def bundled() -> tuple[Path, Path]:
    return find_model("backbone", "backbone")[0] / "model.onnx", find_model("buildings", "coarse")[0] / "head.onnx"


def saved(path: Path, inputs: tuple[str, ...], *, opset: int = 18, ir: int = 9, of: str = "features2") -> Path:
    """A head that doubles features, and adds its other inputs."""
    nodes, before = [helper.make_node("Add", [of, of], ["sum0"])], "sum0"
    for number, name in enumerate(inputs, start=1):
        nodes.append(helper.make_node("AveragePool", [name], [f"pool{number}"], kernel_shape=[2, 2], strides=[2, 2]))
        nodes.append(helper.make_node("Add", [before, f"pool{number}"], [before := f"sum{number}"]))
    nodes.append(helper.make_node("Identity", [before], ["scores"]))
    read, (made,) = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, f"h_{name}", f"w_{name}"]) for name in names]
        for names in ((of, *inputs), ("scores",))
    )
    graph = helper.make_graph(nodes, "head", read, [made])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir), str(path))
    return path


@pytest.mark.parametrize("load", [openvino, onnxruntime])
@pytest.mark.parametrize("outputs", [("scores",), ("scores", "contact")])
def test_both_as_one_give_what_they_give_one_after_the_other(load: Open, outputs: tuple[str, ...]) -> None:
    backbone, head = bundled()
    image = np.random.default_rng(0).random((1, 3, 192, 256), np.float32)
    (features,) = load(backbone, ("features2",)).run({"image": image})
    expected = load(head, outputs).run({"features2": features})
    whole = load(head, outputs, backbone=backbone)
    assert whole.input_names == [f"{PREFIX}image"]
    found = whole.run({f"{PREFIX}image": image})
    assert len(found) == len(outputs)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-3 if load is openvino else 1e-6)


def test_only_what_the_outputs_need_is_taken() -> None:
    backbone, head = bundled()
    scores, both = (onnx.load_from_string(joined(backbone, head, names)) for names in (("scores",), ()))
    assert [output.name for output in scores.graph.output] == ["scores"]
    assert {output.name for output in both.graph.output} == {"scores", "contact"}
    assert len(scores.graph.node) < len(both.graph.node)


@pytest.mark.parametrize("load", [openvino, onnxruntime])
@pytest.mark.parametrize(("opset", "ir"), [(17, 8), (18, 10), (19, 9)])
def test_a_head_of_another_version_that_reads_the_image_too(tmp_path: Path, load: Open, opset: int, ir: int) -> None:
    backbone = tiny_backbone(tmp_path) / "backbone" / "model.onnx"
    head = saved(tmp_path / "head.onnx", ("image",), opset=opset, ir=ir)
    seen, image = np.random.default_rng(1).random((2, 1, 3, 32, 48), np.float32)
    session = load(head, backbone=backbone)
    assert set(session.input_names) == {"image", f"{PREFIX}image"}
    (found,) = session.run({"image": image, f"{PREFIX}image": seen})
    means, others = (values.reshape(1, 3, 16, 2, 24, 2).mean((3, 5)) for values in (seen, image))
    np.testing.assert_allclose(found, 2 * means + others, atol=2e-2)


@pytest.mark.parametrize("load", [openvino, onnxruntime])
def test_the_second_time_they_are_not_joined_again(load: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_CACHE_DIR", str(tmp_path / "cache"))
    backbone, head = bundled()
    inputs = {f"{PREFIX}image": np.random.default_rng(2).random((1, 3, 64, 64), np.float32)}
    first = load(head, ("scores",), backbone=backbone).run(inputs)[0].copy()
    (stored,) = (tmp_path / "cache").iterdir()

    def again(*_: object) -> bytes:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr(module, "joined", again)
        patch.setattr("idgbr.engines.session.joined", again)
        np.testing.assert_array_equal(load(head, ("scores",), backbone=backbone).run(inputs)[0], first)
    stored.write_bytes(b"damaged")
    np.testing.assert_array_equal(load(head, ("scores",), backbone=backbone).run(inputs)[0], first)
    load(head, ("scores", "contact"), backbone=backbone)
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_changed_backbone_or_head_is_joined_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_CACHE_DIR", str(tmp_path / "cache"))
    backbone = tiny_backbone(tmp_path) / "backbone" / "model.onnx"
    head = saved(tmp_path / "head.onnx", ())
    before = cached(backbone, head, ())
    assert cached(backbone, head, ()) == before
    saved(head, ("image",))
    assert cached(backbone, head, ()) != before


@pytest.mark.parametrize("load", [openvino, onnxruntime])
def test_files_that_cannot_be_joined_are_told(tmp_path: Path, load: Open) -> None:
    backbone = tiny_backbone(tmp_path) / "backbone" / "model.onnx"
    head = tmp_path / "head.onnx"
    head.write_bytes(b"no graph")
    with pytest.raises(ModelError, match=r"head\.onnx: the model cannot be joined with its backbone .*; install it"):
        load(head, backbone=backbone)


def test_a_head_that_reads_what_the_backbone_lacks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_MODELS", str(tiny_finder(tiny_backbone(tmp_path / "models"))))
    folder, card = find_model("buildings", "coarse")
    saved(folder / "head.onnx", (), of="features64")
    with pytest.raises(ModelError, match=r"head\.onnx: .*(features64|backbone)"):
        CoarseModel(folder, card, CPU)
