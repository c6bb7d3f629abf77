"""Classifies changed pixels as appeared, disappeared or modified, and selects the date that shows the object.

The refiner looks at one image. Around each change, it sees the date in which the object stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, uniform_filter

from idgbr.arrays import Array, Labels, Mask
from idgbr.change.image_pair import DatePair
from idgbr.classes import ClassInfo
from idgbr.tiling.score_store import StoredScores

#: Least width of a building, in m.
NARROWEST_M = 2.0


CLASSES = (
    ClassInfo(0, "unchanged", (235, 235, 235), background=True),
    ClassInfo(1, "appeared", (37, 150, 84)),
    ClassInfo(2, "disappeared", (214, 73, 51)),
    ClassInfo(3, "modified", (240, 173, 60)),
)
UNCHANGED, APPEARED, DISAPPEARED, MODIFIED = range(4)
#: By how much the probability of an object must differ between the dates for appeared or disappeared.
DIFFERENCE = 0.15
#: Half-side of the window that decides on the kind of change, in m: about a building, so that few are split in two.
DECIDED_OVER_M = 8.0
#: Probabilities of change below this are ignored.
LEAST_WEIGHT = 1e-3
#: Probabilities are clipped this far from 0 and 1 before logits are taken: half a level of eight bits.
_LEAST = 1 / 510
#: P(change) of removed places.
_JUST_NOT = np.float32(0.49)


def thresholded(change: Array, threshold: float) -> Array:
    """P(change), bent so that `threshold` becomes one half."""
    low = change * np.float32(0.5 / threshold)
    high = 0.5 + (change - threshold) * np.float32(0.5 / (1 - threshold))
    return np.where(change < threshold, low, high).astype(np.float32)


def change_only(change: Array, was: Array, now: Array) -> Array:  # noqa: ARG001
    """P(change) of the change model, unchanged."""
    return change


def with_evidence(change: Array, was: Array, now: Array) -> Array:
    """Geometric mean of P(change) and the probability that an object stands in exactly one of the dates."""
    return np.asarray(np.sqrt(change * _one_of(was, now)))


def with_logits(change: Array, was: Array, now: Array) -> Array:
    """The mean, as logits, of P(change) and the probability that an object stands in exactly one of the dates."""
    mean = (_logit(change) + _logit(_one_of(was, now))) / 2
    return np.asarray(1 / (1 + np.exp(-mean)), np.float32)


#: How P(change) is combined with P(object) of both dates, by the name in cards.
FUSIONS: dict[str, Callable[[Array, Array, Array], Array]] = {
    "none": change_only,
    "evidence": with_evidence,
    "logits": with_logits,
}


def _one_of(was: Array, now: Array) -> Array:
    return was * (1 - now) + now * (1 - was)


def _logit(probability: Array) -> Array:
    inner = np.clip(probability, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inner / (1 - inner)))


class Evidence(NamedTuple):
    """Results of the networks, in files: P(change), and class probabilities of each date if there is an object model.

    `background` are the classes that are not objects; `fusion` is one of `FUSIONS`.
    """

    change: StoredScores
    dates: tuple[StoredScores, StoredScores] | None
    background: tuple[int, ...]
    fusion: str

    def on(self, size: tuple[int, int], reach: int) -> OpenEvidence:
        """Open for reading on a grid of `size` (height, width); the kind of change is decided within `reach` px."""
        return OpenEvidence(self, size, reach)


class OpenEvidence:
    """`Evidence` read by windows of a grid, by one thread at a time; a context manager."""

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
        """P(change) of rows [first, last) and columns [left, right), combined with that of the objects."""
        return self._read(first, last, left, self._size[1] if right is None else right)[0]

    def classes(
        self, first: int, last: int, left: int, right: int, *, threshold: float, narrowest: float
    ) -> Array:  # fmt: skip
        """Probabilities of the four `CLASSES` in rows [first, last) and columns [left, right), (4, rows, cols).

        A pixel counts as changed from `threshold` on, unless the change is narrower than `narrowest` px.
        """
        context, (height, width) = context_px(narrowest), self._size
        top, start = max(first - context, 0), max(left - context, 0)
        change, difference = self._around(top, min(last + context, height), start, min(right + context, width))
        change = thresholded(change, threshold)
        happened = np.full(change.shape, MODIFIED, np.uint8)
        happened[difference > DIFFERENCE] = APPEARED
        happened[difference < -DIFFERENCE] = DISAPPEARED
        changed = change >= 0.5
        labels = without_narrow(np.where(changed, happened, np.uint8(UNCHANGED)), UNCHANGED, narrowest)
        # Narrow changes get a value just below the threshold, so that the refiner can still use them.
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
        """Whether the earlier date shows the object (rows, cols); False far from any change."""
        return self._around(first, last, left, right)[1] < -DIFFERENCE

    def _read(self, first: int, last: int, left: int, right: int) -> tuple[Array, Array, Array]:
        """Combined P(change), and P(object) of each date."""
        change = self._change.read(first, last, left, right)[0]
        if not self._dates:
            return change, np.zeros_like(change), np.zeros_like(change)
        was, now = (self._objects(date.read(first, last, left, right)) for date in self._dates)
        return FUSIONS[self._evidence.fusion](change, was, now), was, now

    def _objects(self, scores: Array) -> Array:
        # Rounding may make it negative.
        return np.asarray(np.maximum(1 - scores[list(self._evidence.background)].sum(0), 0))

    def _around(self, first: int, last: int, left: int, right: int) -> tuple[Array, Array]:
        """P(change) of a window, and how much more probable an object is afterwards, averaged over changes around."""
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
    """Half-side of the window that decides on the kind of change, in px."""
    return max(2, round(DECIDED_OVER_M / gsd_m))


class VisibleDate:
    """The image for the refiner: around each change the date that shows the object, AFTER elsewhere."""

    def __init__(self, pair: DatePair, evidence: Evidence, reach: int) -> None:
        """Decide on the date within `reach` px."""
        self._pair, self._evidence, self._reach = pair, evidence, reach
        self.height, self.width = pair.height, pair.width

    def read(self, row: int, col: int, height: int, width: int) -> tuple[Array, NDArray[np.bool_]]:
        """Image (bands, height, width) in 0…1 and pixels known in both dates; the window may extend beyond the area."""
        window = self._pair.read(row, col, height, width)
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + height, self.height), min(col + width, self.width)
        with self._evidence.on((self.height, self.width), self._reach) as evidence:
            gone = evidence.gone(top, bottom, left, right)
        pad = ((top - row, row + height - bottom), (left - col, col + width - right))
        return np.where(np.pad(gone, pad, mode="symmetric"), window.before, window.after), window.valid


def narrowest_px(gsd_m: float) -> float:
    """Width below which a change is narrow, in px; at least three, because less means nothing on a grid."""
    return max(3.0, NARROWEST_M / gsd_m)


def context_px(width: float) -> int:
    """How far around a pixel `without_narrow` reads."""
    return 4 * math.ceil(_reach(width))


def wide_parts(mask: Mask, width: float) -> Mask:
    """The parts of a mask (H, W) that are `width` px wide, with corners; the mask may continue beyond its edges."""
    if not mask.any() or mask.all():
        return mask
    # The middle of a strip of n pixels is (n + 1) / 2 from the nearest pixel outside.
    core = distance_transform_edt(mask) >= (width + 1) / 2
    if not core.any():
        return np.zeros_like(mask)
    return np.asarray(mask & (distance_transform_edt(~core) <= _reach(width)))


def without_narrow(labels: Labels, background: int, width: float) -> Labels:
    """Labels (H, W) without places narrower than `width` px: a morphological opening.

    A change that is narrow everywhere becomes `background`. A narrow strip of one class beside others gets one of
    those.
    """
    labels = np.where(wide_parts(labels != background, width), labels, background).astype(labels.dtype)
    classes = [c for c in np.unique(labels) if c != background]
    if len(classes) < 2:
        return labels
    parts = [wide_parts(labels == c, width) for c in classes]
    narrow = (labels != background) & ~np.any(parts, axis=0)
    size = 2 * math.ceil(_reach(width)) + 1
    shares = np.stack([uniform_filter(part.astype(np.float32), size, mode="constant") for part in parts])
    nearby = np.array(classes, labels.dtype)[shares.argmax(0)]
    return np.where(narrow & (shares.max(0) > 1e-6), nearby, labels)


def _reach(width: float) -> float:
    """Distance from the corner of a square to its broad part."""
    return (width + 1) / 2 * math.sqrt(2) + 0.5
