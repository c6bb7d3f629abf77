"""Speed and memory of the main job: a large procedural GeoTIFF through coarse pass, refinement and vectors.

    python benchmarks/end_to_end.py [--size 8192] [--gsd 0.3] [--model buildings] [--no-refine] [--threads 2]

The raster is made once and kept in the folder `--work`. The job runs in a process of its own, bound to as many
processors as `--threads` says; time includes its start, memory is the peak resident set of its process tree, sampled 20
times a second. Run it once before on a small `--size`, so that compiled code is cached.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

BACKEND = Path(__file__).resolve().parents[1] / "backend"
sys.path.insert(0, str(BACKEND))
SEED = 4
MIB = 1 << 20


def image_of(work: Path, size: int, gsd_m: float) -> Path:
    """The raster to segment, made if the work folder does not hold it."""
    from idgbr.scenes import write_scene

    path = work / f"scene_{SEED}_{size}_{gsd_m:g}m.tif"
    if not path.exists():
        began = time.monotonic()
        part = path.with_suffix(".part.tif")
        write_scene(part, size, size, gsd_m=gsd_m, seed=SEED)
        part.replace(path)
        print(f"made {path} in {time.monotonic() - began:.0f} s", flush=True)
    return path


def run_here(parameters: dict[str, Any]) -> None:
    """Run the job in this process; prints its summary and the seconds of each stage as JSON."""
    from idgbr.jobs import run_job
    from idgbr.monitor import Monitor

    class StageClock(Monitor):
        """Times stages by the reports they give."""

        def __init__(self) -> None:
            super().__init__()
            self.stages: dict[str, float] = {}
            self._last = time.monotonic()

        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:  # noqa: ARG002
            """The time since the last report was spent in this stage."""
            now = time.monotonic()
            self.stages[stage] = self.stages.get(stage, 0.0) + now - self._last
            self._last = now

    clock = StageClock()
    result = run_job("segment", parameters, clock)
    print(json.dumps({"summary": result["summary"], "stages": clock.stages}))


def resident(process: psutil.Process) -> int:
    """Resident memory of a process and its children, bytes."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def measure(parameters: dict[str, Any], threads: int) -> tuple[dict[str, Any], float, int]:
    """Run the job in a child process; its report, wall time in seconds and peak memory in bytes."""
    command = [sys.executable, __file__, "--job", json.dumps(parameters)]
    environment = os.environ | {"PYTHONPATH": str(BACKEND), "OMP_NUM_THREADS": str(threads)}
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        process = psutil.Process(child.pid)
        if hasattr(process, "cpu_affinity"):
            process.cpu_affinity(process.cpu_affinity()[:threads])
        peak = 0
        while child.poll() is None:
            try:
                peak = max(peak, resident(process))
            except psutil.NoSuchProcess:
                break
            time.sleep(0.05)
        output = child.stdout.read() if child.stdout else ""
    if child.returncode:
        sys.exit(f"The job failed with status {child.returncode}.")
    return json.loads(output.splitlines()[-1]), time.monotonic() - began, peak


def main() -> None:
    """Make the raster, run the job, print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--size", type=int, default=8192, help="side of the raster, pixels")
    parser.add_argument("--gsd", type=float, default=0.3, help="metres a pixel")
    parser.add_argument("--model", default="buildings")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--steps", type=int, default=0, help="diffusion steps; 0 is the refiner's default")
    parser.add_argument("--no-refine", action="store_true")
    parser.add_argument("--threads", type=int, default=2, help="processors the job may use")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "idgbr-benchmarks")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        run_here(json.loads(options.job))
        return
    options.work.mkdir(parents=True, exist_ok=True)
    image = image_of(options.work, options.size, options.gsd)
    parameters = {
        "input": str(image),
        "output": str(options.work / "polygons.gpkg"),
        "model": options.model,
        "refine": not options.no_refine,
        "steps": options.steps,
        "device": options.device,
    }
    report, seconds, peak = measure(parameters, options.threads)
    summary = report["summary"]
    megapixels = options.size**2 / 1e6
    print(f"image      {options.size} × {options.size} px, {options.gsd:g} m; {options.model} on {summary['device']}")
    print(f"time       {seconds:.1f} s, {megapixels / seconds:.2f} Mpx/s with {options.threads} processors")
    print(f"peak RSS   {peak / MIB:.0f} MiB")
    print(f"polygons   {summary['polygons']}")
    for stage, spent in report["stages"].items():
        print(f"  {stage:<10} {spent:7.1f} s")
    print(f"  {'start':<10} {seconds - sum(report['stages'].values()):7.1f} s")


if __name__ == "__main__":
    main()
