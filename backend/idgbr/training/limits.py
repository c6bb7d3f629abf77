"""Keeps a training within the time given to it and the memory that there is."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import nn

from idgbr.errors import DeviceError, is_out_of_memory
from idgbr.monitor import Monitor
from idgbr.training.loop import has_bf16, to_device

Batch = TypeVar("Batch")
Result = TypeVar("Result")
#: File of a run folder with the planned steps.
PLAN = "plan.json"
#: Share of the minutes that the steps may take; the rest is for validation and export.
_FOR_STEPS = 0.8
#: Steps that are timed; the first ones are slower.
_TIMED = 3


def planned_steps(
    net: nn.Module, make_batch: Callable[[np.random.Generator], Batch],
    loss_of: Callable[[nn.Module, Batch], torch.Tensor], *, steps: int, minutes: float, folder: Path,
    device: torch.device, monitor: Monitor,
) -> int:  # fmt: skip
    """At most `steps` that fit the `minutes` (0: no limit), from the time of a few; a resumed run keeps its plan."""
    plan = folder / PLAN
    if plan.exists():
        return steps_of(folder)
    if minutes:
        took = _timed(copy.deepcopy(net).train().to(device), make_batch, loss_of, device)
        fitting = max(1, int(60 * minutes * _FOR_STEPS / took))
        if fitting < steps:
            monitor.info(f"{fitting} of {steps} steps fit {minutes:g} minutes at {took:.2g} s per step.")
            steps = fitting
    folder.mkdir(parents=True, exist_ok=True)
    plan.write_text(json.dumps({"steps": steps}), encoding="utf-8")
    return steps


def steps_of(folder: Path) -> int:
    """The planned steps of the training in a run folder; 1 before there is a plan."""
    plan = folder / PLAN
    return int(json.loads(plan.read_text(encoding="utf-8"))["steps"]) if plan.exists() else 1


def _timed(
    net: nn.Module, make_batch: Callable[[np.random.Generator], Batch],
    loss_of: Callable[[nn.Module, Batch], torch.Tensor], device: torch.device,
) -> float:  # fmt: skip
    """Seconds of a step, without the time of the optimizer, which is short."""
    batch = to_device(make_batch(np.random.default_rng(0)), device)
    took = []
    for _ in range(_TIMED):
        began = time.monotonic()
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type != "cpu" or has_bf16()):
            loss = loss_of(net, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        loss.item()
        took.append(time.monotonic() - began)
    return min(took)


def within_memory(
    attempt: Callable[[int], Result], batch: int, crop: int, device: torch.device, monitor: Monitor
) -> Result:
    """The result of `attempt` with a batch of that many crops of `crop` px; with fewer if memory runs out.

    Raises DeviceError if a single crop does not fit.
    """
    while True:
        try:
            return attempt(batch)
        except (RuntimeError, MemoryError) as error:
            if not (isinstance(error, torch.OutOfMemoryError) or is_out_of_memory(error)):
                raise
            if batch == 1:
                raise DeviceError(
                    f"{device}: memory does not suffice for one crop of {crop} px; give a smaller size or width, or "
                    "choose device 'cpu'."
                ) from error
        batch //= 2
        monitor.warn(f"{device}: memory ran out; training continues with {batch} crops per step.")
        if device.type == "cuda":
            torch.cuda.empty_cache()
