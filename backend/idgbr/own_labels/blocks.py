"""Folds of labels for cross-validation: by place (raster) if there are several, else by spatial block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from idgbr.arrays import Ints
from idgbr.own_labels.labels import OwnLabels

#: Most folds.
FOLDS = 5
#: Blocks along the longer side of the ground with labels, coarse first; the last resort is a block for each label.
_DIVISIONS = (4, 8, 16)


@dataclass(frozen=True)
class Folds:
    """The fold of each label, (n,), and what the folds hold: "place" or "block"."""

    of_label: Ints
    by: str

    @property
    def count(self) -> int:
        """Number of folds."""
        return int(self.of_label.max()) + 1 if self.of_label.size else 0


def label_folds(labels: OwnLabels) -> Folds:
    """Folds such that each class with two labels or more is in two of them, if possible."""
    classes = np.concatenate([raster.class_of for raster in labels.rasters])
    place = np.concatenate([np.full(raster.class_of.size, i) for i, raster in enumerate(labels.rasters)])
    wanted = {int(k) for k, count in zip(*np.unique(classes, return_counts=True), strict=True) if count > 1}
    if len(labels.rasters) > 1:
        found = _spread(place, classes)
        if wanted <= _shared(found, classes):
            return Folds(found, "place")
    centres = np.concatenate([_centres(labels, i) for i in range(len(labels.rasters))])
    side = max(float(np.ptp(centres[place == i], axis=0).max(initial=0)) for i in np.unique(place)) + 1e-9
    for divisions in _DIVISIONS:
        cells = np.floor(centres / (side / divisions) * (1 - 1e-9)).astype(np.int64)
        blocks = np.unique(np.column_stack([place, cells]), axis=0, return_inverse=True)[1].ravel()
        found = _spread(blocks, classes)
        if wanted <= _shared(found, classes):
            return Folds(found, "block")
    return Folds(_spread(np.arange(classes.size), classes), "block")


def _centres(labels: OwnLabels, number: int) -> np.ndarray:
    """Row and column of each label of a raster, from the first of them on, (n, 2)."""
    grid = labels.rasters[number].grid
    centres = np.array([grid.centre(i) for i in range(labels.rasters[number].class_of.size)]).reshape(-1, 2)
    return centres - centres.min(0, initial=np.inf) if centres.size else centres


def _spread(blocks: Ints, classes: Ints) -> Ints:
    """The fold of each label: blocks, those with most labels first, go to the fold with the fewest of their classes."""
    names, inverse = np.unique(blocks, return_inverse=True)
    counts = np.zeros((names.size, int(classes.max(initial=0)) + 1), np.int64)
    np.add.at(counts, (inverse, classes), 1)
    folds = min(FOLDS, names.size)
    held = np.zeros((folds, counts.shape[1]), np.int64)
    fold_of = np.zeros(names.size, np.int64)
    for block in np.argsort(-counts.sum(1), kind="stable"):
        mine = counts[block] > 0
        fold = int(np.lexsort((held.sum(1), held[:, mine].sum(1)))[0])
        fold_of[block] = fold
        held[fold] += counts[block]
    return fold_of[inverse]


def _shared(folds: Ints, classes: Ints) -> set[int]:
    """The classes that are in two folds or more."""
    return {int(k) for k in np.unique(classes) if np.unique(folds[classes == k]).size > 1}
