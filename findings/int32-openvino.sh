#!/usr/bin/env bash
# openvino 2026.4.1, CPU (x86-64): of the operations on int32 and int64, `Add`, `Sub`, `Mul` and `Max` are exact, while
# `Equal`, `Less`, `Greater`, `Div`, `Mod` and `ReduceSum` round to float32 on the way.
#
# Guess beforehand: whole numbers of 32 bits are compared, divided and added as such (int64 is computed as int32, which
# OpenVINO says).
#
# Seen: 16777216 equals 16777217, and is not less; 16777217 is not greater than 16777216; 16777216 / 16777217 is 1 and the
# remainder 0; the sum of [16777216, 1, 1, 1] is 16777216. ONNX Runtime gives False, True, True, 0, 16777216 and 16777219.
# With INFERENCE_PRECISION_HINT f32 and without it alike; nothing is said. So an index `row * width + column` in a raster
# of more than 16.7 million pixels, a parcel number or a packed colour finds its neighbours as well.
# Remedy: split such numbers into parts below 2**24, or run these nodes with ONNX Runtime.
#
# Fails if one of them is exact.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper

print("openvino", openvino.__version__, "onnxruntime", onnxruntime.__version__)
core = openvino.Core()
COMPARISONS = ("Equal", "Less", "Greater")


def both(op, dtype, *given):
    """What ONNX Runtime and OpenVINO make of arrays."""
    arrays = {name: np.array(values, dtype) for name, values in zip("ab", given, strict=False)}
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    options, shape = ({"keepdims": 0}, []) if op == "ReduceSum" else ({}, arrays["a"].shape)
    graph = helper.make_graph(
        [helper.make_node(op, list(arrays), ["out"], **options)], "whole",
        [helper.make_tensor_value_info(name, kind, array.shape) for name, array in arrays.items()],
        [helper.make_tensor_value_info("out", TensorProto.BOOL if op in COMPARISONS else kind, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString()
    right = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, arrays)[0]
    found = []
    for options in ({}, {"INFERENCE_PRECISION_HINT": "f32"}):
        compiled = core.compile_model(core.read_model(data), "CPU", options)
        found.append(np.array(compiled(list(arrays.values()))[0]))
    assert np.array_equal(*found), "the precision hint matters"
    return right.tolist(), found[0].tolist()


exact = set()
for dtype in (np.int32, np.int64):
    first, second = [2**24, 2**24 + 1], [2**24 + 1, 2**24]
    for op in ("Add", "Sub", "Max", *COMPARISONS, "Div", "Mod"):
        right, found = both(op, dtype, first, second)
        print(f"{op} {dtype.__name__} of {first} and {second}: ONNX Runtime {right}, OpenVINO {found}")
        if right == found:
            exact.add(op)
    total = [2**24, 1, 1, 1]
    right, found = both("ReduceSum", dtype, total)
    print(f"ReduceSum {dtype.__name__} of {total}: ONNX Runtime {right}, OpenVINO {found}")
    assert right == 2**24 + 3
    if right == found:
        exact.add("ReduceSum")
assert exact == {"Add", "Sub", "Max"}, f"changed: exact are {sorted(exact)}"
PYTHON
echo "as described"
