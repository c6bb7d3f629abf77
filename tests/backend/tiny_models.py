"""Tiny real models for tests: graphs of a few nodes whose right answer is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from idgbr.models.card import sha256_of
from idgbr.refiner.neighbours import OFFSETS, RELATED


def save_graph(
    path: Path,
    weight: np.ndarray,
    bias: np.ndarray,
    metadata: dict[str, str] | None = None,
    *,
    input_name: str = "image",
    data: str = "",
) -> None:
    """A 1×1 convolution and a softmax over classes; weight (classes, bands), bias (classes,).

    The numbers lie in the file `data` beside it, if one is named.
    """
    classes, bands = weight.shape
    nodes = [
        helper.make_node("Conv", [input_name, "w", "b"], ["logits"], kernel_shape=[1, 1]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info(input_name, TensorProto.FLOAT, [1, bands, "h", "w"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, classes, "h", "w"])],
        [
            numpy_helper.from_array(weight.astype(np.float32).reshape(classes, bands, 1, 1), "w"),
            numpy_helper.from_array(bias.astype(np.float32), "b"),
        ],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(model, metadata or {})
    if data:
        onnx.save(model, str(path), save_as_external_data=True, location=data, size_threshold=0)
    else:
        onnx.save(model, str(path))


def save_nodes(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    given: Sequence[int | str],
    made: Mapping[str, Sequence[int | str]],
    metadata: dict[str, str] | None = None,
    *,
    constants: Mapping[str, np.ndarray] | None = None,
    types: tuple[int, int] = (TensorProto.FLOAT, TensorProto.FLOAT),
) -> None:
    """Any graph: nodes from the input "x" of shape `given` to the outputs `made`, with shapes; `types` of both."""
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info("x", types[0], list(given))],
        [helper.make_tensor_value_info(name, types[1], list(shape)) for name, shape in made.items()],
        [numpy_helper.from_array(values, name) for name, values in (constants or {}).items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(model, metadata or {})
    onnx.save(model, str(path))


def bright_model(
    folder: Path, *, name: str = "bright", gsd_range_m: tuple[float, float] = (0.01, 100.0), bands: int = 3
) -> Path:
    """A coarse model that calls bright pixels (mean above one half) "building"; returns the root of models."""
    target = folder / name
    target.mkdir(parents=True)
    weight = np.stack([np.full(bands, -60.0 / bands), np.full(bands, 60.0 / bands)])
    save_graph(target / "model.onnx", weight, np.array([30.0, -30.0]))
    card = {
        "id": name, "kind": "coarse", "version": "1", "title": "Bright is building", "bands": bands,
        "classes": [
            {"id": 0, "name": "background", "color": [235, 235, 235], "background": True},
            {"id": 1, "name": "building", "color": [214, 73, 51]},
        ],
        "gsd_range_m": list(gsd_range_m), "tile": 256, "halo": 32, "scaling": {"kind": "unit"},
        "files": {"model.onnx": sha256_of(target / "model.onnx")},
    }  # fmt: skip
    (target / "model.json").write_text(json.dumps(card))
    return folder


def touching_model(folder: Path, *, name: str = "touching") -> Path:
    """The model of `bright_model`, which also says that two objects meet where a pixel is redder than blue."""
    bright_model(folder, name=name)
    path = folder / name / "model.onnx"
    model = onnx.load(str(path))
    model.graph.node.extend(
        [
            helper.make_node("Conv", ["image", "redder", "less"], ["meets"], kernel_shape=[1, 1]),
            helper.make_node("Sigmoid", ["meets"], ["contact"]),
        ]
    )
    model.graph.initializer.extend(
        [
            numpy_helper.from_array(np.array([60, 0, -60], np.float32).reshape(1, 3, 1, 1), "redder"),
            numpy_helper.from_array(np.array([-7], np.float32), "less"),
        ]
    )
    model.graph.output.append(helper.make_tensor_value_info("contact", TensorProto.FLOAT, [1, 1, "h", "w"]))
    onnx.save(model, str(path))
    card = json.loads((path.parent / "model.json").read_text())
    card |= {"id": name, "objects": {"threshold": 0.5}, "files": {"model.onnx": sha256_of(path)}}
    (path.parent / "model.json").write_text(json.dumps(card))
    return folder


def moving_refiner(folder: Path, *, right: int = 4) -> Path:
    """A refiner of one step that moves boundaries to the right: 1, 2, 4 or 7 px, less where the image is brighter.

    One convolution in place of a hundred, so that what is around the network is tested in a tenth of the time.
    """
    target = folder / "refiner"
    target.mkdir(parents=True)
    logits = np.zeros((4, len(OFFSETS)), np.float32)
    logits[:, OFFSETS.tolist().index([0, -right])] = 6
    weight = np.zeros((logits.size, 3 + len(RELATED) + 1, 2, 2), np.float32)
    weight.reshape(4, len(OFFSETS), -1, 4)[:, 0, :3] = 0.2  # the pixel itself, by the brightness of its square
    nodes = [
        helper.make_node("Concat", ["image", "related", "certainty"], ["all"], axis=1),
        helper.make_node("Conv", ["all", "w", "b"], ["planes"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Transpose", ["planes"], ["weights"], perm=[0, 2, 3, 1]),
    ]
    inputs = {"image": 3, "related": len(RELATED), "certainty": 1}
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, n, "h", "w"]) for name, n in inputs.items()],
        [helper.make_tensor_value_info("weights", TensorProto.FLOAT, [1, "h2", "w2", logits.size])],
        [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(logits.ravel(), "b")],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(target / "first.onnx"))
    card = {
        "id": "refiner", "kind": "refiner", "version": "1", "title": "Boundaries move right", "classes": [], "bands": 3,
        "gsd_range_m": [0.07, 2.0], "tile": 1024, "halo": 64, "scaling": {"kind": "unit"}, "steps": 1, "band_width": 8,
        "files": {"first.onnx": sha256_of(target / "first.onnx")},
    }  # fmt: skip
    (target / "model.json").write_text(json.dumps(card))
    return folder


def tiny_finder(folder: Path) -> Path:
    """A head `buildings` on `tiny_backbone`: objects are bright, and meet where a pixel is redder than blue."""
    target = folder / "buildings"
    target.mkdir(parents=True)
    weights = {"class": np.array([[-30] * 3, [30] * 3]) / 3, "meeting": np.array([[60, 0, -60]])}
    nodes, constants = [], [numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "scales")]
    for name, kind, output, bias in (
        ("class", "Softmax", "scores", [15, -15]),
        ("meeting", "Sigmoid", "contact", [-7]),
    ):
        kernel = weights[name].astype(np.float32)[:, :, None, None]
        constants += [
            numpy_helper.from_array(kernel, name),
            numpy_helper.from_array(np.array(bias, np.float32), f"{name}_bias"),
        ]
        nodes += [
            helper.make_node("Conv", ["features2", name, f"{name}_bias"], [f"{name}2"], kernel_shape=[1, 1]),
            helper.make_node("Resize", [f"{name}2", "", "scales"], [f"{name}1"], mode="nearest"),
            helper.make_node(kind, [f"{name}1"], [output], **({"axis": 1} if kind == "Softmax" else {})),
        ]
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info("features2", TensorProto.FLOAT, [1, 3, "h2", "w2"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 2, "h", "w"]),
         helper.make_tensor_value_info("contact", TensorProto.FLOAT, [1, 1, "h", "w"])],
        constants,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(target / "head.onnx"))
    card = {
        "id": "buildings", "kind": "coarse", "version": "1", "title": "Bright", "bands": 3, "gsd_range_m": [0.1, 1.0],
        "classes": [{"id": 0, "name": "background", "color": [0, 0, 0], "background": True},
                    {"id": 1, "name": "building", "color": [200, 0, 0], "background": False}],
        "tile": 256, "halo": 32, "scaling": {"kind": "unit"}, "objects": {"threshold": 0.4, "core_m2": 2.0},
        "backbone": {"id": "backbone", "sha256": sha256_of(folder / "backbone" / "model.onnx")},
        "files": {"head.onnx": sha256_of(target / "head.onnx")},
    }  # fmt: skip
    (target / "model.json").write_text(json.dumps(card))
    return folder


def tiny_backbone(folder: Path) -> Path:
    """A backbone whose features at strides 2, 4, 8 and 16 are the mean colours there; returns the root of models."""
    target = folder / "backbone"
    target.mkdir(parents=True)
    nodes, before = [], "image"
    for stride in (2, 4, 8, 16):
        nodes.append(
            helper.make_node("AveragePool", [before], [f"features{stride}"], kernel_shape=[2, 2], strides=[2, 2])
        )
        before = f"features{stride}"
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "h", "w"])],
        [helper.make_tensor_value_info(f"features{s}", TensorProto.FLOAT, [1, 3, f"h{s}", f"w{s}"])
         for s in (2, 4, 8, 16)],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(target / "model.onnx"))
    card = {
        "id": "backbone", "kind": "backbone", "version": "1", "title": "Mean colours", "classes": [], "bands": 3,
        "gsd_range_m": [0.1, 1.0], "tile": 256, "halo": 32, "scaling": {"kind": "unit"},
        "files": {"model.onnx": sha256_of(target / "model.onnx")},
    }  # fmt: skip
    (target / "model.json").write_text(json.dumps(card))
    return folder
