"""Calibrates the acceptance output of the refiner, on held-out places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from idgbr.arrays import Array
from idgbr.refiner.acceptance import best_class, refinable
from idgbr.refiner.flow import flow
from idgbr.refiner.learned_acceptance import Acceptance, decided
from idgbr.training.backbone import Backbone
from idgbr.training.calibrate import BAND_WIDTH, DRAWN, STEPS, Patch, Scores, label_noise_of, scores_by_kind, tolerance
from idgbr.training.guided_networks import GuidedRefiner
from idgbr.training.labels import IGNORE
from idgbr.training.loop import console
from idgbr.training.train_guided import PlacedPatch, TorchGuided

#: Numbers of steps with thresholds of their own; more steps use the thresholds of the largest number here.
CALIBRATED_STEPS = (1, 2, 4)
#: Probabilities that are tried as thresholds; at 1 nothing changes.
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
#: Bins of the reliability diagram.
BINS = 10


class Refined(NamedTuple):
    """A patch and the network's output: probabilities (K, H, W) before acceptance, and acceptance logits (H, W)."""

    patch: Patch
    scores: Array
    logits: Array

    def decided(self, temperature: float, threshold: float) -> Array:
        """Probabilities after all changes with a probability above `threshold` are accepted."""
        return decided(self.patch.coarse, self.scores, self.logits, Acceptance(temperature, threshold, threshold))

    def changes(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Logits of the pixels that would change, and whether these changes are right."""
        before, certainty = best_class(self.patch.coarse)
        after, _ = best_class(self.scores)
        truth = self.patch.truth
        here = (before != after) & (truth != IGNORE) & refinable(before, certainty, BAND_WIDTH)
        return self.logits[here], after[here] == truth[here]


def calibrate_guided(net: GuidedRefiner, backbone: Backbone, patches: Sequence[PlacedPatch]) -> dict[str, Any]:
    """The fields `margins` and `acceptance` of the card.

    Margins are 0, because the scores contain the decisions. Their last column is the label noise of exact drawn maps.
    A job compares it with the noise of the given map, to choose its first grid (`idgbr.refiner.label_noise`).
    """
    margins: dict[str, list[tuple[float, float, float, float]]] = {}
    thresholds: dict[str, list[tuple[float, float, float]]] = {}
    groups = {gsd: [placed.patch for placed in patches if placed.gsd_m == gsd] for _, gsd in patches}
    refined = {steps: {g: _refined(net, backbone, group, g, steps) for g, group in groups.items()}
               for steps in CALIBRATED_STEPS}  # fmt: skip
    default = [one for group in refined[STEPS].values() for one in group]
    temperature = fit_temperature(default)
    for steps, by_gsd in refined.items():
        margins[str(steps)], thresholds[str(steps)] = [], []
        for gsd, group in by_gsd.items():
            found = []
            for drawn in (False, True):
                console.print(f"{steps} step(s), {gsd} m, {'drawn' if drawn else 'soft'} maps", highlight=False)
                chosen = [one for one in group if one.patch.kind.endswith(DRAWN) == drawn]
                found.append(best_threshold(chosen, temperature))
            exact = [one for one in group if one.patch.kind.endswith(DRAWN)]
            doubted = label_noise_of(
                [one.patch for one in exact], [one.decided(temperature, found[1]) for one in exact]
            )
            thresholds[str(steps)].append((gsd, found[0], found[1]))
            margins[str(steps)].append((gsd, 0.0, 0.0, round(doubted, 4)))
    return {
        "margins": margins,
        "acceptance": {
            "temperature": round(temperature, 3),
            "thresholds": thresholds,
            "reliability": reliability(default, temperature),
        },
    }


def _refined(
    net: GuidedRefiner, backbone: Backbone, patches: Sequence[Patch], gsd_m: float, steps: int
) -> list[Refined]:
    network = TorchGuided(net, backbone, gsd_m)
    return [Refined(p, *flow(network, p.image, np.ascontiguousarray(p.coarse), steps)) for p in patches]


def fit_temperature(refined: Sequence[Refined]) -> float:
    """The temperature with the lowest negative log-likelihood of changes, averaged over kinds of map."""
    kinds: dict[str, list[tuple[NDArray[np.float32], NDArray[np.bool_]]]] = {}
    for one in refined:
        kinds.setdefault(one.patch.kind, []).append(one.changes())
    held = [tuple(np.concatenate(parts) for parts in zip(*rows, strict=True)) for rows in kinds.values()]
    held = [(logits, right) for logits, right in held if logits.size]

    def loss(log_temperature: float) -> float:
        return float(np.mean([
            np.logaddexp(0, np.where(right, -logits, logits) / np.exp(log_temperature)).mean() for logits, right in held
        ]))  # fmt: skip

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.5), np.log(5.0)), method="bounded").x)) if held else 1.0


def best_threshold(refined: Sequence[Refined], temperature: float) -> float:
    """The threshold with the best mean boundary F (2 px) of those that harm no kind of map beyond its tolerance.

    If each threshold harms a kind, the threshold with the least harm to the worst kind.
    """
    patches = [one.patch for one in refined]
    before = scores_by_kind(patches, [None] * len(patches), 0.0)
    found = []
    for threshold in THRESHOLDS:
        after = scores_by_kind(patches, [one.decided(temperature, threshold) for one in refined], 0.0)
        gains = {kind: np.subtract(after[kind], before[kind]) for kind in before}
        harm = min([0.0, *(float((gains[kind] + tolerance(kind)).min()) for kind in before)])
        mean = float(np.mean([gain[1] for gain in gains.values()])) if gains else 0.0
        console.print(
            f"threshold {threshold}: mean {mean:+.4f}, harm {harm:+.4f}, {gains_text(gains)}", highlight=False
        )
        found.append((harm, mean, threshold))
    return max(found)[2]


def gains_text(gains: dict[str, Any]) -> str:
    """Gains of boundary F at 1 and 2 px and of mean IoU, by kind, in one line."""
    return "; ".join(f"{kind} " + "/".join(f"{x:+.3f}" for x in Scores(*gain)) for kind, gain in gains.items())


def reliability(refined: Sequence[Refined], temperature: float) -> list[list[float]]:
    """Rows of the reliability diagram of changes: mean probability, share that is right, share of the changes."""
    pairs = [one.changes() for one in refined]
    logits, right = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    if not logits.size:
        return []
    p = 1 / (1 + np.exp(-logits.astype(np.float64) / temperature))
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    sums = np.stack([np.bincount(bins, values, BINS) for values in (p, right, np.ones(len(p)))])
    full = sums[2] > 0
    rows: list[list[float]] = np.stack([sums[0, full] / sums[2, full], sums[1, full] / sums[2, full],
                                        sums[2, full] / len(p)], 1).round(4).tolist()  # fmt: skip
    return rows
