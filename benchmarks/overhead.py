"""What journal, blending, storing and waiting for reads add to bare inference, in both passes of the main job.

    python benchmarks/overhead.py [--size 2048] [--gsd 0.5] [--model landcover]

The job runs in this process, twice, the second time measured. By how much the wall time of both passes, once models are
loaded, exceeds the time spent in networks is the overhead, against a target of 10 %; below it, what its parts take.
Reading runs beside inference: the time it takes is no overhead, that of waiting for it is. Polygons are drawn after
both passes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from end_to_end import image_of, one_after_the_other

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from idgbr.checkpoint.journal import Journal
from idgbr.engines import session
from idgbr.models.coarse import CoarseModel
from idgbr.monitor import Monitor
from idgbr.pipeline import result
from idgbr.raster.reader import RasterSource
from idgbr.refiner import sampler
from idgbr.refiner.refiner import Refiner
from idgbr.run import run_job
from idgbr.tiling.row_store import RawRows
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Blender

#: What is timed: name in the table, where it is, its name there. The first two are inference: the engines, and the
#: refiner's work beside them, which is part of the network.
PARTS: list[tuple[str, Any, str]] = [
    ("inference", session.OpenVinoSession, "run"),
    ("inference", session.OnnxRuntimeSession, "run"),
    ("inference", sampler, "transport"),
    ("inference", sampler, "relations"),
    ("blending", Blender, "add"),
    ("storing", RawRows, "write"),
    ("reading scores (beside)", ScoreStore, "read"),
    ("reading image (beside)", RasterSource, "read"),
    ("journal", Journal, "record"),
]
TARGET = 0.10


class StageClock(Monitor):
    """Times stages by the reports they give, from the time on that their model is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.stages: dict[str, float] = defaultdict(float)
        self._last = time.monotonic()

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:  # noqa: ARG002
        """The time since the last report was spent in this stage."""
        now = time.monotonic()
        self.stages[stage] += now - self._last
        self._last = now

    def starting_after(self, load: Callable[..., None]) -> Callable[..., None]:
        """The function, after which the clock starts anew."""

        def call(*arguments: Any, **options: Any) -> None:
            load(*arguments, **options)
            self._last = time.monotonic()

        return call


def timed(function: Callable[..., Any], spent: dict[str, float], name: str) -> Callable[..., Any]:
    """The function, adding the seconds of its calls to `spent[name]`."""

    def call(*arguments: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] += time.perf_counter() - began

    return call


def main() -> None:
    """Print the table; the exit status says whether the target was met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--size", type=int, default=2048, help="side of the raster, pixels")
    parser.add_argument("--gsd", type=float, default=0.5, help="metres a pixel")
    parser.add_argument("--model", default="landcover")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "idgbr-benchmarks")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    parameters = {
        "input": str(image_of(options.work, options.size, options.gsd)), "output": str(options.work / "overhead.gpkg"),
        "model": options.model, "device": options.device, "resume": False,
    }  # fmt: skip
    result.run_with_consumer = one_after_the_other  # type: ignore[assignment]
    run_job("segment", parameters, Monitor())
    spent: dict[str, float] = defaultdict(float)
    for name, owner, attribute in PARTS:
        setattr(owner, attribute, timed(getattr(owner, attribute), spent, name))
    clock = StageClock()
    for model in (CoarseModel, Refiner):
        model.__init__ = clock.starting_after(model.__init__)  # type: ignore[method-assign]
    run_job("segment", parameters, clock)
    passes = clock.stages["segment"] + clock.stages["refine"]
    inference = spent.pop("inference")
    overhead = passes / inference - 1
    print(f"passes     {passes:7.2f} s")
    print(f"inference  {inference:7.2f} s")
    print(f"overhead   {overhead:7.1%}  (target {TARGET:.0%}: {'met' if overhead <= TARGET else 'missed'})")
    for name, seconds in spent.items():
        print(f"  {name:<24} {seconds:7.2f} s  {seconds / inference:6.1%}")
    sys.exit(overhead > TARGET)


if __name__ == "__main__":
    main()
