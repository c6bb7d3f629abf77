"""Where the time goes: spans of all threads, the table, and the trace."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from idgbr.spans import recording, span, timed, write_trace


@timed("add")
def _add(first: int, second: int) -> int:
    return first + second


def test_nothing_is_recorded_without_a_recorder() -> None:
    with span("work"):
        assert _add(1, 2) == 3


def test_the_table_has_a_row_for_each_name_and_one_for_the_process() -> None:
    with recording() as recorder:
        with span("read", 1_500_000):
            time.sleep(0.02)
        for number in range(3):
            assert _add(number, 1) == number + 1
    rows = {str(row["work"]): row for row in recorder.table()}
    assert rows["read"]["MB"] == 1.5
    assert float(str(rows["read"]["wait_s"])) >= 0.015
    assert rows["add"]["times"] == 3
    assert str(recorder.table()[-1]["work"]).startswith("process: ")
    assert recorder.table()[0]["work"] == "read"


def test_the_trace_names_threads_and_is_read_by_viewers(tmp_path: Path) -> None:
    """An event has a name, a phase, a process, a thread, and times in microseconds."""
    with recording() as recorder:
        thread = threading.Thread(target=_add, args=(1, 2), name="reader")
        thread.start()
        thread.join()
        with span("read"):
            pass
    write_trace(recorder, tmp_path / "trace.json")
    events = json.loads((tmp_path / "trace.json").read_text(encoding="utf-8"))["traceEvents"]
    names = {event["tid"]: event["args"]["name"] for event in events if event["ph"] == "M"}
    spans = {event["name"]: event for event in events if event["ph"] == "X"}
    assert names[spans["add"]["tid"]] == "reader"
    assert spans["read"]["ts"] >= spans["add"]["ts"]
    assert all(event["dur"] >= 0 and event["pid"] == 1 for event in spans.values())


def test_spans_end_with_an_error() -> None:
    with recording() as recorder, pytest.raises(ZeroDivisionError), span("failing"):
        _ = 1 / 0
    assert recorder.spans[0].name == "failing"
