"""Messages between the plugin and the worker: JSON-RPC 2.0, one message a line, UTF-8. Standard library only.

The backend has a twin of this module (`idgbr/protocol.py`); `tests/protocol_examples.json` pins both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

PROTOCOL_VERSION = 1
#: Longest line either side accepts, in bytes, without its line end.
MAX_LINE_BYTES = 1 << 20


class ErrorCode(IntEnum):
    """Codes of error answers."""

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


@dataclass(frozen=True)
class Result:
    """The answer to a request."""

    id: int
    result: Any


@dataclass(frozen=True)
class Failure:
    """An error answer; `id` is None where the worker could not read the request."""

    id: int | None
    code: int
    message: str
    kind: str | None


@dataclass(frozen=True)
class Notification:
    """Progress or a message of a running job."""

    method: str
    params: dict[str, Any]


def encode_request(request_id: int, method: str, params: dict[str, Any]) -> bytes:
    """Write a request as one line."""
    return _encode({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params})


def encode_notification(method: str, params: dict[str, Any]) -> bytes:
    """Write a notification as one line."""
    return _encode({"jsonrpc": "2.0", "method": method, "params": params})


def decode(line: bytes) -> Result | Failure | Notification | None:
    """Read one line from the worker; None for what is no message, as a shell on the way may print anything."""
    message = _parse(line)
    if message is None or message.get("jsonrpc") != "2.0":
        return None
    request_id, error, params = message.get("id"), message.get("error"), message.get("params")
    if isinstance(message.get("method"), str):
        return Notification(message["method"], params if isinstance(params, dict) else {})
    if isinstance(error, dict):
        data = error.get("data")
        kind = data.get("kind") if isinstance(data, dict) else None
        code = error.get("code")
        return Failure(
            request_id if isinstance(request_id, int) else None,
            code if isinstance(code, int) else int(ErrorCode.INTERNAL),
            str(error.get("message", "")),
            kind,
        )
    if isinstance(request_id, int) and "result" in message:
        return Result(request_id, message["result"])
    return None


def _parse(line: bytes) -> dict[str, Any] | None:
    if len(line) > MAX_LINE_BYTES + 2:
        return None
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _encode(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8") + b"\n"
