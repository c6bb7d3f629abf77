#!/usr/bin/env bash
# torch 2.13.0 (onnxscript 0.7.2): both ONNX exporters drop `divisor_override` of `avg_pool2d`, silently.
#
# Guess beforehand: the divisor is exported as a multiplication, or the export is refused, as that of torch 2.0 was
# ("Unsupported: ONNX export of operator avg_pool2d, divisor_override").
#
# Seen: `F.avg_pool2d(x, 2, divisor_override=1)`, the usual way to write a sum over windows, gives 4 on an image of ones; the
# exported file gives 1: its only node is an `AveragePool`. Neither exporter says a word about it. The shape is right, so
# counts and densities come out too small by the number of pixels in a window.
# Remedy: `F.avg_pool2d(x, 2) * 4`.
#
# Fails if the exported file gives the sum, or is refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.31.1 numpy==2.4.6
"$folder/env/bin/python" - "$folder/sum.onnx" <<'PYTHON'
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from torch.nn import functional

path = sys.argv[1]


class WindowSum(torch.nn.Module):
    def forward(self, image):
        return functional.avg_pool2d(image, 2, divisor_override=1)


image = torch.ones(1, 1, 4, 4)
right = WindowSum()(image).numpy()
assert (right == 4).all()
print("torch", torch.__version__, "gives", right.ravel().tolist())
for new in (True, False):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        torch.onnx.export(WindowSum().eval(), (image,), path, dynamo=new, verbose=False)
    about = [str(warning.message) for warning in said if "divisor" in str(warning.message)]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {session.get_inputs()[0].name: image.numpy()})
    nodes = [node.op_type for node in onnx.load(path).graph.node]
    print(f"{'new' if new else 'old'} exporter: {nodes} gives {found.ravel().tolist()}; warnings about it: {len(about)}")
    assert not about, "changed: the exporter warns"
    assert nodes == ["AveragePool"] and np.array_equal(found, right / 4), "changed: the divisor is exported"
PYTHON
echo "as described"
