"""The refiner on scores: on grids coarser than the image's, and on the image's own grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array
from idgbr.classes import NODATA_CLASS
from idgbr.monitor import Monitor
from idgbr.pipeline.stage import FollowingStage, ScoredStage, Step, TiledStage
from idgbr.refiner.probability_pass import (
    Image,
    OriginalMap,
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

#: Rows that a stage without tiles computes at a time.
_STRIP = 256
#: Rows whose classes are mapped to their values and written at a time.
_WRITTEN = 256


class SharpenStage(ScoredStage):
    """The refiner on a grid that is coarser than the image's; `level` is its number and that of all grids."""

    def __init__(
        self, path: Path, image: Image, refiner: Callable[[], Refiner], tiling: Tiling, coarse: StoredScores,
        band_width: int, origin: tuple[int, int], level: tuple[int, int],
    ) -> None:  # fmt: skip
        super().__init__(f"sharpen {level[0] + 1} of {level[1]}", path, coarse.channels, tiling)
        self._image, self._refiner, self._coarse = image, refiner, coarse
        self._band_width, self._origin, self._level = band_width, origin, level

    def run(self, into: ScoreStore, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        """See `TiledStage`."""
        with self._coarse.on(self._size) as coarse:
            yield from map(Step, sharpened(
                self._image, self._refiner(), self.tiling, coarse, into, self._band_width, self._origin, monitor, done,
                level=self._level, span=span,
            ))  # fmt: skip

    def join(self, into: ScoreStore, row: int, scores: list[Array]) -> int:
        """See `TiledStage`."""
        with self._coarse.on(self._size) as coarse:
            sharpened_seam(coarse, into, self.tiling, self._band_width, row, scores[0])
        return 0

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `TiledStage`."""
        number, count = self._level
        monitor.progress("sharpen", number + tiles / self.tiling.count, count)


@dataclass(frozen=True)
class RefineSetting:
    """Settings of the refiner on the output grid: image, tiles, margin, and the scores to refine.

    `original` is the original map with the band around its boundaries (px), if `scores` come from coarser grids.
    """

    image: Image
    refiner: Callable[[], Refiner]
    tiling: Tiling
    margin: float
    band_width: int
    origin: tuple[int, int]
    explore: bool
    original: tuple[StoredScores, int] | None


class _Classes:
    """Rows of classes, confidence and uncertainty, written where pixels have a class.

    `ids` are the values of the classes; `known` gives the pixels of rows that have one.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], planes: int, ids: NDArray[np.uint8],
        known: Callable[[int, int], NDArray[np.bool_]],
    ) -> None:  # fmt: skip
        self.path, self.size, self.planes, self._ids, self._known = path, size, planes, ids, known

    def open(self, path: Path, done: int, first: int) -> ResultRows:
        return ResultRows(path, self.size[1], done, planes=self.planes, first=first)

    def write(self, into: ResultRows, rows: Rows) -> Step:
        for top in range(0, len(rows.labels), _WRITTEN):  # little by little, for rows may be long
            labels, *planes = (
                values[top : top + _WRITTEN] for values in (rows.labels, rows.confidence, rows.uncertainty)
            )
            first = rows.first + top
            known = self._known(first, first + len(labels))
            into.write(first, np.where(known, self._ids[labels], np.uint8(NODATA_CLASS)), *planes)
        return Step(rows.first + len(rows.labels), rows.changed)


