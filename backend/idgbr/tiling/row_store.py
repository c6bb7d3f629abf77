"""Raw files of rows: what a pass has finished, in a form that a crash at any moment leaves usable up to a known row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.errors import OutputError

Bytes = NDArray[np.uint8]
#: Rows of a result that are written at a time.
_WRITTEN = 64


def levels_of(shares: NDArray[np.float32]) -> Bytes:
    """Shares in 0…1 as 255ths: eight bits of confidence are more than it deserves."""
    return np.round(shares * np.float32(255)).astype(np.uint8)


class RawRows:
    """A file of rows of `row_bytes` bytes, written and read by ranges, never mapped whole; use as a context manager."""

    def __init__(self, path: Path, row_bytes: int, done: int = 0, first: int = 0) -> None:
        """Open the file to go on after its first `done` rows, or anew. Raises OutputError.

        The file begins with row `first`.
        """
        self.path, self._row_bytes, self._first = path, row_bytes, first
        try:
            # Without a buffer: it might hold what lay behind the last row before another filled the file on.
            self._file = path.open("r+b" if done else "w+b", buffering=0)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror}); check space and rights.") from error

    def __enter__(self) -> RawRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what it holds stays. Raises OutputError when the disk is full."""
        try:
            self._file.close()
        except OSError as error:
            raise self._not_written(error) from error

    def write(self, row: int, values: Bytes, offset: int = 0) -> None:
        """Store parts of rows, (rows, bytes), from byte `offset` of each on; the system has them when this returns.

        Raises OutputError when the disk is full.
        """
        whole = values.shape[1] == self._row_bytes
        try:
            for number, part in enumerate([values] if whole else values):
                self._file.seek((row - self._first + number) * self._row_bytes + offset)
                left = np.ascontiguousarray(part).reshape(-1).data
                while left:
                    left = left[self._file.write(left) :]
        except OSError as error:
            raise self._not_written(error) from error

    def _not_written(self, error: OSError) -> OutputError:
        return OutputError(f"{self.path}: cannot be written ({error.strerror}); free disk space.")

    def read(self, first: int, last: int, offset: int = 0, count: int = 0) -> Bytes:
        """`count` bytes (0: all from there on) of rows [first, last) from byte `offset` on, (rows, count).

        Raises OutputError.
        """
        count = count or self._row_bytes - offset
        out = np.empty((last - first, count), np.uint8)
        try:
            for number, part in enumerate([out] if count == self._row_bytes else out):
                self._file.seek((first - self._first + number) * self._row_bytes + offset)
                left = part.reshape(-1).data
                while left:
                    found = self._file.readinto(left)
                    if not found:
                        raise OutputError(f"{self.path}: is cut short; run the job again.")
                    left = left[found:]
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be read ({error.strerror}); check the disk.") from error
        return out


class ResultRows:
    """Classes and shares (confidence and the like) of a job's result, a byte each a pixel, until all rows are there."""

    def __init__(self, path: Path, width: int, done: int = 0, *, shares: int = 1, first: int = 0) -> None:
        """Open the file to go on after its first `done` rows, or anew; `shares` is how many a pixel has.

        The file begins with row `first`.
        """
        self.path, self._width, self.shares = path, width, shares
        self._rows = RawRows(path, self.row_bytes(width, shares), done, first)

    @staticmethod
    def row_bytes(width: int, shares: int = 1) -> int:
        """Bytes of a row."""
        return (1 + shares) * width

    def __enter__(self) -> ResultRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self._rows.close()

    def paste(self, row: int, levels: Bytes) -> None:
        """Store rows as they lie in another file, (rows, bytes), from grid row `row` on."""
        self._rows.write(row, levels)

    def write(self, row: int, classes: Bytes, *shares: Bytes) -> None:
        """Store classes and the first `shares` of those given, in 255ths, all (rows, width), from grid row `row` on."""
        for first in range(0, len(classes), _WRITTEN):  # little by little, for rows may be long
            part = slice(first, first + _WRITTEN)
            parts = [values[part] for values in (classes, *shares[: self.shares])]
            self._rows.write(row + first, np.concatenate(parts, axis=1))

    def classes(self, first: int, last: int) -> Bytes:
        """Classes of rows [first, last)."""
        return self._rows.read(first, last, 0, self._width)

    def share(self, number: int, first: int, last: int) -> NDArray[np.float32]:
        """A share of the pixels of rows [first, last), nan where there is no class."""
        planes = self._rows.read(first, last).reshape(last - first, 1 + self.shares, self._width)
        levels = planes[:, 1 + number].astype(np.float32) / np.float32(255)
        levels[planes[:, 0] == NODATA_CLASS] = np.nan
        return levels
