"""Compute devices: which exist, how much memory is free, and which one a job uses; the choice is reported."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from idgbr.errors import DeviceError
from idgbr.monitor import Monitor

CUDA_PROVIDER = "CUDAExecutionProvider"


@dataclass(frozen=True)
class Device:
    """A device: id ("cpu", "cuda:0"), name, engine, free memory in MiB, and why it is unusable (None: usable)."""

    id: str
    name: str
    engine: str
    free_memory_mb: int = field(compare=False)  # changes by the second
    problem: str | None = None
    #: Pixels of the job for which the faster engine on the CPU is chosen; None for the default engine.
    job_px: int | None = field(default=None, compare=False)


def list_devices() -> list[Device]:
    """All devices, including unusable GPUs with the reason; the CPU comes last and always works."""
    return [*_cuda_devices(), _cpu()]


def cpu_threads() -> int:
    """Threads for inference on a CPU: `IDGBR_THREADS`, else the cores that this process may use."""
    with contextlib.suppress(ValueError):
        wanted = int(os.environ.get("IDGBR_THREADS", ""))
        if wanted > 0:
            return wanted
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


def cpu_engine() -> str:
    """Engine on the CPU: "openvino" if it is installed, else "onnxruntime"; `IDGBR_CPU_ENGINE` overrides.

    On the bundled networks, OpenVINO takes half to four fifths of the time in fp32, and computes in bfloat16 if the CPU
    can. ONNX Runtime runs everywhere. For large jobs, `idgbr.engines.measured` chooses.
    """
    return wanted_engine() or ("openvino" if importlib.util.find_spec("openvino") else "onnxruntime")


def wanted_engine() -> str | None:
    """The engine that `IDGBR_CPU_ENGINE` demands."""
    wanted = os.environ.get("IDGBR_CPU_ENGINE", "")
    return wanted if wanted in ("openvino", "onnxruntime") else None


def _cpu() -> Device:
    return Device("cpu", _cpu_name(), cpu_engine(), psutil.virtual_memory().available >> 20)


def _cpu_name() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as info:
            for line in info:
                if line.startswith("model name"):
                    return f"{line.split(':', 1)[1].strip()}, {psutil.cpu_count() or 1} threads"
    except OSError:
        pass
    return f"CPU, {psutil.cpu_count() or 1} threads"


def _cuda_devices() -> list[Device]:
    """GPUs as the NVIDIA driver lists them."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    query = [tool, "--query-gpu=index,name,memory.free", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        return [Device("cuda:0", "NVIDIA GPU", "cuda", 0, f"the NVIDIA driver does not answer ({error})")]
    import onnxruntime as ort

    problem = None
    if CUDA_PROVIDER not in ort.get_available_providers():
        problem = "this environment has the CPU build of onnxruntime; install requirements/run-cuda.txt"
    devices = []
    for line in answer.stdout.splitlines():
        index, name, free = (part.strip() for part in line.split(",", 2))
        devices.append(Device(f"cuda:{index}", name, "onnxruntime CUDA", int(free), problem))
    return devices


def choose_device(wanted: str, monitor: Monitor, job_px: int | None = None) -> Device:
    """The device for `wanted` ("auto", "cpu", "cuda", "cuda:N"); reports the choice and its reason.

    With the pixels of a job, "auto" also chooses the faster engine on the CPU, unless `IDGBR_CPU_ENGINE` does.

    Raises DeviceError if a device requested by name cannot be used: there is no fallback for it.
    """
    devices = list_devices()
    gpus = [d for d in devices if d.id.startswith("cuda")]
    if wanted == "cpu":
        return devices[-1]
    if wanted == "auto":
        usable = [d for d in gpus if d.problem is None]
        if usable:
            best = max(usable, key=lambda d: d.free_memory_mb)
            monitor.info(f"Using {best.id} ({best.name}, {best.free_memory_mb} MiB free).")
            return best
        reason = gpus[0].problem if gpus else "no NVIDIA driver found"
        monitor.info(f"CUDA not usable because {reason}; using CPU ({devices[-1].name}).")
        return replace(devices[-1], job_px=None if wanted_engine() else job_px)
    match = [d for d in gpus if d.id == wanted or wanted == "cuda"]
    if not match:
        known = ", ".join(d.id for d in devices)
        raise DeviceError(f"device {wanted!r} was not found (there are: {known}); choose one of these or 'auto'.")
    if match[0].problem:
        raise DeviceError(f"device {match[0].id} cannot be used: {match[0].problem}; or choose 'cpu'.")
    return match[0]
