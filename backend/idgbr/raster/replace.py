"""A finished raster put in the place of an older one, whose side files would describe the new one."""

from __future__ import annotations

from pathlib import Path

from idgbr.exchange import exchange

#: Files beside a raster, by what follows its whole name or stands for its suffix.
_ENDS = (".ovr", ".msk", ".msk.ovr", ".ovr.msk", ".aux.xml", ".ovr.aux.xml", ".msk.aux.xml",
         ".vat.dbf", ".vat.cpg")  # fmt: skip
_WORLD_FILES = (".tfw", ".tifw", ".tiffw")


def put_raster(made: Path, path: Path) -> None:
    """Put a raster in the place of an older one, whose overviews, masks and statistics go with it. Raises OSError."""
    old = [path.with_name(path.name + end) for end in _ENDS]
    if path.exists():
        old += [path.with_suffix(end) for end in _WORLD_FILES]
    exchange(old, {made: path}, made, made.parent)
