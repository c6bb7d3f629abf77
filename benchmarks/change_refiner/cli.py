"""Whether a refiner that sees both dates draws the boundaries of changes better than the one that ships.

    .venv/bin/python benchmarks/change_refiner --data DATA [--run RUN] [--output TABLE.md]

The shipped refiner sees around each change the date in which the object stands. Compared with it, all started from its
weights and on the same probabilities of change:

- not refined: as the change model draws it;
- one date, as shipped;
- one date, trained further on the same pairs: what such training alone is worth;
- both dates: `benchmarks.change_refiner.network`.

They are trained on pairs made of the training places, and measured on pairs made of test places and on LEVIR-CD chips.
The change model was trained on other pairs of the same training places: of those it draws better maps than elsewhere.
Both dates are worth shipping if the boundary F at 3 px is at least one point better than as shipped on both sets, and
F1 not worse by more than 0.1 point.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from benchmarks.change import GSD_M, RESAMPLES, TOLERANCE_PX, counts, f1, slivers, vectorized
from benchmarks.change_refiner.network import PairRefinerNet
from benchmarks.change_refiner.pairs import SeenPair, batches, made_pairs, seen
from benchmarks.change_sets import Pair, levir_pairs
from idgbr.change.classify import UNCHANGED
from idgbr.evaluation.boundary import BoundaryCounts, boundary_counts
from idgbr.models.registry import find_model
from idgbr.refiner.acceptance import best_class, gate, refinable
from idgbr.refiner.refiner import margins_of, steps_of
from idgbr.training.calibrate import refine_with_torch
from idgbr.training.loop import train
from idgbr.training.networks import RefinerNet
from idgbr.training.places import load_test_places, load_training_places, procedural_places
from idgbr.training.train_refiner import Batch, refiner_loss

#: Of the pairs to train on and of those to measure on: they share no place.
TRAIN_SEED, TEST_SEED = 78, 79
#: What both dates must gain in boundary F, and may lose in F1.
LEAST_GAIN, MOST_LOSS = 0.01, 0.001
SHIPPED, ONE_DATE, BOTH_DATES = "one date, as shipped", "one date, trained further", "both dates"
#: Of a pair, addable over pairs, (9,): counts of `benchmarks.change.counts`; predicted boundary pixels near a true one,
#: all of them, and the reverse; polygons that are slivers.
Measures = NDArray[np.int64]


class Stage(NamedTuple):
    """Steps of the training at a highest learning rate; `new`: of the fusions of the dates alone."""

    name: str
    steps: int
    learning_rate: float
    new: bool


def schedule(step: int, steps: int) -> float:
    """Learning rate of a step, as a share of the highest: a twentieth of warm-up, and a cosine down to a fiftieth."""
    return min(1.0, (step + 1) / (0.05 * steps)) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def one_date_loss(net: nn.Module, batch: Batch) -> Tensor:
    """`refiner_loss` on the visible date alone."""
    return refiner_loss(net, batch._replace(image=batch.image.chunk(2, 1)[0]))


def trained(
    net: RefinerNet, loss: Callable[[nn.Module, Batch], Tensor], make_batch: Callable[[np.random.Generator], Batch],
    stages: Iterable[Stage], run: Path,
) -> RefinerNet:  # fmt: skip
    """The network after all stages; each goes on from its checkpoint, and is taken from `run` where it is finished."""
    for stage in stages:
        weights = run / f"{stage.name}.safetensors"
        if weights.exists():
            net.load_state_dict(load_file(weights))
            continue
        chosen = list(net.fusions()) if stage.new and isinstance(net, PairRefinerNet) else list(net.parameters())
        net.requires_grad_(requires_grad=False)
        for parameter in chosen:
            parameter.requires_grad_()

        def optimizer(_: nn.Module, rate: float, chosen: list[nn.Parameter] = chosen) -> torch.optim.Optimizer:
            return torch.optim.AdamW(chosen, lr=rate, weight_decay=0.02)

        made = train(
            net, make_batch, loss, steps=stage.steps, folder=run, name=stage.name,
            learning_rate=stage.learning_rate, seed=7, log_every=25, schedule=schedule, optimizer_of=optimizer,
        )  # fmt: skip
        assert isinstance(made, RefinerNet)
        net = made
        save_file({k: v.contiguous() for k, v in net.state_dict().items()}, weights)
    return net.eval()


def measured(pair: SeenPair, net: RefinerNet | None, gate_margin: float, steps: int, band_width: int) -> Measures:
    """Measures of a pair refined by `net`, which sees one date or both; not refined without one."""
    coarse = pair.decided.astype(np.float32) / np.float32(255)
    labels, certainty = best_class(coarse)
    if net is not None:
        dates = [pair.visible, pair.other] if isinstance(net, PairRefinerNet) else [pair.visible]
        image = np.concatenate(dates).astype(np.float32) / np.float32(255)
        refined = refine_with_torch(net, image, coarse, steps)
        labels, _ = gate(labels, certainty, refined, refinable(labels, certainty, band_width), gate_margin)
    changed = labels != UNCHANGED
    with tempfile.TemporaryDirectory() as folder:
        narrow = slivers(vectorized(changed, Path(folder)).polygons)
    edges = boundary_counts(changed.astype(np.uint8), pair.truth, 2, [TOLERANCE_PX])[TOLERANCE_PX]
    near = [side[1] for side in (edges.matched_predicted, edges.predicted, edges.matched_true, edges.true)]
    return np.array([*counts(changed, Pair(pair.name, pair.visible, pair.other, pair.truth)), *near, narrow])


def change_f1(total: Measures) -> float:
    """F1 of changed pixels."""
    return f1(total[:4])


def boundary_f(total: Measures) -> float:
    """F-score of the boundary of what changed."""
    matched_predicted, predicted, matched_true, true = total[4:8, None]
    none = np.zeros(1, np.int64)
    return BoundaryCounts(TOLERANCE_PX, matched_predicted, predicted, matched_true, true, none, none).mean_f_score([0])


def slivers_per_km2(total: Measures) -> float:
    """Narrow polygons per km²."""
    return float(total[8] / (total[3] * GSD_M**2 / 1e6))


def gained(ours: Measures, theirs: Measures, score: Callable[[Measures], float]) -> str:
    """By how many points a score over all pairs is better, with its 95 % bootstrap interval over them."""
    chosen = np.random.default_rng(1).integers(len(ours), size=(RESAMPLES, len(ours)))
    gains = [100 * (score(ours[c].sum(0)) - score(theirs[c].sum(0))) for c in [np.arange(len(ours)), *chosen]]
    low, high = np.percentile(gains[1:], [2.5, 97.5])
    return f"{gains[0]:+.2f} ({low:+.2f} to {high:+.2f})"


def compared(name: str, pairs: Iterable[SeenPair], nets: Mapping[str, RefinerNet | None]) -> tuple[str, bool]:
    """A table of a set of pairs, and whether both dates are worth shipping by it."""
    _, card = find_model("refiner", "refiner")
    setting = (margins_of(card, GSD_M, 0).soft, steps_of(card, 0), card.band_width)
    found: dict[str, list[Measures]] = {method: [] for method in nets}
    for pair in pairs:
        for method, net in nets.items():
            found[method].append(measured(pair, net, *setting))
        sys.stderr.write(f"{name}: {pair.name} done\n")
    measures = {method: np.array(per_pair) for method, per_pair in found.items()}
    lines = [f"### {name}", "", "| method | F1 | boundary F 3 px | slivers per km² | F1, points | boundary F, points |"]
    lines.append("|" + "---|" * 6)
    for method, per_pair in measures.items():
        total = per_pair.sum(0)
        cells = [f"{change_f1(total):.4f}", f"{boundary_f(total):.4f}", f"{slivers_per_km2(total):.0f}"]
        cells += [gained(per_pair, measures[SHIPPED], score) for score in (change_f1, boundary_f)]
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    ours, theirs = measures[BOTH_DATES].sum(0), measures[SHIPPED].sum(0)
    worth = change_f1(ours) - change_f1(theirs) >= -MOST_LOSS and boundary_f(ours) - boundary_f(theirs) >= LEAST_GAIN
    return "\n".join(lines) + "\n", worth


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--start", type=Path, default=Path("runs/bundled/refiner.safetensors"), help="shipped weights")
    parser.add_argument("--run", type=Path, default=Path("runs/change_refiner"), help="checkpoints, logs, caches")
    parser.add_argument("--model", default="change", help="change model: an id, or a model's folder")
    parser.add_argument("--scenes", type=int, default=100, help="procedural scenes among the training places")
    parser.add_argument("--pairs", type=int, default=96, help="made pairs to train on")
    parser.add_argument("--test-pairs", type=int, default=24, help="made pairs to measure on")
    parser.add_argument("--fusion-steps", type=int, default=200, help="steps on the fusions of the dates alone")
    parser.add_argument("--steps", type=int, default=600, help="steps on all weights, of either network")
    parser.add_argument("--batch", type=int, default=8, help="samples of a step")
    parser.add_argument("--size", type=int, default=128, help="side of a sample, px, a multiple of 16")
    parser.add_argument("--device", default="auto", help="of the change model")
    parser.add_argument("--output", type=Path, help="also write the tables to this file")
    arguments = parser.parse_args()
    run = arguments.run
    # Another change model draws other maps, to which what was trained belongs.
    files = find_model(arguments.model, "change")[1].files
    run /= "_".join(digest[:8] for name, digest in sorted(files.items()) if name.endswith(".onnx"))
    look = partial(seen, model=arguments.model, device=arguments.device)
    places = load_training_places(arguments.data) + procedural_places(run.parent / "scenes", arguments.scenes)
    pairs = list(look(made_pairs(places, arguments.pairs, TRAIN_SEED), run / "pairs"))
    make_batch = batches(pairs, arguments.batch, arguments.size)
    start = load_file(arguments.start)
    one, both, shipped = RefinerNet(), PairRefinerNet(), RefinerNet()
    for net in (one, shipped):
        net.load_state_dict(start)
    both.load_refiner(start)
    stages = [Stage("both_dates_start", arguments.fusion_steps, 2e-3, True),
              Stage("both_dates", arguments.steps, 3e-4, False)]  # fmt: skip
    two_dates = trained(both, refiner_loss, make_batch, stages, run)
    one_date = trained(one, one_date_loss, make_batch, [Stage("one_date", arguments.steps, 3e-4, False)], run)
    nets = {"not refined": None, SHIPPED: shipped.eval(), ONE_DATE: one_date, BOTH_DATES: two_dates}
    sets = {
        "made of test places": made_pairs(load_test_places(arguments.data), arguments.test_pairs, TEST_SEED),
        "LEVIR-CD": levir_pairs(arguments.data),
    }
    tables, worth = zip(*(compared(name, look(p, run / "pairs"), nets) for name, p in sets.items()), strict=True)
    text = "\n".join(tables) + f"\nBoth dates are {'' if all(worth) else 'not '}worth shipping.\n"
    sys.stdout.write(text)
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
