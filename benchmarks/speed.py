"""Speed of jobs against the build of an earlier commit: same machine, same inputs, one run.

    python -m benchmarks.speed --before COMMIT [--size 4096] [--repeats 2] [--only NAME …] [--work FOLDER]

Each job is a process of its own, so its figures include the start. Builds take turns; a row shows the least time of the
repeats and the ratio before / now. Processor time is that of the process and its children. The first run of each build
is not measured, because it compiles code. The files of the build before stay in the folder `--work`, with what they
compiled, so that a later run of this benchmark does not compile them again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio

from benchmarks.end_to_end import image_of, truth_of

ROOT = Path(__file__).resolve().parents[1]


def jobs(work: Path, size: int) -> dict[str, list[str]]:
    """Arguments of the command line by name; results go to the folder `{out}`."""
    image = str(image_of(work, size, 0.3))
    truth = str(truth_of(work, size, 0.3))
    fine, fine_truth = str(image_of(work, size // 4, 0.07)), str(truth_of(work, size // 4, 0.07))
    small, small_truth = (_part(path, work, 512) for path in (image, truth))
    return {
        "segment, refined": ["segment", image, "{out}/a.gpkg"],
        "segment, coarse": ["segment", image, "{out}/a.gpkg", "--no-refine"],
        "segment, refined, 512 px": ["segment", small, "{out}/a.gpkg"],
        "refine, 512 px": ["refine", small, small_truth, "{out}/a.gpkg"],
        "refine a map at 0.07 m": ["refine", fine, fine_truth, "{out}/a.gpkg"],
        "vectorize": ["vectorize", truth, "{out}/a.gpkg"],
        "evaluate": ["evaluate", truth, truth],
    }


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


def timed(build: Path, arguments: Sequence[str], cache: Path) -> tuple[float, float]:
    """Seconds on the clock and of processors of a job in a build."""
    environment = {
        **os.environ, "PYTHONPATH": str(build / "backend"), "IDGBR_MODELS": str(build / "resources" / "models"),
        "NUMBA_CACHE_DIR": str(cache.absolute() / build.name), "IDGBR_CACHE_DIR": str(cache.absolute() / "networks"),
    }  # fmt: skip
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users' Python compiles a module once
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "idgbr", *(a.format(out=out) for a in arguments)]
        before, began = os.times(), time.monotonic()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        seconds, after = time.monotonic() - began, os.times()
    if done.returncode:
        raise SystemExit(f"{build}: {' '.join(arguments)}: {done.stderr.strip().splitlines()[-1]}")
    spent = sum(getattr(after, key) - getattr(before, key) for key in ("children_user", "children_system"))
    return seconds, spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--before", required=True, help="commit of the build to compare with")
    parser.add_argument("--size", type=int, default=4096, help="side of the large image, px")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--only", nargs="*", help="names of jobs")
    parser.add_argument("--work", type=Path, default=Path("build/benchmarks"), help="folder for the images")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    tree = earlier_build(options.before, options.work)
    print(f"| job ({options.size} px) | s before | s now | ratio | processor s before | now | ratio |")
    print("|---|---|---|---|---|---|---|")
    for name, arguments in jobs(options.work, options.size).items():
        if options.only and name not in options.only:
            continue
        found: dict[Path, list[tuple[float, float]]] = {tree: [], ROOT: []}
        for repeat in range(options.repeats + 1):
            for build, times in found.items():
                measured = timed(build, arguments, options.work / "compiled")
                if repeat:
                    times.append(measured)
        (clock, spent), (clock_now, spent_now) = (np.min(times, axis=0) for times in found.values())
        print(
            f"| {name} | {clock:.2f} | {clock_now:.2f} | {clock / clock_now:.2f} "
            f"| {spent:.2f} | {spent_now:.2f} | {spent / spent_now:.2f} |",
            flush=True,
        )


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
