"""Graphs that OpenVINO computes otherwise than the standard says run with ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from idgbr.engines.devices import Device
from idgbr.engines.openvino_gaps import openvino_gap
from idgbr.engines.session import OnnxRuntimeSession, OpenVinoSession, open_session

CPU = Device("cpu", "a CPU", "openvino", 0, None)


def written(path: Path, op: str, **attributes: Any) -> Path:
    """A graph of one node on an image of 8 × 8 px; `Resize` is to 4 × 4."""
    inputs = ["image", "", "", "sizes"] if op == "Resize" else ["image"]
    sizes = [numpy_helper.from_array(np.array([1, 1, 4, 4], np.int64), "sizes")] if op == "Resize" else []
    graph = helper.make_graph(
        [helper.make_node(op, inputs, ["out"], **attributes)], "one",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [None] * 4)], sizes,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
    return path


GAPS = [
    ("Resize", {"mode": "linear", "antialias": 1}),
    ("Resize", {"mode": "cubic", "exclude_outside": 1}),
    ("MaxPool", {"kernel_shape": [1, 1], "strides": [2, 2], "ceil_mode": 1}),
    ("AveragePool", {
        "kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 0, 1, 1], "ceil_mode": 1, "count_include_pad": 1,
    }),
]  # fmt: skip
RIGHT = [
    ("Resize", {"mode": "linear", "antialias": 0, "keep_aspect_ratio_policy": "stretch"}),
    ("MaxPool", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1}),
    ("MaxPool", {"kernel_shape": [1, 1], "strides": [2, 2], "ceil_mode": 0}),
    ("AveragePool", {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
]


@pytest.mark.parametrize(("op", "attributes"), GAPS)
def test_a_graph_that_openvino_computes_wrongly_runs_with_onnx_runtime(
    op: str, attributes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDGBR_CPU_ENGINE", "openvino")
    monkeypatch.setenv("IDGBR_CACHE_DIR", str(tmp_path / "cache"))
    path = written(tmp_path / "model.onnx", op, **attributes)
    image = np.random.default_rng(0).random((1, 1, 8, 8), np.float32)
    (right,) = OnnxRuntimeSession(path, CPU, 1).run({"image": image})
    (found,) = open_session(path, CPU).run({"image": image})
    np.testing.assert_array_equal(found, right)
    assert (openvino_gap(path) or "").startswith(f"{op} with ")


@pytest.mark.parametrize(("op", "attributes"), RIGHT)
def test_other_graphs_run_with_openvino(
    op: str, attributes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino")
    monkeypatch.setenv("IDGBR_CPU_ENGINE", "openvino")
    monkeypatch.setenv("IDGBR_CACHE_DIR", str(tmp_path / "cache"))
    path = written(tmp_path / "model.onnx", op, **attributes)
    image = np.random.default_rng(0).random((1, 1, 8, 8), np.float32)
    session = open_session(path, CPU)
    assert isinstance(session, OpenVinoSession)
    (right,) = OnnxRuntimeSession(path, CPU, 1).run({"image": image})
    np.testing.assert_allclose(session.run({"image": image})[0], right, atol=0.02)


def test_other_sizes_of_a_resize_that_keeps_the_aspect_ratio(tmp_path: Path) -> None:
    path = written(tmp_path / "model.onnx", "Resize", mode="nearest", keep_aspect_ratio_policy="not_larger")
    assert openvino_gap(path) == "Resize with keep_aspect_ratio_policy"


def test_a_gap_in_a_branch_is_found(tmp_path: Path) -> None:
    inner = onnx.load(str(written(tmp_path / "inner.onnx", "Resize", mode="linear", antialias=1))).graph
    branch = helper.make_graph(inner.node, "branch", [], inner.output, inner.initializer)
    node = helper.make_node("If", ["yes"], ["out"], then_branch=branch, else_branch=branch)
    yes = helper.make_tensor_value_info("yes", TensorProto.BOOL, [])
    graph = helper.make_graph([node], "two", [yes, *inner.input], inner.output)
    onnx.save(helper.make_model(graph), str(tmp_path / "model.onnx"))
    assert openvino_gap(tmp_path / "model.onnx") == "Resize with antialias"


@pytest.mark.parametrize("content", [b"", b"ceil_mode, but no graph"])
def test_a_file_that_is_no_graph_is_left_to_the_engine(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert openvino_gap(path) is None
