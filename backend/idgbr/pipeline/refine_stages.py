"""The refiner over scores: on grids coarser than the image's, and on the image's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.monitor import Monitor
from idgbr.pipeline.stage import ScoredStage, Step
from idgbr.refiner.probability_pass import (
    Drawn,
    Image,
    Rows,
    coarse_rows,
    refined_rows,
    refined_seam,
    sharpened,
    sharpened_seam,
)
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.row_store import ResultRows
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Span, Tiling

Array = NDArray[np.float32]
#: Rows that a stage without tiles makes at a time.
_STRIP = 256
#: Rows that are given their classes' values and written at a time.
_WRITTEN = 256


class SharpenStage(ScoredStage):
    """The refiner on one of the grids that are coarser than the image's; `level` is which of how many."""

    def __init__(
        self, path: Path, image: Image, refiner: Callable[[], Refiner], tiling: Tiling, coarse: StoredScores,
        band_width: int, origin: tuple[int, int], level: tuple[int, int],
    ) -> None:  # fmt: skip
        super().__init__(f"sharpen {level[0] + 1} of {level[1]}", path, coarse.channels, tiling)
        self._image, self._refiner, self._coarse = image, refiner, coarse
        self._band_width, self._origin, self._level = band_width, origin, level

    def run(
        self, into: ScoreStore | ResultRows, monitor: Monitor, done: int = 0, span: Span | None = None
    ) -> Iterator[Step]:
        """See `Stage`."""
        assert isinstance(into, ScoreStore)
        with self._coarse.on(self._size) as coarse:
            yield from map(Step, sharpened(
                self._image, self._refiner(), self.tiling, coarse, into, self._band_width, self._origin, monitor, done,
                level=self._level, span=span,
            ))  # fmt: skip

    def join(self, into: ScoreStore | ResultRows, row: int, scores: list[Array]) -> int:
        """See `Stage`."""
        assert isinstance(into, ScoreStore)
        with self._coarse.on(self._size) as coarse:
            sharpened_seam(coarse, into, self.tiling, self._band_width, row, scores[0])
        return 0

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `Stage`."""
        number, count = self._level
        monitor.progress("sharpen", number + tiles / self.tiling.count, count)


@dataclass(frozen=True)
class RefineSetting:
    """How the refiner works on the output grid: its image, tiles and margin, and what it is given to refine.

    `drawn` is the map as it was drawn, with the band around its boundaries (px), if `scores` were sharpened.
    """

    image: Image
    refiner: Callable[[], Refiner]
    tiling: Tiling
    margin: float
    band_width: int
    origin: tuple[int, int]
    explore: bool
    drawn: tuple[StoredScores, int] | None


class ResultStage:
    """Classes, confidence and uncertainty on the output grid: refined with a `setting`, else the coarse ones."""

    name, step_rows = "refine", _STRIP

    def __init__(
        self, path: Path, scores: StoredScores, size: tuple[int, int], shares: int, ids: NDArray[np.uint8],
        known: Callable[[int, int], NDArray[np.bool_]], setting: RefineSetting | None,
    ) -> None:  # fmt: skip
        """Take what it reads; `ids` are the values of the classes, `known` says which pixels of rows have one."""
        self.path, self.height, self._width = path, *size
        self._scores, self._size, self._shares, self._ids, self._known = scores, size, shares, ids, known
        self._setting = setting
        self.channels, self.row_bytes = scores.channels, ResultRows.row_bytes(size[1], shares)
        self.tiling = setting.tiling if setting else None
        self.maps = 1 + bool(setting and setting.explore)

    def open(self, path: Path, done: int = 0, first: int = 0) -> ResultRows:
        """See `Stage`."""
        return ResultRows(path, self._width, done, shares=self._shares, first=first)

    def rests_on(self, rows: int) -> int:
        """See `Following`."""
        return self._scores.rows_for(rows, self.height)

    def run(
        self, into: ScoreStore | ResultRows, monitor: Monitor, done: int = 0, span: Span | None = None
    ) -> Iterator[Step]:
        """See `Stage`."""
        with ExitStack() as stack:
            scores = stack.enter_context(self._scores.on(self._size))
            for rows in self._rows(scores, stack, monitor, done, span):
                self._write(into, rows)
                yield Step(rows.first + len(rows.labels), rows.changed)

    def _rows(
        self, scores: ScoreStore, stack: ExitStack, monitor: Monitor, done: int, span: Span | None
    ) -> Iterator[Rows]:
        setting = self._setting
        if setting is None:
            return coarse_rows(scores, self.height, self.step_rows, monitor, done)
        return refined_rows(
            setting.image, setting.refiner(), setting.tiling, scores, setting.band_width, setting.origin, monitor, done,
            explore=setting.explore, drawn=self._drawn(setting, stack), span=span,
        )  # fmt: skip

    def join(self, into: ScoreStore | ResultRows, row: int, scores: list[Array]) -> int:
        """See `Stage`."""
        setting = self._setting
        assert setting is not None
        with ExitStack() as stack:
            coarse = stack.enter_context(self._scores.on(self._size))
            drawn = self._drawn(setting, stack)
            rows = refined_seam(coarse, setting.tiling, setting.band_width, setting.margin, row, scores, drawn)
        self._write(into, rows)
        return rows.changed

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `Stage`."""
        if self.tiling:
            monitor.progress(self.name, tiles, self.tiling.count)

    def _drawn(self, setting: RefineSetting, stack: ExitStack) -> Drawn | None:
        if setting.drawn is None:
            return None
        scores, band_width = setting.drawn
        return Drawn(stack.enter_context(scores.on(self._size)), band_width)

    def _write(self, into: ScoreStore | ResultRows, rows: Rows) -> None:
        assert isinstance(into, ResultRows)
        for top in range(0, len(rows.labels), _WRITTEN):  # little by little, for rows may be long
            labels, *shares = (
                values[top : top + _WRITTEN] for values in (rows.labels, rows.confidence, rows.uncertainty)
            )
            first = rows.first + top
            known = self._known(first, first + len(labels))
            into.write(first, np.where(known, self._ids[labels], np.uint8(NODATA_CLASS)), *shares)
