"""Raw files of rows: what a pass has finished, in a form that a crash at any moment leaves usable up to a known row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.errors import OutputError
from idgbr.raster.write import NODATA_CONFIDENCE

Bytes = NDArray[np.uint8]


class RawRows:
    """A file of rows of `row_bytes` bytes, written and read by ranges, never mapped whole; use as a context manager."""

    def __init__(self, path: Path, row_bytes: int, done: int = 0) -> None:
        """Open the file to go on after its first `done` rows, or anew. Raises OutputError."""
        self.path, self._row_bytes = path, row_bytes
        try:
            self._file = path.open("r+b" if done else "w+b")
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror}); check space and rights.") from error

    def __enter__(self) -> RawRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what it holds stays."""
        self._file.close()

    def write(self, row: int, values: Bytes, offset: int = 0) -> None:
        """Store parts of rows, (rows, bytes), from byte `offset` of each on; the system has them when this returns.

        Raises OutputError when the disk is full.
        """
        whole = values.shape[1] == self._row_bytes
        try:
            for number, part in enumerate([values] if whole else values):
                self._file.seek((row + number) * self._row_bytes + offset)
                self._file.write(np.ascontiguousarray(part).data)
            self._file.flush()
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written ({error.strerror}); free disk space.") from error

    def read(self, first: int, last: int, offset: int = 0, count: int = 0) -> Bytes:
        """`count` bytes (0: all from there on) of rows [first, last) from byte `offset` on, (rows, count).

        Raises OutputError.
        """
        count = count or self._row_bytes - offset
        out = np.empty((last - first, count), np.uint8)
        try:
            for number, part in enumerate([out] if count == self._row_bytes else out):
                self._file.seek((first + number) * self._row_bytes + offset)
                if self._file.readinto(part.data.cast("B")) < part.size:
                    raise OutputError(f"{self.path}: is cut short; run the job again.")
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be read ({error.strerror}); check the disk.") from error
        return out


class ResultRows:
    """Classes and confidence of a job's result, two bytes a pixel, until all rows are there."""

    def __init__(self, path: Path, width: int, done: int = 0) -> None:
        """Open the file to go on after its first `done` rows, or anew."""
        self.path, self._width = path, width
        self._rows = RawRows(path, self.row_bytes(width), done)

    @staticmethod
    def row_bytes(width: int) -> int:
        """Bytes of a row."""
        return 2 * width

    def __enter__(self) -> ResultRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self._rows.close()

    def write(self, row: int, classes: Bytes, confidence: NDArray[np.float32]) -> None:
        """Store classes and confidence in 0…1, both (rows, width), from grid row `row` on."""
        # Eight bits of confidence are more than it deserves.
        levels = np.round(confidence * np.float32(255)).astype(np.uint8)
        self._rows.write(row, np.concatenate([classes, levels], axis=1))

    def read(self, first: int, last: int) -> tuple[Bytes, NDArray[np.float32]]:
        """Classes and confidence of rows [first, last); confidence is its nodata value where there is no class."""
        stored = self._rows.read(first, last)
        classes, levels = stored[:, : self._width], stored[:, self._width :]
        confidence = levels.astype(np.float32) / np.float32(255)
        return classes, np.where(classes != NODATA_CLASS, confidence, np.float32(NODATA_CONFIDENCE))
