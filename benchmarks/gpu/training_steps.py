"""One training step of each kind on made-up tensors: loss and gradient, seconds, memory, and the largest batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from benchmarks.gpu.bench import OUT_OF_TIME, Bench, class_patches, images
from idgbr.refiner.codes import code_table
from idgbr.training import backbone_loss
from idgbr.training.backbone import Backbone, MultiTaskNet
from idgbr.training.diff_prior import SIZES, DiffPrior, PriorBatch, prior_loss
from idgbr.training.guided_loss import GuidedBatch, guided_loss
from idgbr.training.guided_networks import GuidedRefiner
from idgbr.training.hrnet import HRNet
from idgbr.training.scn import SCN, deep_loss
from idgbr.training.segment_loss import segment_loss

STEPS, BATCHES = "Training steps", "Largest batch of a training step"
_CLASSES = 5
#: Steps that are timed after the first, and the most samples of a batch that are tried.
_TIMED, _MOST_SAMPLES = 5, 1024


class Kind(NamedTuple):
    """A kind of training: its network, samples and side (px) of a batch, and the loss of a new batch of that many."""

    name: str
    net: nn.Module
    batch: int
    size: int
    loss_of: Callable[[nn.Module, int, int, torch.device], Tensor]


def kinds(device: torch.device, *, tiny: bool) -> Iterator[Kind]:
    """All kinds, with the batches that the project trains with."""
    yield Kind("backbone with all heads", MultiTaskNet(), 7, 320, _backbone)
    yield Kind("refiner that reads the backbone", GuidedRefiner(), 6, 192, _Guided(device))
    yield Kind("change", SCN(tileable=True), 4, 128, _change)
    yield Kind("full training, HRNet W18", HRNet(3, _CLASSES), 8, 256, _segment)
    size = "cpu" if tiny else "gpu"
    yield Kind(f"diffusion prior, {size}", DiffPrior(3, SIZES[size]), 8, 256, _prior)


def training_steps(bench: Bench) -> None:
    """Check and time the steps of each kind; then look for its largest batch, while time is left for the others."""
    found = []
    for kind in kinds(bench.device, tiny=bench.tiny):
        if bench.has_time(f"{STEPS}: {kind.name}"):
            with bench.memory_guard(f"{STEPS}: {kind.name}"):
                took = _steps(bench, kind)
                found.append((kind, took))
    for number, (kind, took) in enumerate(found):
        share = (bench.end - time.monotonic()) / (len(found) - number)
        _largest(bench, kind, took, time.monotonic() + share)


class Trainer:
    """A network in training, as `idgbr.training.loop.train` does it: bfloat16, clipped gradients, AdamW."""

    def __init__(self, kind: Kind, device: torch.device) -> None:
        self._kind, self._device = kind, device
        self.net = kind.net.train().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._optimizer = torch.optim.AdamW(self.net.parameters(), lr=1e-4, weight_decay=0.02)

    def step(self, batch: int, size: int) -> tuple[float, float]:
        """Train on a new batch; returns its loss and the norm of the gradient."""
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type != "cpu"):
            loss = self._kind.loss_of(self.net, batch, size, self._device)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach()), float(norm)

    def clear(self) -> None:
        """Leave nothing of the training in the device's memory."""
        self._optimizer = torch.optim.AdamW([nn.Parameter(torch.zeros(1))])
        self.net.zero_grad(set_to_none=True)
        self.net.cpu()


def _steps(bench: Bench, kind: Kind) -> float:
    """The rows of a kind; returns the seconds of a step."""
    batch, size = (1, 64) if bench.tiny else (kind.batch, kind.size)
    torch.manual_seed(4)
    bench.reset_peak()
    trainer = Trainer(kind, bench.device)
    try:
        found = [trainer.step(batch, size)]
        bench.synchronize()
        began = time.perf_counter()
        found += [trainer.step(batch, size) for _ in range(1 if bench.tiny else _TIMED)]
        bench.synchronize()
        took = (time.perf_counter() - began) / (len(found) - 1)
        losses, norms = zip(*found, strict=True)
        finite = all(map(_is_finite, (*losses, *norms))) and min(norms) > 0
        weights = all(bool(parameter.isfinite().all()) for parameter in trainer.net.parameters())
        bench.report.add(
            STEPS, training=kind.name, batch=batch, side=size, **{"first loss": losses[0], "last loss": losses[-1]},
            gradient=max(norms), **{"s a step": took, "peak MiB": bench.peak_mb()}, passed=finite and weights,
        )  # fmt: skip
    finally:
        trainer.clear()
    return took


