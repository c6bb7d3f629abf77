"""The stages of change detection beside those of segmentation: comparing the dates, and deciding what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.change.change_pass import change_pass
from idgbr.change.classify import CLASSES, Evidence, context_px, narrowest_px, reach_px
from idgbr.change.image_pair import DatePair
from idgbr.jobs.stages import ScoredStage, Step
from idgbr.models.change import ChangeModel
from idgbr.monitor import Monitor
from idgbr.raster.rows import strip_rows
from idgbr.tiling.row_store import ResultRows
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Span, Tiling

Array = NDArray[np.float32]
#: Columns for which it is decided at a time what happened.
_COLUMNS = 2048


class CompareStage(ScoredStage):
    """The change model on its working grid; it is loaded when it is first needed."""

    def __init__(self, path: Path, pair: DatePair, model: Callable[[], ChangeModel], tiling: Tiling) -> None:
        super().__init__("compare", path, 1, tiling)
        self._pair, self._model = pair, model

    def run(
        self, into: ScoreStore | ResultRows, monitor: Monitor, done: int = 0, span: Span | None = None
    ) -> Iterator[Step]:
        """See `Stage`."""
        assert isinstance(into, ScoreStore)
        return map(Step, change_pass(self._pair, self._model(), self.tiling, into, monitor, done, span))

    def join(self, into: ScoreStore | ResultRows, row: int, scores: list[Array]) -> int:
        """See `Stage`."""
        assert isinstance(into, ScoreStore)
        into.write(row, 0, scores[0])
        return 0

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `Stage`."""
        monitor.progress(self.name, tiles, self.tiling.count)


class DecideStage:
    """Probabilities of the `CLASSES` on the grid of the change model; follows the comparison.

    From `threshold` on a pixel has changed; with a ground sample distance of `gsd_m` it is known how far around is
    looked at to tell what happened, and what is too narrow to be an object.
    """

    name, channels, maps, tiling = "decide", len(CLASSES), 1, None

    def __init__(self, path: Path, evidence: Evidence, threshold: float, gsd_m: float) -> None:
        self.path, self._evidence, self._threshold = path, evidence, threshold
        self._reach, self._narrowest = reach_px(gsd_m), narrowest_px(gsd_m)
        self._size = evidence.change.size
        self.height, self.row_bytes = self._size[0], ScoreStore.row_bytes(self.channels, self._size)
        self.step_rows = strip_rows(self._size[1])

    @property
    def scores(self) -> StoredScores:
        """What the stage has filled."""
        return StoredScores(self.path, self.channels, self._size)

    def open(self, path: Path, done: int = 0, first: int = 0) -> ScoreStore:
        """See `Stage`."""
        return ScoreStore(path, self.channels, self._size, self._size, done, first=first)

    def rests_on(self, rows: int) -> int:
        """See `Following`."""
        return min(rows + self._reach + context_px(self._narrowest), self.height)

    def run(
        self, into: ScoreStore | ResultRows, monitor: Monitor, done: int = 0, span: Span | None = None
    ) -> Iterator[Step]:
        """See `Stage`."""
        assert isinstance(into, ScoreStore)
        assert span is None
        with self._evidence.on(self._size, self._reach) as evidence:
            for first in range(done, self.height, self.step_rows):
                last = min(first + self.step_rows, self.height)
                # By parts, as what is looked at takes far more memory than what becomes of it.
                for left in range(0, self._size[1], _COLUMNS):
                    monitor.check()
                    part = first, last, left, min(left + _COLUMNS, self._size[1])
                    classes = evidence.classes(*part, threshold=self._threshold, narrowest=self._narrowest)
                    into.write(first, left, classes)
                yield Step(last)

    def join(self, into: ScoreStore | ResultRows, row: int, scores: list[Array]) -> int:  # noqa: ARG002
        """See `Stage`: no rows are shared."""
        return 0

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `Stage`: it takes no time to speak of."""
