"""Runs programs: by argument list, in a clean environment, line by line, and so that a cancel ends them and theirs."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from idgbr_qgis.core.clean_environment import clean_environment
from idgbr_qgis.core.setup.failures import Kind, SetupError, from_os_error

#: Settings of pip that would lead an install elsewhere; all its other settings are the user's to make.
_PIP_PLACES = frozenset(
    {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_REQUIRE_VIRTUALENV"}
    | {"PIP_NO_BINARY", "PIP_ONLY_BINARY", "PIP_REQUIREMENT", "PIP_CONSTRAINT", "PIP_REPORT", "PIP_QUIET", "PIP_LOG"}
)
#: Time a program gets to end by itself after a cancel, in seconds.
_TERMINATE_S = 5.0
_POLL_S = 0.1

Cancelled = Callable[[], bool]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment for programs of the set-up: clean, in English, without questions asked."""
    kept = {name: value for name, value in clean_environment(os.environ).items() if name.upper() not in _PIP_PLACES}
    fixed = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUNBUFFERED": "1", "LC_MESSAGES": "C"}
    return kept | fixed | dict(extra or {})


def ask(command: Sequence[str], timeout: float = 20.0) -> str | None:
    """Standard output of a short program; None where it cannot be started, fails or takes too long."""
    try:
        answer = subprocess.run(  # noqa: S603
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=True,
            env=environment(),
            creationflags=_no_window(),
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return answer.stdout.decode("utf-8", "replace")


def run(
    command: Sequence[str],
    cancelled: Cancelled,
    on_line: Callable[[str], None],
    extra: Mapping[str, str] | None = None,
    idle: Callable[[], None] = lambda: None,
) -> tuple[int, str]:
    """Run a program to its end; its exit status and output. `idle` is called between lines, several times a second.

    Raises `SetupError` of the kind CANCELLED once `cancelled` says so; the program and its children are gone by then.
    """
    try:
        process = subprocess.Popen(  # noqa: S603
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(extra),
            start_new_session=sys.platform != "win32",
            creationflags=_no_window(),
        )
    except OSError as error:
        raise from_os_error(error) from error
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    assert process.stdout is not None
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    output: list[str] = []
    try:
        while True:
            if cancelled():
                raise SetupError(Kind.CANCELLED)
            try:
                line = lines.get(timeout=_POLL_S)
            except queue.Empty:
                idle()
                continue
            if line is None:
                return process.wait(), "\n".join(output)
            output.append(line)
            on_line(line)
    finally:
        _end(process)


def _read(stream: IO[bytes], lines: queue.SimpleQueue[str | None]) -> None:
    # A progress bar ends its lines with a carriage return.
    with contextlib.suppress(OSError, ValueError):
        for raw in stream:
            for part in raw.decode("utf-8", "replace").replace("\r", "\n").split("\n"):
                if part.strip():
                    lines.put(part.rstrip())
    lines.put(None)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, with its children: politely, then for good."""
    if process.poll() is None:
        _signal(process, force=False)
        try:
            process.wait(_TERMINATE_S)
        except subprocess.TimeoutExpired:
            _signal(process, force=True)
            process.wait()
    if process.stdout is not None:
        with contextlib.suppress(OSError):
            process.stdout.close()


def _signal(process: subprocess.Popen[bytes], *, force: bool) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill() if force else process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)


def _no_window() -> int:
    """Flag that keeps Windows from opening a console."""
    return getattr(subprocess, "CREATE_NO_WINDOW", 0)
