"""The project's networks in torch, with random weights: GPU against CPU, speeds and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import product
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from benchmarks.gpu.bench import Bench, class_patches, images, tf32
from idgbr.refiner.codes import CODE_BITS
from idgbr.refiner.neighbours import OFFSETS
from idgbr.training.backbone import HEADS, Backbone, MultiTaskNet
from idgbr.training.diff_prior import SIZES, DiffPrior
from idgbr.training.guided_networks import FEATURES, FirstGraph, GuidedRefiner
from idgbr.training.hrnet import HRNet
from idgbr.training.label_states import by_pixel, relations_of
from idgbr.training.networks import FirstStep, RefinerNet
from idgbr.training.scn import SCN

CHECKS, SPEEDS = "Networks against the CPU, random weights", "Speeds of networks in torch, random weights"
#: Least share of pixels that are decided as on the CPU in float32.
LEAST_AGREEMENT = 0.999
#: Largest root mean square of differences in float32, as a share of the output's deviation.
MOST_RMS = 1e-3
#: How many times as far from float32 as bf16 is on the CPU a precision may be, and how far in any case. Rounding adds
#: up over random layers, in a deep network to a large share, so that a fixed limit would tell nothing.
MOST_ROUNDING = {"TF32": (1.0, 0.01), "bf16": (2.0, 0.02)}
#: Side of a tile (px) that is compared with the CPU.
_COMPARED = 256
Inputs = Callable[[int, int, torch.device], tuple[Tensor, ...]]
Decide = Callable[[list[Tensor]], Tensor]


class Network(NamedTuple):
    """A network, what makes its inputs from a batch, a side and a device, and what its outputs decide on, if on any."""

    name: str
    net: nn.Module
    inputs: Inputs
    decide: Decide | None = None


def networks(*, tiny: bool) -> Iterator[Network]:
    """All networks, made one by one."""
    yield Network("Backbone", Backbone(), _image)
    cover = list(HEADS).index("landcover")
    yield Network("MultiTaskNet", MultiTaskNet(), _image, lambda found: found[cover].argmax(1))
    yield Network("RefinerNet, first step", FirstStep(RefinerNet()), _condition, _places)
    yield Network("GuidedRefiner, first step", FirstGraph(GuidedRefiner()), _guided, _places)
    yield Network("GuidedRefiner, later step", GuidedRefiner().denoiser, _later, _places)
    yield Network("SCN", SCN(tileable=True), _pair, lambda found: found[0] > 0)
    yield Network("HRNet W18", HRNet(3, 5), _image, lambda found: found[0].argmax(1))
    size = "cpu" if tiny else "gpu"
    yield Network(f"DiffPrior, {size}", DiffPrior(3, SIZES[size]), _noisy)


def compare(bench: Bench) -> None:
    """Each network on the device against the CPU in float32.

    Differences are root mean squares and maxima, as shares of the deviation of an output.
    """
    size, cpu = 64 if bench.tiny else _COMPARED, torch.device("cpu")
    torch.manual_seed(1)
    for name, net, inputs_of, decide in networks(tiny=bench.tiny):
        if not bench.has_time(f"{CHECKS}: {name}"):
            continue
        make_lifelike(net, inputs_of(4, size, cpu))
        given = inputs_of(1, size, cpu)
        with torch.inference_mode():
            expected = flat(net(*given))
            with computing("bf16", cpu):
                rounding = differences([output.float() for output in flat(net(*given))], expected)[0]
            limits = {"fp32": MOST_RMS}
            limits |= {kind: max(least, times * rounding) for kind, (times, least) in MOST_ROUNDING.items()}
            net.to(bench.device)
            moved = [tensor.to(bench.device) for tensor in given]
            for precision in limits if bench.on_gpu else ("fp32", "bf16"):
                with computing(precision, bench.device):
                    found = [output.float().cpu() for output in flat(net(*moved))]
                rms, largest = differences(found, expected)
                agreement = float((decide(found) == decide(expected)).float().mean()) if decide else None
                passed = rms <= limits[precision]  # False for NaN, too
                if precision == "fp32" and agreement is not None:
                    passed = passed and agreement >= LEAST_AGREEMENT
                bench.report.add(
                    CHECKS, network=name, precision=precision, rms=rms, limit=limits[precision], largest=largest,
                    agreement=agreement, passed=passed,
                )  # fmt: skip


def differences(found: Sequence[Tensor], expected: Sequence[Tensor]) -> tuple[float, float]:
    """Root mean square and largest of the differences, as shares of an output's deviation; of the worst output."""
    pairs = [((f - e).double(), max(float(e.double().std()), 1e-9)) for f, e in zip(found, expected, strict=True)]
    rms = torch.tensor([float(difference.square().mean().sqrt()) / std for difference, std in pairs])
    largest = torch.tensor([float(difference.abs().max()) / std for difference, std in pairs])
    return float(rms.max()), float(largest.max())


