"""What the device can compute at most, and which share of it the refiner's convolutions reach."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from benchmarks.gpu.bench import Bench, tf32
from benchmarks.gpu.networks import Inputs, networks

PEAKS, SHARES = "Arithmetic peak: square matrix products", "Convolutions of the refiner against the peak"
_TYPES = {"fp32": torch.float32, "TF32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
#: Side of the matrices, and of the tile (px) whose convolutions are timed.
_SIDE, _TILE = 8192, 1024


def arithmetic(bench: Bench) -> None:
    """The peak by type, then the refiner in half precision."""
    peaks = {name: _peak(bench, name) for name in (_TYPES if bench.on_gpu else ("fp32", "bf16"))}
    half = "fp16" if bench.on_gpu else "bf16"
    size = bench.sizes[0] if bench.tiny else _TILE
    for name, net, inputs_of, _ in networks(tiny=bench.tiny):
        if "Refiner" not in name or not bench.has_time(f"{SHARES}: {name}", 2.0 if bench.on_gpu else 0.0):
            continue
        with bench.memory_guard(f"{SHARES}: {name}"), torch.inference_mode():
            _share(bench, name, net, inputs_of, size, half, peaks[half])


def _peak(bench: Bench, name: str) -> float:
    """FLOP/s of the product of two large matrices of random values."""
    side = 256 if bench.tiny else _SIDE
    first, second = (torch.randn(side, side, device=bench.device, dtype=_TYPES[name]) for _ in range(2))
    with tf32(allowed=name == "TF32"):
        took = bench.seconds(lambda: first @ second)
    bench.report.add(PEAKS, precision=name, side=side, **{"TFLOP/s": 2 * side**3 / took / 1e12})
    return 2 * side**3 / took


class Convolution(NamedTuple):
    """A convolution as it ran: the layer, its input, and its operations (a multiplication and an addition are two)."""

    layer: nn.Conv2d
    given: Tensor
    operations: int


def _share(bench: Bench, name: str, net: nn.Module, inputs_of: Inputs, size: int, precision: str, peak: float) -> None:
    """Rows of a network: all of it, and its convolutions one by one, in half precision and channels last."""
    kind = _TYPES[precision]
    net.eval().to(bench.device, kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
    given = [tensor.to(kind) for tensor in inputs_of(1, size, bench.device)]
    found = convolutions(net, given)
    operations = sum(each.operations for each in found)
    whole = bench.seconds(lambda: net(*given))
    alone = sum(bench.seconds(partial(each.layer, each.given), 0.05) for each in found)
    for part, took in (("whole network", whole), ("convolutions by themselves", alone)):
        bench.report.add(
            SHARES, network=name, part=part, precision=precision, side=size, GFLOP=operations / 1e9, ms=1e3 * took,
            **{"TFLOP/s": operations / took / 1e12, "share of peak": operations / took / peak},
        )  # fmt: skip


def convolutions(net: nn.Module, given: list[Tensor]) -> list[Convolution]:
    """The convolutions of a pass, in their order."""
    found: list[Convolution] = []

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        assert isinstance(layer, nn.Conv2d)
        products = output.numel() * layer.weight[0].numel()
        found.append(Convolution(layer, inputs[0].detach(), 2 * products))

    hooks = [layer.register_forward_hook(note) for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    net(*given)
    for hook in hooks:
        hook.remove()
    return found
