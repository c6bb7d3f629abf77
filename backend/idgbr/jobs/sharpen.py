"""Refinement from coarse to fine, of a map that was drawn on a coarser grid than the image's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from idgbr.jobs.stages import SharpenStage
from idgbr.models.card import ModelCard
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.scores import ScoreStore, StoredScores
from idgbr.raster.source import RasterSource, ScaledSource
from idgbr.refine.refine_pass import Drawn, Image, resolutions
from idgbr.refine.refiner import Refiner
from idgbr.segment.coarse_pass import fit_tiling

#: A boundary moves no farther (px), however coarse the grid was that it was drawn on.
MAX_REACH = 96


class Sharpened(NamedTuple):
    """What the last pass refines: scores on the output grid, the band's half width (px), and the map as it was drawn.

    `drawn` is None where nothing was refined before.
    """

    scores: ScoreStore
    band_width: int
    drawn: Drawn | None


def reach_of(band_width: int, factor: float) -> int:
    """How far (px of the image) boundaries drawn with `factor` pixels a pixel of the image may move.

    Drawn on a coarser grid, they are off by so many more pixels.
    """
    return min(round(band_width / min(1.0, factor)), MAX_REACH)


def sharpen_stages(
    image_at: Callable[[float], Image], grid: Grid, card: ModelCard, refiner: Callable[[], Refiner],
    drawn: StoredScores, factor: float, work: Path, tile: int = 0,
) -> list[SharpenStage]:  # fmt: skip
    """A stage for every grid coarser than the image's, from the one where the map was drawn; their files lie in `work`.

    `image_at` gives the image with so many pixels a pixel of `grid`; `drawn` was drawn with `factor` of them.
    """
    stages: list[SharpenStage] = []
    factors = resolutions(factor)
    for number, at in enumerate(factors):
        image = image_at(at)
        tiling = fit_tiling(image.height, image.width, card, tile)
        origin = (round(grid.row0 * at), round(grid.col0 * at))
        coarse = stages[-1].scores if stages else drawn
        stages.append(
            SharpenStage(
                work / f"sharp{number}.bin",
                image,
                refiner,
                tiling,
                coarse,
                card.band_width,
                origin,
                (number, len(factors)),
            )
        )
    return stages


def sharpen(
    source: RasterSource, grid: Grid, refiner: Refiner, store: ScoreStore, factor: float, work: Path,
    stack: ExitStack, monitor: Monitor, *, tile: int = 0,
) -> Sharpened:  # fmt: skip
    """Refine on every grid that is coarser than the image's, from the one where the map was drawn.

    `store` holds what was drawn with `factor` pixels a pixel of the image. The scores of each grid are a file in `work`
    until `stack` closes.
    """
    reach = reach_of(refiner.card.band_width, factor)

    def image_at(at: float) -> Image:
        return ScaledSource(source, grid, refiner.card, at)

    stages = sharpen_stages(image_at, grid, refiner.card, lambda: refiner, store.stored, factor, work, tile)
    if not stages:
        return Sharpened(store, reach, None)
    for stage in stages:
        with stage.open(stage.path) as into:
            for _ in stage.run(into, monitor):
                pass
    scores = stack.enter_context(stages[-1].scores.on((grid.height, grid.width)))
    return Sharpened(scores, refiner.card.band_width, Drawn(store, reach))
