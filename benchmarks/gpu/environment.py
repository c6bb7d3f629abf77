"""The machine and the versions of what runs on it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import torch

from benchmarks.gpu.bench import Bench

ROOT = Path(__file__).resolve().parents[2]
TABLE = "Environment"


def environment(bench: Bench) -> None:
    """A row for each property."""
    found: dict[str, object] = {
        "processor": f"{_processor()}, {os.cpu_count()} threads",
        "system": platform.platform(),
        "Python": sys.version.split()[0],
        "torch": torch.__version__,
        "CUDA of torch": torch.version.cuda,
        "cuDNN": torch.backends.cudnn.version(),  # type: ignore[no-untyped-call]
        "commit": _answer("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"),
    }
    if bench.on_gpu:
        properties = torch.cuda.get_device_properties(bench.device)
        free, total = torch.cuda.mem_get_info(bench.device)
        found |= {
            "GPU": properties.name,
            "compute capability": f"{properties.major}.{properties.minor}",
            "multiprocessors": properties.multi_processor_count,
            "memory MiB": total >> 20,
            "free memory MiB": free >> 20,
            "driver": _answer("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"),
        }
    for package in ("numpy", "onnxruntime-gpu", "onnxruntime"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    found["ONNX Runtime providers"] = _providers()
    for name, value in found.items():
        bench.report.add(TABLE, property=name, value=value)


def _providers() -> str | None:
    try:
        import onnxruntime
    except ImportError:
        return None
    return ", ".join(onnxruntime.get_available_providers())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _answer(program: str, *arguments: str) -> str | None:
    """The first line that a program prints, None if it is missing or fails."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.strip().splitlines()
    return lines[0] if lines else None
