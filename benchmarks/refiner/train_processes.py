"""Trains the refiner's network under each process of `processes.py`, with the same data, seed and number of steps.

    python benchmarks/refiner/train_processes.py --data DATA [--run runs/bundled] [--steps 1200] [--only bridge noise]

The out-of-fold coarse maps of `idgbr train-refiner` are taken from its run folder, or made there. Weights go to
RUN/processes/PROCESS.safetensors, for `python benchmarks/refiner --checkpoint PROCESS=PATH`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.refiner.processes import PROCESSES
from idgbr.training.places import unlabelled_places
from idgbr.training.refiner_config import RefinerConfig
from idgbr.training.refiner_run import prepare
from idgbr.training.train_refiner import train_refiner


def main() -> None:
    """Train each process in turn; what is done already is kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, default=Path("runs/bundled"))
    parser.add_argument("--easy-steps", type=int, default=600)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--only", nargs="*", choices=sorted(PROCESSES), default=list(PROCESSES))
    options = parser.parse_args()
    places = prepare(options.data, options.run, RefinerConfig()) + unlabelled_places(options.data)
    for name in options.only:
        train_refiner(
            places, easy_steps=options.easy_steps, steps=options.steps, folder=options.run / "processes", name=name,
            loss=PROCESSES[name].loss,
        )  # fmt: skip


if __name__ == "__main__":
    main()
