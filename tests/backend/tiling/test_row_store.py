"""Rows that are written and read by parts, by two at once, and up to a known row after a crash."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from idgbr.errors import OutputError
from idgbr.tiling.row_store import RawRows


def rows(first: int, last: int, width: int = 10) -> np.ndarray:
    return np.arange(first * width, last * width, dtype=np.uint8).reshape(-1, width)


def test_parts_of_rows_come_back(tmp_path: Path) -> None:
    with RawRows(tmp_path / "rows", 10) as file:
        file.write(0, rows(0, 5)[:, :4])
        file.write(0, rows(0, 5)[:, 4:], 4)
        assert np.array_equal(file.read(1, 4), rows(1, 4))
        assert np.array_equal(file.read(1, 4, 2, 3), rows(1, 4)[:, 2:5])


def test_no_rows_are_no_error(tmp_path: Path) -> None:
    with RawRows(tmp_path / "rows", 10) as file:
        file.write(0, rows(0, 0))
        assert file.read(0, 0).shape == (0, 10)
    assert (tmp_path / "rows").read_bytes() == b""


def test_a_file_may_begin_with_a_later_row(tmp_path: Path) -> None:
    with RawRows(tmp_path / "rows", 10, first=3) as file:
        file.write(3, rows(3, 5))
        assert np.array_equal(file.read(4, 5), rows(4, 5))
    assert (tmp_path / "rows").stat().st_size == 20


def test_a_reader_sees_what_is_written_over_the_leftovers_of_an_earlier_run(tmp_path: Path) -> None:
    with RawRows(tmp_path / "rows", 10) as file:
        file.write(0, rows(0, 3))
        file.write(3, np.zeros((5, 10), np.uint8))  # as a power cut may leave what was not on the disk yet
    with RawRows(tmp_path / "rows", 10, done=3) as filled, RawRows(tmp_path / "rows", 10, done=8) as reader:
        assert np.array_equal(reader.read(2, 3), rows(2, 3))
        filled.write(3, rows(3, 8))
        assert np.array_equal(reader.read(3, 8), rows(3, 8))


def test_a_file_cut_short_is_told(tmp_path: Path) -> None:
    with RawRows(tmp_path / "rows", 10) as file:
        file.write(0, rows(0, 3))
        with pytest.raises(OutputError, match="cut short; run the job again"):
            file.read(2, 4)
