"""The comparison with 8-bit integers: what calibrates, what is quantized, and the cells of its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

pytest.importorskip("torch", reason="the benchmark needs torch (make setup-train)")
pytest.importorskip("openvino", reason="the benchmark compares engines")

from onnxruntime.quantization import CalibrationMethod

from benchmarks.int8 import INPUT, SCORES, Recipe, calibration_tiles, cells_of, fold, in_onnxruntime, part_of, quantized
from benchmarks.int8_refiner import ROWS, Recording, Row, opened
from idgbr.engines import session as engines
from idgbr.models.registry import find_model
from idgbr.training.labels import BUILDING, NOT_BUILDING
from idgbr.training.places import Place, pyramid

STEM, DEPTHWISE, HEAD = "backbone//encoder/stem/Conv", "backbone//encoder/groups.0/Conv", "/head/Conv"


def place(name: str, brightness: int, *, calibration: bool, dataset: str = "a") -> Place:
    labels = np.full((64, 64), NOT_BUILDING, np.uint8)
    labels[16:48, 16:48] = BUILDING
    levels = pyramid(np.full((64, 64, 3), brightness, np.uint8))
    return Place(name, dataset, labels, 0.5, -1, levels, calibration=calibration)


def network(path: Path) -> None:
    """Three convolutions, whose weights are stored in half precision: one of the stem, a depthwise one, the head."""
    rng = np.random.default_rng(1)
    shapes = {STEM: (8, 3, 3, 3), DEPTHWISE: (8, 1, 3, 3), HEAD: (2, 8, 3, 3)}
    nodes, weights, last = [], [], INPUT
    for name, shape in shapes.items():
        weights.append(numpy_helper.from_array(rng.normal(0, 0.3, shape).astype(np.float16), f"{name}.half"))
        nodes.append(
            helper.make_node("Cast", [f"{name}.half"], [f"{name}.weight"], f"{name}.cast", to=TensorProto.FLOAT)
        )
        out = SCORES if name == HEAD else f"{name}.out"
        group = 8 if name == DEPTHWISE else 1
        nodes.append(helper.make_node("Conv", [last, f"{name}.weight"], [out], name, pads=[1] * 4, group=group))
        last = out
    graph = helper.make_graph(
        nodes, "network",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, 3, "h", "w"])],
        [helper.make_tensor_value_info(SCORES, TensorProto.FLOAT, [1, 2, "h", "w"])],
        weights,
    )  # fmt: skip
    twice = [helper.make_opsetid("", 18), helper.make_opsetid("", 18)]  # as in a joined network
    onnx.save(helper.make_model(graph, opset_imports=twice, ir_version=8), str(path))


def test_tiles_are_of_training_places_alone() -> None:
    places = [place("held out", 200, calibration=True), place("x", 50, calibration=False, dataset="b")]
    places.append(place("y", 100, calibration=False, dataset="c"))
    tiles = calibration_tiles(places, seed=1)
    assert len(tiles) == 30
    assert {round(float(tile.max()) * 255) for tile in tiles} == {50, 100}  # each data set in turn
    np.testing.assert_array_equal(tiles[0], calibration_tiles(places, seed=1)[0])


def test_only_the_wanted_parts_are_quantized(tmp_path: Path) -> None:
    network(tmp_path / "stored.onnx")
    fold(tmp_path / "stored.onnx", tmp_path / "fp32.onnx")
    tiles = [np.random.default_rng(n).random((1, 3, 32, 32), np.float32) for n in range(4)]
    exact = in_onnxruntime(tmp_path / "fp32.onnx")(tiles[0])
    integers = {}
    for in_fp32 in ((), ("stem", "depthwise")):
        out = tmp_path / f"{len(in_fp32)}.onnx"
        quantized(tmp_path / "fp32.onnx", Recipe(CalibrationMethod.MinMax, in_fp32), tiles, out)
        stored = onnx.load(str(out)).graph.initializer
        integers[in_fp32] = {w.name.split(".weight")[0] for w in stored if w.data_type == TensorProto.INT8 and w.dims}
        error = np.abs(in_onnxruntime(out)(tiles[0]) - exact).max()
        assert 0 < error < 0.05 * np.ptp(exact)
    assert {STEM, DEPTHWISE, HEAD} <= integers[()]
    assert HEAD in integers[("stem", "depthwise")]
    assert not {STEM, DEPTHWISE} & integers[("stem", "depthwise")]


@pytest.mark.parametrize(
    ("name", "kind", "group", "part"),
    [
        ("backbone//encoder/Mul", "Mul", 1, "stem"),
        ("backbone//encoder/stem/stem.0/Conv", "Conv", 1, "stem"),
        ("backbone//encoder/groups.1/groups.1.1/Add", "Add", 1, "encoder"),
        ("backbone//encoder/groups.1/body.3/Conv", "Conv", 96, "depthwise"),
        ("backbone//fuse.0/fuse.0.0/Conv", "Conv", 1, "decoder"),
        ("/head/head.1/Conv", "Conv", 1, "head"),
    ],
)
def test_parts_of_the_network(name: str, kind: str, group: int, part: str) -> None:
    node = helper.make_node(kind, ["x", "w"], ["y"], name, **({"group": group} if kind == "Conv" else {}))
    assert part_of(node) == part


def test_cells_are_of_data_sets() -> None:
    places = [place("x", 50, calibration=True), place("y", 50, calibration=True, dataset="b")]
    truth = (places[0].labels == BUILDING).astype(np.uint8)
    half = truth.copy()
    half[:, 32:] = 0
    assert cells_of([truth, half], [truth, truth], places)[0] == "1.0000, 1.0000, 0.00"
    iou, f2, unlike = cells_of([truth, half], [truth, truth], places)[1].split(", ")
    assert (iou, unlike) == ("0.5000", "12.50")
    assert 0.4 < float(f2) < 0.9


def test_a_recording_keeps_even_parts_of_what_it_passes_on() -> None:
    passed: list[Any] = []

    class Network:
        def __init__(self) -> None:
            self.input_names = ["state", "guidance4", "time"]

        def run(self, inputs: Any) -> list[Any]:
            passed.append(inputs)
            return [inputs["time"]]

    kept: list[Any] = []
    inputs = {"state": np.ones((1, 2, 200, 900)), "guidance4": np.ones((1, 3, 50, 225)), "time": np.ones(1)}
    assert Recording(Network(), kept).run(inputs) == [inputs["time"]]
    assert passed == [inputs]
    assert {name: values.shape for name, values in kept[0].items()} == {
        "state": (1, 2, 192, 384), "guidance4": (1, 3, 48, 96), "time": (1,),
    }  # fmt: skip


@pytest.mark.parametrize("row", list(ROWS.values())[:3])
def test_the_networks_of_the_refiner_run_as_a_row_says(row: Row) -> None:
    folder, _ = find_model("refiner", "refiner")
    read = {"image": (1, 3, 32, 32), "related": (1, 12, 32, 32), "certainty": (1, 1, 32, 32)}
    inputs = {name: np.full(shape, 0.5, np.float32) for name, shape in read.items()}
    core = engines._openvino_core()
    usual = core.get_property("CPU", "INFERENCE_PRECISION_HINT")
    fine, coarse = opened(folder / "guidance.onnx", row).run(inputs)
    assert core.get_property("CPU", "INFERENCE_PRECISION_HINT") == usual
    assert (fine.shape, coarse.shape) == ((1, 32, 16, 16), (1, 64, 8, 8))
    assert row.precision == "bf16" or fine.dtype == np.float32
