#!/usr/bin/env bash
# openvino 2026.4.1, CPU: an ONNX `MaxPool` with `ceil_mode` may have a row and a column too many, full of -3.4e38.
#
# Guess beforehand: the size of the result is that of the ONNX standard, where a window that would begin behind the
# padded image is left out (as in PyTorch); ONNX Runtime and OpenVINO agree.
#
# Seen: where the stride is larger than the kernel, OpenVINO keeps these windows. They hold no pixel, so their maximum is
# the lowest float32. Kernel 1, stride 2 on 8 × 8: ONNX Runtime and onnx's reference give 4 × 4, OpenVINO 5 × 5 with nine
# values of -3.4e38. Kernel 2, stride 3 on 7 × 7 is 3 × 3 in all (the last window has one pixel); on 9 × 9 it is 3 × 3
# against 4 × 4. `AveragePool` of the same kernels has the right size. A mean over the map, or a convolution, then gives
# values of 1e37; a size that the file declares is not checked.
# Remedy: ceil_mode=0 where nothing is left over, or run the model with ONNX Runtime.
#
# Fails if the sizes agree, or the model is refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check openvino==2026.4.1 onnxruntime==1.31.1 onnx==1.23.2 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

print("openvino", openvino.__version__, "onnxruntime", onnxruntime.__version__)
core = openvino.Core()


def pooled(op, kernel, stride, size):
    """What onnx's reference, ONNX Runtime and OpenVINO make of an image of ones."""
    node = helper.make_node(op, ["x"], ["out"], kernel_shape=[kernel] * 2, strides=[stride] * 2, ceil_mode=1)
    image = np.ones((1, 1, size, size), np.float32)
    graph = helper.make_graph(
        [node], "pool", [helper.make_tensor_value_info("x", TensorProto.FLOAT, image.shape)],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [None] * 4)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString()
    compiled = core.compile_model(core.read_model(data), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return (
        ReferenceEvaluator(model).run(None, {"x": image})[0],
        onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {"x": image})[0],
        np.array(compiled([image])[0]),
    )


longer = {}
for op, kernel, stride, size in (
    ("MaxPool", 3, 2, 8), ("MaxPool", 2, 2, 7), ("MaxPool", 2, 3, 7), ("MaxPool", 1, 2, 8), ("MaxPool", 2, 3, 9),
    ("AveragePool", 1, 2, 8), ("AveragePool", 2, 3, 9),
):
    reference, ort, found = pooled(op, kernel, stride, size)
    assert reference.shape == ort.shape and (ort == 1).all()
    longer[op, kernel, stride, size] = found.shape != ort.shape
    lowest = int((found < -3e38).sum())
    print(f"{op} {kernel}, stride {stride}, on {size}: {ort.shape[2:]}, OpenVINO {found.shape[2:]}, {lowest} values -3.4e38")
    if found.shape != ort.shape:
        assert (found[:, :, :-1, :-1] == 1).all() and (found[:, :, -1] < -3e38).all() and (found[..., -1] < -3e38).all()
wrong = {case for case, differs in longer.items() if differs}
assert wrong == {("MaxPool", 1, 2, 8), ("MaxPool", 2, 3, 9)}, f"changed: other sizes at {sorted(wrong)}"
PYTHON
echo "as described"
