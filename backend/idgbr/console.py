"""Output of the command line: messages and progress on stderr, results on stdout, details in a log file."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from idgbr.errors import IdgbrError, one_line
from idgbr.logs import file_handler
from idgbr.monitor import Monitor

log = logging.getLogger(__name__)
#: Characters of a text in a table of results.
_LONGEST_CELL = 60


def start_logging() -> Path | None:
    """Log to `idgbr.log`; None, and no log, if it cannot be written."""
    handler: logging.Handler
    try:
        handler = file_handler("idgbr.log", older=1)
    except OSError:
        handler = logging.NullHandler()
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    return Path(handler.baseFilename) if isinstance(handler, logging.FileHandler) else None


def explain(error: Exception, log_path: Path | None) -> str:
    """One line for the user about any error; unexpected ones go to the log with their traceback."""
    if isinstance(error, IdgbrError):
        return one_line(error)
    log.error("Unexpected error", exc_info=error)
    if isinstance(error, MemoryError):
        return "Memory ran out; close other programs, or give a smaller --extent."
    if isinstance(error, OSError) and error.filename:
        return one_line(f"{error.filename}: {error.strerror}; check the path, its permissions and the free disk space.")
    where = f"details are in {log_path}" if log_path else "no log file could be written"
    return one_line(f"Unexpected error ({type(error).__name__}: {error}); {where}. `idgbr doctor` may show the cause.")


def print_json(value: object) -> None:
    """Print a result as JSON on stdout."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def print_result(result: Mapping[str, Any], *, as_json: bool, tables: Sequence[str] = ()) -> None:
    """Print a job's result on stdout: its output paths, then its figures, then the lists named in `tables`.

    Other lists are for programs (`--json`).
    """
    if as_json:
        print_json(result)
        return
    for group in ("outputs", "summary"):
        for name, value in result.get(group, {}).items():
            if value is not None and not isinstance(value, list | dict):
                sys.stdout.write(f"{name}: {value}\n")
    for name in tables:
        if rows := result.get("summary", {}).get(name):
            short = [{key: _cut(value) for key, value in row.items()} for row in rows]
            sys.stdout.write(f"\n{name}:\n{table_text(short)}")


def table_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with the same fields as lines with aligned columns under their names, numbers to the right."""
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    right = [all(isinstance(row[name], int | float | None) for row in rows) for name in names]
    lines = (
        "  ".join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(line, widths, right, strict=True))
        for line in cells
    )
    return "".join(f"  {line.rstrip()}\n" for line in lines)


def _cell(value: object) -> str:
    return "" if value is None else one_line(str(value))


def _cut(value: object) -> object:
    """A value of a result; a long text, such as a name of a class, is cut."""
    return f"{value[: _LONGEST_CELL - 1]}…" if isinstance(value, str) and len(value) > _LONGEST_CELL else value


class ConsoleMonitor(Monitor):
    """Shows messages on stderr, and progress bars with the time left if stderr is a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            TextColumn("{task.fields[message]}"),
            console=self._console,
            disable=not (self._console.is_terminal or self._console.is_jupyter),
        )
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Draw the stage's bar."""
        with self._lock:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, message="")
        self._bars.update(self._tasks[stage], completed=done, total=total, message=message)

    def info(self, message: str) -> None:
        """Show a fact about the run."""
        super().info(message)
        self._show(message)

    def warn(self, message: str) -> None:
        """Show a fallback or a reservation."""
        super().warn(message)
        self._show(f"Warning: {message}")

    def _show(self, message: str) -> None:
        self._console.print(one_line(message), markup=False)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Context of a running job: bars are drawn, and Ctrl-C or SIGTERM cancels it; a second one stops it at once."""
        tell = partial(self._show, "Cancelling; press Ctrl-C again to stop at once.")
        with cancelling(self, signal.SIGINT, signal.SIGTERM, tell=tell), self._bars:
            yield


@contextmanager
def cancelling(monitor: Monitor, *numbers: signal.Signals, tell: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Context of a running job: the signals (by default SIGINT) cancel it; the second one stops at once.

    Signals reach only the main thread; in other threads, nothing is changed.
    """

    def cancel(_number: int, _frame: FrameType | None) -> None:
        if monitor.cancelled:
            raise KeyboardInterrupt
        monitor.cancel()
        tell()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, cancel) for number in numbers or (signal.SIGINT,)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
