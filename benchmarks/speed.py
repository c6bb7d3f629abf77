"""Speed and peak memory of jobs, also against the build of an earlier commit: same machine, same inputs, one run.

    python -m benchmarks.speed [--sizes 2048 8192] [--before COMMIT] [--repeats 2] [--only NAME …] [--work FOLDER]

Each job is a process of its own, so its figures include the start; the preview is a request to a worker that keeps
running, as the plugin's is. Builds take turns; a row shows the least time of the repeats. Processor time is that of the
process and its children, peak memory that of the largest of them. The first run of each job and build, at the smallest
size, is not measured, because it compiles code. The files of the build before stay in the folder `--work`, with what
they compiled, so that a later run of this benchmark does not compile them again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
import rasterio

from benchmarks.end_to_end import image_of, truth_of

ROOT = Path(__file__).resolve().parents[1]
GSD_M, PREVIEW_PX = 0.3, 1024
REFINED, COARSE, LOOP, PREVIEW = "segment, refined", "segment, coarse", "plain loop, coarse", "preview, warm"


class Figures(NamedTuple):
    """Seconds on the clock and of processors, and peak memory in MiB."""

    clock: float
    processor: float
    peak: float


class Job(NamedTuple):
    """A job: arguments of Python, in which `{out}` is a folder for results, and the pixels that it works on."""

    arguments: Sequence[str]
    pixels: int


def large_jobs(work: Path, size: int) -> dict[str, Job]:
    """Jobs whose time grows with the size of the image, by name."""
    image, idgbr = str(image_of(work, size, GSD_M)), ["-m", "idgbr"]
    loop = [str(ROOT / "benchmarks" / "plain_loop.py"), image, str(_whole_network(work)), "{out}/a.gpkg"]
    return {
        REFINED: Job([*idgbr, "segment", image, "{out}/a.gpkg"], size**2),
        COARSE: Job([*idgbr, "segment", image, "{out}/a.gpkg", "--no-refine"], size**2),
        LOOP: Job(loop, size**2),
        "vectorize": Job([*idgbr, "vectorize", str(truth_of(work, size, GSD_M)), "{out}/a.gpkg"], size**2),
    }


def small_jobs(work: Path, size: int) -> dict[str, Job]:
    """Jobs of one size, made of images of `size`."""
    image, truth = str(image_of(work, size, GSD_M)), str(truth_of(work, size, GSD_M))
    fine, fine_truth = str(image_of(work, size // 4, 0.07)), str(truth_of(work, size // 4, 0.07))
    small, small_truth = (_part(path, work, 512) for path in (image, truth))
    return {
        "segment, refined, 512 px": Job(["-m", "idgbr", "segment", small, "{out}/a.gpkg"], 512**2),
        "refine, 512 px": Job(["-m", "idgbr", "refine", small, small_truth, "{out}/a.gpkg"], 512**2),
        "refine a map at 0.07 m": Job(["-m", "idgbr", "refine", fine, fine_truth, "{out}/a.gpkg"], (size // 4) ** 2),
        "evaluate": Job(["-m", "idgbr", "evaluate", truth, truth], size**2),
    }


def _whole_network(work: Path) -> Path:
    """The bundled model of buildings as one ONNX file, for tools that know no backbones."""
    sys.path.insert(0, str(ROOT / "backend"))
    from idgbr.engines.joined import joined

    models, path = ROOT / "resources" / "models", work / "buildings.onnx"
    path.write_bytes(joined(models / "backbone" / "model.onnx", models / "buildings" / "head.onnx", ("scores",)))
    return path


def _part(path: str, work: Path, side: int) -> str:
    """The upper left square of a raster."""
    part = work / f"{Path(path).stem}_{side}.tif"
    with rasterio.open(path) as source:
        values = source.read(window=((0, side), (0, side)))
        profile = {**source.profile, "height": side, "width": side, "tiled": False}
    for key in ("blockxsize", "blockysize"):
        profile.pop(key, None)
    with rasterio.open(part, "w", **profile) as out:
        out.write(np.ascontiguousarray(values))
    return str(part)


def environment_of(build: Path, cache: Path) -> Mapping[str, str]:
    """The environment of a build's processes."""
    environment = {
        **os.environ, "PYTHONPATH": str(build / "backend"), "IDGBR_MODELS": str(build / "resources" / "models"),
        "NUMBA_CACHE_DIR": str(cache.absolute() / build.name), "IDGBR_CACHE_DIR": str(cache.absolute() / "networks"),
    }  # fmt: skip
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users' Python compiles a module once
    return environment


