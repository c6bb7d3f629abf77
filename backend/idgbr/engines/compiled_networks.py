"""Compiled networks on disk, so that a program need not compile them again: `IDGBR_CACHE_DIR`, else the user's cache.

A file's name is a hash of all that its content depends on: the bytes of the network, how it was changed before it was
compiled, the version of the engine, the processor, and the settings. Files are never wrong, only unused, so the ones
that were used longest ago are deleted when there are too many. `idgbr.engines.measured` keeps its times here too.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

#: Most bytes of the files together. A network of the bundled models takes 0.1 to 13 MB.
MOST_BYTES = 256 << 20
#: Part of an ONNX file that keeps its weights in other files. Such networks are not stored: their hash would cost more.
_EXTERNAL = b"location"
_SUFFIX = ".network"

log = logging.getLogger(__name__)


class Compiled(NamedTuple):
    """A compiled network as bytes, with what its user wants to know of it."""

    facts: dict[str, Any]
    network: bytes


def cache_folder() -> Path:
    """The folder of compiled networks."""
    if configured := os.environ.get("IDGBR_CACHE_DIR"):
        return Path(configured)
    import platformdirs

    return Path(platformdirs.user_cache_dir("idgbr", appauthor=False)) / "networks"


def key_of(paths: Sequence[Path], settings: Mapping[str, object]) -> str | None:
    """The key of network files that are compiled as one with `settings`; None if the result cannot be stored."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if _EXTERNAL in content:
            return None
        digest.update(hashlib.sha256(content).digest())
    digest.update(json.dumps(settings, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def load(key: str) -> Compiled | None:
    """The stored network of a key; None if there is none, or if it is damaged."""
    path = cache_folder() / f"{key}{_SUFFIX}"
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
            network = file.read()
        if hashlib.sha256(network).hexdigest() == head["sha256"]:
            os.utime(path)
            return Compiled(dict(head["facts"]), network)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):  # cut short, or overwritten
        pass
    log.info("%s: damaged; it is deleted.", path)
    forget(key)
    return None


def forget(key: str) -> None:
    """Delete the stored network of a key."""
    with suppress(OSError):
        (cache_folder() / f"{key}{_SUFFIX}").unlink(missing_ok=True)


def store(key: str, compiled: Compiled) -> None:
    """Store a network; without space or rights it is not stored."""
    folder = cache_folder()
    head = {"sha256": hashlib.sha256(compiled.network).hexdigest(), "facts": compiled.facts}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Written under another name, because other processes may read or write the same network.
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(json.dumps(head).encode() + b"\n" + compiled.network)
            except BaseException:
                file.close()
                part.unlink(missing_ok=True)
                raise
        part.replace(folder / f"{key}{_SUFFIX}")
        _evict(folder)
    except OSError as error:
        log.info("%s: the compiled network was not stored (%s).", folder, error)


def _evict(folder: Path) -> None:
    """Delete the files that were used longest ago until the others fit, and parts that a killed process has left."""
    found = []
    for path in folder.iterdir():
        if path.suffix in (_SUFFIX, ".part"):
            with suppress(FileNotFoundError):
                about = path.stat()
                found.append((about.st_mtime, about.st_size, path))
    total = 0
    for _, size, path in sorted(found, reverse=True):
        total += size
        if total > MOST_BYTES:
            path.unlink(missing_ok=True)
