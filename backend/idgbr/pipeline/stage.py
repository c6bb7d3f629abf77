"""The stages from an image to class rows, each of which fills one file, row by row.

A stage goes on after the rows that are done; or it works on a span of its rows of tiles apart from the others, into a
file of the span's own, and later joins neighbouring spans. Both ways give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from idgbr.models.devices import Device
from idgbr.monitor import Monitor
from idgbr.raster.reader import RasterSource
from idgbr.tiling.row_store import ResultRows
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Span, Tiling

Array = NDArray[np.float32]


class Step(NamedTuple):
    """How many rows a stage has then, and how many pixels it changed since the step before.

    `crowded` is how many tiles since then have more classes than can take part.
    """

    rows: int
    changed: int = 0
    crowded: int = 0


class Stage(Protocol):
    """What the stages have in common; `name` is what the journal calls one, `path` the file that it fills."""

    name: str
    path: Path
    height: int
    row_bytes: int
    #: Channels of each map that is blended, and how many of them.
    channels: int
    maps: int

    @property
    def tiling(self) -> Tiling | None:
        """Tiles that it is worked on in; None for a stage that follows the one before it, see `Following`."""
        ...

    def open(self, path: Path, done: int = 0, first: int = 0) -> ScoreStore | ResultRows:
        """A file of its rows from `first` on, to go on after its first `done` rows, or anew."""
        ...

    def run(
        self, into: ScoreStore | ResultRows, monitor: Monitor, done: int = 0, span: Span | None = None
    ) -> Iterator[Step]:
        """Fill `into` after its first `done` rows, or with the rows of a span."""
        ...

    def join(self, into: ScoreStore | ResultRows, row: int, scores: list[Array]) -> int:
        """Fill the rows from `row` on that two spans share, from the sum of their edges, (K, rows, width) for each map.

        Returns how many pixels it changed.
        """
        ...

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """Tell that so many tiles are done."""
        ...


class Following(Stage, Protocol):
    """A stage without tiles, which takes little time: its rows are made as soon as those are there that they rest on.

    `step_rows` is how many it makes at a time.
    """

    step_rows: int

    def rests_on(self, rows: int) -> int:
        """How many rows of the stage before it its first `rows` rows are made of."""
        ...


class StagedJob(Protocol):
    """A job that goes through stages, here and on each worker of a cluster."""

    monitor: Monitor

    @property
    def sources(self) -> Sequence[RasterSource]:
        """The images that it reads."""
        ...

    def identity(self, device: Device) -> dict[str, Any]:
        """All that the result rests on."""
        ...

    def use(self, device: Device) -> None:
        """Say where the models are to run."""
        ...

    def stages(self) -> Sequence[Stage]:
        """Its stages, in order."""
        ...

    def begin(self) -> None:
        """Say, and make, what is to be there before the first stage begins."""
        ...


class ScoredStage:
    """A stage that fills a file of scores."""

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
