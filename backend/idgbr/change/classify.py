"""What happened where something changed: appeared, disappeared or modified; and which date shows it.

The refiner, which looks at one image, sees around each changed place the date in which the object stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, uniform_filter

from idgbr.change.image_pair import DatePair
from idgbr.classes import ClassInfo
from idgbr.tiling.score_store import StoredScores

Mask = NDArray[np.bool_]
Labels = NDArray[np.uint8]
#: No building is narrower than this, m.
NARROWEST_M = 2.0

Array = NDArray[np.float32]

CLASSES = (
    ClassInfo(0, "unchanged", (235, 235, 235), background=True),
    ClassInfo(1, "appeared", (37, 150, 84)),
    ClassInfo(2, "disappeared", (214, 73, 51)),
    ClassInfo(3, "modified", (240, 173, 60)),
)
UNCHANGED, APPEARED, DISAPPEARED, MODIFIED = range(4)
#: How much likelier an object must be in one date than in the other to have appeared or disappeared.
DIFFERENCE = 0.15
#: Half-side of the window over which it is decided what happened, m: about a building, so that few are split in two.
DECIDED_OVER_M = 8.0
#: Probabilities of change below this do not weigh in.
LEAST_WEIGHT = 1e-3
#: Probabilities are kept this far from 0 and 1 before their logits are taken: half a level of eight bits.
_LEAST = 1 / 510
#: P(change) of what is left out.
_JUST_NOT = np.float32(0.49)


def thresholded(change: Array, threshold: float) -> Array:
    """P(change) bent so that `threshold` becomes one half."""
    low = change * np.float32(0.5 / threshold)
    high = 0.5 + (change - threshold) * np.float32(0.5 / (1 - threshold))
    return np.where(change < threshold, low, high).astype(np.float32)


def alone(change: Array, was: Array, now: Array) -> Array:  # noqa: ARG001
    """P(change) as the change model gives it."""
    return change


def with_evidence(change: Array, was: Array, now: Array) -> Array:
    """Geometric mean of P(change) and the probability that an object stands in exactly one of the dates."""
    return np.asarray(np.sqrt(change * _one_of(was, now)))


def with_logits(change: Array, was: Array, now: Array) -> Array:
    """The mean, as logits, of P(change) and the probability that an object stands in exactly one of the dates."""
    mean = (_logit(change) + _logit(_one_of(was, now))) / 2
    return np.asarray(1 / (1 + np.exp(-mean)), np.float32)


#: How P(change) is combined with P(object) of both dates, by what cards call it.
FUSIONS: dict[str, Callable[[Array, Array, Array], Array]] = {
    "none": alone,
    "evidence": with_evidence,
    "logits": with_logits,
}


def _one_of(was: Array, now: Array) -> Array:
    return was * (1 - now) + now * (1 - was)


def _logit(probability: Array) -> Array:
    inner = np.clip(probability, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inner / (1 - inner)))


class Evidence(NamedTuple):
    """What the networks found, in files: P(change), and class probabilities of each date if objects are known.

    `background` are the classes that are no object; `fusion` is one of `FUSIONS`.
    """

    change: StoredScores
    dates: tuple[StoredScores, StoredScores] | None
    background: tuple[int, ...]
    fusion: str

    def on(self, size: tuple[int, int], reach: int) -> OpenEvidence:
        """Open it to be read on a grid of `size` (height, width), looking `reach` px around to tell what happened."""
        return OpenEvidence(self, size, reach)


class OpenEvidence:
    """`Evidence` read by windows of a grid, by one thread at a time; use as a context manager."""

    def __init__(self, evidence: Evidence, size: tuple[int, int], reach: int) -> None:
        self._evidence, self._size, self._reach = evidence, size, reach
        self._files = ExitStack()
        self._change = self._files.enter_context(evidence.change.on(size))
        self._dates = [self._files.enter_context(date.on(size)) for date in evidence.dates or ()]

    def __enter__(self) -> OpenEvidence:
        return self

    def __exit__(self, *exc: object) -> None:
        self._files.close()

    def change(self, first: int, last: int, left: int = 0, right: int | None = None) -> Array:
        """P(change) of rows [first, last) and columns [left, right), fused with that of the objects."""
        return self._read(first, last, left, self._size[1] if right is None else right)[0]

    def classes(
        self, first: int, last: int, left: int, right: int, *, threshold: float, narrowest: float
    ) -> Array:  # fmt: skip
        """Probabilities of the four `CLASSES` in rows [first, last) and columns [left, right), (4, rows, cols).

        From `threshold` on a pixel has changed, unless what changed there is narrower than `narrowest` px.
        """
        context, (height, width) = context_px(narrowest), self._size
        top, start = max(first - context, 0), max(left - context, 0)
        change, difference = self._around(top, min(last + context, height), start, min(right + context, width))
        change = thresholded(change, threshold)
        happened = np.full(change.shape, MODIFIED, np.uint8)
        happened[difference > DIFFERENCE] = APPEARED
        happened[difference < -DIFFERENCE] = DISAPPEARED
        changed = change >= 0.5
        labels = widened(np.where(changed, happened, np.uint8(UNCHANGED)), UNCHANGED, narrowest)
        # What is too narrow just fails, so that the refiner may still see more of it.
        change[changed & (labels == UNCHANGED)] = _JUST_NOT
        within = slice(first - top, last - top), slice(left - start, right - start)
        happened = np.where(labels == UNCHANGED, happened, labels)[within]
        change = change[within]
        out = np.zeros((len(CLASSES), *change.shape), np.float32)
        out[UNCHANGED] = 1 - change
        for number in (APPEARED, DISAPPEARED, MODIFIED):
            out[number] = np.where(happened == number, change, 0)
        return out

    def gone(self, first: int, last: int, left: int, right: int) -> NDArray[np.bool_]:
        """Where the earlier date shows what changed, (rows, cols); far from any change, the later does."""
        return self._around(first, last, left, right)[1] < -DIFFERENCE

    def _read(self, first: int, last: int, left: int, right: int) -> tuple[Array, Array, Array]:
        """Fused P(change), and P(object) of each date."""
        change = self._change.read(first, last, left, right)[0]
        if not self._dates:
            return change, np.zeros_like(change), np.zeros_like(change)
        was, now = (self._objects(date.read(first, last, left, right)) for date in self._dates)
        return FUSIONS[self._evidence.fusion](change, was, now), was, now

    def _objects(self, scores: Array) -> Array:
        # Rounding may bring it below 0.
        return np.asarray(np.maximum(1 - scores[list(self._evidence.background)].sum(0), 0))

    def _around(self, first: int, last: int, left: int, right: int) -> tuple[Array, Array]:
        """P(change) of a window, and by how much an object is likelier afterwards where things changed around."""
        reach, (height, width) = self._reach, self._size
        top, start = max(first - reach, 0), max(left - reach, 0)
        change, was, now = self._read(top, min(last + reach, height), start, min(right + reach, width))
        weight = change * (change > LEAST_WEIGHT)
        size = 2 * reach + 1
        gain = uniform_filter(weight * (now - was), size, mode="constant")
        total = uniform_filter(weight, size, mode="constant")
        rows, cols = slice(first - top, last - top), slice(left - start, right - start)
        difference = np.divide(gain, total, out=np.zeros_like(gain), where=total > LEAST_WEIGHT)
        return change[rows, cols], difference[rows, cols]


def reach_px(gsd_m: float) -> int:
    """Half-side of the window over which it is decided what happened, px."""
    return max(2, round(DECIDED_OVER_M / gsd_m))


class VisibleDate:
    """The image that the refiner sees: around each change the date that shows the object, AFTER elsewhere."""

    def __init__(self, pair: DatePair, evidence: Evidence, reach: int) -> None:
        """Look `reach` px around to tell which date that is."""
        self._pair, self._evidence, self._reach = pair, evidence, reach
        self.height, self.width = pair.height, pair.width

    def read(self, row: int, col: int, height: int, width: int) -> tuple[Array, NDArray[np.bool_]]:
        """Image (bands, height, width) in 0…1 and where both dates are known; it may reach beyond the area."""
        window = self._pair.read(row, col, height, width)
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + height, self.height), min(col + width, self.width)
        with self._evidence.on((self.height, self.width), self._reach) as evidence:
            gone = evidence.gone(top, bottom, left, right)
        pad = ((top - row, row + height - bottom), (left - col, col + width - right))
        return np.where(np.pad(gone, pad, mode="symmetric"), window.before, window.after), window.valid


def narrowest_px(gsd_m: float) -> float:
    """Width below which a change is narrow, px; three at least, for less says nothing on a grid."""
    return max(3.0, NARROWEST_M / gsd_m)


def context_px(width: float) -> int:
    """How far around a pixel `widened` looks."""
    return 4 * math.ceil(_reach(width))


def broad(mask: Mask, width: float) -> Mask:
    """The parts of a mask (H, W) that are `width` px wide, with their corners; it may go on beyond its edges."""
    if not mask.any() or mask.all():
        return mask
    # A strip of n pixels is (n + 1) / 2 from the nearest pixel outside in its middle.
    core = distance_transform_edt(mask) >= (width + 1) / 2
    if not core.any():
        return np.zeros_like(mask)
    return np.asarray(mask & (distance_transform_edt(~core) <= _reach(width)))


def widened(labels: Labels, background: int, width: float) -> Labels:
    """Labels (H, W) without what is narrower than `width` px.

    What is narrow as a whole becomes `background`; a narrow strip of one class beside others becomes one of those.
    """
    labels = np.where(broad(labels != background, width), labels, background).astype(labels.dtype)
    classes = [c for c in np.unique(labels) if c != background]
    if len(classes) < 2:
        return labels
    parts = [broad(labels == c, width) for c in classes]
    narrow = (labels != background) & ~np.any(parts, axis=0)
    size = 2 * math.ceil(_reach(width)) + 1
    shares = np.stack([uniform_filter(part.astype(np.float32), size, mode="constant") for part in parts])
    nearby = np.array(classes, labels.dtype)[shares.argmax(0)]
    return np.where(narrow & (shares.max(0) > 1e-6), nearby, labels)


def _reach(width: float) -> float:
    """How far the corner of a square is from where it is broad."""
    return (width + 1) / 2 * math.sqrt(2) + 0.5
