"""Whether a diffusion prior helps HRNet: five networks, by share of the labels, on a place that none has seen.

    python benchmarks/diff_hrnet --data ../shared/data --output RUN [--steps 800] [--prior-steps 8000] [--seeds 3]

Set: Dubai land cover, trained on tiles 1, 2, 3, 4 and 8, tested on tile 5 (one place, nine chips). Labels are a share
of the blocks of the training chips, the same ones for all networks of a seed. Weights after the last step are measured;
nothing is chosen on the test place. The prior from this imagery sees the images of all Dubai tiles, as a user's own
raster would be seen, never their labels. The prior from other imagery sees the orthophotos without labels.

The networks are those that two cores can afford: HRNet-W18-small (a module a stage, two blocks a branch), crops of
160 px in batches of 8, priors of 1.9 M parameters. Intervals are bootstrapped over seeds and test chips.

Finished cells are rows of RUN/results.csv and are not run again; a stopped run resumes. The table is RUN/table.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.diff_hrnet.cells import Cell, read_cells, run_cell
from benchmarks.diff_hrnet.networks import ARMS, make_prior
from benchmarks.diff_hrnet.table import table
from idgbr.training.labels import IGNORE
from idgbr.training.places import Place, landcover_place, unlabelled_places
from idgbr.training.segment_config import SegmentConfig

SET = "landcover_dubai_hitl"
SHARES = (0.05, 0.1, 0.25, 1.0)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--shares", default=",".join(map(str, SHARES)))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--size", type=int, default=160, help="Side of a crop, px.")
    parser.add_argument("--prior-steps", type=int, default=8000)
    parser.add_argument("--chips", type=int, default=0, help="Only so many chips of each side, for a trial.")
    arguments = parser.parse_args()
    arms, shares = arguments.arms.split(","), [float(share) for share in arguments.shares.split(",")]
    arguments.output.mkdir(parents=True, exist_ok=True)
    stems = json.loads((arguments.data / "splits.json").read_text())[SET]
    training, test = (
        [landcover_place(arguments.data / SET, stem, 0) for stem in stems[side][: arguments.chips or None]]
        for side in ("train", "test")
    )
    priors = arguments.output / "priors"
    if "own" in arms:
        make_prior(
            [_with_data(place) for place in (*training, *test)], "own", arguments.prior_steps, arguments.batch, priors
        )
    if "other" in arms:
        others = unlabelled_places(arguments.data)[: arguments.chips or None]
        make_prior([_with_data(place) for place in others], "other", arguments.prior_steps, arguments.batch, priors)
    config = SegmentConfig(steps=arguments.steps, batch=arguments.batch, size=arguments.size)
    wanted = [Cell(arm, share, seed) for seed in range(arguments.seeds) for share in shares for arm in arms]
    results = arguments.output / "results.csv"
    for cell in wanted:
        if cell not in read_cells(results):
            run_cell(cell, training, test, config, arguments.output)
            (arguments.output / "table.md").write_text(table(read_cells(results)), encoding="utf-8")
    sys.stdout.write(table(read_cells(results)))


def _with_data(place: Place) -> Place:
    """The place with label 0 where it has data, and `IGNORE` on black."""
    labels = np.where((place.levels[0] == 0).all(2), np.uint8(IGNORE), np.uint8(0))
    return Place(place.name, place.dataset, labels, place.gsd_m, 0, place.levels)
