"""What the rows come to: means by set, producer and method, and what each method changes of the coarse maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.refiner.methods import COARSE
from benchmarks.refiner.producers import PRODUCERS, TRUTH, UNSEEN
from benchmarks.refiner.run import Row, columns
from benchmarks.refiner.scores import MEASURES, OUTLINES

Floats = NDArray[np.float64]

#: A tile is harmed if its mIoU falls by more than this.
HARM = 0.005
_DRAWS = 2000


@dataclass(frozen=True)
class Cell:
    """Mean over the tiles of one set, producer and method; `harmed` is the share of tiles with a fall by `HARM`."""

    set: str
    producer: str
    method: str
    tiles: int
    means: dict[str, float]
    harmed: float
    seconds_per_mpx: float


@dataclass(frozen=True)
class Change:
    """What a method changes, over sets and producers; producers other than the truth unless said otherwise.

    `error` is the change of 1 − F at 2 px in per cent, averaged over sets, with its 95 % interval by bootstrap over
    tiles; `by_set` the same of each set, `unseen` with unseen producers alone. WFm and mIoU in points (per cent);
    `lowest_miou` is the worst of all sets and producers. `angle` (degrees) and `segments` (for 100 px) are those of the
    refined outlines along straight true sides, `coarse_angle` and `coarse_segments` those of the coarse ones. None: not
    run.
    """

    method: str
    error: float
    interval: tuple[float, float]
    by_set: dict[str, float]
    unseen: float | None
    wfm: float
    miou: float
    lowest_miou: float
    harmed: float
    truth_f1: float | None
    truth_harmed: float | None
    seconds_per_mpx: float
    angle: float | None = None
    segments: float | None = None
    coarse_angle: float | None = None
    coarse_segments: float | None = None


def _by_tile(rows: Sequence[Row]) -> dict[tuple[str, str, str], dict[str, Row]]:
    """Rows by (set, producer, method), then by tile."""
    found: dict[tuple[str, str, str], dict[str, Row]] = {}
    for row in rows:
        found.setdefault((row["set"], row["producer"], row["method"]), {})[row["tile"]] = row
    return found


def _harmed(rows: dict[str, Row], before: dict[str, Row]) -> Floats:
    """Whether each tile is harmed, 0 or 1."""
    falls = [before[tile]["scores"]["mIoU"] - row["scores"]["mIoU"] for tile, row in rows.items()]
    return (np.array(falls) > HARM).astype(float)


def cells(rows: Sequence[Row]) -> list[Cell]:
    """Means of all combinations, set by set, producer by producer."""
    found = _by_tile(rows)
    methods = {method: number for number, method in enumerate(columns(rows, "method"))}
    sets = {name: number for number, name in enumerate(columns(rows, "set"))}
    order = sorted(found, key=lambda key: (sets[key[0]], PRODUCERS.index(key[1]), methods[key[2]]))
    result = []
    for key in order:
        tiles = found[key]
        means = {m: float(np.mean([row["scores"][m] for row in tiles.values()])) for m in MEASURES}
        harmed = float(_harmed(tiles, found[key[0], key[1], COARSE]).mean())
        pace = float(np.median([row["seconds_per_mpx"] for row in tiles.values()]))
        result.append(Cell(*key, len(tiles), means, harmed, pace))
    return result


def changes(rows: Sequence[Row]) -> list[Change]:
    """What each method but the coarse map changes."""
    return [_change(rows, method) for method in columns(rows, "method") if method != COARSE]


def _change(rows: Sequence[Row], method: str) -> Change:
    found = _by_tile(rows)
    pairs = {
        (name, producer): (found[name, producer, COARSE], tiles)
        for (name, producer, other), tiles in found.items()
        if other == method
    }
    damaged = {key: pair for key, pair in pairs.items() if key[1] != TRUTH} or pairs
    truth = [pair for key, pair in pairs.items() if key[1] == TRUTH]
    errors = _errors(damaged)
    unseen = _errors({key: pair for key, pair in damaged.items() if key[1] in UNSEEN})
    by_set = {name: _shrinkage(*both) for name, both in errors.items()}
    miou = [_gain(pair, "mIoU") for pair in damaged.values()]
    return Change(
        method=method,
        error=float(np.mean(list(by_set.values()))),
        interval=_interval(errors),
        by_set=by_set,
        unseen=float(np.mean([_shrinkage(*both) for both in unseen.values()])) if unseen else None,
        wfm=float(np.mean([_gain(pair, "WFm") for pair in damaged.values()])),
        miou=float(np.mean(miou)),
        lowest_miou=min(miou),
        harmed=float(np.mean(np.concatenate([_harmed(after, before) for before, after in damaged.values()]))),
        truth_f1=float(np.mean([r["scores"]["F1"] for _, t in truth for r in t.values()])) if truth else None,
        truth_harmed=float(np.mean(np.concatenate([_harmed(a, b) for b, a in truth]))) if truth else None,
        seconds_per_mpx=float(np.median([r["seconds_per_mpx"] for _, t in pairs.values() for r in t.values()])),
        **_straight(damaged),
    )


def _straight(pairs: dict[tuple[str, str], tuple[dict[str, Row], dict[str, Row]]]) -> dict[str, float | None]:
    """Means of `OUTLINES` over tiles where both maps have them, refined and coarse."""
    found: dict[str, float | None] = {}
    for measure in OUTLINES:
        both = [
            (row["scores"][measure], before[tile]["scores"][measure])
            for before, after in pairs.values() for tile, row in after.items()
            if measure in row["scores"] and measure in before[tile]["scores"]
        ]  # fmt: skip
        after_mean, before_mean = np.mean(both, 0) if both else (None, None)
        found[measure] = None if after_mean is None else float(after_mean)
        found[f"coarse_{measure}"] = None if before_mean is None else float(before_mean)
    return found


def _gain(pair: tuple[dict[str, Row], dict[str, Row]], measure: str) -> float:
    """Mean gain of a measure over the tiles, in points."""
    before, after = pair
    return 100 * float(np.mean([row["scores"][measure] - before[t]["scores"][measure] for t, row in after.items()]))


def _errors(
    pairs: dict[tuple[str, str], tuple[dict[str, Row], dict[str, Row]]],
) -> dict[str, tuple[Floats, Floats]]:
    """1 − F at 2 px of each tile, before and after, summed over producers, by set."""
    found: dict[str, tuple[Floats, Floats]] = {}
    for (name, _), (before, after) in pairs.items():
        tiles = sorted(after)
        both = tuple(np.array([1 - rows[tile]["scores"]["F2"] for tile in tiles]) for rows in (before, after))
        old, new = found.get(name, (np.zeros(len(tiles)), np.zeros(len(tiles))))
        found[name] = (old + both[0], new + both[1])
    return found


def _shrinkage(before: Floats, after: Floats) -> float:
    """Change of the summed error in per cent; 0 where there was none."""
    total = float(before.sum())
    return 100 * (float(after.sum()) / total - 1) if total else 0.0


def _interval(errors: dict[str, tuple[Floats, Floats]], seed: int = 0) -> tuple[float, float]:
    """95 % interval of the change averaged over sets: tiles of each set are drawn anew, with replacement."""
    rng = np.random.default_rng(seed)
    averages = np.zeros(_DRAWS)
    for before, after in errors.values():
        drawn = rng.integers(len(before), size=(_DRAWS, len(before)))
        old, new = before[drawn].sum(1), after[drawn].sum(1)
        averages += np.where(old > 0, 100 * (new / np.maximum(old, 1e-12) - 1), 0.0) / len(errors)
    low, high = np.percentile(averages, [2.5, 97.5])
    return float(low), float(high)
