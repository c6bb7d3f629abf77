"""Coarse-to-fine refinement: maps that are too far off the image are refined on coarser grids first.

Such a map was made on a coarser grid, or is as rough as if it were. The grids follow each doubling of the resolution.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from idgbr.coarse_map.class_fractions import class_shares
from idgbr.models.card import RefinerCard
from idgbr.monitor import Monitor
from idgbr.pipeline.refine_stages import RefineSetting, SharpenStage
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import RowReader
from idgbr.refiner.probability_pass import Image, resolutions
from idgbr.refiner.refiner import Refiner, margins_of
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import fit_tiling

#: Largest distance that a boundary may move, in px, on any coarse grid.
MAX_REACH = 96
#: Rough maps are first refined at about this ground sample distance. There the network reaches as far as such maps are
#: off, and most objects are still larger than a few pixels.
ROUGH_GSD_M = 0.3
#: Coarse rows that are computed at a time.
_STRIP = 64


def reach_of(band_width: int, factor: float) -> int:
    """How far (px of the image) boundaries of a map made with `factor` pixels per pixel of the image may move.

    The coarser its grid, the farther its boundaries are off.
    """
    return min(round(band_width / min(1.0, factor)), MAX_REACH)


def start_factor(gsd_m: float) -> float:
    """Pixels per pixel of the image, a power of two, of the first grid for a rough map."""
    return float(0.5 ** max(round(math.log2(ROUGH_GSD_M / gsd_m)), 0))


def fill_shares(labels: Path, into: StoredScores, monitor: Monitor) -> None:
    """Write scores of a class map (indices on the image's grid) on a coarser grid: its class fractions."""
    height = into.size[0]
    with RowReader(labels) as rows, ScoreStore(into.path, into.channels, into.size, into.size) as store:
        for first in range(0, height, _STRIP):
            monitor.check()
            last = min(first + _STRIP, height)
            store.write(first, 0, class_shares(rows, into.channels, into.size, first, last))


def sharpen_stages(
    image_at: Callable[[float], Image], grid: Grid, card: RefinerCard, refiner: Callable[[], Refiner],
    drawn: StoredScores, factor: float, work: Path, tile: int = 0,
) -> list[SharpenStage]:  # fmt: skip
    """One stage for each grid coarser than the image's, from the grid of the map on; their files are in `work`.

    `image_at` gives the image with a number of pixels per pixel of `grid`; `drawn` is the map, made with `factor` of
    them.
    """
    stages: list[SharpenStage] = []
    factors = resolutions(factor)
    for number, at in enumerate(factors):
        image = image_at(at)
        tiling = fit_tiling(image.height, image.width, card, tile)
        origin = (round(grid.row0 * at), round(grid.col0 * at))
        coarse = stages[-1].scores if stages else drawn

        def on_grid(at: float = at) -> Refiner:
            return refiner().on(at)

        stages.append(
            SharpenStage(
                work / f"sharp{number}.bin",
                image,
                on_grid,
                tiling,
                coarse,
                card.band_width,
                origin,
                (number, len(factors)),
            )
        )
    return stages


class Refining(NamedTuple):
    """How coarse scores are refined: the stages on coarser grids, and the setting and scores of the last stage."""

    sharpening: list[SharpenStage]
    setting: RefineSetting
    scores: StoredScores


def refining(
    image_at: Callable[[float], Image], grid: Grid, card: RefinerCard, refiner: Callable[[], Refiner],
    coarse: StoredScores, factor: float, work: Path, *, gsd_m: float, steps: int, tile: int, explore: bool = False,
) -> Refining:  # fmt: skip
    """The refinement, down to `grid`, of scores made with `factor` pixels per pixel of it."""
    sharpening = sharpen_stages(image_at, grid, card, refiner, coarse, factor, work, tile)
    reach = reach_of(card.band_width, factor)
    setting = RefineSetting(
        image=image_at(1.0),
        refiner=refiner,
        tiling=fit_tiling(grid.height, grid.width, card, tile),
        margin=margins_of(card, gsd_m, steps).soft,
        band_width=card.band_width if sharpening else reach,
        origin=(grid.row0, grid.col0),
        explore=explore,
        original=(coarse, reach) if sharpening else None,
    )
    return Refining(sharpening, setting, sharpening[-1].scores if sharpening else coarse)


def can_refine(sources: Sequence[RasterSource], card: RefinerCard, drawn_by: str, monitor: Monitor) -> bool:
    """Whether the refiner of a card can read all images; warns if not."""
    for source in sources:
        if not source.layout.bands_for(card):
            lacking = source.layout.missing_text(card, "the refiner")
            monitor.warn(f"{source.path}: {lacking}: boundaries stay as in the result of the {drawn_by} model.")
            return False
    return True
