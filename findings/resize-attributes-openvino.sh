#!/usr/bin/env bash
# openvino 2026.4.1, CPU: three attributes of ONNX `Resize` are dropped while a model is read, silently: `antialias`,
# `exclude_outside` and `keep_aspect_ratio_policy`.
#
# Guess beforehand: OpenVINO computes each of them as ONNX Runtime does, or refuses the model, as it refuses the
# coordinate mode `half_pixel_symmetric` and `Pad` with `wrap`.
#
# Seen (onnxruntime 1.31.1 beside it; antialias on stripes of one pixel, to a third of their size):
#   antialias=1, linear or cubic: ONNX Runtime gives greys between 0.42 and 0.58; OpenVINO gives stripes of 0 and 1, which
#     is exactly what it gives without the attribute. PyTorch's `interpolate(antialias=True)` is exported so.
#   exclude_outside=1, cubic: up to 0.04 apart; again what it gives without the attribute.
#   keep_aspect_ratio_policy="not_larger": another size of the result, 8 × 8 in place of 4 × 8.
# Remedy: run such models with ONNX Runtime, or put the average into the graph as an `AveragePool` or a convolution.
#
# Fails if OpenVINO heeds one of them, or refuses the model.
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
from onnx import TensorProto, helper, numpy_helper

print("openvino", openvino.__version__, "onnxruntime", onnxruntime.__version__)
core = openvino.Core()


def both(image, sizes, **attributes):
    """What ONNX Runtime and OpenVINO make of an image."""
    node = helper.make_node("Resize", ["image", "", "", "sizes"], ["out"], **attributes)
    graph = helper.make_graph(
        [node], "resize", [helper.make_tensor_value_info("image", TensorProto.FLOAT, image.shape)],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [None] * 4)],
        [numpy_helper.from_array(np.array(sizes, np.int64), "sizes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString()
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    compiled = core.compile_model(core.read_model(data), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return session.run(None, {"image": image})[0], np.array(compiled([image])[0])


stripes = np.tile(np.float32([0, 1]), (1, 1, 18, 9))
for mode in ("linear", "cubic"):
    ort, found = both(stripes, (1, 1, 6, 6), mode=mode, antialias=1)
    plain_ort, plain = both(stripes, (1, 1, 6, 6), mode=mode, antialias=0)
    print(f"{mode}, antialias: ONNX Runtime {ort[0, 0, 2].round(2)}, OpenVINO {found[0, 0, 2].round(2)}")
    assert np.allclose(plain_ort, plain, atol=1e-4), "they agree without it"
    assert np.array_equal(found, plain), "changed: OpenVINO heeds antialias"
    assert np.abs(ort - 0.5).max() < 0.1 and np.abs(found - ort).max() > 0.3

image = np.random.default_rng(0).random((1, 1, 4, 4)).astype(np.float32)
ort, found = both(image, (1, 1, 8, 8), mode="cubic", exclude_outside=1)
_, plain = both(image, (1, 1, 8, 8), mode="cubic", exclude_outside=0)
print(f"exclude_outside: up to {np.abs(ort - found).max():.2f} apart")
assert np.array_equal(found, plain), "changed: OpenVINO heeds exclude_outside"
assert np.abs(ort - found).max() > 0.02

wide = np.zeros((1, 1, 2, 4), np.float32)
ort, found = both(wide, (8, 8), mode="nearest", axes=[2, 3], keep_aspect_ratio_policy="not_larger")
print(f"not_larger: ONNX Runtime {ort.shape}, OpenVINO {found.shape}")
assert ort.shape == (1, 1, 4, 8)
assert found.shape == (1, 1, 8, 8), "changed: OpenVINO heeds keep_aspect_ratio_policy"
PYTHON
echo "as described"
