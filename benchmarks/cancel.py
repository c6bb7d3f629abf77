"""How long a job goes on after it was cancelled, at moments spread over its whole run; the target is two seconds.

    python benchmarks/cancel.py [--polygons 1000000] [--moments 12] [--jobs evaluate refine vectorize.gpkg]

The layers hold so many small squares and three that cover all of them, the class raster as many regions. A worker, the
process that the plugin starts, runs each job once to its end, and is then cancelled at the moments as the plugin does
it, each time in a process of its own; the time until its answer counts. With `--seconds`, the moments lie in so many
seconds from the beginning, for jobs that take hours. `refine` ends with its first refined tile: what
comes before is the layer. The table has a row for each job and stage: the last that was reported before the cancel.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

BACKEND = Path(__file__).resolve().parents[1] / "backend"
TARGET_S = 2.0
#: Side of a square of the layers with its share of free ground, and of a region, px.
PITCH_PX, PIXEL_M = 4, 0.5
LEFT, TOP, CRS = 500000.0, 5000000.0, "EPSG:32633"
#: Jobs and the formats of their outputs; `refine` is cancelled until this stage.
JOBS = ("evaluate", "refine", "vectorize.gpkg", "vectorize.shp", "vectorize.fgb", "vectorize.geojson")
REFINED = "refine"


def write_layer(path: Path, count: int, seed: int) -> None:
    """A layer of squares on a regular grid, each of a class and a size by chance, and of three that cover all."""
    import shapely
    from pyogrio import raw

    rng = np.random.default_rng(seed)
    side, pitch = math.isqrt(count - 1) + 1, PITCH_PX * PIXEL_M
    rows, cols = np.divmod(np.arange(count), side)
    size = rng.uniform(0.5, 1.0, count) * pitch
    x, y = LEFT + cols * pitch, TOP - rows * pitch
    squares = shapely.box(x, y - size, x + size, y)
    large = [shapely.box(LEFT - i, TOP - side * pitch - i, LEFT + side * pitch + i, TOP + i) for i in (10, 20, 30)]
    classes = np.concatenate([rng.integers(1, 6, count), [1, 2, 3]]).astype(np.int32)
    names = np.array([f"class {i}" for i in range(6)], object)[classes]
    wkb = shapely.to_wkb(np.concatenate([squares, large]))
    raw.write(path, wkb, [classes, names], ["class_id", "class"], geometry_type="Polygon", crs=CRS)


def write_rasters(classes: Path, image: Path, count: int) -> None:
    """A raster of so many square regions, no two neighbours of one class, and an image of the same grid."""
    import rasterio
    from rasterio.transform import from_origin

    side = math.isqrt(count - 1) + 1
    row, col = np.indices((side, side)) % 2
    labels = np.kron((row * 2 + col + 1).astype(np.uint8), np.ones((PITCH_PX, PITCH_PX), np.uint8))
    profile: dict[str, Any] = {
        "driver": "GTiff", "height": side * PITCH_PX, "width": side * PITCH_PX, "dtype": "uint8", "crs": CRS,
        "transform": from_origin(LEFT, TOP, PIXEL_M, PIXEL_M), "tiled": True, "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(classes, "w", count=1, **profile) as raster:
        raster.write(labels, 1)
    with rasterio.open(image, "w", count=3, **profile) as raster:
        for band in (1, 2, 3):
            raster.write(labels * np.uint8(20 * band), band)


class Worker:
    """A worker process and its answers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "idgbr", "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(BACKEND)},
        )  # fmt: skip
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._send("initialize", 1, protocol_version=1)
        while self._answers.get(timeout=120) is None:
            pass

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(json.loads(line))

    def _send(self, method: str, request_id: int | None, **params: Any) -> None:
        assert self._process.stdin is not None
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if request_id is not None:
            message["id"] = request_id
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def run(self, job: str, parameters: dict[str, Any], cancel_after: float | None) -> tuple[float, float, str]:
        """Run a job; returns the seconds until its cancel or end, those it went on, and the stage of the cancel.

        Without a moment, it runs to its end, or to the first refined tile.
        """
        begun = time.monotonic()
        self._send("job/run", 2, job=job, parameters=parameters)
        stage, cancelled = "start", None
        while True:
            left = None if cancel_after is None or cancelled else max(begun + cancel_after - time.monotonic(), 0)
            try:
                answer = self._answers.get(timeout=left)
            except queue.Empty:
                cancelled = time.monotonic()
                self._send("$/cancelRequest", None, id=2)
                continue
            now = time.monotonic()
            if answer is None or answer.get("id") == 2:
                error = (answer or {}).get("error")
                if error and error["code"] != -32800:
                    raise SystemExit(f"{job}: {error['message']}")
                return (cancelled or now) - begun, now - cancelled if cancelled else 0.0, stage
            if answer.get("method") == "$/progress" and not cancelled:
                stage = str(answer["params"]["stage"])
                if stage == REFINED and cancel_after is None:
                    return now - begun, 0.0, stage

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()


