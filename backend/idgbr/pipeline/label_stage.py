"""The last stage of refining a given map: from labels to labels, on the image's grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from idgbr.arrays import Array
from idgbr.monitor import Monitor
from idgbr.pipeline.label_map import LabelMap
from idgbr.pipeline.stage import Step, TiledStage
from idgbr.raster.rows import RowReader
from idgbr.refiner.label_pass import LabelPass
from idgbr.refiner.probability_pass import Rows
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.row_store import ResultRows
from idgbr.tiling.score_store import StoredScores
from idgbr.tiling.tiles import Span


class LabelStage(TiledStage[ResultRows]):
    """Class indices, confidence and uncertainty of a given map after refinement.

    Spans hold the shared rows of all classes in memory, so they are for maps with few classes.
    """

    name = "refine"

    def __init__(
        self, path: Path, drawn: LabelMap, refiner: Callable[[], Refiner], sharpened: StoredScores | None, planes: int,
        *, explore: bool,
    ) -> None:  # fmt: skip
        """Take the map and its refined scores from coarser grids; `planes` is the number of planes besides the class.

        With `explore`, uncertainty is that of several samples.
        """
        self.path, self.tiling = path, drawn.tiling
        self._drawn, self._refiner, self._sharpened = drawn, refiner, sharpened
        self._planes, self._explore = planes, explore
        self._size = (self.tiling.height, self.tiling.width)
        self.height, self.row_bytes = self.tiling.height, ResultRows.row_bytes(self.tiling.width, planes)
        self.channels, self.maps = drawn.classes, 1 + explore

    def open(self, path: Path, done: int = 0, first: int = 0) -> ResultRows:
        """See `Stage`."""
        return ResultRows(path, self.tiling.width, done, planes=self._planes, first=first)

    def run(self, into: ResultRows, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        """See `TiledStage`."""
        with self._pass(monitor) as work:
            crowded = 0
            for rows in work.rows(done, span):
                _write(into, rows)
                yield Step(rows.first + len(rows.labels), rows.changed, work.crowded - crowded)
                crowded = work.crowded

    def join(self, into: ResultRows, row: int, scores: list[Array]) -> int:
        """See `TiledStage`."""
        with self._pass(Monitor()) as work:
            rows = work.seam(row, scores)
        _write(into, rows)
        return rows.changed

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `TiledStage`."""
        monitor.progress(self.name, tiles, self.tiling.count)

    @contextmanager
    def _pass(self, monitor: Monitor) -> Iterator[LabelPass]:
        with ExitStack() as stack:
            rows = stack.enter_context(RowReader(self._drawn.path))
            sharpened = stack.enter_context(self._sharpened.on(self._size)) if self._sharpened else None
            yield self._drawn.label_pass(
                self._refiner, rows, self.tiling, monitor, sharpened, explore=self._explore
            )  # fmt: skip


def _write(into: ResultRows, rows: Rows) -> None:
    into.write(rows.first, rows.labels, rows.confidence, rows.uncertainty)
