#!/usr/bin/env bash
# torch 2.13.0 (onnxscript 0.7.2): `scaled_dot_product_attention` of a row that may look nowhere is 0 in torch, and the mean
# of all values in the file that the ONNX exporter writes.
#
# Guess beforehand: both agree: 0 or, by the formula, NaN.
#
# Seen: with a Boolean mask of which two rows are all False (padding of a window, a tile without ground) torch gives 0 there
# and the new exporter's file the plain mean of all values, masked ones too; other rows agree. What is masked leaks into
# the result wherever such rows are pooled later. The file of the old exporter (dynamo=False) gives 0. Nothing is said: the new one replaces
# False by the lowest float32 in place of -infinity, so the softmax of such a row is uniform.
# Remedy: multiply the result by `mask.any(-1, keepdim=True)`, which changes nothing in torch.
#
# Fails if the exported file gives 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 numpy==2.4.6
"$folder/env/bin/python" -W ignore - "$folder/attention.onnx" <<'PYTHON'
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from torch.nn.functional import scaled_dot_product_attention

path = sys.argv[1]
print("torch", torch.__version__)


class Attention(torch.nn.Module):
    def forward(self, image, mask):
        return scaled_dot_product_attention(image, image, image, attn_mask=mask)


class Remedied(torch.nn.Module):
    def forward(self, image, mask):
        return scaled_dot_product_attention(image, image, image, attn_mask=mask) * mask.any(-1, keepdim=True)


image = torch.tensor([[[[1.0, 2], [3, 4], [100, 200], [300, 400]]]])
ground = torch.tensor([True, True, False, False])
mask = ground[:, None] & ground[None, :]
right = Attention()(image, mask).numpy()[0, 0]
assert (right[2:] == 0).all()
print("torch:", right.tolist())
for module, new in ((Attention(), True), (Attention(), False), (Remedied(), True)):
    torch.onnx.export(module.eval(), (image, mask), path, dynamo=new, verbose=False, opset_version=18)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]
    (found,) = session.run(None, dict(zip(names, (image.numpy(), mask.numpy()), strict=True)))
    found = found[0, 0]
    print(f"{type(module).__name__}, {'new' if new else 'old'} exporter:", found.tolist())
    assert np.allclose(found[:2], right[:2])
    if new and isinstance(module, Attention):
        assert np.allclose(found[2:], image.numpy().mean((0, 1, 2))), "changed: rows that look nowhere are no mean of all"
        lowest = np.finfo(np.float32).min
        floats = [onnx.numpy_helper.to_array(value) for value in onnx.load(path).graph.initializer]
        print("lowest float32 in the file:", any((value == lowest).any() for value in floats if value.dtype == np.float32))
    else:
        assert np.allclose(found, right) and (found[2:] == 0).all()
PYTHON
echo "as described"
