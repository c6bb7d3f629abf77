"""The user's own rasters for training: scaled, stored on disk with labels, and split into blocks.

A raster is read once, strip by strip, into mapped files; so it may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from idgbr.arrays import Mask
from idgbr.classes import NODATA_CLASS
from idgbr.models.card import ModelCard
from idgbr.monitor import Monitor
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import strip_rows
from idgbr.tiling.normalize import ScaledSource
from idgbr.training.labels import IGNORE
from idgbr.training.places import Place

Pixels = NDArray[np.uint8]
#: Gives the labels of rows [first, last) of a raster, (rows, W): index of the class, `IGNORE` where there is none.
LabelRows = Callable[[int, int], Pixels]

#: Levels of resolution of a stored raster: crops are at most twice as coarse.
_LEVELS = 3
#: Positions of labels that are kept of a class in a raster, to place crops, and those drawn in each strip.
_POSITIONS, _OF_A_STRIP = 4096, 512
#: Smallest and largest side of a block in px; a raster has about `_BLOCKS` of them on its longer side.
_SMALLEST, _LARGEST, _BLOCKS = 64, 1024, 10
#: Rasters from which on whole ones are set aside, not blocks.
_WHOLE = 5


@dataclass(frozen=True)
class Block:
    """Rows [row, row + height) and columns [col, col + width) of raster number `raster`."""

    raster: int
    row: int
    col: int
    height: int
    width: int

    @property
    def window(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return slice(self.row, self.row + self.height), slice(self.col, self.col + self.width)


def store(source: RasterSource, card: ModelCard, rows: LabelRows | None, folder: Path, monitor: Monitor) -> Place:
    """Read a raster and its labels into `folder`, or take what an earlier run left there.

    Values are scaled as at run time (`ScaledSource`), to 8 bits. Without `rows` the labels are 0. Pixels without data
    are `IGNORE`.
    """
    name, grid = Path(source.path.partition("|")[0]).stem, source.grid
    finished = folder / "finished"
    if not finished.exists():
        folder.mkdir(parents=True, exist_ok=True)
        scaled = ScaledSource(source, grid, card, 1.0)
        image = open_memmap(folder / "level0.npy", "w+", np.uint8, (grid.height, grid.width, card.bands))
        labels = open_memmap(folder / "labels.npy", "w+", np.uint8, (grid.height, grid.width))
        step = strip_rows(grid.width)
        for first in range(0, grid.height, step):
            monitor.check()
            last = min(first + step, grid.height)
            monitor.progress("read", last, grid.height, name)
            pixels, valid = scaled.read(first, 0, last - first, grid.width)
            image[first:last] = np.moveaxis(np.rint(np.clip(pixels, 0, 1) * 255), 0, 2).astype(np.uint8)
            found = rows(first, last) if rows else np.zeros(valid.shape, np.uint8)
            labels[first:last] = np.where(valid, found, np.uint8(IGNORE))
        for level in range(1, _LEVELS):
            _halve(folder / f"level{level - 1}.npy", folder / f"level{level}.npy")
        image.flush()
        labels.flush()
        finished.touch()
    levels = [np.load(path, mmap_mode="r") for path in sorted(folder.glob("level*.npy"))]
    return Place(name, source.path, np.load(folder / "labels.npy", mmap_mode="r"), source.gsd_m, 0, levels)


def _halve(path: Path, target: Path) -> None:
    """Write an image at half its resolution; nothing for one that is too small for that."""
    image = np.load(path, mmap_mode="r") if path.exists() else np.zeros((0, 0, 1), np.uint8)
    height, width = (side // 2 for side in image.shape[:2])
    if min(height, width) < _SMALLEST:
        return
    out = open_memmap(target, "w+", np.uint8, (height, width, image.shape[2]))
    step = strip_rows(width)
    for first in range(0, height, step):
        last = min(first + step, height)
        part = np.ascontiguousarray(image[2 * first : 2 * last, : 2 * width])
        out[first:last] = cv2.resize(part, (width, last - first), interpolation=cv2.INTER_AREA).reshape(
            last - first, width, -1
        )
    out.flush()


def blocks_of(place: Place, number: int) -> list[Block]:
    """The blocks of a raster, from its upper left corner on."""
    height, width = place.labels.shape
    side = int(np.clip(-(-max(height, width) // _BLOCKS // 32) * 32, _SMALLEST, _LARGEST))
    return [
        Block(number, row, col, min(side, height - row), min(side, width - col))
        for row in range(0, height, side)
        for col in range(0, width, side)
    ]


def validation_blocks(places: Sequence[Place], classes: int, share: float, seed: int) -> list[Block]:
    """The blocks set aside: about `share` of the labels of each class, and never all places of a class.

    Blocks of one raster are neighbours, so from `_WHOLE` rasters on whole rasters are set aside.
    """
    units: list[list[Block]] = []
    for number, place in enumerate(places):
        blocks = blocks_of(place, number)
        units += [blocks] if len(places) >= _WHOLE else [[block] for block in blocks]
    counts = np.array([_counts(places, unit, classes) for unit in units])
    aside = np.zeros(len(units), bool)
    total = counts.sum(0)
    order = np.random.default_rng(seed).permutation(len(units))
    for label in np.argsort(total, kind="stable"):
        for unit in order:
            taken = counts[aside, label].sum()
            if taken >= share * total[label]:
                break
            left = (counts[~aside] > 0).sum(0) - (counts[unit] > 0)
            # Every class stays in the training, too.
            if not aside[unit] and counts[unit, label] and (left[counts[unit] > 0] > 0).all():
                aside[unit] = True
    return [block for unit, there in zip(units, aside, strict=True) if there for block in unit]


def _counts(places: Sequence[Place], unit: Sequence[Block], classes: int) -> NDArray[np.int64]:
    total = np.zeros(classes, np.int64)
    for block in unit:
        labels = places[block.raster].labels[block.window]
        total += np.bincount(labels.ravel(), minlength=NODATA_CLASS + 1)[:classes]
    return total


def without(place: Place, number: int, blocks: Sequence[Block], folder: Path) -> Place:
    """The place with the labels of its `blocks` ignored, in a file of `folder`."""
    path = folder / "training_labels.npy"
    labels = open_memmap(path, "w+", np.uint8, place.labels.shape)
    step = strip_rows(labels.shape[1])
    for first in range(0, len(labels), step):
        labels[first : first + step] = place.labels[first : first + step]
    for block in blocks:
        if block.raster == number:
            labels[block.window] = IGNORE
    labels.flush()
    return Place(place.name, place.dataset, np.load(path, mmap_mode="r"), place.gsd_m, 0, place.levels)


def positions(place: Place, classes: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Rows and columns of some pixels of each class, (n, 2) each, spread evenly over its pixels."""
    spots: list[list[NDArray[np.int64]]] = [[] for _ in range(classes)]
    weights: list[list[NDArray[np.float64]]] = [[] for _ in range(classes)]
    width = place.labels.shape[1]
    step = strip_rows(width)
    for first in range(0, len(place.labels), step):
        strip = np.asarray(place.labels[first : first + step])
        for label in np.unique(strip[strip < classes]):
            flat = np.flatnonzero(strip == label)
            taken = flat[rng.integers(flat.size, size=min(_OF_A_STRIP, flat.size))]
            spots[label].append(np.column_stack([first + taken // width, taken % width]))
            weights[label].append(np.full(len(taken), flat.size / len(taken)))
    return [
        _drawn(*parts, rng) if parts[0] else np.empty((0, 2), np.int64) for parts in zip(spots, weights, strict=True)
    ]


def _drawn(
    spots: Sequence[NDArray[np.int64]], weights: Sequence[NDArray[np.float64]], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Some of the spots, with a chance by their weights."""
    every, weight = np.concatenate(spots), np.concatenate(weights)
    return every[rng.choice(len(every), size=_POSITIONS, p=weight / weight.sum())]


def class_pixels(places: Sequence[Place], classes: int) -> NDArray[np.int64]:
    """Labelled pixels of each class, (classes,)."""
    total = np.zeros(classes, np.int64)
    for place in places:
        step = strip_rows(place.labels.shape[1])
        for first in range(0, len(place.labels), step):
            strip = place.labels[first : first + step]
            total += np.bincount(strip.ravel(), minlength=NODATA_CLASS + 1)[:classes]
    return total


def has_data(place: Place, block: Block) -> Mask:
    """Where a block has data, (height, width); for places stored without labels."""
    return np.asarray(place.labels[block.window] != IGNORE)
