#!/usr/bin/env bash
# openvino 2026.4.1, Python: results of type bf16 come as NumPy float16 arrays whose values are wrong.
#
# Guess beforehand: NumPy has no bfloat16, so a result of that type is converted to float32, comes as uint16, or is
# refused; in no case as numbers that differ from those that the network computed.
#
# Seen: a model that returns its input, with its output set to bf16 (`PrePostProcessor`), gives for 1, 2, 3.14159, -1
#   dtype float16: 1.875  2.0  2.143  -1.875
# `Tensor.data`, `OVDict[...]` and `to_dict()` agree; nothing is said. The 16 bits are right, but they are read as
# IEEE half precision: 2.0 is one of the few numbers that both formats write alike. The shape, the dtype and the size of
# the values look plausible, so thresholds on probabilities quietly move.
# Remedy: read `tensor.data.view(numpy.uint16)`, shift it left by 16 bits as uint32, and view it as float32; or keep
# outputs float32.
#
# Fails if the values are right, or if they come in another form.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check openvino==2026.4.1 numpy==2.3.5
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import openvino
from openvino import opset8 as ops
from openvino.preprocess import PrePostProcessor

given = np.array([1, 2, 3.14159, -1], np.float32)
entry = ops.parameter([4], np.float32, name="x")
steps = PrePostProcessor(openvino.Model([ops.multiply(entry, ops.constant(np.float32(1)))], [entry]))
steps.output(0).tensor().set_element_type(openvino.Type.bf16)
compiled = openvino.Core().compile_model(steps.build(), "CPU")
request = compiled.create_infer_request()
found = request.infer([given])[0]
print(openvino.__version__, compiled.output(0).element_type, found.dtype, found)
assert compiled.output(0).element_type == openvino.Type.bf16
assert found.dtype == np.float16
assert np.allclose(found.astype(np.float32), [1.875, 2.0, 2.1425781, -1.875])
right = (request.output_tensors[0].data.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
print("read as bfloat16:", right)
assert np.allclose(right, given, rtol=1 / 128)
PYTHON
echo "as described"