def timed(build: Path, job: Job, cache: Path) -> Figures:
    """Figures of a job in a build."""
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryFile() as told:
        command = [sys.executable, *(a.format(out=out) for a in job.arguments)]
        began = time.monotonic()
        child = subprocess.Popen(command, env=environment_of(build, cache), stdout=subprocess.DEVNULL, stderr=told)
        peak, ended = 0.0, 0
        while not ended:
            time.sleep(0.02)
            # Not `ru_maxrss`, which begins with the memory of this process.
            peak = max(peak, *map(_peak, _with_children(child.pid)))
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        seconds, child.returncode = time.monotonic() - began, os.waitstatus_to_exitcode(status)
        if child.returncode:
            told.seek(0)
            lines = told.read().decode(errors="replace").strip().splitlines()
            raise SystemExit(f"{build}: {' '.join(job.arguments)}: {lines[-1] if lines else child.returncode}")
    return Figures(seconds, usage.ru_utime + usage.ru_stime, peak)


class WarmWorker:
    """A build's worker that keeps running, asked for previews as the plugin asks."""

    def __init__(self, build: Path, cache: Path) -> None:
        command = [sys.executable, "-m", "idgbr", "worker"]
        self._child = subprocess.Popen(
            command, env=environment_of(build, cache), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._number = 0
        self._ask("initialize", {"protocol_version": 1, "client": "benchmark"})

    def _ask(self, method: str, params: Mapping[str, object]) -> None:
        """Send a request and wait for its answer."""
        assert self._child.stdin
        assert self._child.stdout
        self._number += 1
        request = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        self._child.stdin.write(json.dumps(request) + "\n")
        self._child.stdin.flush()
        for line in self._child.stdout:
            answer = json.loads(line)
            if answer.get("id") == self._number and "method" not in answer:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']['message']}")
                return
        raise SystemExit(f"{method}: the worker ended.")

    def preview(self, image: str, at: int) -> Figures:
        """Figures of a preview of `PREVIEW_PX`, `at` px from the corner of the image."""
        with rasterio.open(image) as source:
            (west, north), (east, south) = (source.transform @ (p, p) for p in (at, at + PREVIEW_PX))
        process = psutil.Process(self._child.pid)
        with tempfile.TemporaryDirectory() as out:
            before, began = process.cpu_times(), time.monotonic()
            parameters = {"input": image, "output": out, "extent": [west, south, east, north]}
            self._ask("job/run", {"job": "preview", "parameters": parameters})
            seconds, after = time.monotonic() - began, process.cpu_times()
        spent = after.user + after.system - before.user - before.system
        return Figures(seconds, spent, _peak(process.pid))

    def close(self) -> None:
        """End the worker."""
        self._child.communicate()


def _peak(pid: int) -> float:
    """Peak memory of a running process in MiB, on Linux; 0 elsewhere."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0.0


def _with_children(pid: int) -> list[int]:
    """A process and its children, on Linux."""
    found = [pid]
    with suppress(OSError):
        found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return found


def previews(build: Path, image: str, cache: Path, repeats: int) -> Figures:
    """Least figures of previews by a worker that has made one before."""
    worker = WarmWorker(build, cache)
    try:
        found = [worker.preview(image, 64 * number) for number in range(repeats + 1)]
    finally:
        worker.close()
    return Figures(*np.min(found[1:], axis=0))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[2048, 8192], help="sides of the images, px")
    parser.add_argument("--before", help="commit of a build to compare with")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--only", nargs="*", help="names of jobs")
    parser.add_argument("--work", type=Path, default=Path("build/benchmarks"), help="folder for the images")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    builds, cache = [ROOT], options.work / "compiled"
    if options.before:
        builds.append(earlier_build(options.before, options.work))
    sizes = sorted(options.sizes)
    jobs = [(name, size, job) for size in sizes for name, job in large_jobs(options.work, size).items()]
    jobs += [(name, sizes[0], job) for name, job in small_jobs(options.work, sizes[0]).items()]
    print_head(before=bool(options.before))
    found: dict[tuple[str, int], Figures] = {}
    for name, size, job in jobs:
        if options.only and name not in options.only:
            continue
        times: dict[Path, list[Figures]] = {build: [] for build in builds[: 1 if name == LOOP else None]}
        for repeat in range(size != sizes[0], options.repeats + 1):
            for build, measured in times.items():
                figures = timed(build, job, cache)
                if repeat:
                    measured.append(figures)
        least = [Figures(*np.min(measured, axis=0)) for measured in times.values()]
        found[name, size] = least[0]
        print_row(name, size, job.pixels, least)
    if not options.only or PREVIEW in options.only:
        image = str(image_of(options.work, sizes[-1], GSD_M))
        least = [previews(build, image, cache, options.repeats) for build in builds]
        print_row(PREVIEW, PREVIEW_PX, PREVIEW_PX**2, least)
    print_ratios(found, sizes)


def print_head(*, before: bool) -> None:
    """Print the head of the table."""
    names = ["job", "px", "Mpx/s", "s", "processor s", "peak MiB"]
    if before:
        names += ["s before", "ratio", "processor s before", "ratio", "peak MiB before"]
    print(f"| {' | '.join(names)} |\n|{'---|' * len(names)}", flush=True)


def print_row(name: str, size: int, pixels: int, least: Sequence[Figures]) -> None:
    """Print a row: the figures of this build, and those of the build before, with the ratios before / now."""
    now, *earlier = least
    row = (
        f"| {name} | {size} | {pixels / 1e6 / now.clock:.2f} | {now.clock:.2f} | {now.processor:.2f} | {now.peak:.0f} |"
    )
    for before in earlier:
        row += f" {before.clock:.2f} | {before.clock / now.clock:.2f} | {before.processor:.2f} |"
        row += f" {before.processor / now.processor:.2f} | {before.peak:.0f} |"
    print(row, flush=True)


def print_ratios(found: Mapping[tuple[str, int], Figures], sizes: Sequence[int]) -> None:
    """Print what refinement and the plain loop cost, as multiples of the coarse pass."""
    for size in sizes:
        coarse = found.get((COARSE, size))
        for name in (REFINED, LOOP):
            if coarse and (other := found.get((name, size))):
                clock, processor = other.clock / coarse.clock, other.processor / coarse.processor
                print(f"{size} px: {name} takes {clock:.2f} times the time of {COARSE}, {processor:.2f} of processors")


def earlier_build(commit: str, work: Path) -> Path:
    """Backend and models of a commit, in a folder of their own."""
    tree = (work / f"build-{commit}").absolute()
    if not tree.exists():
        part = tree.with_suffix(".part")
        part.mkdir(parents=True, exist_ok=True)
        archive = ["git", "-C", str(ROOT), "archive", commit, "backend/idgbr", "resources/models"]
        with subprocess.Popen(archive, stdout=subprocess.PIPE) as files:
            subprocess.run(["tar", "-x", "-C", str(part)], stdin=files.stdout, check=True)
        if files.returncode:
            raise SystemExit(f"{commit}: no such commit.")
        part.rename(tree)
    return tree


if __name__ == "__main__":
    main()
