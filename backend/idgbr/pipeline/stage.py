"""Stages: each fills one file, row by row; a job runs several, from an image to rows of classes.

A stage resumes after its finished rows. A tiled stage can also compute a span of its rows of tiles separately, into a
file of the span, and join neighbouring spans later. Both ways give the same bytes. Terms: docs/glossary.md#jobs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from idgbr.arrays import Array
from idgbr.engines.devices import Device
from idgbr.errors import DeviceMemoryError
from idgbr.monitor import Monitor
from idgbr.process import release_memory
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.tiling.row_store import ResultRows
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Span, Tiling

#: The kind of file that a stage fills.
Store = TypeVar("Store", ScoreStore, ResultRows)
Found = TypeVar("Found")


class Step(NamedTuple):
    """Number of rows of a stage, and number of pixels that changed since the previous step.

    `crowded` is the number of tiles since then with more classes than can take part.
    """

    rows: int
    changed: int = 0
    crowded: int = 0


class Stage(ABC, Generic[Store]):
    """Common part of all stages; `name` is the name in the journal, `path` the file that the stage fills."""

    name: str
    path: Path
    height: int
    row_bytes: int

    @abstractmethod
    def open(self, path: Path, done: int = 0, first: int = 0) -> Store:
        """A file of the stage's rows from `first` on, opened to resume after its first `done` rows, or emptied."""

    def free(self, done: int) -> None:
        """Give disk space back that is not needed to resume after `done` rows, if the job needs it no more either."""


class TiledStage(Stage[Store]):
    """A stage that is computed in tiles: `maps` maps with `channels` channels each are blended."""

    channels: int
    maps: int
    tiling: Tiling

    @abstractmethod
    def run(self, into: Store, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        """Fill `into` after its first `done` rows, or with the rows of a span."""

    @abstractmethod
    def join(self, into: Store, row: int, scores: list[Array]) -> int:
        """Fill the rows from `row` on that two spans share, from the sum of their edges, (K, rows, width) for each map.

        Returns the number of changed pixels.
        """

    @abstractmethod
    def progress(self, monitor: Monitor, tiles: int) -> None:
        """Report the number of finished tiles."""

    def within_memory(self, monitor: Monitor, attempt: Callable[[], Found]) -> Found:
        """The result of `attempt`, which runs the stage; tiles are halved each time that memory runs out in it.

        Results do not depend on the size of tiles beyond rounding. Raises the error of the last attempt if the tiles
        are as small as the network allows.
        """
        while True:
            try:
                return attempt()
            except (DeviceMemoryError, MemoryError):
                smaller = self.tiling.halved()
                if smaller is None:
                    raise
                self.tiling = smaller
            release_memory()
            monitor.warn(f"memory ran out; the job continues with smaller tiles, of {smaller.size} px.")


class FollowingStage(Stage[Store]):
    """A cheap stage without tiles: each row is computed as soon as the rows that it depends on are finished.

    `step_rows` is how many rows it computes at a time.
    """

    step_rows: int

    @abstractmethod
    def rests_on(self, rows: int) -> int:
        """Number of rows of the previous stage needed to compute the first `rows` rows."""

    @abstractmethod
    def run(self, into: Store, monitor: Monitor, done: int = 0) -> Iterator[Step]:
        """Fill `into` after its first `done` rows."""


#: A stage of either kind, with any store.
AnyStage = TiledStage[Any] | FollowingStage[Any]


class StagedJob(Protocol):
    """A job with stages, here and on each worker of a cluster."""

    #: Its name in the journal and for workers.
    name: str
    monitor: Monitor

    @property
    def parameters(self) -> Any:
        """Its parameters, a dataclass of `idgbr.parameters`."""
        ...

    @property
    def sources(self) -> Sequence[RasterSource]:
        """The images that it reads."""
        ...

    @property
    def grid(self) -> Grid:
        """The grid of its result."""
        ...

    def identity(self, device: Device) -> dict[str, Any]:
        """Everything that the result depends on."""
        ...

    def preparation(self) -> dict[str, Any]:
        """Results of this job's preparation, as JSON, so that workers of a cluster need not repeat it."""
        ...

    def use(self, device: Device) -> None:
        """Set the device of the models."""
        ...

    def stages(self) -> Sequence[AnyStage]:
        """Its stages, in order."""
        ...

    def begin(self) -> None:
        """Report and prepare everything that the first stage needs."""
        ...


class ScoredStage(TiledStage[ScoreStore]):
    """A tiled stage that fills a file of scores; overlapping rows of two spans are summed."""

    maps = 1

    def __init__(self, name: str, path: Path, channels: int, tiling: Tiling) -> None:
        self.name, self.path, self.channels, self.tiling = name, path, channels, tiling
        self._size = (tiling.height, tiling.width)
        self.height, self.row_bytes = tiling.height, ScoreStore.row_bytes(channels, self._size)

    @property
    def scores(self) -> StoredScores:
        """The filled scores."""
        return StoredScores(self.path, self.channels, self._size)

    def open(self, path: Path, done: int = 0, first: int = 0) -> ScoreStore:
        """See `Stage`."""
        return ScoreStore(path, self.channels, self._size, self._size, done, first=first)

    def join(self, into: ScoreStore, row: int, scores: list[Array]) -> int:
        """See `TiledStage`."""
        into.write(row, 0, scores[0])
        return 0
