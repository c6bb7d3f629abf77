"""Trains the alternatives to the refiner, of equal cost, on the same data with as many steps.

    python benchmarks/refiner/train_alternatives.py --data DATA [--run runs/bundled] [--steps N]

The out-of-fold coarse maps of `idgbr train-refiner` are taken from its run folder, or made there. Weights go to
RUN/alternatives, where `python benchmarks/refiner` finds them (`--alternatives`). Defaults are the shipped refiner's.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.refiner import boundary_patch, full_resolution
from idgbr.training.places import unlabelled_places
from idgbr.training.refiner_config import RefinerConfig
from idgbr.training.refiner_run import prepare


def main() -> None:
    """Train each in turn; what is done already is kept."""
    config = RefinerConfig()
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, default=Path("runs/bundled"))
    parser.add_argument("--easy-steps", type=int, default=config.easy_steps)
    parser.add_argument("--steps", type=int, default=config.steps)
    names = (boundary_patch.NAME, full_resolution.NAME)
    parser.add_argument("--only", nargs="*", choices=names, default=list(names))
    options = parser.parse_args()
    places, folder = prepare(options.data, options.run, config), options.run / "alternatives"
    if boundary_patch.NAME in options.only:
        boundary_patch.train_boundary_patch(
            places + unlabelled_places(options.data), steps=options.steps, easy_steps=options.easy_steps, folder=folder
        )
    if full_resolution.NAME in options.only:
        full_resolution.train_full_resolution(places, steps=options.easy_steps + options.steps, folder=folder)


if __name__ == "__main__":
    main()
