"""Keeps two set-ups from working in one folder, be they two QGIS windows or a command line."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from idgbr_qgis.core.setup.failures import Kind, SetupError, from_os_error

NAME = "setup.lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; raises `SetupError` of the kind LOCKED where another process holds it.

    The system lets go of it when the process ends, however it ends, so none is ever left over.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Unbuffered, and never truncated by who does not hold it.
        file = (folder / NAME).open("a+b", buffering=0)
    except OSError as error:
        raise from_os_error(error) from error
    with file:
        if not _take(file):
            raise SetupError(Kind.LOCKED, _holder(file))
        try:
            file.truncate(0)
            file.write(f"process {os.getpid()}".rjust(64).encode())
            yield
        finally:
            _release(file)


# The byte that is locked lies beyond the text, as Windows lets nobody read a locked byte.
_BYTE = 1 << 20


def _take(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _release(file: IO[bytes]) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            import msvcrt

            file.seek(_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_UN)


def _holder(file: IO[bytes]) -> str:
    """Who holds the lock, as it wrote there."""
    with contextlib.suppress(OSError):
        file.seek(0)
        return file.read(64).decode("ascii", "replace").strip()
    return ""
