"""Blocks: runs of rows of tiles that one worker computes, and the files in which it hands them over.

A block file has the block's own rows in the format of the stage's file. After them, as float32, come the sums that the
block shares with the ones above and below (see `idgbr.tiling.tiles.Edges`).
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array
from idgbr.checkpoint.journal import sync
from idgbr.errors import OutputError
from idgbr.monitor import Monitor
from idgbr.pipeline.stage import TiledStage
from idgbr.tiling.tiles import Edges, Span, Tiling

#: Number of tiles in a block, so that its start takes little time beside the work.
TILES = 16
#: Bytes of rows that are copied at a time.
_COPIED = 64 << 20


class Block(NamedTuple):
    """Rows of tiles whose cores begin at grid rows [start, stop)."""

    start: int
    stop: int


def cut_blocks(tiling: Tiling, start: int, workers: int, kept: Collection[Block] = ()) -> Iterator[Block]:
    """Blocks from the row of tiles at `start` to the end, including those in `kept`.

    Each has at most as many rows of tiles as leave four blocks for each worker.
    """
    rows = -(-(tiling.height - start) // tiling.core)
    across = -(-tiling.width // tiling.core)
    step = max(1, min(TILES // across, rows // (4 * workers))) * tiling.core
    known = {block.start: block for block in kept}
    while start < tiling.height:
        if start in known:
            block = known[start]
        else:
            stop = min(start + step, tiling.height)
            block = Block(start, min([stop, *(other for other in known if other > start)]))
        yield block
        start = block.stop


class BlockFile:
    """The file of a block of a stage in a folder; it gets its name when it is complete."""

    def __init__(self, folder: Path, stage: TiledStage[Any], block: Block) -> None:
        """The file need not exist yet."""
        tiling = stage.tiling
        self.block, self._stage = block, stage
        self.path = folder / f"{stage.name.replace(' ', '_')}_{block.start}_{block.stop}.bin"
        last_tiles = block.start + (block.stop - 1 - block.start) // tiling.core * tiling.core
        self.last = tiling.final_row(last_tiles)
        shared = tiling.open_rows(block.start)
        #: First row that is shared with the block above, and first row of the block itself.
        self.shared_first = block.start - tiling.ramp if block.start else 0
        self.first = self.shared_first + shared
        self._top = (stage.channels, shared, tiling.width)
        self._below = (stage.channels, 2 * tiling.ramp, tiling.width)
        self._rows_bytes = (self.last - self.first) * stage.row_bytes
        self._size = self._rows_bytes + 4 * stage.maps * int(np.prod(self._top) + np.prod(self._below))

    @property
    def whole(self) -> bool:
        """Whether the file exists."""
        with contextlib.suppress(OSError):
            return self.path.stat().st_size == self._size
        return False

    def make(self, monitor: Monitor) -> int:
        """Compute the block and publish its file; returns the number of changed pixels. Raises OutputError."""
        part = self.path.with_name(f"{self.path.name}.{uuid.uuid4().hex}.part")
        try:
            span = Span(*self.block)
            with self._stage.open(part, first=self.first) as rows:
                changed = sum(step.changed for step in self._stage.run(rows, monitor, span=span))
            with part.open("ab") as file:
                for edges in span.edges:
                    for edge in edges:
                        file.write(np.ascontiguousarray(edge).data)
            sync(part)
            part.replace(self.path)
        except OSError as error:
            raise OutputError(f"{part}: cannot be written ({error.strerror}); check the shared storage.") from error
        finally:
            part.unlink(missing_ok=True)
        return changed

    def chunks(self) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """The block's own rows in chunks: first row, and (rows, bytes)."""
        width = self._stage.row_bytes
        step = max(1, _COPIED // width)
        with self.path.open("rb") as file:
            for first in range(self.first, self.last, step):
                rows = min(step, self.last - first)
                file.seek((first - self.first) * width)
                yield first, np.fromfile(file, np.uint8, rows * width).reshape(rows, width)

    def edges(self) -> list[Edges]:
        """Sums that the block shares with its neighbours, for each map."""
        found = []
        with self.path.open("rb") as file:
            file.seek(self._rows_bytes)
            for _ in range(self._stage.maps):
                parts = [np.fromfile(file, np.float32, int(np.prod(s))).reshape(s) for s in (self._top, self._below)]
                found.append(Edges(*parts))
        return found

    def remove(self) -> None:
        """Remove the file."""
        with contextlib.suppress(OSError):
            self.path.unlink()


def shared_rows(upper: list[Edges], lower: list[Edges]) -> list[Array]:
    """The rows that two blocks share, (K, rows, width), for each map."""
    return [low.top + up.below[:, : low.top.shape[1]] for up, low in zip(upper, lower, strict=True)]
