"""Samples of labels: cells of two by two pixels with their class and features, read in windows around the labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array, Ints, Mask
from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.own_labels.labels import LabelledRaster, OwnLabels
from idgbr.own_labels.rasterize import NONE, SEVERAL, Window
from idgbr.quick.features import CELL, FeatureMaps
from idgbr.raster.reader import RasterSource

#: Side of a window, and the context around it that its features see, in px.
SIDE, HALO = 512, 128
#: Most cells of a label in a window that are candidates.
_MOST_CELLS = 1024
#: Random cells of all windows, and the fewest of one.
_AROUND, _LEAST_AROUND = 16_384, 256

#: Gives the features of a window of a raster with its context, and where the raster has data (H, W) in the window.
ReadMaps = Callable[[RasterSource, Window], tuple[FeatureMaps, Mask]]


@dataclass(frozen=True)
class Samples:
    """Samples of labels: features (N, C), index of the class (N,), number of the label among all (N,)."""

    features: Array
    classes: Ints
    labels: Ints
    #: Labelled pixels of each class in the windows, (K,).
    pixels: Ints
    #: Features (M, C) of random cells of the same windows, with or without a label.
    around: Array
    #: Probability of an object that a bundled model can part (N,), if it was asked.
    objects: Array | None = None

    def part(self, where: Mask) -> Samples:
        """Some of the samples."""
        objects = None if self.objects is None else self.objects[where]
        return replace(
            self, features=self.features[where], classes=self.classes[where], labels=self.labels[where], objects=objects
        )  # fmt: skip


@dataclass(frozen=True)
class _Cells:
    """Labelled cells of a window: row and column in cells of the window, number of the label among all."""

    raster: LabelledRaster
    window: Window
    rows: Ints
    cols: Ints
    labels: Ints
    classes: Ints
    pixels: Ints


@dataclass(frozen=True)
class Plan:
    """What samples are taken: `most` of them, from at most `windows` windows on a lattice and from the `view`, if any.

    The view is a window of the first raster with labels that has features of its own.
    """

    most: int = 12_000
    windows: int = 64
    view: Window | None = None


def take_samples(
    labels: OwnLabels, read: ReadMaps, rng: np.random.Generator, monitor: Monitor, plan: Plan | None = None
) -> Samples:
    """Samples of all labels, as many of each class and each label if possible.

    Raises InputError if a class has none.
    """
    plan = plan or Plan()
    windows = _labelled_windows(labels, plan.view, rng, monitor)
    if not windows:
        _check_classes(np.zeros(len(labels.classes), np.int64), labels)
    chosen = _few_windows(windows, len(labels.classes), plan)
    if len(chosen) < len(windows):
        monitor.info(f"The labels lie in {len(windows)} parts of {SIDE} px; {len(chosen)} of them are learned from.")
    kept = _even(chosen, len(labels.classes), plan.most, rng)
    features, classes, numbers, around, objects = [], [], [], [], []
    blank = 0
    for done, (cells, take) in enumerate(zip(chosen, kept, strict=True), start=1):
        monitor.check()
        if take.any():
            maps, valid = read(cells.raster.source, cells.window)
            rows, cols = cells.rows[take], cells.cols[take]
            whole = _whole(valid)
            there = whole[rows, cols]
            blank += int(np.count_nonzero(~there))
            inset = HALO // CELL
            features.append(maps.at(rows[there] + inset, cols[there] + inset))
            if maps.objects is not None:
                objects.append(maps.objects[rows[there] + inset, cols[there] + inset])
            classes.append(cells.classes[take][there])
            numbers.append(cells.labels[take][there])
            most = max(_AROUND // len(chosen), _LEAST_AROUND)
            rows, cols = _anywhere(whole[: cells.window.height // CELL, : cells.window.width // CELL], most, rng)
            around.append(maps.at(rows + inset, cols + inset))
        monitor.progress("features", done, len(chosen))
    pixels = np.sum([cells.pixels for cells in windows], axis=0)
    samples = Samples(
        np.concatenate(features), np.concatenate(classes), np.concatenate(numbers), pixels, np.concatenate(around),
        np.concatenate(objects) if objects else None,
    )  # fmt: skip
    _check_classes(np.bincount(samples.classes, minlength=len(labels.classes)), labels)
    if blank:
        monitor.warn(f"{labels.rasters[0].name}: {blank} samples on ground without data are left out.")
    return samples


def _labelled_windows(
    labels: OwnLabels, view: Window | None, rng: np.random.Generator, monitor: Monitor
) -> list[_Cells]:
    """Cells of all windows with labels, those of the view first; reports contradictory labels with the first place."""
    found = []
    for raster in labels.rasters:
        contested, place = 0, ""
        seen = view if raster is labels.rasters[0] else None
        for window in [*([seen] if seen else []), *raster.grid.windows(SIDE)]:
            monitor.check()
            numbers = raster.grid.labels(window)
            if raster.ignored is not None:
                numbers[raster.ignored(window)] = NONE
            if seen is not None and window is not seen:
                top, left = max(seen.row - window.row, 0), max(seen.col - window.col, 0)
                bottom, right = seen.row + seen.height - window.row, seen.col + seen.width - window.col
                numbers[top : max(bottom, 0), left : max(right, 0)] = NONE
            several = numbers == SEVERAL
            if several.any():
                contested += int(np.count_nonzero(several))
                row, col = np.argwhere(several)[0]
                x, y = raster.source.grid.transform * (window.col + col + 0.5, window.row + row + 0.5)
                place = place or f"{x:.10g}, {y:.10g}"
            cells = _cells(raster, window, numbers, len(labels.classes), rng)
            if cells.rows.size:
                found.append(cells)
        if contested:
            monitor.warn(
                f"{raster.name}: {contested} pixels carry labels of several classes, first at {place}; they "
                "are left out. Correct the labels there."
            )
    return found


def _cells(
    raster: LabelledRaster, window: Window, numbers: NDArray[np.int32], classes: int, rng: np.random.Generator
) -> _Cells:
    """The cells of a window with one label each."""
    height, width = -(-window.height // CELL) * CELL, -(-window.width // CELL) * CELL
    padded = np.full((height, width), NONE, np.int32)
    padded[: window.height, : window.width] = numbers
    parts = padded.reshape(height // CELL, CELL, width // CELL, CELL).transpose(0, 2, 1, 3)
    blocks = parts.reshape(height // CELL, width // CELL, CELL * CELL)
    label = blocks.max(2)
    fine = (label != NONE) & ((blocks == label[..., None]) | (blocks == NONE)).all(2) & (label != SEVERAL)
    rows, cols = np.nonzero(fine)
    order = rng.permutation(rows.size)
    rows, cols = rows[order], cols[order]
    local = label[rows, cols].astype(np.int64)
    kept = _ranks(local) < _MOST_CELLS
    local = local[kept]
    pixels = np.bincount(raster.class_of[numbers[numbers >= 0]], minlength=classes)
    return _Cells(raster, window, rows[kept], cols[kept], local + raster.first, raster.class_of[local], pixels)


def _ranks(values: Ints) -> Ints:
    """The how-manieth of its value each item is, (n,)."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if ordered.size else order[:0]
    lengths = np.diff(np.append(begins, ordered.size))
    ranks = np.empty(values.size, np.int64)
    ranks[order] = np.arange(values.size) - np.repeat(begins, lengths)
    return ranks


