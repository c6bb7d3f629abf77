"""Which job folders there are: a note for each in the user's state folder, so that `idgbr jobs` finds them."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from pathlib import Path

import platformdirs

#: A folder on a disk that has been away for so long is no longer looked for.
FORGOTTEN_S = 90 * 86400.0


def _notes() -> Path:
    return Path(platformdirs.user_state_dir("idgbr", appauthor=False)) / "jobs"


def _note(folder: Path) -> Path:
    # A file each, so that jobs that begin and end together need no lock.
    return _notes() / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def remember(folder: Path) -> None:
    """Note a job folder; a state folder that cannot be written only means that it is not listed."""
    note = _note(folder)
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(str(folder.resolve()), encoding="utf-8")


def forget(folder: Path) -> None:
    """Drop the note on a job folder."""
    with suppress(OSError):
        _note(folder).unlink(missing_ok=True)


def recent_folders() -> list[Path]:
    """Noted job folders that are there, by name; notes on others are dropped."""
    folders = []
    with suppress(OSError):
        for note in sorted(_notes().iterdir()):
            folder = Path(note.read_text(encoding="utf-8"))
            # A share that is away may come back with its jobs.
            if folder.is_dir():
                folders.append(folder)
            elif folder.parent.is_dir() or time.time() - note.stat().st_mtime > FORGOTTEN_S:
                note.unlink(missing_ok=True)
    return sorted(folders)
