"""Refinement from coarse to fine, of a map that was drawn on a coarser grid than the image's."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from idgbr.jobs.job_folder import JobFolder
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.scores import ScoreStore
from idgbr.raster.source import RasterSource, ScaledSource
from idgbr.refine.refine_pass import Drawn, resolutions, sharpened
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


def sharpen(
    source: RasterSource, grid: Grid, refiner: Refiner, store: ScoreStore, factor: float, work: Path,
    stack: ExitStack, monitor: Monitor, *, tile: int = 0, folder: JobFolder | None = None,
) -> Sharpened:  # fmt: skip
    """Refine on every grid that is coarser than the image's, from the one where the map was drawn.

    `store` holds what was drawn with `factor` pixels a pixel of the image. The scores of each grid are a file in `work`
    until `stack` closes; with a `folder` a job that was stopped goes on where it was.
    """
    # Drawn on a coarser grid, boundaries are off by so many more pixels.
    reach = min(round(refiner.band_width / min(1.0, factor)), MAX_REACH)
    factors = resolutions(factor)
    if not factors:
        return Sharpened(store, reach, None)
    scores = store
    for number, at in enumerate(factors):
        image = ScaledSource(source, grid, refiner.card, at)
        size = (image.height, image.width)
        path, stage = work / f"sharp{number}.bin", f"sharpen {number + 1} of {len(factors)}"
        done = folder.rows_done(stage, path, ScoreStore.row_bytes(store.channels, size)) if folder else 0
        into = stack.enter_context(ScoreStore(path, store.channels, size, size, done))
        if done < size[0]:
            tiling = fit_tiling(*size, refiner.card, tile)
            origin = (round(grid.row0 * at), round(grid.col0 * at))
            for rows in sharpened(
                image, refiner, tiling, scores.on(size), into, refiner.band_width, origin, monitor, done,
                level=(number, len(factors)),
            ):  # fmt: skip
                if folder:
                    folder.journal.record(stage, rows, size[0], [path])
        scores = into
    return Sharpened(scores.on((grid.height, grid.width)), refiner.band_width, Drawn(store, reach))
