"""The table of the comparison: mIoU of each arm and its difference to HRNet and to the random prior, with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.diff_hrnet.cells import Cell
from benchmarks.diff_hrnet.networks import ARMS
from idgbr.arrays import Ints
from idgbr.evaluation.metrics import mean_iou

_DRAWS = 2000


def bootstrap(counts: NDArray[np.int64], other: NDArray[np.int64] | None = None) -> tuple[float, float, float]:
    """Mean over seeds of the mIoU of counts (seeds, chips, K, K + 1), or of the difference to `other`, and 95 %.

    Seeds and chips are drawn with replacement, the same ones for both.
    """
    rng = np.random.default_rng(0)
    seeds, chips = counts.shape[:2]

    def value(rows: Ints, columns: Ints) -> float:
        found = [mean_iou(counts[s][columns].sum(0)) for s in rows]
        if other is not None:
            found = [a - mean_iou(other[s][columns].sum(0)) for a, s in zip(found, rows, strict=True)]
        return 100 * float(np.mean(found))

    drawn = [value(rng.integers(seeds, size=(seeds,)), rng.integers(chips, size=(chips,))) for _ in range(_DRAWS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return value(np.arange(seeds), np.arange(chips)), float(low), float(high)


def table(cells: Mapping[Cell, NDArray[np.int64]]) -> str:
    """Markdown: a row for each share and arm with finished seeds."""
    lines = [
        "| labels | network | seeds | mIoU, % (95 %) | − HRNet | − random prior |",
        "|---|---|---|---|---|---|",
    ]
    for share in sorted({cell.share for cell in cells}):
        for arm, title in ARMS.items():
            mine = _by_seed(cells, arm, share)
            if not mine:
                continue
            against = []
            for control in ("hrnet", "random"):
                theirs = _by_seed(cells, control, share)
                both = sorted(mine.keys() & theirs.keys())
                if control == arm or not both:
                    against.append("")
                    continue
                pair = (np.stack([side[seed] for seed in both]) for side in (mine, theirs))
                against.append("{:+.1f} ({:+.1f} to {:+.1f})".format(*bootstrap(*pair)))
            score = "{:.1f} ({:.1f} to {:.1f})".format(*bootstrap(np.stack(list(mine.values()))))
            lines.append(f"| {share:.0%} | {title} | {len(mine)} | {score} | {' | '.join(against)} |")
    return "\n".join(lines) + "\n"


def _by_seed(cells: Mapping[Cell, NDArray[np.int64]], arm: str, share: float) -> dict[int, NDArray[np.int64]]:
    return {cell.seed: counts for cell, counts in sorted(cells.items()) if (cell.arm, cell.share) == (arm, share)}