def speeds(bench: Bench) -> None:
    """Megapixels a second and peak memory of each network, by precision, side and batch."""
    for name, net, inputs_of, _ in networks(tiny=bench.tiny):
        net.eval().to(bench.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        for precision in ("TF32" if bench.on_gpu else "fp32", "bf16"):
            rate = 0.0
            for size, batch in product(bench.sizes, bench.batches):
                what, pixels = f"{SPEEDS}: {name}, {precision}, {batch} × {size}²", batch * size * size
                if not bench.has_time(what, 8 * pixels / rate if rate else 0.0):
                    continue
                with bench.memory_guard(what), torch.inference_mode(), computing(precision, bench.device):
                    bench.reset_peak()
                    given = inputs_of(batch, size, bench.device)
                    took = bench.seconds(lambda net=net, given=given: net(*given))  # type: ignore[misc]
                    rate = pixels / took
                    bench.report.add(
                        SPEEDS, network=name, precision=precision, side=size, batch=batch, ms=1e3 * took,
                        **{"Mpx/s": rate / 1e6, "peak MiB": bench.peak_mb()},
                    )  # fmt: skip


def computing(precision: str, device: torch.device) -> AbstractContextManager[Any]:
    """Compute in "fp32", "TF32" or "bf16" (autocast)."""
    if precision == "bf16":
        return torch.autocast(device.type, torch.bfloat16)
    return tf32(allowed=precision == "TF32") if device.type == "cuda" else nullcontext()


def make_lifelike(net: nn.Module, given: tuple[Tensor, ...]) -> None:
    """Give a new network statistics of its batch normalization, and weights in place of zeros, as if it were trained.

    Else its outputs would be constant, and any comparison would succeed.
    """
    for parameter in net.parameters():
        if parameter.dim() > 1 and not parameter.any():
            nn.init.normal_(parameter, std=0.02)
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None  # the mean over all passes, here over one
    nn.Module.train(net, True)
    for norm in norms:
        norm.train()
    with torch.no_grad():
        net(*given)
    net.eval()


def flat(outputs: Any) -> list[Tensor]:
    """All tensors of a network's output, in order."""
    if isinstance(outputs, Tensor):
        return [outputs]
    parts = outputs.values() if isinstance(outputs, dict) else outputs
    return [tensor for part in parts for tensor in flat(part)]


def label_condition(batch: int, size: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Classes (N, S, S) of a coarse map of patches, their relations (N, 12, S, S), and a certainty (N, 1, S, S)."""
    classes = class_patches(batch, 2**CODE_BITS, size, device)
    codes = torch.stack([(classes >> bit & 1) * 2.0 - 1.0 for bit in range(CODE_BITS)], 1)
    return classes, relations_of(codes), 0.5 + 0.5 * torch.rand(batch, 1, size, size, device=device)


def _image(batch: int, size: int, device: torch.device) -> tuple[Tensor, ...]:
    return (images(batch, size, device),)


def _pair(batch: int, size: int, device: torch.device) -> tuple[Tensor, ...]:
    return tuple((images(batch, size, device) - 0.5) * 4.0 for _ in range(2))


def _noisy(batch: int, size: int, device: torch.device) -> tuple[Tensor, ...]:
    return images(batch, size, device) * 2.0 - 1.0, torch.rand(batch, device=device)


def _condition(batch: int, size: int, device: torch.device) -> tuple[Tensor, ...]:
    return (images(batch, size, device), *label_condition(batch, size, device)[1:])


def _guided(batch: int, size: int, device: torch.device) -> tuple[Tensor, ...]:
    features = (
        torch.randn(batch, channels, size // stride, size // stride, device=device).relu()
        for channels, stride in zip(FEATURES, (2, 4, 8, 16), strict=True)
    )
    return (*_condition(batch, size, device), torch.rand(batch, device=device) - 0.5, *features)


def _later(batch: int, size: int, device: torch.device) -> tuple[Tensor, ...]:
    guidance = (
        torch.randn(batch, width, size // stride, size // stride, device=device).relu()
        for width, stride in ((32, 2), (64, 4))
    )
    return label_condition(batch, size, device)[1], torch.rand(batch, device=device), *guidance


def _places(found: list[Tensor]) -> Tensor:
    """The place from which each pixel takes its class, (N, S, S)."""
    return by_pixel(found[0][..., : 4 * len(OFFSETS)]).argmax(1)
