"""A job on a Dask cluster: speed-up by workers, and what scheduling and joining cost.

    python benchmarks/cluster.py [--job segment] [--size 4096] [--gsd 0.5] [--model landcover] [--tile 0]
        [--workers 1 2]

Scheduler and workers are processes of this machine, each worker bound to processors of its own, `--threads` many. The
job runs through its raster stages by itself first, then with each number of workers; all results must be the same to
the byte. Small jobs before it load the models. Beside the wall time of the stages, models included, stand the speed-up
against the first number of workers, the share of the time for which workers were at work on blocks, and what joining
took. With `--job refine`, the classes that the model finds by itself are refined as a map of one's own. Last comes the
cost of a task that does nothing, one by one and many at a time.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
from end_to_end import BACKEND, image_of

sys.path.insert(0, str(BACKEND))

from idgbr.distributed.client import Cluster
from idgbr.distributed.coordinator import ClusterRun
from idgbr.jobs import refine, segment
from idgbr.monitor import Monitor
from idgbr.run import run_job

#: Tasks that do nothing, to time.
EMPTY_TASKS = 500
#: Side of the job that loads the models, px.
WARM_UP = 512
#: What is timed: where it is, its name there, its name here.
PARTS: list[tuple[Any, str, str]] = [
    (segment, "make_result", "stages"),
    (refine, "make_result", "stages"),
    (ClusterRun, "_join", "join"),
    (Cluster, "result", "result"),
]


def nothing() -> dict[str, Any]:
    """A task that does nothing."""
    return {}


@contextmanager
def cluster(workers: int, threads: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers, each on `threads` processors of its own."""
    environment = os.environ | {"PYTHONPATH": str(BACKEND), "IDGBR_THREADS": str(threads)}
    processes: list[subprocess.Popen[bytes]] = []

    def start(name: str, pattern: str, *arguments: str) -> str:
        command = [sys.executable, "-m", f"distributed.cli.dask_{arguments[0]}", *arguments[1:], "--host", "127.0.0.1"]
        log = folder / f"{name}.log"
        with log.open("wb") as file:
            processes.append(subprocess.Popen(command, stdout=file, stderr=file, env=environment))
        while not (found := re.search(pattern, log.read_text())):
            if processes[-1].poll() is not None:
                sys.exit(log.read_text())
            time.sleep(0.1)
        return found[1]

    try:
        address = start("scheduler", r"Scheduler at:\s+(tcp://\S+)", "scheduler", "--port", "0", "--no-dashboard")
        options = ("--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--no-dashboard")
        for number in range(workers):
            start(f"worker{number}", r"(Registered to:)", "worker", address, *options)
            bind(processes[-1].pid, range(number * threads, (number + 1) * threads))
        yield address
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def bind(pid: int, places: range) -> None:
    """Bind a process to some of the processors, as far as there are so many."""
    process = psutil.Process(pid)
    if hasattr(process, "cpu_affinity"):
        usable = psutil.Process().cpu_affinity()
        process.cpu_affinity(sorted({usable[place % len(usable)] for place in places}))


class Clock:
    """Adds up seconds spent in functions, while they are patched, and what blocks took their workers."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.blocks: list[float] = []

    def timed(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The function, its time added up under a name."""

        def call(*arguments: Any) -> Any:
            began = time.perf_counter()
            found = function(*arguments)
            self.seconds[name] += time.perf_counter() - began
            if name == "result" and "changed" in found:
                self.blocks.append(found["seconds"])
            return found

        return call


def run(job: str, parameters: dict[str, Any]) -> tuple[Clock, list[bytes]]:
    """Run the job; what it took, and its rasters."""
    clock = Clock()
    with ExitStack() as stack:
        for owner, function, name in PARTS:
            stack.enter_context(patch.object(owner, function, clock.timed(getattr(owner, function), name)))
        run_job(job, parameters, Monitor())
    return clock, [Path(parameters[name]).read_bytes() for name in ("output_classes", "output_confidence")]


def empty_tasks(address: str) -> tuple[float, float]:
    """Seconds of a task that does nothing: one after the other, and each of many at a time."""
    with closing(Cluster(address, Monitor())) as connected:
        connected.wait_for_workers()
        times = []
        for rounds, count in ((EMPTY_TASKS // 10, 1), (1, EMPTY_TASKS)):
            began = time.perf_counter()
            for _ in range(rounds):
                for future in [connected.submit(nothing) for _ in range(count)]:
                    future.result()
            times.append((time.perf_counter() - began) / (rounds * count))
    return times[0], times[1]


def main() -> None:
    """Print the table; the exit status says whether all results were the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--job", choices=["segment", "refine"], default="segment")
    parser.add_argument("--size", type=int, default=4096, help="side of the raster, pixels")
    parser.add_argument("--gsd", type=float, default=0.5, help="metres a pixel")
    parser.add_argument("--model", default="landcover")
    parser.add_argument("--tile", type=int, default=0, help="side of the tiles, pixels; 0: the model's own")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--threads", type=int, default=1, help="processors of each worker")
    parser.add_argument("--no-local", action="store_true", help="leave the run without a cluster out")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "idgbr-benchmarks")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    os.environ["IDGBR_THREADS"] = str(options.threads)
    image = image_of(options.work, options.size, options.gsd)
    parameters = {
        "input": str(image), "model": options.model, "device": "cpu", "resume": False, "tile": options.tile,
        "output": str(options.work / "cluster.gpkg"),
        "output_classes": str(options.work / "cluster_classes.tif"),
        "output_confidence": str(options.work / "cluster_confidence.tif"),
    }  # fmt: skip
    small = {**parameters, "input": str(image_of(options.work, WARM_UP, options.gsd))}
    if options.job == "refine":
        for given in (parameters, small):
            given["coarse"] = str(options.work / f"{Path(given['input']).stem}_classes.tif")
            run("segment", {**given, "refine": False, "output_classes": given["coarse"]})
    print(f"{'workers':>7} {'stages s':>9} {'speed-up':>9} {'blocks':>7} {'busy':>6} {'join s':>7}")
    found, base = [], 0.0
    if not options.no_local:
        run(options.job, small)
        clock, rasters = run(options.job, parameters)
        found.append(rasters)
        print(f"{'local':>7} {clock.seconds['stages']:>9.1f}", flush=True)
    for workers in options.workers:
        with cluster(workers, options.threads, options.work) as address:
            for _ in range(workers):  # so that each of them gets a block
                run(options.job, {**small, "cluster": address, "tile": 64})
            clock, rasters = run(options.job, {**parameters, "cluster": address})
            one, many = empty_tasks(address)
        found.append(rasters)
        seconds = clock.seconds["stages"]
        base = base or seconds
        busy = sum(clock.blocks) / (workers * seconds)
        print(
            f"{workers:>7} {seconds:>9.1f} {base / seconds:>9.2f} {len(clock.blocks):>7} {busy:>6.0%} "
            f"{clock.seconds['join']:>7.1f}", flush=True,
        )  # fmt: skip
    same = all(rasters == found[0] for rasters in found)
    print(f"results    {'the same to the byte' if same else 'DIFFER'}")
    print(f"empty task {one * 1e3:.1f} ms one by one, {many * 1e3:.1f} ms each of {EMPTY_TASKS} at a time")
    sys.exit(not same)


if __name__ == "__main__":
    main()
