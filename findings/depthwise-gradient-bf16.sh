#!/usr/bin/env bash
# torch 2.13.0, CPU: the weight gradient of a depthwise convolution with a kernel of 5×5 or 7×7, channels last, takes
# several times as long in bfloat16 as in float32. That of a 3×3 kernel does not.
#
# Guess beforehand: where a processor multiplies bfloat16 in hardware, autocast makes forward and backward quicker, or
# at worst leaves them as they are; and what holds for 3×3 kernels holds for 5×5.
#
# Seen (one thread, 4 × 240 × 40 × 40, milliseconds of the weight gradient, float32 → bfloat16):
#   processor with AMX:                        3×3  1.4 → 1.4    5×5  15.7 →  82.0    7×7  22.8 → 90.2
#   the same, limited to AVX-512 without bf16: 3×3  1.4 → 2.2    5×5  15.7 → 184.2
# Input gradients and the forward pass stay within twice the time of float32 on AMX. EfficientNets and MobileNets with
# 5×5 kernels therefore train more slowly under `torch.autocast("cpu", torch.bfloat16)` than without, although
# inference gets quicker. Remedy: run these convolutions in float32 inside autocast.
#
# Fails if bfloat16 is no longer at least twice as slow with a 5×5 kernel.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.3.5
"$folder/env/bin/python" - <<'PYTHON'
import time

import torch

torch.set_num_threads(1)


def milliseconds(run, repeats=7):
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return 1000 * min(times)


def weight_gradient(kernel, dtype):
    image = torch.rand(4, 240, 40, 40).to(dtype).contiguous(memory_format=torch.channels_last)
    weight = torch.rand(240, 1, kernel, kernel).to(dtype).requires_grad_()
    out = torch.conv2d(image, weight, padding=kernel // 2, groups=240)
    return milliseconds(lambda: torch.autograd.grad(out, weight, torch.ones_like(out), retain_graph=True))


print("torch", torch.__version__)
ratios = {}
for kernel in (3, 5, 7):
    single, half = weight_gradient(kernel, torch.float32), weight_gradient(kernel, torch.bfloat16)
    ratios[kernel] = half / single
    print(f"{kernel}x{kernel}: float32 {single:.1f} ms, bfloat16 {half:.1f} ms, {ratios[kernel]:.1f} times as long")
raise SystemExit(0 if ratios[5] > 2 else "changed: bfloat16 is no longer slow with a 5x5 kernel")
PYTHON
