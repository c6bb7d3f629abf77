"""Streams of Arrow batches from numpy columns and back, by Arrow's C interface, which GDAL writes layers from.

A package would not replace much of this. nanoarrow (0.9 was tried) makes no stream from a Python iterator, so callbacks
and structs of the writer would stay, and filling them would need its private addresses. It decodes only valid UTF-8, so
`idgbr.layers.reader` would still decode texts from buffers. It would save about 40 lines. pyarrow takes 170 MB on disk.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from idgbr.arrays import AnyArray

_Pointer = ctypes.c_void_p
_OF_ONE = ctypes.CFUNCTYPE(None, _Pointer)
_OF_TWO = ctypes.CFUNCTYPE(ctypes.c_int, _Pointer, _Pointer)
_MESSAGE = ctypes.CFUNCTYPE(_Pointer, _Pointer)
#: Status that makes the reader ask for the message of an error; POSIX's EIO.
_FAILED = 5
_NULLABLE = 2
#: Arrow's formats of numpy types, of texts and of bytes (both with 64-bit offsets) and of a record.
_FORMATS = {"int32": b"i", "int64": b"l", "float64": b"g"}
TEXT, BINARY, _RECORD = b"U", b"Z", b"+s"


class Struct(ctypes.Structure):
    """A C struct of the interface; all fields are as wide as a pointer."""

    @classmethod
    def at(cls, address: int) -> Any:
        """The struct at an address."""
        return cls.from_address(address)


class CStream(Struct):
    """ArrowArrayStream."""

    _fields_ = [(name, _Pointer) for name in ("schema", "next", "error", "release", "private")]


class CSchema(Struct):
    """ArrowSchema."""

    _fields_ = [
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", _Pointer),
        ("flags", ctypes.c_int64),
        ("count", ctypes.c_int64),
        ("children", _Pointer),
        ("dictionary", _Pointer),
        ("release", _Pointer),
        ("private", _Pointer),
    ]


class CArray(Struct):
    """ArrowArray; a zero-filled one is the end of a stream."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("length", "nulls", "offset", "buffer_count", "count")),
        *((name, _Pointer) for name in ("buffers", "children", "dictionary", "release", "private")),
    ]


def stream_of(capsule: object) -> Any:
    """The C struct inside a stream's capsule."""
    address = ctypes.pythonapi.PyCapsule_GetPointer
    address.restype, address.argtypes = _Pointer, (ctypes.py_object, ctypes.c_char_p)
    return CStream.at(address(capsule, b"arrow_array_stream"))


def _pointer(function: Any) -> int | None:
    return ctypes.cast(function, _Pointer).value


def _forget(struct: type[Struct]) -> Any:
    """Called by a reader to release a struct: it is only marked, because Python owns the memory."""

    def release(own: int) -> None:
        struct.at(own).release = None

    return _OF_ONE(release)


_FORGET_STREAM, _FORGET_SCHEMA, _FORGET_ARRAY = _forget(CStream), _forget(CSchema), _forget(CArray)


class ColumnStream:
    """A stream of batches; each has the columns' values: numbers (nan for null), texts, or `bytes` of geometries.

    Keep it alive while it is read. A batch is valid until the next one is requested. An exception of the iterator ends
    the stream with an error, and is then in `error`.
    """

    def __init__(self, formats: Mapping[str, bytes], batches: Iterator[Sequence[AnyArray]]) -> None:
        """Take the columns' names and formats (`number_format`, `TEXT`, `BINARY`), and the batches."""
        self._formats, self._batches = dict(formats), batches
        self.error: BaseException | None = None
        self._message = ctypes.c_char_p(b"the batches ended with an error")
        self._calls = (_OF_TWO(self._schema), _OF_TWO(self._next), _MESSAGE(lambda _own: _pointer(self._message)))
        self._stream = CStream(*(_pointer(call) for call in (*self._calls, _FORGET_STREAM)), None)
        self._schema_parts: list[Any] = []
        self._parts: list[Any] = []

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The stream's capsule."""
        make = ctypes.pythonapi.PyCapsule_New
        make.restype, make.argtypes = ctypes.py_object, (_Pointer, ctypes.c_char_p, _Pointer)
        capsule: object = make(ctypes.addressof(self._stream), b"arrow_array_stream", None)
        return capsule

    def _schema(self, _own: int, out: int) -> int:
        release = _pointer(_FORGET_SCHEMA)
        columns = [
            CSchema(form, name.encode(), None, _NULLABLE, 0, None, None, release, None)
            for name, form in self._formats.items()
        ]
        children = _addresses(columns)
        self._schema_parts = [columns, children]
        record = CSchema(_RECORD, b"", None, 0, len(columns), _pointer(children), None, release, None)
        ctypes.memmove(out, ctypes.byref(record), ctypes.sizeof(record))
        self._schema_parts.append(record)
        return 0

    def _next(self, _own: int, out: int) -> int:
        try:
            values = next(self._batches, None)
            if values is None:
                ctypes.memset(out, 0, ctypes.sizeof(CArray))
                return 0
            parts = [_column(form, column) for form, column in zip(self._formats.values(), values, strict=True)]
        except BaseException as error:  # noqa: BLE001 (it cannot pass through C; the writer raises it)
            self.error = error
            return _FAILED
        children, none = _addresses([array for array, _ in parts]), (_Pointer * 1)(None)
        record = CArray(len(values[0]), 0, 0, 1, len(parts), _pointer(none), _pointer(children), None,
                        _pointer(_FORGET_ARRAY), None)  # fmt: skip
        ctypes.memmove(out, ctypes.byref(record), ctypes.sizeof(record))
        self._parts = [parts, children, none]
        return 0


def number_format(kind: str) -> bytes:
    """Arrow's format of a numpy type: int32, int64 or float64."""
    return _FORMATS[kind]


def _addresses(structs: Sequence[ctypes.Structure]) -> Any:
    return (_Pointer * len(structs))(*(ctypes.addressof(s) for s in structs))


def _column(form: bytes, values: AnyArray) -> tuple[CArray, list[Any]]:
    """One column of a batch, and the objects that must live as long as it."""
    valid: AnyArray | None = None
    if form in (TEXT, BINARY):
        parts = [v.encode() for v in values] if form == TEXT else list(values)
        offsets: AnyArray = np.zeros(len(parts) + 1, np.int64)
        np.cumsum([len(p) for p in parts], out=offsets[1:])
        data = [offsets, np.frombuffer(b"".join(parts) or b"\0", np.uint8)]
    else:
        data = [np.ascontiguousarray(values)]
        if values.dtype.kind == "f":
            unknown = np.isnan(values)
            if unknown.any():
                valid = np.packbits(~unknown, bitorder="little")
    buffers = (_Pointer * (1 + len(data)))(valid.ctypes.data if valid is not None else None,
                                           *(d.ctypes.data for d in data))  # fmt: skip
    nulls = int(np.isnan(values).sum()) if valid is not None else 0
    array = CArray(len(values), nulls, 0, len(buffers), 0, _pointer(buffers), None, None, _pointer(_FORGET_ARRAY), None)
    return array, [valid, data, buffers]