def _is_finite(value: float) -> bool:
    return abs(value) < float("inf")  # False for NaN, too


def _largest(bench: Bench, kind: Kind, took: float, end: float) -> None:
    """Double the batch until memory runs out, the time is over, or it is as large as anyone needs."""
    if bench.tiny:
        batch, most, size = 1, 2, 64
    else:
        batch, most, size = kind.batch, _MOST_SAMPLES, kind.size
    trainer, fitting, why = Trainer(kind, bench.device), batch, "no larger one was tried"
    try:
        while 2 * fitting <= most:
            took *= 2
            if time.monotonic() + 3 * took > min(end, bench.end):
                why = OUT_OF_TIME
                break
            bench.reset_peak()
            began = time.monotonic()
            trainer.step(2 * fitting, size)
            bench.synchronize()
            took, fitting = time.monotonic() - began, 2 * fitting
            peak = bench.peak_mb()
            bench.report.add(
                BATCHES, training=kind.name, batch=fitting, side=size, **{"s a step": took, "peak MiB": peak}
            )
    except torch.OutOfMemoryError:
        why = "memory ran out"
    except RuntimeError as error:  # tensors of more than 2³¹ elements, which some kernels do not take
        why = str(error).strip().splitlines()[0][:200]
    finally:
        trainer.clear()
        bench.reset_peak()
    bench.report.add(BATCHES, training=kind.name, batch=fitting, side=size, **{"no larger one": why})


def _backbone(net: nn.Module, batch: int, size: int, device: torch.device) -> Tensor:
    labels = class_patches(batch, _CLASSES, size, device).to(torch.uint8)
    contact, near = ((torch.rand(batch, size, size, device=device) < 0.1).to(torch.uint8) for _ in range(2))
    drawn = backbone_loss.Batch(images(batch, size, device), labels, contact, near)
    return backbone_loss.backbone_loss(net(drawn.image), drawn)


class _Guided:
    """Loss of the refiner; the frozen backbone whose features it reads is made once."""

    def __init__(self, device: torch.device) -> None:
        self._backbone = Backbone().eval().to(device).requires_grad_(False)
        self._table = torch.from_numpy(code_table(_CLASSES)).to(device)

    def __call__(self, net: nn.Module, batch: int, size: int, device: torch.device) -> Tensor:
        labels = class_patches(batch, _CLASSES, size, device)
        moved = torch.roll(labels, (3, 2), (1, 2))
        source = nn.functional.one_hot(moved, _CLASSES).permute(0, 3, 1, 2) * 0.9 + 0.1 / _CLASSES
        drawn = GuidedBatch(
            images(batch, size, device), labels, source.contiguous(), self._table.expand(batch, -1, -1),
            torch.ones(batch, size, size, device=device), torch.zeros(batch, device=device),
        )  # fmt: skip
        with torch.no_grad():
            features = self._backbone(drawn.image)
        assert isinstance(net, GuidedRefiner)
        return guided_loss(net, drawn, features)


def _change(net: nn.Module, batch: int, size: int, device: torch.device) -> Tensor:
    before, after = ((images(batch, size, device) - 0.5) * 4.0 for _ in range(2))
    changed = class_patches(batch, 2, size, device) > 0
    return deep_loss(net(before, after), changed, torch.ones_like(changed))


def _segment(net: nn.Module, batch: int, size: int, device: torch.device) -> Tensor:
    labels = class_patches(batch, _CLASSES, size, device).to(torch.uint8)
    return segment_loss(net(images(batch, size, device)), labels, torch.ones(_CLASSES, device=device))


def _prior(net: nn.Module, batch: int, size: int, device: torch.device) -> Tensor:
    image = images(batch, size, device) * 2.0 - 1.0
    known = torch.ones(batch, 1, size, size, dtype=torch.bool, device=device)
    std = torch.rand(batch, device=device) * 0.9 + 0.05
    return prior_loss(net, PriorBatch(image, known, torch.randn_like(image), std))
