"""Touching objects: where a model sees them meet, and those of a map that is refined, a layer or a class raster."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np

from idgbr.arrays import Mask
from idgbr.coarse_map import CoarseMap
from idgbr.models.card import CoarseCard
from idgbr.models.object_table import LEAST_MEAN, ObjectTable
from idgbr.monitor import Monitor
from idgbr.pipeline.coarse_stage import CoarseStage
from idgbr.polygonize import Contact, Cores, GivenObjects
from idgbr.raster.grid import Grid
from idgbr.raster.rows import RowReader, strips
from idgbr.tiling.score_store import StoredScores


def given_objects(coarse: CoarseMap, stack: ExitStack) -> Cores | None:
    """The objects of the layer that a map was made of, open until `stack` closes; None for a raster."""
    if coarse.objects_path is None or coarse.object_pixels is None or coarse.object_classes is None:
        return None
    reader = stack.enter_context(RowReader(coarse.objects_path))
    return GivenObjects(
        lambda first, last: reader.read(first, last).astype(np.int32), coarse.object_classes, coarse.object_pixels
    )


def open_contact(
    stored: StoredScores, table: ObjectTable, size: tuple[int, int], factor: float, stack: ExitStack,
    classes: Mask | None = None,
) -> Contact:  # fmt: skip
    """Where objects meet on a grid of `size` (height, width), open until `stack` closes.

    `factor` is the number of the model's pixels per pixel of the grid; of `classes`, by default of all, objects are
    parted.
    """
    scores = stack.enter_context(stored.on(size))
    return Contact(
        lambda first, last: scores.read(first, last)[0], table.threshold, table.margin / factor, table.core_m2,
        table.region_m2, classes,
    )  # fmt: skip


def contact_in_raster(
    coarse: CoarseMap, name: str, stage: CoarseStage, card: CoarseCard, grid: Grid, factor: float, stack: ExitStack,
    monitor: Monitor,
) -> Cores | None:  # fmt: skip
    """Where objects of a class raster meet, open until `stack` closes; None if the model finds none of its classes.

    Args:
        coarse: The map, from a class raster.
        name: Its path, for messages.
        stage: The finished stage of a model that finds where objects meet.
        card: The card of the model.
        grid: Grid of the map.
        factor: Pixels of the model per pixel of the grid.
        stack: Closes the scores.
        monitor: Is told which classes are parted.
    """
    table, stored = card.objects, stage.contact
    assert table is not None
    assert stored is not None
    size = (grid.height, grid.width)
    wanted = np.array([not c.background for c in card.classes])
    with stage.scores.on(size) as scores:
        sums, pixels = np.zeros(256), np.zeros(256, np.int64)
        with RowReader(coarse.path) as rows:
            for first, last in strips(grid):
                monitor.check()
                labels = rows.read(first, last).astype(np.uint8).ravel()
                found = scores.read(first, last)[wanted].sum(0).ravel()
                sums += np.bincount(labels, found, 256)
                pixels += np.bincount(labels, minlength=256)
    background = np.array([c.background for c in coarse.classes])
    means = (sums / np.maximum(pixels, 1))[: len(background)]
    parted = (means >= LEAST_MEAN) & ~background
    if not parted.any():
        monitor.warn(f"{name}: objects are not parted, because model {card.id!r} does not find any of the classes.")
        return None
    names = ", ".join(repr(c.name) for c, use in zip(coarse.classes, parted, strict=True) if use)
    monitor.info(f"{name}: touching objects of {names} are parted, as model {card.id!r} sees them.")
    return open_contact(stored, table, size, factor, stack, parted)
