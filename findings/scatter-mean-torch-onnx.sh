#!/usr/bin/env bash
# torch 2.13.0 (onnxscript 0.7.2): the ONNX exporter makes of `scatter_reduce(..., "mean")` "the last value wins", silently.
#
# Guess beforehand: the mean is exported as a sum and a count, or refused, as by the old exporter (dynamo=False: "ONNX does
# not support mean reduction for scatter_reduce").
#
# Seen: means by zone of [1, 3, 10, 20, 60] in the zones 0, 0, 1, 1, 1 are 2 and 30 in torch; the exported file gives 3 and
# 60, the last value of each zone. It has two `ScatterElements` with the reduction "none". With `include_self=True` torch
# gives 1.33 and 22.5, and the file 3 and 60 as well. "sum", "amax", "amin" and "prod" are right. Values of the right size
# in the right shape, so pooled superpixels or points in a grid look plausible.
# Remedy: divide the "sum" of the values by the "sum" of ones.
#
# Fails if the exported file gives the means, or is refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 numpy==2.4.6
"$folder/env/bin/python" - "$folder/zones.onnx" <<'PYTHON'
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch

path = sys.argv[1]
values, zones = torch.tensor([1.0, 3, 10, 20, 60]), torch.tensor([0, 0, 1, 1, 1])
print("torch", torch.__version__)


class Zones(torch.nn.Module):
    def __init__(self, reduction, include_self):
        super().__init__()
        self.reduction, self.include_self = reduction, include_self

    def forward(self, values, zones):
        return torch.zeros(2).scatter_reduce(0, zones, values, self.reduction, include_self=self.include_self)


for reduction in ("mean", "sum", "amax", "amin", "prod"):
    for include_self in (False, True):
        module = Zones(reduction, include_self).eval()
        right = module(values, zones).numpy()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            torch.onnx.export(module, (values, zones), path, dynamo=True, verbose=False)
        about = [str(warning.message) for warning in said if "mean" in str(warning.message)]
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        names = [entry.name for entry in session.get_inputs()]
        (found,) = session.run(None, dict(zip(names, (values.numpy(), zones.numpy()), strict=True)))
        scatters = [node for node in onnx.load(path).graph.node if node.op_type == "ScatterElements"]
        kinds = [onnx.helper.get_node_attr_value(node, "reduction").decode() for node in scatters]
        print(f"{reduction}, include_self={include_self}: torch {right.round(2)}, exported {found} by {kinds}")
        assert not about, "changed: the exporter warns"
        if reduction == "mean":
            assert set(kinds) == {"none"} and found.tolist() == [3, 60], "changed: the mean is exported"
        else:
            assert np.array_equal(found, right)
try:
    torch.onnx.export(Zones("mean", include_self=True).eval(), (values, zones), path, dynamo=False)
except torch.onnx.OnnxExporterError as error:
    print("old exporter:", error)
PYTHON
echo "as described"
