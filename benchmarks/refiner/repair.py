"""What a refinement repaired and what it broke, against the rough map it began with.

The repair score IoU_imp = IoU_RF − k · (1 − IoU_RT) looks at the pixels that the rough map had wrong (RF) and right
(RT). Its authors do not state k; it is 1 here. Neither term sees new false positives outside truth and rough map, so
`damage` counts those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import ArrayLike

from idgbr.classes import NODATA_CLASS
from idgbr.evaluation.confusion import Labels

#: Weight of what was right and got lost, against what was wrong and got repaired.
K = 1.0


@dataclass(frozen=True)
class RepairCounts:
    r"""Pixel counts of one class, or of several together; addable.

    M is the mask of the class in the true, rough and refined map; RT = true ∩ rough, RF = (true ∪ rough) \ RT.
    """

    right: int = 0  #: |RT|
    kept: int = 0  #: |RT ∩ refined|
    wrong: int = 0  #: |RF|
    claimed: int = 0  #: |RF ∩ (true ∪ refined)|
    repaired: int = 0  #: |RF ∩ true ∩ refined|
    damaged: int = 0  #: |refined \ (true ∪ rough)|

    def __add__(self, other: RepairCounts) -> RepairCounts:
        return RepairCounts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def iou_right(self) -> float:
        """IoU_RT: share of what was right that was kept; 1 if nothing was."""
        return self.kept / self.right if self.right else 1.0

    @property
    def iou_wrong(self) -> float:
        """IoU_RF: IoU of refined and true mask where the rough map was wrong; 1 if nothing is left to repair."""
        return self.repaired / self.claimed if self.claimed else 1.0

    @property
    def damage(self) -> float:
        """New false positives where neither truth nor rough map had the class, relative to |true ∪ rough|."""
        size = self.right + self.wrong
        return self.damaged / size if size else float(self.damaged > 0)

    def improvement(self, k: float = K) -> float:
        """IoU_imp, at most 1: from 0.8 a complete, from 0 a partial repair, below 0 the map got worse."""
        return self.iou_wrong - k * (1 - self.iou_right)

    def improvement_with_damage(self, k: float = K) -> float:
        """IoU_imp less k times the damage that it does not see."""
        return self.improvement(k) - k * self.damage


def repair_counts(
    refined: Labels, rough: Labels, truth: Labels, classes: Sequence[int], ignore: int = NODATA_CLASS
) -> RepairCounts:
    """Repair counts of label maps (H, W), summed over `classes` (for a binary map the foreground alone)."""
    known = truth != ignore
    total = RepairCounts()
    for value in classes:
        true, before, after = ((labels == value) & known for labels in (truth, rough, refined))
        right, wrong = true & before, true ^ before
        total += RepairCounts(
            int(right.sum()), int((right & after).sum()), int(wrong.sum()), int((wrong & (true | after)).sum()),
            int((wrong & true & after).sum()), int((after & ~true & ~before).sum()),
        )  # fmt: skip
    return total


def do_no_harm_rate(before: ArrayLike, after: ArrayLike, tolerance: float = 0.0) -> float:
    """Share of tiles that refinement did not harm: none of their scores fell by more than `tolerance`.

    Args:
        before: Scores of the rough maps, (tiles,) or (tiles, measures), such as mIoU and Boundary IoU; higher is
            better. NaN stands for a measure that the tile does not have.
        after: The same of the refined maps.
        tolerance: Fall that does not count.

    Returns:
        0…1; 1 for no tiles.
    """
    fall = np.asarray(before, np.float64) - np.asarray(after, np.float64)
    harmed = np.atleast_1d(np.nan_to_num(fall, nan=0.0) > tolerance)
    return 1.0 - float(harmed.reshape(len(harmed), -1).any(1).mean()) if len(harmed) else 1.0
