"""This process: settings of programs of our own, which must not be made in a program that only imports this package."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator

#: Options of glibc's `mallopt`, and the largest array, in bytes, that is kept for the next one.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX, _KEPT = -1, -3, -8, 1 << 28

_state = {"own": False}


def own_process() -> None:
    """Set up the process of a command or of the worker, before it imports what it runs."""
    _state["own"] = True
    _keep_memory()


def _keep_memory() -> None:
    """Keep the memory of large arrays for the next ones, with glibc.

    Otherwise each array of over 32 MiB gets new pages from the system, which clears them: a tenth of a job's time.
    All threads share what is kept: if each had its own, as is usual, the peak memory of a job was a sixth higher.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):  # another C library
        options = ctypes.CDLL(None).mallopt
        options(_MMAP_THRESHOLD, _KEPT)
        options(_TRIM_THRESHOLD, _KEPT)
        options(_ARENA_MAX, 1)


def release_memory() -> None:
    """Give kept memory back to the system, in a process of our own: after a job, before what may be a long wait."""
    if _state["own"] and sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


@contextlib.contextmanager
def without(*names: str) -> Iterator[None]:
    """In a process of our own, hide modules from a library that imports them if they are installed, but needs none.

    In other programs they stay, because the library may serve other parts of the program.
    """
    hidden = [name for name in names if _state["own"] and name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None makes an import fail
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
