"""Replaces files by new ones as one set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

#: Folder for the old files, in that of the new ones.
_ASIDE = "replaced"


def exchange(old: Iterable[Path], new: Mapping[Path, Path], last: Path, folder: Path) -> None:
    """Put old files aside and new ones in their places; restores the old ones if that fails.

    Args:
        old: Files to remove, if they exist.
        new: New files, and the place of each on the same disk.
        last: The new file that is moved at the end.
        folder: Folder of the new files.

    Raises OSError.
    """
    aside = folder / _ASIDE
    gone: list[tuple[Path, Path]] = []
    try:
        for file in old:
            if file.exists():
                aside.mkdir(exist_ok=True)
                file.replace(aside / file.name)
                gone.append((aside / file.name, file))
        for part in sorted(new, key=lambda part: part == last):
            part.replace(new[part])
    except OSError:
        for kept, place in gone:
            if not place.exists():
                kept.replace(place)
        raise
    for kept, _ in gone:
        kept.unlink(missing_ok=True)
    if gone:
        aside.rmdir()