def _few_windows(windows: Sequence[_Cells], classes: int, plan: Plan) -> list[_Cells]:
    """The view, and as many others as planned: in turn that with most cells of the class that has the fewest so far."""
    if len(windows) <= plan.windows:
        return list(windows)
    counts = np.array([np.bincount(cells.classes, minlength=classes) for cells in windows])
    left = np.array([cells.window is not plan.view for cells in windows])
    so_far = counts[~left].sum(axis=0)
    for _ in range(plan.windows):
        waiting = counts[left].any(axis=0)
        rarest = int(np.where(waiting, so_far, np.iinfo(np.int64).max).argmin())
        best = int(np.where(left, counts[:, rarest], -1).argmax())
        left[best] = False
        so_far += counts[best]
    return [cells for cells, waits in zip(windows, left, strict=True) if not waits]


def _even(windows: Sequence[_Cells], classes: int, most: int, rng: np.random.Generator) -> list[Mask]:
    """The cells to take from each window: an equal share for each class, and for each of its labels."""
    if not windows:
        return []
    labels = np.concatenate([cells.labels for cells in windows])
    class_of = np.concatenate([cells.classes for cells in windows])
    order = rng.permutation(labels.size)
    ranks = np.empty(labels.size, np.int64)
    ranks[order] = _ranks(labels[order])
    take = np.zeros(labels.size, bool)
    for number in range(classes):
        mine = class_of == number
        counts = np.unique(labels[mine], return_counts=True)[1]
        take |= mine & (ranks < _share(counts, most // classes))
    return np.split(take, np.cumsum([cells.rows.size for cells in windows])[:-1])


def _share(counts: Ints, most: int) -> int:
    """The largest number of cells of each label so that all together have at most `most`; at least one."""
    for number, count in enumerate(ordered := np.sort(counts)):
        share = most // (ordered.size - number)
        if count > share:
            return max(share, 1)
        most -= int(count)
    return int(ordered[-1]) if ordered.size else 1


def _anywhere(there: Mask, most: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Rows and columns of at most that many random cells of a window, (n,) each."""
    rows, cols = np.nonzero(there)
    chosen = rng.permutation(rows.size)[:most]
    return rows[chosen], cols[chosen]


def _whole(valid: Mask) -> Mask:
    """The cells with data in all pixels."""
    height, width = valid.shape
    return np.asarray(valid.reshape(height // CELL, CELL, width // CELL, CELL).all(axis=(1, 3)))


def _check_classes(counts: Ints, labels: OwnLabels) -> None:
    """Raise InputError if a class has no samples."""
    name = labels.rasters[0].name
    missing = [info.name for info, count in zip(labels.classes, counts, strict=True) if not count]
    if missing:
        raise InputError(
            f"{name}: {', '.join(missing[:5])}: all labels lie on ground without data or in ignored areas, or "
            "overlap other classes; draw some elsewhere."
        )
