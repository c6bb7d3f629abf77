"""The training loop of all models: prefetched batches, bf16, warm-up and cosine, EMA weights, checkpoints, CSV log."""

from __future__ import annotations

import csv
import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from rich.console import Console
from torch import nn

from idgbr.errors import DeviceError, JobCancelled
from idgbr.monitor import Monitor
from idgbr.tiling.inference import prefetched

Batch = TypeVar("Batch")
Tensors = tuple[torch.Tensor, ...] | list[torch.Tensor]
console = Console(stderr=True)
#: Steps between two checkpoints, and the longest time between them in s.
CHECKPOINT_EVERY, CHECKPOINT_EVERY_S = 250, 300.0
#: Steps over which the learning rate rises after a checkpoint without the state of the optimizer.
RAMP_STEPS = 200
CPU = torch.device("cpu")


def has_bf16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; without that, autocast is slower than float32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def hardware(device: torch.device) -> str:
    """What a card says of the machine."""
    if device.type != "cpu":
        return torch.cuda.get_device_name(device)
    return f"{os.cpu_count()} CPU cores, {'bf16' if has_bf16() else 'fp32'}"


def bundled_schedule(step: int, steps: int) -> float:
    """Learning rate of a step, as a share of the highest: 200 steps of warm-up, and a cosine down to a fiftieth."""
    return min(1.0, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def bundled_optimizer(net: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    """AdamW with a weight decay of 0.02."""
    return torch.optim.AdamW(net.parameters(), lr=learning_rate, weight_decay=0.02)


def to_device(batch: Any, device: torch.device) -> Any:
    """A batch, a tuple of tensors, on a device; on the CPU it is as it was made."""
    if device.type == "cpu":
        return batch
    moved = [tensor.to(device, non_blocking=True) for tensor in batch]
    return type(batch)(*moved) if hasattr(batch, "_fields") else tuple(moved)


def train(
    net: nn.Module,
    make_batch: Callable[[np.random.Generator], Batch],
    loss_of: Callable[[nn.Module, Batch], torch.Tensor],
    *,
    steps: int,
    folder: Path,
    name: str,
    learning_rate: float,
    seed: int,
    ema_decay: float = 0.998,
    ema_every: int = 1,
    log_every: int = 100,
    schedule: Callable[[int, int], float] = bundled_schedule,
    optimizer_of: Callable[[nn.Module, float], torch.optim.Optimizer] = bundled_optimizer,
    device: torch.device = CPU,
    workers: int = 1,
    watch: Callable[[nn.Module, int], bool | None] | None = None,
    monitor: Monitor | None = None,
) -> nn.Module:
    """Train `net` for `steps` and return its EMA copy; frequent checkpoints, and a second call resumes the first.

    Batch n depends only on (`seed`, n), not on the one of `workers` threads that makes it, so a resumed run repeats the
    batches. `watch` is called with the EMA copy (read-only) and the step number after every step; if it returns True,
    the training ends. Progress goes to `monitor`; a cancel leaves a checkpoint of the last step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / f"{name}.checkpoint.pt"
    net.train().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    ema = averaged_copy(net, ema_decay)
    optimizer = optimizer_of(net, learning_rate)
    first, spent_s = 0, 0.0

    def save(step: int) -> None:
        state = {"net": net.state_dict(), "ema": ema.state_dict(), "optimizer": optimizer.state_dict()}
        part = checkpoint.with_suffix(".part")
        torch.save({**state, "step": step, "spent_s": time.monotonic() - began}, part)
        part.replace(checkpoint)

    if checkpoint.exists():
        state: dict[str, Any] = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(state["net"])
        ema.load_state_dict(state["ema"])
        if "optimizer" in state:
            optimizer.load_state_dict(state["optimizer"])
        first, spent_s = int(state["step"]), float(state["spent_s"])
    # An optimizer that was not carried along knows nothing of the gradients' scale: it begins carefully.
    ramp = RAMP_STEPS if first and not optimizer.state else 1
    began, bf16 = time.monotonic() - spent_s, device.type != "cpu" or has_bf16()
    running, torch_seed = 0.0, torch.Generator().manual_seed(seed)
    torch.manual_seed(int(torch.randint(2**31, (1,), generator=torch_seed)) + first)
    made = prefetched(range(first, steps), lambda n: make_batch(np.random.default_rng([seed, n])), 3 * workers, workers)
    done, saved = first, time.monotonic()
    for step, batch in made:
        if monitor is not None and monitor.cancelled:
            save(done)
            raise JobCancelled
        careful = min(1.0, (step - first + 1) / ramp)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * schedule(step, steps) * group.get("rate", 1.0) * careful
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            loss = loss_of(net, to_device(batch, device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        done = step + 1
        if done % ema_every == 0:
            ema.update_parameters(net)
        running += float(loss.detach())
        if done % log_every == 0:
            spent_s = time.monotonic() - began
            line = (done, running / log_every, round(spent_s, 1))
            if monitor is None:
                console.print("{} {}/{} loss {:.4f} {:.1f} s".format(name, done, steps, *line[1:]), highlight=False)
            _append(folder / f"{name}.csv", line)
            running = 0.0
        if done % CHECKPOINT_EVERY == 0 or done == steps or time.monotonic() - saved > CHECKPOINT_EVERY_S:
            save(done)
            saved = time.monotonic()
        if monitor is not None:
            monitor.progress("train", done, steps, f"loss {float(loss.detach()):.3f}")
        try:
            ends = watch is not None and watch(ema.module, done)
        except JobCancelled:
            save(done)
            raise
        if ends:
            save(done)
            break
    return ema.module.eval()


def _append(path: Path, line: tuple[float, ...]) -> None:
    with path.open("a", newline="") as log:
        csv.writer(log).writerow(line)


def averaged_copy(net: nn.Module, ema_decay: float) -> torch.optim.swa_utils.AveragedModel:
    """A copy of `net` that follows its weights and buffers (EMA)."""

    def average(averaged: Tensors, current: Tensors, count: torch.Tensor | int) -> None:
        # Quick at first, so that short runs are not held back by where they began.
        decay = min(ema_decay, (1 + int(count)) / (10 + int(count)))
        for mean, value in zip(averaged, current, strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)

    return torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=average, use_buffers=True)


def training_device(wanted: str, monitor: Monitor) -> torch.device:
    """The device for `wanted` ("auto", "cpu", "cuda", "cuda:N"); reports the choice and its reason.

    Raises DeviceError if a device requested by name cannot be used: there is no fallback for it.
    """
    problem = _cuda_problem()
    if wanted == "auto":
        if problem:
            monitor.info(f"CUDA not usable because {problem}; training on the CPU ({torch.get_num_threads()} threads).")
            return torch.device("cpu")
        wanted = "cuda"
    if wanted == "cpu":
        monitor.info(f"Training on the CPU ({torch.get_num_threads()} threads).")
        return torch.device("cpu")
    name, _, number = wanted.partition(":")
    if name != "cuda" or not (number or "0").isdigit():
        raise DeviceError(f"device {wanted!r} is not known; give auto, cpu, cuda or cuda:N.")
    if problem:
        raise DeviceError(f"device {wanted} cannot be used for training: {problem}; or choose 'cpu'.")
    if int(number or 0) >= torch.cuda.device_count():
        raise DeviceError(f"device {wanted} was not found; there are {torch.cuda.device_count()} GPUs.")
    device = torch.device("cuda", int(number or 0))
    monitor.info(f"Training on {device} ({torch.cuda.get_device_name(device)}).")
    return device


def _cuda_problem() -> str | None:
    """Why torch cannot use a GPU, None if it can."""
    if torch.version.cuda is None:
        return "this environment has the CPU build of torch"
    return None if torch.cuda.is_available() else "torch finds no NVIDIA GPU"
