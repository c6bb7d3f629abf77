"""Class scores of a whole job on disk: blended probabilities with eight bits each."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from idgbr.spans import timed
from idgbr.tiling.row_store import RawRows


class ScoreStore:
    """A raw file of (height, width, K) uint8 scores (255 = certain); written and read by windows, never as a whole.

    The scores are on a working grid. `read` gives them on the output grid, bilinearly if the two differ. One thread may
    read at a time.
    """

    def __init__(
        self, path: Path, channels: int, working: tuple[int, int], output: tuple[int, int], done: int = 0,
        *, first: int = 0, stored: int = 0, skipped: int = 0,
    ) -> None:  # fmt: skip
        """Open the file to resume after its first `done` rows, or create it. It starts with row `first`.

        To read some of the channels: the file has `stored` channels, and the first `skipped` ones are left out.
        """
        self.path, self.channels = path, channels
        self._stored_channels, self._skipped = stored or channels, skipped
        self._working, self._output = working, output
        self._rows = RawRows(path, self.row_bytes(self._stored_channels, working), done, first)

    @property
    def width(self) -> int:
        """Columns of the output grid."""
        return self._output[1]

    @staticmethod
    def row_bytes(channels: int, working: tuple[int, int]) -> int:
        """Bytes of a row of a working grid (height, width)."""
        return channels * working[1]

    def on(self, output: tuple[int, int]) -> ScoreStore:
        """The same scores in the same file, read on another output grid (height, width)."""
        view = copy(self)
        view._output = output
        return view

    def __enter__(self) -> ScoreStore:
        return self

    def __exit__(self, *exc: object) -> None:
        self._rows.close()

    def paste(self, row: int, levels: NDArray[np.uint8]) -> None:
        """Store rows copied from another file, (rows, bytes), from a row of the working grid on."""
        self._rows.write(row, levels)

    def free(self, rows: int) -> None:
        """Give the disk space of scores back that are not needed to read from row `rows` of the output grid on."""
        low = _neighbours(np.array([max(rows, 0)]), self._working[0], self._output[0])[0]
        self._rows.free(int(low[0]))

    @timed("write scores")
    def write(self, row: int, col: int, scores: NDArray[np.float32]) -> None:
        """Store scores (K, rows, cols) in 0…1 from a pixel of the working grid on."""
        levels = np.moveaxis((scores * np.float32(255) + np.float32(0.5)).astype(np.uint8), 0, 2)
        rows, cols = scores.shape[1:]
        self._rows.write(row, levels.reshape(rows, cols * self.channels), col * self.channels)

    def _stored(self, first: int, last: int, left: int, right: int) -> NDArray[np.float32]:
        """Working-grid rows [first, last) and columns [left, right) as (K, rows, cols) float32 in 0…1."""
        channels = self._stored_channels
        rows = self._rows.read(first, last, left * channels, (right - left) * channels)
        levels = rows.reshape(last - first, right - left, channels)
        levels = levels[:, :, self._skipped : self._skipped + self.channels]
        return np.ascontiguousarray(np.moveaxis(levels, 2, 0)) * np.float32(1 / 255)

    @timed("read scores")
    def read(self, first: int, last: int, left: int = 0, right: int | None = None) -> NDArray[np.float32]:
        """Output-grid rows [first, last) and columns [left, right) as (K, rows, cols) float32 in 0…1."""
        right = self._output[1] if right is None else right
        if self._working == self._output:
            return self._stored(first, last, left, right)
        low, high, part = _neighbours(np.arange(first, last), self._working[0], self._output[0])
        low_col, high_col, part_col = _neighbours(np.arange(left, right), self._working[1], self._output[1])
        top, start = int(low[0]), int(low_col[0])
        stored = self._stored(top, int(high[-1]) + 1, start, int(high_col[-1]) + 1)
        rows = _blend(stored, low - top, high - top, part[:, None], axis=1)
        return _blend(rows, low_col - start, high_col - start, part_col, axis=2)


class StoredScores(NamedTuple):
    """Scores in a file: number of channels, and the size (height, width) of their grid.

    They may be a part of the file's `stored` channels (0: all of them), after its first `skipped` ones.
    """

    path: Path
    channels: int
    size: tuple[int, int]
    stored: int = 0
    skipped: int = 0

    def part(self, first: int, last: int) -> StoredScores:
        """Channels [first, last) of the same file."""
        stored = self.stored or self.channels
        return StoredScores(self.path, last - first, self.size, stored, self.skipped + first)

    def on(self, output: tuple[int, int]) -> ScoreStore:
        """Open them for reading on an output grid (height, width)."""
        return ScoreStore(
            self.path, self.channels, self.size, output, done=self.size[0], stored=self.stored, skipped=self.skipped
        )

    def rows_for(self, rows: int, height: int) -> int:
        """Number of rows needed to read `rows` rows of an output grid with `height` rows."""
        if not rows or height == self.size[0]:
            return rows
        return int(_neighbours(np.array([rows - 1]), self.size[0], height)[1][0]) + 1


def _neighbours(
    index: NDArray[np.int64], working: int, output: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The two working pixels around the centre of each output pixel, and the weight of the second."""
    position = np.clip((index + 0.5) * (working / output) - 0.5, 0, working - 1)
    low = np.floor(position).astype(np.int64)
    return low, np.minimum(low + 1, working - 1), (position - low).astype(np.float32)


def _blend(
    values: NDArray[np.float32], low: NDArray[np.int64], high: NDArray[np.int64], part: NDArray[np.float32], axis: int
) -> NDArray[np.float32]:
    out = np.take(values, low, axis)
    difference = np.take(values, high, axis)
    difference -= out
    difference *= part
    out += difference
    return out
