"""What both trainings share: prefetched batches, bf16, warm-up and cosine, EMA weights, checkpoints, a CSV log."""

from __future__ import annotations

import csv
import math
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from rich.console import Console
from torch import nn

Batch = TypeVar("Batch")
Tensors = tuple[torch.Tensor, ...] | list[torch.Tensor]
console = Console(stderr=True)
CHECKPOINT_EVERY = 250


def has_bf16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; without that, autocast is slower than float32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


class Prefetcher(Generic[Batch]):
    """Makes batches in a background thread; batch n depends on (`seed`, n) alone, so a resumed run repeats them."""

    def __init__(self, make: Callable[[np.random.Generator], Batch], seed: int, first: int, last: int) -> None:
        self._queue: queue.Queue[Batch | BaseException] = queue.Queue(maxsize=4)
        self._make, self._seed, self._range = make, seed, range(first, last)
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        try:
            for number in self._range:
                self._queue.put(self._make(np.random.default_rng([self._seed, number])))
        except BaseException as error:  # noqa: BLE001 (handed to the training thread)
            self._queue.put(error)

    def __iter__(self) -> Iterator[Batch]:
        for _ in self._range:
            item = self._queue.get()
            if isinstance(item, BaseException):
                raise item
            yield item


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
    log_every: int = 100,
) -> nn.Module:
    """Train `net` for `steps` and return its EMA copy; checkpoints often, and a second call resumes the first."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / f"{name}.checkpoint.pt"
    net.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def average(averaged: Tensors, current: Tensors, count: torch.Tensor | int) -> None:
        # Quick at first, so that short runs are not held back by where they began.
        decay = min(ema_decay, (1 + int(count)) / (10 + int(count)))
        for mean, value in zip(averaged, current, strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)

    ema = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=average, use_buffers=True)
    optimizer = torch.optim.AdamW(net.parameters(), lr=learning_rate, weight_decay=0.02)
    first, spent_s = 0, 0.0
    if checkpoint.exists():
        state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        ema.load_state_dict(state["ema"])
        optimizer.load_state_dict(state["optimizer"])
        first, spent_s = int(state["step"]), float(state["spent_s"])
    began, bf16 = time.monotonic() - spent_s, has_bf16()
    running, torch_seed = 0.0, torch.Generator().manual_seed(seed)
    torch.manual_seed(int(torch.randint(2**31, (1,), generator=torch_seed)) + first)
    for step, batch in enumerate(Prefetcher(make_batch, seed, first, steps), start=first):
        rate = learning_rate * min(1.0, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            loss = loss_of(net, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        ema.update_parameters(net)
        running += float(loss.detach())
        done = step + 1
        if done % log_every == 0:
            spent_s = time.monotonic() - began
            console.print(
                f"{name} {done}/{steps} loss {running / log_every:.4f} {spent_s / 60:.1f} min", highlight=False
            )
            with (folder / f"{name}.csv").open("a", newline="") as log:
                csv.writer(log).writerow([done, running / log_every, round(spent_s, 1)])
            running = 0.0
        if done % CHECKPOINT_EVERY == 0 or done == steps:
            state = {"net": net.state_dict(), "ema": ema.state_dict(), "optimizer": optimizer.state_dict()}
            part = checkpoint.with_suffix(".part")
            torch.save({**state, "step": done, "spent_s": time.monotonic() - began}, part)
            part.replace(checkpoint)
    trained: nn.Module = ema.module.eval()
    return trained
