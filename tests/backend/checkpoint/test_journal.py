"""The journal, whatever a crash leaves of its last line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from idgbr.checkpoint import journal
from idgbr.checkpoint.journal import Journal, read_records
from idgbr.errors import OutputError


def written(path: Path, *stages: str) -> bytes:
    opened = Journal(path, time.monotonic())
    for stage in stages:
        opened.record(stage, 1, 1, figures={"name": "Straße"})
    opened.close()
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
    opened = Journal(path, time.monotonic())
    with pytest.raises(OutputError, match=r"journal\.jsonl: cannot be written \(No such file"):
        opened.record("segment", 1, 1, [tmp_path / "scores.bin"])
    opened.record("refine", 1, 1)
    opened.close()
    assert [record["stage"] for record in read_records(path)[0]] == ["refine"]


def test_stages_that_take_turns_are_all_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last state of each, the newest last, when it is time to wait for the disk."""
    path = tmp_path / "journal.jsonl"
    opened = Journal(path, time.monotonic())
    for done in (1, 2, 3):
        for stage in ("segment", "refine"):
            opened.record(stage, done, 9)
    assert not read_records(path)[0]
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0)
    opened.record("segment", 4, 9)
    assert [(record["stage"], record["done"]) for record in read_records(path)[0]] == [("refine", 3), ("segment", 4)]
    assert [opened.last(stage)["done"] for stage in ("segment", "refine")] == [4, 3]  # type: ignore[index]
    opened.close()
