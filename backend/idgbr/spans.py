"""Where the time of a job goes: spans of named work in all threads of a process, as a table and as a trace.

The trace is in the Trace Event Format, which https://ui.perfetto.dev and Chrome open. Nothing is recorded until
`recording` is entered.
"""

from __future__ import annotations

import functools
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager as Context
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

Found = TypeVar("Found")
Arguments = ParamSpec("Arguments")


class Span(NamedTuple):
    """Work in one thread: begin and length in s, processor time of the thread in s, bytes read or written."""

    name: str
    thread: str
    begin: float
    seconds: float
    processor: float
    size: int


class Recorder:
    """Spans since its start. Thread-safe."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._began, self._before = time.perf_counter(), os.times()

    @contextmanager
    def span(self, name: str, size: int) -> Iterator[None]:
        """Record what happens inside."""
        begin, processor = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            seconds, processor = time.perf_counter() - begin, time.thread_time() - processor
            thread = threading.current_thread().name
            self.spans.append(Span(name, thread, begin - self._began, seconds, processor, size))

    def trace(self) -> str:
        """The spans as JSON in the Trace Event Format."""
        threads = {name: number for number, name in enumerate(dict.fromkeys(span.thread for span in self.spans))}
        named = [
            {"name": "thread_name", "ph": "M", "pid": 1, "tid": number, "args": {"name": name}}
            for name, number in threads.items()
        ]
        spans = [
            {
                "name": span.name, "ph": "X", "pid": 1, "tid": threads[span.thread],
                "ts": round(span.begin * 1e6, 1), "dur": round(span.seconds * 1e6, 1),
                "args": {"processor_ms": round(span.processor * 1e3, 3), "bytes": span.size},
            }
            for span in self.spans
        ]  # fmt: skip
        return json.dumps({"traceEvents": named + spans, "displayTimeUnit": "ms"})

    def table(self) -> list[dict[str, object]]:
        """A row for each name, the longest first, and one for the process.

        `seconds` is the time on the clock in all threads. `wait_s` is the part of it in which the thread itself did
        not compute: it waited for a disk, for another thread, or for the threads of an engine. Work inside other work
        counts in both rows.
        """
        sums: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0, 0])
        for span in self.spans:
            one = sums[span.name]
            for place, value in enumerate((1, span.seconds, span.seconds - span.processor, span.size)):
                one[place] += value
        rows: list[dict[str, object]] = [
            {
                "work": name, "times": int(times), "seconds": round(seconds, 3), "wait_s": round(max(wait, 0), 3),
                "MB": round(size / 1e6, 1),
            }
            for name, (times, seconds, wait, size) in sorted(sums.items(), key=lambda item: -item[1][1])
        ]  # fmt: skip
        clock, now = time.perf_counter() - self._began, os.times()
        used = now.user + now.system - self._before.user - self._before.system
        rows.append({
            "work": f"process: {used:.2f} s of processors, {used / max(clock, 1e-9):.2f} at once", "times": 1,
            "seconds": round(clock, 3), "wait_s": "", "MB": "",
        })  # fmt: skip
        return rows


_recorder: Recorder | None = None


@contextmanager
def recording() -> Iterator[Recorder]:
    """Record the spans of this process."""
    global _recorder  # noqa: PLW0603 (one process, one recorder; deep code has no other way to it)
    _recorder = Recorder()
    try:
        yield _recorder
    finally:
        _recorder = None


def span(name: str, size: int = 0) -> Context[None]:
    """Context of named work that reads or writes `size` bytes."""
    recorder = _recorder
    return recorder.span(name, size) if recorder else nullcontext()


def timed(name: str) -> Callable[[Callable[Arguments, Found]], Callable[Arguments, Found]]:
    """Decorator for functions that are named work."""

    def decorate(function: Callable[Arguments, Found]) -> Callable[Arguments, Found]:
        @functools.wraps(function)
        def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Found:
            if _recorder is None:
                return function(*args, **kwargs)
            with _recorder.span(name, 0):
                return function(*args, **kwargs)

        return wrapped

    return decorate


def write_trace(recorder: Recorder, path: Path) -> None:
    """Write the trace of a recorder. Raises OSError."""
    path.write_text(recorder.trace() + "\n", encoding="utf-8")
