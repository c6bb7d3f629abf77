"""The journal, whatever a crash leaves of its last line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from idgbr.checkpoint.journal import Journal, read_records
from idgbr.errors import OutputError


def written(path: Path, *stages: str) -> bytes:
    journal = Journal(path, time.monotonic())
    for stage in stages:
        journal.record(stage, 1, 1, figures={"name": "Straße"})
    journal.close()
    return path.read_bytes()


def test_cut_anywhere_the_whole_lines_before_count(tmp_path: Path) -> None:
    """And what is recorded afterwards follows them."""
    path = tmp_path / "journal.jsonl"
    whole = written(path, "segment", "refine")
    first = whole.index(b"\n") + 1
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        sound = ["segment"] if size >= first else []
        assert [record["stage"] for record in read_records(path)[0]] == sound
        written(path, "again")
        assert [record["stage"] for record in read_records(path)[0]] == [*sound, "again"]


def test_no_damaged_byte_is_trusted(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = written(path, "segment", "refine")
    first = whole.index(b"\n") + 1
    for place in range(first, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert [record["stage"] for record in read_records(path)[0]] == ["segment"]


def test_a_line_waits_for_the_data_it_vouches_for(tmp_path: Path) -> None:
    """Without the file there is no line, and a later one is none for it."""
    path = tmp_path / "journal.jsonl"
    journal = Journal(path, time.monotonic())
    with pytest.raises(OutputError, match=r"journal\.jsonl: cannot be written \(No such file"):
        journal.record("segment", 1, 1, [tmp_path / "scores.bin"])
    journal.record("refine", 1, 1)
    journal.close()
    assert [record["stage"] for record in read_records(path)[0]] == ["refine"]
