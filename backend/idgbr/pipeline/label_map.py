"""How a given map is refined: how exact it is, and so which margins, band and first grid apply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from idgbr.models.card import RefinerCard
from idgbr.monitor import Monitor
from idgbr.pipeline.coarse_to_fine import fill_shares, reach_of, sharpen_stages, start_factor
from idgbr.pipeline.refine_stages import SharpenStage
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import RowReader
from idgbr.refiner.codes import MAX_CLASSES
from idgbr.refiner.label_noise import mean_label_noise, sample_tiling
from idgbr.refiner.label_pass import LabelPass
from idgbr.refiner.refiner import Refiner, margins_of
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Tiling, fit_tiling

#: Label noise, as a multiple of that of exact maps, from which a map counts as rough; and from which refinement starts
#: on a coarser grid in any image.
ROUGH, VERY_ROUGH = 1.5, 2.2


class LabelMap:
    """A class map on the grid of an image, and the settings of its refinement.

    They depend on its label noise, `doubt` (see `idgbr.refiner.label_noise`). It is 0, as for an exact map, until
    `set_label_noise` sets it.
    """

    def __init__(
        self, path: Path, classes: int, source: RasterSource, grid: Grid, card: RefinerCard, *,
        steps: int = 0, band_width: int = 0, tile: int = 0,
    ) -> None:  # fmt: skip
        """Take the map, the image, and the refiner's card; 0 selects the refiner's own values.

        `path` is a raster of class indices (there are `classes` classes) or `NODATA_CLASS` on `grid`.
        """
        self.path, self.classes = path, classes
        self._source, self._grid, self._card = source, grid, card
        self._asked_band, self._tile = band_width, tile
        self._image = self._image_at(1.0)
        self.tiling = fit_tiling(grid.height, grid.width, card, tile)
        self.margins = margins_of(card, source.gsd_m, steps)
        self.set_label_noise(0.0)

    def set_label_noise(self, noise: float) -> None:
        """Set everything that depends on the label noise."""
        self.label_noise, self.factor = noise, 1.0
        times = self.margins.times(noise)
        if times >= ROUGH and self.classes <= MAX_CLASSES:
            self.factor = min(start_factor(self._source.gsd_m), 0.5 if times >= VERY_ROUGH else 1.0)
        self.band_width = self._asked_band or reach_of(self._card.band_width, self.factor)
        self.margin = self.margins.of_drawn(noise)

    def estimate_label_noise(self, refiner: Callable[[], Refiner], rows: RowReader, monitor: Monitor) -> float:
        """Label noise estimated from samples of the map; 0 if the refiner was not calibrated for it."""
        if not self.margins.exact_doubt:
            return 0.0
        tiling = sample_tiling(self._grid.height, self._grid.width, self._card.halo)
        return round(mean_label_noise(self.label_pass(refiner, rows, tiling, monitor), tiling), 4)

    def label_pass(
        self, refiner: Callable[[], Refiner], rows: RowReader, tiling: Tiling, monitor: Monitor,
        sharpened: ScoreStore | None = None, *, explore: bool = False,
    ) -> LabelPass:  # fmt: skip
        """The pass over the map's `rows` on the image's grid, in tiles of `tiling`."""
        return LabelPass(
            self._image, lambda first, last: self._source.valid_rows(self._grid, first, last), refiner, tiling, rows,
            self.classes, self.band_width, (self._grid.row0, self._grid.col0), monitor,
            margin=self.margin, explore=explore, sharpened=sharpened,
        )  # fmt: skip

    def sharpening(self, refiner: Callable[[], Refiner], work: Path) -> list[SharpenStage]:
        """The stages on grids coarser than the image's, for a rough map; their files are in `work`.

        `fill` writes the input of the first one.
        """
        return sharpen_stages(
            self._image_at, self._grid, self._card, refiner, self._shares(work), self.factor, work, self._tile
        )

    def fill(self, work: Path, monitor: Monitor) -> None:
        """Resample the map to the first grid."""
        fill_shares(self.path, self._shares(work), monitor)

    def _shares(self, work: Path) -> StoredScores:
        first = self._image_at(self.factor)
        return StoredScores(work / "sharp_drawn.bin", self.classes, (first.height, first.width))

    def _image_at(self, factor: float) -> ScaledSource:
        return ScaledSource(self._source, self._grid, self._card, factor)