class CoarseResultStage(FollowingStage[ResultRows]):
    """Classes and confidence on the output grid from unrefined scores."""

    # The same name as the stage that it stands for: a job has one of the two, and journals call it so.
    name, step_rows = "refine", _STRIP

    def __init__(self, scores: StoredScores, classes: _Classes, *, frees: bool) -> None:
        self._scores, self._classes, self._frees = scores, classes, frees
        self.path, self.height = classes.path, classes.size[0]
        self.row_bytes = ResultRows.row_bytes(classes.size[1], classes.planes)

    def open(self, path: Path, done: int = 0, first: int = 0) -> ResultRows:
        """See `Stage`."""
        return self._classes.open(path, done, first)

    def rests_on(self, rows: int) -> int:
        """See `FollowingStage`."""
        return self._scores.rows_for(rows, self.height)

    def run(self, into: ResultRows, monitor: Monitor, done: int = 0) -> Iterator[Step]:
        """See `FollowingStage`."""
        with self._scores.on(self._classes.size) as scores:
            for rows in coarse_rows(scores, self.height, self.step_rows, monitor, done):
                yield self._classes.write(into, rows)

    def free(self, done: int) -> None:
        """See `Stage`: the scores of finished rows."""
        if self._frees:
            with self._scores.on(self._classes.size) as scores:
                scores.free(done)


class RefineStage(TiledStage[ResultRows]):
    """Classes, confidence and uncertainty on the output grid, refined with a `setting`."""

    name = "refine"

    def __init__(self, scores: StoredScores, classes: _Classes, setting: RefineSetting, *, frees: bool) -> None:
        self._scores, self._classes, self._setting, self._frees = scores, classes, setting, frees
        self.path, self.height, self.tiling = classes.path, classes.size[0], setting.tiling
        self.channels, self.maps = scores.channels, 1 + setting.explore
        self.row_bytes = ResultRows.row_bytes(classes.size[1], classes.planes)

    def open(self, path: Path, done: int = 0, first: int = 0) -> ResultRows:
        """See `Stage`."""
        return self._classes.open(path, done, first)

    def run(self, into: ResultRows, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        """See `TiledStage`."""
        setting = self._setting
        with ExitStack() as stack:
            scores = stack.enter_context(self._scores.on(self._classes.size))
            for rows in refined_rows(
                setting.image, setting.refiner(), self.tiling, scores, setting.band_width, setting.origin, monitor,
                done, explore=setting.explore, original=self._original_map(stack), span=span,
            ):  # fmt: skip
                yield self._classes.write(into, rows)

    def join(self, into: ResultRows, row: int, scores: list[Array]) -> int:
        """See `TiledStage`."""
        setting = self._setting
        with ExitStack() as stack:
            coarse = stack.enter_context(self._scores.on(self._classes.size))
            original = self._original_map(stack)
            rows = refined_seam(coarse, self.tiling, setting.band_width, setting.margin, row, scores, original)
        return self._classes.write(into, rows).changed

    def free(self, done: int) -> None:
        """See `Stage`: the scores above the tiles that blend into unfinished rows, and above what these tiles read."""
        if not self._frees:
            return
        setting, read = self._setting, [(self._scores, self._setting.band_width)]
        read += [setting.original] if setting.original else []
        for scores, band_width in read:
            around = max(self.tiling.halo, self.tiling.ramp + band_width + 1)
            with scores.on(self._classes.size) as store:
                # Two tiles more, because the first ones that are computed again begin above the unfinished rows.
                store.free(done - 2 * self.tiling.core - around)

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `TiledStage`."""
        monitor.progress(self.name, tiles, self.tiling.count)

    def _original_map(self, stack: ExitStack) -> OriginalMap | None:
        if self._setting.original is None:
            return None
        scores, band_width = self._setting.original
        return OriginalMap(stack.enter_context(scores.on(self._classes.size)), band_width)


def result_stage(
    path: Path, scores: StoredScores, size: tuple[int, int], planes: int, ids: NDArray[np.uint8],
    known: Callable[[int, int], NDArray[np.bool_]], setting: RefineSetting | None, *, frees: bool = False,
) -> RefineStage | CoarseResultStage:  # fmt: skip
    """The last stage: from `scores` to rows of a file at `path`, refined with a `setting` if there is one.

    `size` of the grid is (height, width); `planes` is the number of planes besides the class. `ids` are the values of
    the classes, and `known` gives the pixels of rows that have one. With `frees`, nothing else reads the scores, which
    go when their rows are finished.
    """
    classes = _Classes(path, size, planes, ids, known)
    if setting:
        return RefineStage(scores, classes, setting, frees=frees)
    return CoarseResultStage(scores, classes, frees=frees)
