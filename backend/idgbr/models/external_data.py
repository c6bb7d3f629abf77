"""Data files of an ONNX graph: weights in separate files, as torch 2.9 and `onnx.save` write them.

The graph gives their paths relative to its own folder. It is untrusted input: a path that leads out of the folder is
refused. This module reads the protobuf message itself, because running a model needs no `onnx` package.
"""

from __future__ import annotations

import mmap
from collections.abc import Container, Iterator
from pathlib import Path, PurePosixPath

from idgbr.errors import ModelError

#: Where tensors may be in an ONNX message: for each message, the numbers of the fields with nested messages.
_INNER = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "function": {7: "node", 11: "attribute"},
    "training": {1: "graph", 2: "graph"},
}
_EXTERNAL = 13  # field of a tensor that says where its data lie, as pairs of texts
#: Kinds of protobuf fields.
_NUMBER, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


def data_files(graph: Path) -> list[str]:
    """Paths of the graph's data files, relative to its folder, with forward slashes; empty if it has none.

    Each file exists, is complete, and is inside the folder. Raises ModelError.
    """
    folder = graph.parent
    sizes: dict[str, int] = {}
    for place, end in _references(graph):
        sizes[place] = max(end, sizes.get(place, 0))
    for place, size in sizes.items():
        if not is_inside(place):
            raise ModelError(
                f"{graph}: refused, as its data file {place!r} leads out of the model's folder; export the model "
                "again, with its data beside it."
            )
        if place.lower().endswith((".onnx", ".json")):
            raise ModelError(
                f"{graph}: its data file {place!r} is named like a graph or a card; export it under another name."
            )
        path = folder / place
        if not path.is_file():
            raise ModelError(
                f"{path}: missing, the data file of {graph.name}; put it there, or get the model again with all its "
                "files."
            )
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ModelError(
                f"{path}: refused, as it is a link that leads out of the model's folder; put the file itself there."
            )
        if path.stat().st_size < size:
            raise ModelError(
                f"{path}: is cut off: it holds {path.stat().st_size} of the {size} bytes that {graph.name} names; get "
                "it again."
            )
    return sorted(sizes)


def is_inside(place: str) -> bool:
    """Whether a path in a graph or card stays inside its folder on any system."""
    path = PurePosixPath(place)
    odd = any(mark in place for mark in ("\\", ":", "\0"))
    return bool(path.parts) and not path.is_absolute() and not odd and ".." not in path.parts


def _references(graph: Path) -> list[tuple[str, int]]:
    """Path and least size, in bytes, of the file of each external tensor."""
    try:
        with graph.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return list(_external(data))
    except OSError as error:
        raise ModelError(f"{graph}: cannot be read ({error.strerror}); check the file and its rights.") from error
    except (ValueError, IndexError) as error:  # also of an empty file
        raise ModelError(f"{graph}: not a readable ONNX model ({error}).") from error


def _external(data: mmap.mmap) -> Iterator[tuple[str, int]]:
    open_messages = [("model", 0, len(data))]
    while open_messages:
        message, start, stop = open_messages.pop()
        if message == "tensor":
            pairs = dict(_pair(data, first, last) for _, first, last in _fields(data, start, stop, {_EXTERNAL}))
            if "location" in pairs:
                yield pairs["location"], int(pairs.get("offset", "0")) + int(pairs.get("length", "0"))
            continue
        inner = _INNER[message]
        open_messages += [(inner[field], first, last) for field, first, last in _fields(data, start, stop, inner)]


def _pair(data: mmap.mmap, start: int, stop: int) -> tuple[str, str]:
    texts = {number: data[first:last].decode() for number, first, last in _fields(data, start, stop, {1, 2})}
    return texts.get(1, ""), texts.get(2, "")


def _fields(data: mmap.mmap, start: int, stop: int, wanted: Container[int]) -> Iterator[tuple[int, int, int]]:
    """Number, start and stop of those fields of a message that are messages or texts and among the `wanted` numbers."""
    while start < stop:
        key, start = _varint(data, start)
        number, kind = key >> 3, key & 7
        if kind == _NUMBER:
            _, start = _varint(data, start)
        elif kind == _BYTES:
            size, start = _varint(data, start)
            if number in wanted:
                yield number, start, start + size
            start += size
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            start += 8 if kind == _EIGHT_BYTES else 4
        else:
            raise ValueError("not a protobuf message")
        if start > stop:
            raise ValueError("cut off")


def _varint(data: mmap.mmap, at: int) -> tuple[int, int]:
    """An integer of variable length, and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("not a protobuf message")
