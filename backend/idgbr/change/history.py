"""Buildings over several dates: when each was first and last seen, from the changes between consecutive dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.change.classify import APPEARED, DISAPPEARED

#: A disappearing building is the same as one that appeared if they overlap by this fraction of their union.
SAME_OVERLAP = 0.5

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Seen:
    """A building that was not there all the time: indices of the first and last date that show it.

    None: it was there at the first date, or still is at the last one. `confidence` is that of the more confident
    change.
    """

    shape: Any
    first: int | None
    last: int | None
    confidence: float
    area_m2: float


@dataclass(frozen=True)
class Changes:
    """Changes from one date to the next: polygons, class ids, confidences and areas in m², all (n,)."""

    shapes: Shapes
    class_id: NDArray[np.int64]
    confidence: NDArray[np.float64]
    area_m2: NDArray[np.float64]

    def seen(self, number: int, first: int | None, last: int | None) -> Seen:
        """The building of one change."""
        confidence, area = float(self.confidence[number]), float(self.area_m2[number])
        return Seen(self.shapes[number], first, last, confidence, area)


def history(steps: Sequence[Changes]) -> list[Seen]:
    """Join the changes of consecutive dates; step i leads from date i to date i + 1.

    A building that appears stays open until one that overlaps it disappears; of several, the one that overlaps most. A
    modified building is neither. The outline is that of the more confident of both changes.
    """
    done: list[Seen] = []
    standing: list[Seen] = []
    for step, changes in enumerate(steps):
        gone = np.flatnonzero(changes.class_id == DISAPPEARED)
        tree = shapely.STRtree([seen.shape for seen in standing])
        ended: set[int] = set()
        for number in gone:
            ending = changes.seen(int(number), None, step)
            near = [int(i) for i in tree.query(ending.shape) if int(i) not in ended]
            overlaps = [_overlap(ending.shape, standing[i].shape) for i in near]
            best = int(np.argmax(overlaps)) if overlaps else -1
            if best >= 0 and overlaps[best] >= SAME_OVERLAP:
                ended.add(near[best])
                begun = standing[near[best]]
                surer = max(begun, ending, key=lambda seen: seen.confidence)
                ending = replace(surer, first=begun.first, last=step)
            done.append(ending)
        standing = [seen for i, seen in enumerate(standing) if i not in ended]
        appeared = np.flatnonzero(changes.class_id == APPEARED)
        standing += [changes.seen(int(number), step + 1, None) for number in appeared]
    return done + standing


def _overlap(a: Any, b: Any) -> float:
    union = shapely.area(shapely.union(a, b))
    return float(shapely.area(shapely.intersection(a, b)) / union) if union > 0 else 0.0
