"""Messages between the QGIS plugin and the worker: JSON-RPC 2.0, one message a line, UTF-8.

The plugin has a twin of this module (`idgbr_qgis/core/protocol.py`); `tests/protocol_examples.json` pins both.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from enum import IntEnum
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, BinaryIO

from idgbr.errors import ProtocolError, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

PROTOCOL_VERSION = 1
#: Longest line that either side accepts, in bytes, without its line end. Rasters and layers are passed as file paths.
MAX_LINE_BYTES = 1 << 20


class ErrorCode(IntEnum):
    """Codes of error answers: JSON-RPC's own, the cancel code of the Language Server Protocol, and the project's."""

    PARSE = -32700
    INVALID_REQUEST = -32600
    UNKNOWN_METHOD = -32601
    INVALID_PARAMS = -32602
    INTERNAL = -32603
    CANCELLED = -32800
    JOB_FAILED = -32001
    BUSY = -32002
    PROTOCOL_VERSION = -32003
    LINE_TOO_LONG = -32004


class RequestError(ProtocolError):
    """A request that is answered with an error; `request_id` is None if the id could not be read."""

    def __init__(self, code: ErrorCode, message: str, request_id: int | str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id


@dataclass(frozen=True)
class Request:
    """A request, or a notification if `id` is None."""

    id: int | str | None
    method: str
    params: dict[str, Any] = field(default_factory=dict)


def decode_request(line: bytes) -> Request:
    """Read one line from the client; raises `RequestError` with the error code."""
    if len(line.rstrip(b"\r\n")) > MAX_LINE_BYTES:
        raise RequestError(ErrorCode.LINE_TOO_LONG, f"A message may hold {MAX_LINE_BYTES} bytes at most.")
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise RequestError(ErrorCode.PARSE, "A message was not valid JSON in UTF-8.") from None
    if not isinstance(message, dict):
        raise RequestError(ErrorCode.INVALID_REQUEST, "A message must be a JSON object.")
    request_id, method, params = message.get("id"), message.get("method"), message.get("params", {})
    if isinstance(request_id, bool) or not isinstance(request_id, int | str | None):
        raise RequestError(ErrorCode.INVALID_REQUEST, "The id of a request must be a number or a text.")
    if message.get("jsonrpc") != "2.0" or not isinstance(method, str):
        raise RequestError(ErrorCode.INVALID_REQUEST, 'A request needs "jsonrpc": "2.0" and a method.', request_id)
    if not isinstance(params, dict):
        raise RequestError(ErrorCode.INVALID_PARAMS, "The params of a request must be an object.", request_id)
    return Request(request_id, method, params)


def encode_result(request_id: int | str | None, result: Any) -> bytes:
    """Write the answer to a request as one line."""
    return _encode({"jsonrpc": "2.0", "id": request_id, "result": result})


def encode_error(request_id: int | str | None, code: ErrorCode, message: str, kind: str | None = None) -> bytes:
    """Write an error answer as one line; `kind` is the name of the exception class behind it."""
    error: dict[str, Any] = {"code": int(code), "message": one_line(message, None)}
    if kind is not None:
        error["data"] = {"kind": kind}
    return _encode({"jsonrpc": "2.0", "id": request_id, "error": error})


def encode_notification(method: str, params: dict[str, Any]) -> bytes:
    """Write a notification (`$/progress`, `$/message`) as one line."""
    return _encode({"jsonrpc": "2.0", "method": method, "params": params})


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream up to its end; only the start of an oversized line, so memory stays bounded."""
    while line := stream.readline(MAX_LINE_BYTES + 2):
        rest = line
        while len(rest) == MAX_LINE_BYTES + 2 and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES + 2)
        if line.strip():
            yield line


def _encode(message: dict[str, Any]) -> bytes:
    line = json.dumps(_plain(message), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    data = line.encode("utf-8", errors="replace")
    if len(data) > MAX_LINE_BYTES:
        raise ProtocolError(f"The answer is longer than the {MAX_LINE_BYTES} bytes a message may hold.")
    return data + b"\n"


def _plain(value: Any) -> Any:
    """Turn reported values (paths, tuples, numpy numbers, not-a-number) into plain JSON values."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, PathLike):
        return fspath(value)
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    raise ProtocolError(f"A value of type {type(value).__name__} cannot be sent in a message.")
