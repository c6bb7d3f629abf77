"""Whether the change network can learn at all: 200 steps on a few procedural pairs, then F1 on the same.

    python benchmarks/change_overfit.py [--steps 200] [--pairs 4]

Scenes of the project's own generator with buildings exchanged; prints the F1 of changed pixels.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import count, islice
from pathlib import Path

import numpy as np
import torch

from idgbr.training import change_pairs
from idgbr.training.change_pairs import CropSource
from idgbr.training.loop import train
from idgbr.training.places import procedural_places
from idgbr.training.scn import SCN
from idgbr.training.train_change import PairBatch, pair_loss, standardized, to_tensor

SIZE = 64
#: Pairs in which less has changed have little to learn from.
LEAST_CHANGE = 0.05


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=4)
    arguments = parser.parse_args()
    change_pairs.KINDS = {"exchanged": 1.0}
    with tempfile.TemporaryDirectory() as folder:
        source = CropSource(procedural_places(Path(folder) / "scenes", 6, size=256), SIZE)
        drawn = (source.pair(np.random.default_rng([9, n])) for n in count())
        pairs = list(islice((p for p in drawn if p.changed.mean() > LEAST_CHANGE), arguments.pairs))
        batch: PairBatch = (
            to_tensor([standardized(p.before) for p in pairs]),
            to_tensor([standardized(p.after) for p in pairs]),
            torch.from_numpy(np.stack([p.changed for p in pairs])),
            torch.from_numpy(np.stack([p.known for p in pairs])),
        )
        torch.manual_seed(1)
        net = train(
            SCN(tileable=True), lambda _: batch, pair_loss, steps=arguments.steps, folder=Path(folder),
            name="overfit", learning_rate=3e-3, seed=1, ema_decay=0.9, log_every=20,
        )  # fmt: skip
        with torch.inference_mode():
            found = (net(*batch[:2])[0][:, 0] > 0) & batch[3]
    truth = batch[2]
    both = int((found & truth).sum())
    score = 2 * both / max(int(found.sum()) + int(truth.sum()), 1)
    sys.stdout.write(f"F1 after {arguments.steps} steps on {arguments.pairs} pairs: {score:.4f}\n")


if __name__ == "__main__":
    main()
