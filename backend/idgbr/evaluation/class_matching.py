"""Matches the classes of two maps, by name or by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.evaluation.inputs import Ids, Side
from idgbr.monitor import Monitor
from idgbr.raster.class_values import MAX_CLASSES, too_many

Indices = NDArray[np.uint8]
#: Index of a predicted class that matches none. In the truth, the same number means no class.
NONE = NODATA_CLASS
_BACKGROUND = ClassInfo(0, "background", (235, 235, 235), background=True)


@dataclass(frozen=True)
class Legend:
    """Classes by index, and the index of each class id of both inputs.

    Attributes:
        classes: Classes in the order of the truth's ids; their position here is their index.
        background: Index of the background; None if no class is.
        by: How classes were matched: "name", "number" or "the only class".
        predicted_outside: Index where the predicted layer has no polygon.
        truth_outside: Index where the true layer has no polygon; `NODATA_CLASS` is not scored.
    """

    classes: list[ClassInfo]
    background: int | None
    by: str
    predicted_ids: dict[int, int]
    truth_ids: dict[int, int]
    predicted_outside: int
    truth_outside: int

    def predicted(self, ids: Ids, known: NDArray[np.bool_]) -> Indices:
        """Indices (H, W) of predicted ids; `NONE` for ids that match no class of the truth."""
        default = NONE if self.background is None else self.background
        return _look_up(ids, known, self.predicted_ids, default, self.predicted_outside)

    def truth(self, ids: Ids, known: NDArray[np.bool_]) -> Indices:
        """Indices (H, W) of true ids; `NODATA_CLASS` for unknown pixels."""
        return _look_up(ids, known, self.truth_ids, NODATA_CLASS, self.truth_outside)

    @property
    def foreground(self) -> list[int]:
        """Indices of all classes except the background."""
        return [i for i in range(len(self.classes)) if i != self.background]


def _look_up(ids: Ids, known: NDArray[np.bool_], table: dict[int, int], default: int, outside: int) -> Indices:
    keys = np.array(sorted(table), np.int64)
    out = np.full(ids.shape, default, np.uint8)
    if keys.size:
        values = np.array([table[int(key)] for key in keys], np.uint8)
        places = np.minimum(np.searchsorted(keys, ids), keys.size - 1)
        hit = keys[places] == ids
        out[hit] = values[places[hit]]
    out[~known] = outside
    return out


def match_classes(predicted: Side, truth: Side, vectors: tuple[bool, bool], outside: str, monitor: Monitor) -> Legend:
    """Match the classes of two inputs: by name if both have names, else by number.

    Args:
        predicted: Prediction with known classes.
        truth: Truth with known classes; these are scored.
        vectors: Whether the prediction and the truth are polygon layers.
        outside: What ground without a true polygon is: "background", "unlabelled", or "auto", which is background if
            either input has one or the truth has a single class.
        monitor: Gets messages about unmatched classes.

    Raises:
        InputError: If neither names nor numbers match, or there are too many classes, including the background.
    """
    ours = _with_background(predicted, other=truth)
    theirs = _with_background(truth, other=predicted)
    by, pairs = _pairs(predicted, truth, ours, theirs)
    classes = [_dressed(info, next((o for o in ours if pairs.get(o.id) == info.id), None)) for info in theirs]
    if by == "number" and not truth.named and not vectors[1] and not _declared(truth):
        # A truth with only numbers does not list its classes; further classes of the prediction count, too.
        extra = [info for info in ours if info.id not in pairs]
        classes += extra
        pairs |= {info.id: info.id for info in extra}
    flagged = any(info.background for info in [*ours, *theirs])
    if outside == "auto":
        single = sum(not info.background for info in classes) == 1
        outside = "background" if flagged or single else "unlabelled"
        if vectors[1]:
            said = "is background" if outside == "background" else "is unlabelled and not scored"
            monitor.info(f"{truth.name}: ground without a polygon {said}.")
    needed = (vectors[1] and outside == "background") or (vectors[0] and flagged)
    if needed and not any(info.background for info in classes):
        taken = {info.id for info in classes}
        classes.append(replace(_BACKGROUND, id=0 if 0 not in taken else min(taken) - 1))
    if len(classes) > MAX_CLASSES:
        raise InputError(too_many(f"{predicted.name} and {truth.name}", len(classes)))
    classes.sort(key=lambda info: (not info.background, info.id))
    index = {info.id: i for i, info in enumerate(classes)}
    background = next((i for i, info in enumerate(classes) if info.background), None)
    table = {own: index[other] for own, other in pairs.items()}
    if background is not None:
        table |= {info.id: background for info in ours if info.background and info.id not in pairs}
    unmatched = [info.name for info in ours if info.id not in table]
    if unmatched:
        monitor.warn(
            f"{predicted.name}: {', '.join(unmatched)} {'are' if len(unmatched) > 1 else 'is'} not in {truth.name}; "
            f"such ground counts as {'background' if background is not None else 'wrong'}."
        )
    unknown = [info.name for info in theirs if info.id not in pairs.values() and not info.background]
    if ours and unknown:
        monitor.warn(
            f"{truth.name}: {', '.join(unknown)} {'are' if len(unknown) > 1 else 'is'} not in {predicted.name}, so "
            "such ground is wrong; use the figures of the other classes."
        )
    return Legend(
        classes, background, by, table, {info.id: index[info.id] for info in theirs},
        background if vectors[0] and background is not None else NONE,
        background if vectors[1] and outside == "background" and background is not None else NODATA_CLASS,
    )  # fmt: skip


def _declared(side: Side) -> bool:
    return any(info.background for info in side.infos)


def _with_background(side: Side, other: Side) -> list[ClassInfo]:
    """An input's classes with the background marked: by its flag or name, or 0 of a mask with two values."""
    infos = [replace(info, background=info.background or _key(info) == "background") for info in side.infos]
    if any(info.background for info in infos):
        return infos
    marked = {info.id for info in other.infos if info.background or _key(info) == "background"}
    mask = len(infos) <= 2 and any(info.id == 0 for info in infos)
    if not side.named and (mask or (marked == {0} and side.numbered)):
        return [replace(info, background=info.id == 0) for info in infos]
    return infos


