"""Speed and memory of the main job: a large procedural GeoTIFF through coarse pass, refinement and vectors.

    python benchmarks/end_to_end.py [--size 8192] [--gsd 0.3] [--model buildings] [--no-refine] [--threads 2]

The raster is made once and kept in the folder `--work`. The job runs in a process of its own, bound to as many
processors as `--threads` says; time includes its start, memory is the peak resident set of its process tree, sampled 20
times a second. Run it once before on a small `--size`, so that compiled code is cached.

    python benchmarks/end_to_end.py --overlap 3 [--size 4096] [--rate 40]

times a job that many times as it is, drawing polygons while the last stage still refines, and as many times drawing
them afterwards: the main job on this processor; and the refinement of the exact map with a stand-in for the network
that takes no processor time, but waits, so that `--rate` megapixels a second come of it, as if a GPU were at work.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
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


def image_of(work: Path, size: int, gsd_m: float, seed: int = SEED) -> Path:
    """The raster to segment, made if the work folder does not hold it."""
    from idgbr.scenes import write_scene

    path = work / f"scene_{seed}_{size}_{gsd_m:g}m.tif"
    if not path.exists():
        began = time.monotonic()
        part = path.with_suffix(".part.tif")
        write_scene(part, size, size, gsd_m=gsd_m, seed=seed)
        part.replace(path)
        print(f"made {path} in {time.monotonic() - began:.0f} s", flush=True)
    return path


def truth_of(work: Path, size: int, gsd_m: float) -> Path:
    """The exact class raster of the same scene."""
    from idgbr.scenes import write_scene

    path = work / f"scene_{SEED}_{size}_{gsd_m:g}m_truth.tif"
    if not path.exists():
        parts = [path.with_suffix(f".part{number}.tif") for number in (0, 1)]
        write_scene(parts[0], size, size, gsd_m=gsd_m, seed=SEED, truth_raster=parts[1])
        parts[0].unlink()
        parts[1].replace(path)
    return path


def one_after_the_other(fill: Any, read: Any, height: int, monitor: Any) -> Any:
    """In place of `idgbr.pipeline.runner.run_with_consumer`: reads when all is filled."""
    from idgbr.pipeline.runner import Front

    front = Front(height)
    fill(front)
    return read(front, monitor)


class WaitingRefiner:
    """In place of the refiner: leaves every class, after a wait in which a GPU would do `rate` px/s."""

    rate = 0.0

    def __init__(self, folder: Path, card: Any, *arguments: object, **options: object) -> None:  # noqa: ARG002
        from idgbr.refiner.acceptance import Margins

        self.card, self.margins = card, Margins(0.2, 0.2)

    def on(self, factor: float) -> Any:  # noqa: ARG002
        """See `idgbr.refiner.refiner.Refiner.on`."""
        return self

    def refine(self, image: Any, coarse: Any, row: int, col: int, monitor: Any) -> Any:  # noqa: ARG002
        """See `idgbr.refiner.refiner.Refiner.refine`."""
        monitor.check()
        time.sleep(image.shape[1] * image.shape[2] / self.rate)
        return coarse


def run_here(job: str, parameters: dict[str, Any], *, apart: bool, rate: float) -> None:
    """Run the job in this process; prints its summary and the seconds of each stage as JSON.

    Polygons are drawn at the end if `apart`; with a `rate`, Mpx/s, the refiner only waits.
    """
    import idgbr.jobs.refine
    import idgbr.pipeline.result
    from idgbr.monitor import Monitor
    from idgbr.run import run_job

    if apart:
        idgbr.pipeline.result.run_with_consumer = one_after_the_other
    if rate:
        WaitingRefiner.rate = rate * 1e6
        idgbr.jobs.refine.Refiner = WaitingRefiner  # type: ignore[misc, assignment]

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
    began = time.monotonic()
    result = run_job(job, parameters, clock)
    seconds = time.monotonic() - began
    print(json.dumps({"summary": result["summary"], "stages": clock.stages, "seconds": seconds}))


def resident(process: psutil.Process) -> int:
    """Resident memory of a process and its children, bytes."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def measure(
    parameters: dict[str, Any], threads: int, job: str = "segment", *, apart: bool = False, rate: float = 0.0
) -> tuple[dict[str, Any], float, int]:
    """Run the job in a child process; its report, wall time in seconds and peak memory in bytes."""
    given = {"job": job, "parameters": parameters, "apart": apart, "rate": rate}
    command = [sys.executable, __file__, "--job", json.dumps(given)]
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


def compare_overlap(options: argparse.Namespace, parameters: dict[str, Any]) -> None:
    """Time jobs that draw polygons on the way and afterwards, in turn; prints a table."""
    truth = truth_of(options.work, options.size, options.gsd)
    jobs = {
        "segment": (parameters, 0.0),
        "refine": (
            {name: parameters[name] for name in ("input", "output", "steps", "tile")} | {"coarse": str(truth)},
            options.rate,
        ),
    }
    print("| job | drawn on the way, s | afterwards, s | ratio | peak RSS, MiB |")
    print("|---|---|---|---|---|")
    for job, (given, rate) in jobs.items():
        found: dict[bool, list[tuple[float, int]]] = {False: [], True: []}
        for number in range(options.overlap):
            for apart in (number % 2 == 0, number % 2 == 1):
                report, _, peak = measure(given, options.threads, job, apart=apart, rate=rate)
                found[apart].append((report["seconds"], peak))
        seconds = {apart: statistics.median(s for s, _ in runs) for apart, runs in found.items()}
        peaks = [max(peak for _, peak in found[apart]) / MIB for apart in (False, True)]
        name = f"{job}, refiner of {rate:g} Mpx/s that only waits" if rate else job
        print(
            f"| {name} | {seconds[False]:.1f} | {seconds[True]:.1f} | {seconds[False] / seconds[True]:.3f} | "
            f"{peaks[0]:.0f} and {peaks[1]:.0f} |",
            flush=True,
        )


def main() -> None:
    """Make the raster, run the job, print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--size", type=int, default=8192, help="side of the raster, pixels")
    parser.add_argument("--gsd", type=float, default=0.3, help="metres a pixel")
    parser.add_argument("--model", default="buildings")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--steps", type=int, default=0, help="diffusion steps; 0 is the refiner's default")
    parser.add_argument("--tile", type=int, default=0, help="side of the tiles; 0 is the models' own")
    parser.add_argument("--no-refine", action="store_true")
    parser.add_argument("--threads", type=int, default=2, help="processors the job may use")
    parser.add_argument("--apart", action="store_true", help="draw polygons afterwards, to time each stage on its own")
    parser.add_argument("--overlap", type=int, default=0, help="times to run each job with and without overlap")
    parser.add_argument("--rate", type=float, default=40.0, help="Mpx/s of the refiner that only waits")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "idgbr-benchmarks")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        given = json.loads(options.job)
        run_here(given["job"], given["parameters"], apart=given["apart"], rate=given["rate"])
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
        "tile": options.tile,
    }
    if options.overlap:
        compare_overlap(options, parameters)
        return
    report, seconds, peak = measure(parameters, options.threads, apart=options.apart)
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
