"""The device that a network is trained on, said aloud."""

from __future__ import annotations

import torch

from idgbr.errors import DeviceError
from idgbr.monitor import Monitor


def training_device(wanted: str, monitor: Monitor) -> torch.device:
    """The device for `wanted` ("auto", "cpu", "cuda", "cuda:N"); says what was chosen and why.

    Raises DeviceError if a device that was asked for by name cannot be used: a forced device never falls back.
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