def _pairs(
    predicted: Side, truth: Side, ours: Sequence[ClassInfo], theirs: Sequence[ClassInfo]
) -> tuple[str, dict[int, int]]:
    """How classes are matched, and the true id of each predicted class with a match."""
    if not ours:
        return "name" if truth.named else "number", {}
    if predicted.named and truth.named:
        pairs = _matched(ours, theirs, _key)
        if any(not info.background for info in ours if info.id in pairs):
            return "name", pairs
        if not (predicted.numbered and truth.numbered):
            raise InputError(
                f"{predicted.name} and {truth.name} have no class name in common ({_names(ours)} against "
                f"{_names(theirs)}); rename classes, or choose class fields with numbers."
            )
    grounds = [[info for info in infos if not info.background] for infos in (ours, theirs)]
    if len(grounds[0]) == len(grounds[1]) == 1 and not (predicted.named and truth.named):
        pairs = {info.id: other.id for info in ours for other in theirs if info.background and other.background}
        return "the only class", pairs | {grounds[0][0].id: grounds[1][0].id}
    if not (predicted.numbered and truth.numbered):
        raise InputError(
            f"{predicted.name} and {truth.name}: one has only class names, the other only numbers; "
            "choose a class field of the same kind."
        )
    return "number", _matched(ours, theirs, lambda info: info.id)


def _matched(
    ours: Sequence[ClassInfo], theirs: Sequence[ClassInfo], key: Callable[[ClassInfo], object]
) -> dict[int, int]:
    known = {key(info): info.id for info in theirs}
    return {info.id: known[key(info)] for info in ours if key(info) in known}


def _key(info: ClassInfo) -> str:
    return " ".join(info.name.casefold().split())


def _names(infos: Sequence[ClassInfo]) -> str:
    return ", ".join(info.name for info in infos[:6]) or "none"


def _dressed(info: ClassInfo, match: ClassInfo | None) -> ClassInfo:
    """A true class with the name and colour of its match, if it has none itself."""
    if match is None or info.name not in (f"class {info.id}", "object"):
        return info
    return replace(info, name=match.name, color=match.color)
