"""Finds how far each polygon of a layer is off an image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.transform import Affine

from idgbr.alignment.evidence import evidence_of, working_pixels
from idgbr.alignment.field import find_field
from idgbr.alignment.matching import RING_M, Objects, ScoreSurfaces, Window, fill_scores
from idgbr.arrays import AnyArray, Floats, Mask
from idgbr.layers.polygon_store import PolygonStore
from idgbr.models.card import CoarseCard
from idgbr.models.coarse import CoarseModel
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.ground import Ground
from idgbr.raster.reader import RasterSource

#: Shifts up to this much longer than the radius in m are tried, so that those beyond it are seen.
BEYOND_M = 1.5
#: Least joint evidence of the neighbours of an object; with less, the image shows nothing there, and the object stays.
LEAST_EVIDENCE = 6.5
#: Least support with which an object counts as seen.
SEEN = 0.3


@dataclass(frozen=True)
class Shifts:
    """How polygons have to move, by their number in the layer.

    `centres` and `moves` (n, 2) are in the CRS of the image; `confidence` (n,) is the share of an object's own evidence
    within `field.SUPPORT_M` of its shift, 0 without evidence. `beyond` are objects that seem to be farther off than the
    radius, `still` those around which the image shows nothing, `outside` those whose centre is farther than the radius
    from the image: all of them stay.
    """

    centres: Floats
    moves: Floats
    confidence: Floats
    beyond: Mask
    still: Mask
    outside: Mask

    @property
    def followed(self) -> Mask:
        """Objects that the image does not show, and that follow their neighbours."""
        return (self.confidence < SEEN) & ~self.beyond & ~self.still & ~self.outside


def find_shifts(
    source: RasterSource, whole: Grid, store: PolygonStore, card: CoarseCard, model: Callable[[], CoarseModel],
    radius_m: float, work: Path, monitor: Monitor,
) -> Shifts | None:  # fmt: skip
    """Shifts of the polygons of a store, in the CRS of the image; None if none of them is on the image.

    Args:
        source: The image.
        whole: The part of its grid that may be used.
        store: Valid polygons and multipolygons.
        card: Card of the coarse model.
        model: Gives the model.
        radius_m: Longest shift in m.
        work: Folder for temporary files.
        monitor: Gets the progress; is asked whether to stop.
    """
    reach_m = radius_m + BEYOND_M
    grid = _part_with(store, whole, (reach_m + 2 * RING_M) / source.gsd_m)
    if grid is None:
        return None
    factor = working_pixels(source, card)
    size = max(1, round(grid.height * factor)), max(1, round(grid.width * factor))
    to_world = grid.transform * Affine.scale(grid.width / size[1], grid.height / size[0])
    objects = Objects.of(store, ~to_world)
    metres = Ground(to_world, grid.crs_wkt).scale(np.array([[size[1] / 2, size[0] / 2]]))[0]
    window = Window.of(reach_m, metres)
    margin = np.array([window.cols, window.rows]) + 2 * RING_M / np.diag(metres)
    bounds = objects.bounds + np.concatenate((-margin, margin))
    stored = evidence_of(source, grid, card, model, bounds, work / "evidence.bin", monitor)
    beside = np.maximum(np.maximum(-objects.centres, objects.centres - size[::-1]), 0)
    outside = np.hypot(*(beside @ metres.T).T) > radius_m
    with ScoreSurfaces(work / "scores.bin", len(objects.numbers), window) as scores:
        fill_scores(stored, objects, scores, monitor)
        field = find_field(scores, objects.centres @ metres.T, reach_m, monitor, ~outside)
    for name in ("evidence.bin", "scores.bin"):
        (work / name).unlink()
    still = ~outside & (field.evidence < LEAST_EVIDENCE)
    beyond = ~outside & ~still & (np.hypot(*field.shifts.T) > radius_m)
    stays = outside | still | beyond
    pixels = field.shifts @ np.linalg.inv(metres).T
    pixels[stays] = 0
    turn = np.array([[to_world.a, to_world.b], [to_world.d, to_world.e]])

    def for_all(values: AnyArray, missing: float = 0) -> AnyArray:
        out = np.full((len(store), *values.shape[1:]), missing, values.dtype)
        out[objects.numbers] = values
        return out

    return Shifts(
        for_all(objects.centres @ turn.T + (to_world.c, to_world.f), np.nan), for_all(pixels @ turn.T),
        for_all(np.where(stays, 0, field.confidence)), for_all(beyond), for_all(still), for_all(outside),
    )  # fmt: skip


def _part_with(store: PolygonStore, grid: Grid, margin: float) -> Grid | None:
    """The part of a grid around the shapes of a store, with a margin in px; None if there is none."""
    left, bottom, right, top = store.bounds[store.there].T
    xs, ys = np.concatenate((left, left, right, right)), np.concatenate((bottom, top, bottom, top))
    cols, rows = ~grid.transform * (xs, ys)
    cols, rows = cols.reshape(4, -1), rows.reshape(4, -1)
    there = (cols.max(0) > 0) & (rows.max(0) > 0) & (cols.min(0) < grid.width) & (rows.min(0) < grid.height)
    if not there.any():
        return None
    row0, col0 = (max(int(np.floor(v[:, there].min() - margin)), 0) for v in (rows, cols))
    row1 = min(int(np.ceil(rows[:, there].max() + margin)), grid.height)
    col1 = min(int(np.ceil(cols[:, there].max() + margin)), grid.width)
    return grid.part(row0, col0, row1 - row0, col1 - col0)
