"""The stages of change detection: comparing the dates in tiles, and classifying the changed pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from idgbr.arrays import Array
from idgbr.change.classify import CLASSES, Evidence, context_px, narrowest_px, reach_px
from idgbr.change.image_pair import DatePair, Window
from idgbr.models.card import ModelCard
from idgbr.models.change import ChangeModel
from idgbr.monitor import Monitor
from idgbr.pipeline.stage import FollowingStage, ScoredStage, Step
from idgbr.raster.rows import strip_rows
from idgbr.tiling.inference import tile_pass
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Span, Tile, Tiling, fit_tiling

#: The deepest stride of change networks.
STRIDE = 16

#: Columns that are classified at a time.
_COLUMNS = 2048


class CompareStage(ScoredStage):
    """The change model on its working grid; it is loaded when it is first needed."""

    def __init__(self, path: Path, pair: DatePair, model: Callable[[], ChangeModel], tiling: Tiling) -> None:
        super().__init__("compare", path, 1, tiling)
        self._pair, self._model = pair, model

    def run(self, into: ScoreStore, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        """See `TiledStage`."""
        return map(Step, change_pass(self._pair, self._model(), self.tiling, into, monitor, done, span))

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `TiledStage`."""
        monitor.progress(self.name, tiles, self.tiling.count)


class DecideStage(FollowingStage[ScoreStore]):
    """Probabilities of the `CLASSES` on the grid of the change model; follows the comparison.

    A pixel counts as changed if its probability reaches `threshold`. The ground sample distance `gsd_m` determines the
    neighbourhood that is used for the kind of change, and the width below which a change is removed.
    """

    name, channels = "decide", len(CLASSES)

    def __init__(self, path: Path, evidence: Evidence, threshold: float, gsd_m: float) -> None:
        self.path, self._evidence, self._threshold = path, evidence, threshold
        self._reach, self._narrowest = reach_px(gsd_m), narrowest_px(gsd_m)
        self._size = evidence.change.size
        self.height, self.row_bytes = self._size[0], ScoreStore.row_bytes(self.channels, self._size)
        self.step_rows = strip_rows(self._size[1])

    @property
    def scores(self) -> StoredScores:
        """The filled scores."""
        return StoredScores(self.path, self.channels, self._size)

    def open(self, path: Path, done: int = 0, first: int = 0) -> ScoreStore:
        """See `Stage`."""
        return ScoreStore(path, self.channels, self._size, self._size, done, first=first)

    def rests_on(self, rows: int) -> int:
        """See `FollowingStage`."""
        return min(rows + self._reach + context_px(self._narrowest), self.height)

    def run(self, into: ScoreStore, monitor: Monitor, done: int = 0) -> Iterator[Step]:
        """See `FollowingStage`."""
        with self._evidence.on(self._size, self._reach) as evidence:
            for first in range(done, self.height, self.step_rows):
                last = min(first + self.step_rows, self.height)
                # In parts, because the input takes far more memory than the result.
                for left in range(0, self._size[1], _COLUMNS):
                    monitor.check()
                    part = first, last, left, min(left + _COLUMNS, self._size[1])
                    classes = evidence.classes(*part, threshold=self._threshold, narrowest=self._narrowest)
                    into.write(first, left, classes)
                yield Step(last)


def change_tiling(height: int, width: int, card: ModelCard, tile: int = 0) -> Tiling:
    """See `fit_tiling`."""
    return fit_tiling(height, width, card, tile, STRIDE)


def change_pass(
    pair: DatePair, model: ChangeModel, tiling: Tiling, store: ScoreStore, monitor: Monitor, done: int = 0,
    span: Span | None = None,
) -> Iterator[int]:  # fmt: skip
    """Fill `store` with blended P(change) after its first `done` rows; yields how many rows it has.

    Tiles without a valid pixel, or with equal dates, are skipped. With a `span`, only its own rows are filled, see
    `idgbr.tiling.inference.tile_pass`.
    """

    def load(tile: Tile) -> Window:
        return pair.read(*tiling.window(tile))

    def scores_of(_: Tile, window: Window) -> Array | None:
        possible = window.valid & ~window.equal
        if not possible.any():
            return None
        before, after = pair.standardized(window)
        return np.where(possible, model.predict(before, after), np.float32(0))[None]

    def progress(tiles: int) -> None:
        monitor.progress("compare", tiles, tiling.count)

    return tile_pass(tiling, load, scores_of, store, monitor, progress, done, span)
