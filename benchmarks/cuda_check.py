#!/usr/bin/env python3
"""Checks and measures the project's networks on a GPU, in one command and less than eight minutes.

    python benchmarks/cuda_check.py --output DIR

Needs Python 3.10 or newer with torch and numpy, and runs from a plain checkout: no QGIS, no rasterio, no network. What
onnxruntime-gpu and the other packages of the backend allow is measured, too, if they are installed; what was not is
listed with the reason. The report is printed, and written as DIR/cuda_check.md and DIR/cuda_check.json. Nothing is
written outside of DIR. The exit status is 1 if a check failed, and 2 if nothing could be measured.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
#: Time (s) beyond the budget after which a part that hangs is ended.
GRACE_S = 40.0
PASSED, FAILED, NOTHING = 0, 1, 2

if TYPE_CHECKING:
    from benchmarks.gpu.bench import Bench
    from benchmarks.gpu.report import Report


class Part(NamedTuple):
    """A part of the check: the function `call` of `benchmarks.gpu.MODULE`, and its share of the time."""

    module: str
    call: str
    weight: float


#: In the order in which they run: what must be right before what is only measured.
PARTS = {
    "environment": Part("environment", "environment", 0.5),
    "graphs": Part("graphs", "compare", 3),
    "networks": Part("networks", "compare", 3),
    "training": Part("training_steps", "training_steps", 6),
    "arithmetic": Part("arithmetic", "arithmetic", 2),
    "pass": Part("whole_pass", "in_torch", 2),
    "project": Part("whole_pass", "of_project", 2),
    "reference": Part("reference_unet", "reference", 2),
    "speeds": Part("networks", "speeds", 6),
    "graph speeds": Part("graphs", "speeds", 4),
    "targets": Part("targets", "targets", 0.1),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the parts, print and write the report; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder of the report")
    parser.add_argument("--budget", type=float, default=420.0, metavar="SECONDS", help="time for all parts")
    parser.add_argument("--device", default="cuda", help="cuda, cuda:N, or cpu: tiny sizes, to try the command")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="only these")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    _keep_inside(options.output)

    from benchmarks.gpu.report import Report

    report = Report()
    problem = _device_problem(options.device)
    if problem:
        report.skip("everything", problem)
    else:
        _run(report, options.parts, options.device, options.budget, options.output)
    report.write(options.output)
    print(report.markdown())
    if report.failed():
        return FAILED
    return PASSED if report.tables else NOTHING


def _keep_inside(folder: Path) -> None:
    """Let nothing write outside of `folder`: no compiled Python, no caches of compiled kernels in the home folder."""
    sys.dont_write_bytecode = True
    caches = folder.resolve() / "caches"
    for name in ("NUMBA_CACHE_DIR", "CUDA_CACHE_PATH", "TRITON_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR"):
        os.environ[name] = str(caches)
    for place in (ROOT / "backend", ROOT):
        if str(place) not in sys.path:
            sys.path.insert(0, str(place))


def _device_problem(device: str) -> str | None:
    """Why nothing can be measured on a device, None if it can."""
    try:
        import torch
    except ImportError:
        return "torch is not installed"
    if device == "cpu":
        # The engine that is compared with CUDA elsewhere, rather than the fastest.
        os.environ.setdefault("IDGBR_CPU_ENGINE", "onnxruntime")
        torch.set_num_threads(1)  # for so little, more threads would wait for each other
        return None
    if torch.version.cuda is None:
        return "this is the CPU build of torch"
    if not torch.cuda.is_available():
        return "torch finds no NVIDIA GPU"
    kind, _, number = device.partition(":")
    if kind != "cuda" or not (number or "0").isdigit() or int(number or 0) >= torch.cuda.device_count():
        return f"there is no device {device!r}; there are {torch.cuda.device_count()} GPUs"
    torch.cuda.set_device(int(number or 0))
    return None


def _run(report: Report, names: list[str], device: str, budget: float, output: Path) -> None:
    """Run parts one after the other. Each gets its share of the time that is left, so unused time serves later ones."""
    import torch

    from benchmarks.gpu.bench import OUT_OF_TIME, Bench

    where = torch.device("cpu") if device == "cpu" else torch.device("cuda", torch.cuda.current_device())
    end = time.monotonic() + budget
    state = {"part": ""}

    def give_up() -> None:
        report.skip(state["part"], f"it did not end within {GRACE_S:g} s after the time of all parts")
        report.write(output)
        print(report.markdown(), flush=True)
        os._exit(FAILED)  # the thread that hangs cannot be stopped in another way

    watch = threading.Timer(budget + GRACE_S, give_up)
    watch.daemon = True
    watch.start()
    for number, name in enumerate(names):
        state["part"] = name
        began = time.monotonic()
        if began >= end:
            report.skip(name, OUT_OF_TIME)
            continue
        share = PARTS[name].weight / sum(PARTS[later].weight for later in names[number:])
        bench = Bench(where, report, began + share * (end - began), tiny=device == "cpu")
        print(f"{name} …", file=sys.stderr, flush=True)
        _measured(bench, name)
        report.seconds[name] = round(time.monotonic() - began, 2)
    watch.cancel()


def _measured(bench: Bench, name: str) -> None:
    """Run a part; what it lacks, and errors, go to the report."""
    from importlib import import_module

    from benchmarks.gpu.report import UnavailableError

    try:
        part: Callable[[Bench], None] = getattr(import_module(f"benchmarks.gpu.{PARTS[name].module}"), PARTS[name].call)
        part(bench)
    except ModuleNotFoundError as error:
        bench.report.skip(name, f"{error.name} is not installed")
    except UnavailableError as error:
        bench.report.skip(name, str(error))
    except Exception as error:  # noqa: BLE001 (whatever a GPU or a driver raises: the other parts are measured)
        bench.report.problem(name, error)
    finally:
        with contextlib.suppress(RuntimeError):  # a GPU that has failed fails again
            bench.reset_peak()


if __name__ == "__main__":
    sys.exit(main())