def parameters_of(job: str, folder: Path) -> tuple[str, dict[str, Any]]:
    """Name and parameters of a job of `JOBS`."""
    name, _, suffix = job.partition(".")
    if name == "evaluate":
        return name, {"predicted": str(folder / "predicted.gpkg"), "truth": str(folder / "truth.gpkg")}
    if name == "refine":
        output = str(folder / "refined.gpkg")
        coarse = {"coarse": str(folder / "truth.gpkg"), "class_field": "class", "resume": False}
        return name, {"input": str(folder / "image.tif"), "output": output, "device": "cpu"} | coarse
    return name, {"input": str(folder / "classes.tif"), "output": str(folder / f"polygons.{suffix}")}


def measure(job: str, folder: Path, moments: int, seconds: float) -> list[tuple[str, float, float]]:
    """Stage, moment and seconds to the end of each cancel, over so many seconds, or over the whole run for 0."""
    name, parameters = parameters_of(job, folder)
    whole = seconds
    if not whole:
        worker = Worker()
        try:
            whole, _, _ = worker.run(name, parameters, None)
        finally:
            worker.end()
        sys.stdout.write(f"{job}: {whole:.0f} s without a cancel\n")
        sys.stdout.flush()
    found = []
    for moment in range(moments):
        worker = Worker()
        try:
            at, after, stage = worker.run(name, parameters, whole * (moment + 0.5) / moments)
        finally:
            worker.end()
        if after:
            found.append((stage, at, after))
    return found


def main() -> None:
    """Print the table; the exit status says whether all cancels met the target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--polygons", type=int, default=1_000_000, help="polygons of each layer")
    parser.add_argument("--moments", type=int, default=12, help="moments of a job at which it is cancelled")
    parser.add_argument("--seconds", type=float, default=0, help="look at the first so many alone; 0: at all")
    parser.add_argument("--jobs", nargs="*", choices=JOBS, default=list(JOBS))
    parser.add_argument("--work", type=Path, help="folder for the files, which stay; default: a temporary one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.work or Path(temporary)
        folder.mkdir(exist_ok=True)
        for seed, name in enumerate(("predicted", "truth")):
            if not (folder / f"{name}.gpkg").exists():
                write_layer(folder / f"{name}.gpkg", arguments.polygons, seed)
        if not (folder / "image.tif").exists():
            write_rasters(folder / "classes.tif", folder / "image.tif", arguments.polygons)
        lines, worst = [], 0.0
        for job in arguments.jobs:
            cancels = measure(job, folder, arguments.moments, arguments.seconds)
            for stage in dict.fromkeys(stage for stage, _, _ in cancels):
                times = [(after, at) for name, at, after in cancels if name == stage]
                longest, at = max(times)
                worst = max(worst, longest)
                lines.append(f"| {job} | {stage} | {len(times)} | {longest:.2f} | {at:.0f} |")
    sys.stdout.write(f"\nload {os.getloadavg()[0]:.1f}, {arguments.polygons} polygons\n\n")
    sys.stdout.write("| job | stage | cancels | longest, s | at, s |\n|---|---|---|---|---|\n")
    sys.stdout.write("\n".join(lines) + f"\n\nlongest {worst:.2f} s, target {TARGET_S:g} s\n")
    raise SystemExit(worst > TARGET_S)


if __name__ == "__main__":
    main()
