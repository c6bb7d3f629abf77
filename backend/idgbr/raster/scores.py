"""Class scores of a whole job on disk: blended probabilities, eight bits each, row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.raster.raw_rows import RawRows


class ScoreStore:
    """A raw file of (height, K, width) uint8 scores (255 = certain); written and read by rows, never mapped whole.

    The rows lie on a working grid; `read` gives them on the output grid, bilinearly where the two differ.
    """

    def __init__(
        self, path: Path, channels: int, working: tuple[int, int], output: tuple[int, int], done: int = 0
    ) -> None:
        """Open the file to go on after its first `done` rows, or anew."""
        self.path, self.channels = path, channels
        self._working, self._output = working, output
        self._rows = RawRows(path, self.row_bytes(channels, working), done)

    @staticmethod
    def row_bytes(channels: int, working: tuple[int, int]) -> int:
        """Bytes of a row of a working grid (height, width)."""
        return channels * working[1]

    def __enter__(self) -> ScoreStore:
        return self

    def __exit__(self, *exc: object) -> None:
        self._rows.close()

    def write(self, row: int, scores: NDArray[np.float32]) -> None:
        """Store scores (K, rows, width) in 0…1 from working-grid row `row` on."""
        stored = (np.moveaxis(scores, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
        self._rows.write(row, stored)

    def _stored(self, first: int, last: int) -> NDArray[np.float32]:
        """Working-grid rows [first, last) as (K, rows, width) float32 in 0…1."""
        rows = self._rows.read(first, last).reshape(last - first, self.channels, self._working[1])
        return np.moveaxis(rows, 1, 0) * np.float32(1 / 255)

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        """Output-grid rows [first, last) as (K, rows, output width) float32 in 0…1."""
        if self._working == self._output:
            return self._stored(first, last)
        low, high, part = _neighbours(np.arange(first, last), self._working[0], self._output[0])
        base = int(low[0])
        stored = self._stored(base, int(high[-1]) + 1)
        rows = _blend(stored, low - base, high - base, part[:, None], axis=1)
        low, high, part = _neighbours(np.arange(self._output[1]), self._working[1], self._output[1])
        return _blend(rows, low, high, part, axis=2)


def _neighbours(
    index: NDArray[np.int64], working: int, output: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The two working pixels around the centre of each output pixel, and the share of the second."""
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
