"""What stages are: each fills one file, row by row; a job goes through several, from an image to rows of classes.

A stage resumes after the rows that are done. A tiled stage can also work on a span of its rows of tiles apart from the
others, into a file of the span's own, and later join neighbouring spans. Both ways give the same bytes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from idgbr.models.devices import Device
from idgbr.monitor import Monitor
from idgbr.raster.reader import RasterSource
from idgbr.tiling.row_store import ResultRows
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Span, Tiling

Array = NDArray[np.float32]
#: The kind of file that a stage fills.
Store = TypeVar("Store", ScoreStore, ResultRows)


class Step(NamedTuple):
    """How many rows a stage has then, and how many pixels it changed since the step before.

    `crowded` is how many tiles since then have more classes than can take part.
    """

    rows: int
    changed: int = 0
    crowded: int = 0


class Stage(ABC, Generic[Store]):
    """What all stages have in common; `name` is what the journal calls one, `path` the file that it fills."""

    name: str
    path: Path
    height: int
    row_bytes: int

    @abstractmethod
    def open(self, path: Path, done: int = 0, first: int = 0) -> Store:
        """A file of the stage's rows from `first` on, opened to resume after its first `done` rows, or emptied."""


class TiledStage(Stage[Store]):
    """A stage that is worked on in tiles: `maps` maps of `channels` channels each are blended."""

    channels: int
    maps: int
    tiling: Tiling

    @abstractmethod
    def run(self, into: Store, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        """Fill `into` after its first `done` rows, or with the rows of a span."""

    @abstractmethod
    def join(self, into: Store, row: int, scores: list[Array]) -> int:
        """Fill the rows from `row` on that two spans share, from the sum of their edges, (K, rows, width) for each map.

        Returns how many pixels it changed.
        """

    @abstractmethod
    def progress(self, monitor: Monitor, tiles: int) -> None:
        """Tell that so many tiles are done."""


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


#: Either kind, whatever it fills.
AnyStage = TiledStage[Any] | FollowingStage[Any]


class StagedJob(Protocol):
    """A job that goes through stages, here and on each worker of a cluster."""

    #: What the journal and workers call it.
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

    def identity(self, device: Device) -> dict[str, Any]:
        """All that the result rests on."""
        ...

    def found(self) -> dict[str, Any]:
        """What this job found out before its stages, as JSON, so that workers of a cluster need not."""
        ...

    def use(self, device: Device) -> None:
        """Say where the models are to run."""
        ...

    def stages(self) -> Sequence[AnyStage]:
        """Its stages, in order."""
        ...

    def begin(self) -> None:
        """Say, and make, what is to be there before the first stage begins."""
        ...


class ScoredStage(TiledStage[ScoreStore]):
    """A tiled stage that fills a file of scores; those of two spans are summed where both have some."""

    maps = 1

    def __init__(self, name: str, path: Path, channels: int, tiling: Tiling) -> None:
        self.name, self.path, self.channels, self.tiling = name, path, channels, tiling
        self._size = (tiling.height, tiling.width)
        self.height, self.row_bytes = tiling.height, ScoreStore.row_bytes(channels, self._size)

    @property
    def scores(self) -> StoredScores:
        """What the stage has filled."""
        return StoredScores(self.path, self.channels, self._size)

    def open(self, path: Path, done: int = 0, first: int = 0) -> ScoreStore:
        """See `Stage`."""
        return ScoreStore(path, self.channels, self._size, self._size, done, first=first)

    def join(self, into: ScoreStore, row: int, scores: list[Array]) -> int:
        """See `TiledStage`."""
        into.write(row, 0, scores[0])
        return 0
