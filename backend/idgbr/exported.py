"""Files that the plugin exported from layers: messages name the layers, and their sources are protected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from idgbr.errors import IdgbrError, InputError
from idgbr.monitor import Monitor, Relay

#: Names of layers by exported file, for all jobs in this process; such files have unique names.
_layer_names: dict[str, str] = {}


@dataclass(frozen=True)
class Staged:
    """The layer of an exported file: its name, and its `sources`, named like inputs."""

    layer: str
    sources: tuple[str, ...] = ()


def staged_files(given: object) -> dict[str, Staged]:
    """Layers by file, from ``{path: {"layer": name, "sources": [text, …]}}``. Raises InputError for any other form."""
    try:
        assert isinstance(given, Mapping)
        return {
            str(path): Staged(str(told["layer"]), tuple(map(str, told.get("sources", ()))))
            for path, told in given.items()
        }
    except (AssertionError, AttributeError, KeyError, TypeError):
        raise InputError("parameter 'staged': expected layers by file; update plugin and backend together.") from None


def with_layer_names(text: str) -> str:
    """A text with names of layers instead of exported files."""
    for path in sorted(_layer_names, key=len, reverse=True):
        if path in text:
            text = re.sub(rf"{re.escape(path)}(\|\w+)?", _layer_names[path].replace("\\", r"\\"), text)
    return text


class _NamingLayers(Relay):
    """Passes messages on with the names of layers."""

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        super().progress(stage, done, total, with_layer_names(message))

    def info(self, message: str) -> None:
        super().info(with_layer_names(message))

    def warn(self, message: str) -> None:
        super().warn(with_layer_names(message))


@contextmanager
def naming_layers(files: Mapping[str, Staged], monitor: Monitor) -> Iterator[Monitor]:
    """Context of a running job: gives its monitor. Messages and errors name layers instead of `files`."""
    if not files:
        yield monitor
        return
    names = {path: staged.layer for path, staged in files.items()}
    _layer_names.update(names)
    try:
        yield _NamingLayers(monitor)
    except IdgbrError as error:
        error.args = tuple(with_layer_names(part) if isinstance(part, str) else part for part in error.args)
        raise
    finally:
        for path in names:
            _layer_names.pop(path, None)
