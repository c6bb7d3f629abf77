"""Raw files of finished rows: after a crash at any moment, they are usable up to a known row."""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Bytes
from idgbr.classes import NODATA_CLASS
from idgbr.errors import OutputError
from idgbr.spans import timed

#: Mode of Linux's `fallocate`: FALLOC_FL_KEEP_SIZE and FALLOC_FL_PUNCH_HOLE.
_PUNCH_HOLE = 1 | 2
#: Rows of a result that are written at a time.
_WRITTEN = 64


def levels_of(values: NDArray[np.float32]) -> Bytes:
    """Values in 0…1 as 255ths: eight bits are more than a confidence deserves."""
    return np.round(values * np.float32(255)).astype(np.uint8)


class RawRows:
    """A file of rows of `row_bytes` bytes, written and read by ranges, never mapped as a whole; a context manager."""

    def __init__(self, path: Path, row_bytes: int, done: int = 0, first: int = 0) -> None:
        """Open the file to resume after its first `done` rows, or create it. Raises OutputError.

        The file starts with row `first`.
        """
        self.path, self._row_bytes, self._first = path, row_bytes, first
        try:
            # Unbuffered: a buffer might have data behind the last row from before another handle extended the file.
            self._file = path.open("r+b" if done else "w+b", buffering=0)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror}); check space and rights.") from error

    def __enter__(self) -> RawRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; its content stays. Raises OutputError if the disk is full."""
        try:
            self._file.close()
        except OSError as error:
            raise self._not_written(error) from error

    def write(self, row: int, values: Bytes, offset: int = 0) -> None:
        """Store parts of rows, (rows, bytes), from byte `offset` of each on; the system has them on return.

        Raises OutputError if the disk is full.
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

    def free(self, rows: int) -> None:
        """Give the disk space of the rows before row `rows` back; they are zero then. Only on Linux, else they stay."""
        end = (rows - self._first) * self._row_bytes
        if end > 0:
            with contextlib.suppress(AttributeError, OSError):
                punch = ctypes.CDLL(None).fallocate  # file systems that have no holes answer with an error
                punch(self._file.fileno(), _PUNCH_HOLE, ctypes.c_int64(0), ctypes.c_int64(end))

    def read(self, first: int, last: int, offset: int = 0, count: int = 0) -> Bytes:
        """`count` bytes (0: all further ones) of rows [first, last) from byte `offset` on, (rows, count).

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
    """Classes and further planes (such as confidence) of a job's result, one byte each, until it is complete."""

    def __init__(self, path: Path, width: int, done: int = 0, *, planes: int = 1, first: int = 0) -> None:
        """Open the file to resume after its first `done` rows, or create it; `planes` is the number of further planes.

        The file starts with row `first`.
        """
        self.path, self._width, self.planes = path, width, planes
        self._rows = RawRows(path, self.row_bytes(width, planes), done, first)

    @staticmethod
    def row_bytes(width: int, planes: int = 1) -> int:
        """Bytes of a row."""
        return (1 + planes) * width

    def __enter__(self) -> ResultRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self._rows.close()

    def paste(self, row: int, levels: Bytes) -> None:
        """Store rows copied from another file, (rows, bytes), from grid row `row` on."""
        self._rows.write(row, levels)

    @timed("write rows")
    def write(self, row: int, classes: Bytes, *planes: Bytes) -> None:
        """Store classes and the first of the `planes`, in 255ths, all (rows, width), from grid row `row` on."""
        for first in range(0, len(classes), _WRITTEN):  # little by little, for rows may be long
            part = slice(first, first + _WRITTEN)
            parts = [values[part] for values in (classes, *planes[: self.planes])]
            self._rows.write(row + first, np.concatenate(parts, axis=1))

    def classes(self, first: int, last: int) -> Bytes:
        """Classes of rows [first, last)."""
        return self._rows.read(first, last, 0, self._width)

    def plane(self, number: int, first: int, last: int) -> NDArray[np.float32]:
        """A plane of rows [first, last) in 0…1, nan for pixels without a class."""
        rows = self._rows.read(first, last).reshape(last - first, 1 + self.planes, self._width)
        levels = rows[:, 1 + number].astype(np.float32) / np.float32(255)
        levels[rows[:, 0] == NODATA_CLASS] = np.nan
        return levels
