"""The backend's half of the protocol, held to the examples that the plugin's half is held to as well."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from idgbr import protocol
from idgbr.errors import ProtocolError
from idgbr.protocol import ErrorCode, Request, RequestError

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "protocol_examples.json").read_text(encoding="utf-8")
)


def test_constants_are_the_examples() -> None:
    assert EXAMPLES["protocol_version"] == protocol.PROTOCOL_VERSION
    assert EXAMPLES["max_line_bytes"] == protocol.MAX_LINE_BYTES
    assert EXAMPLES["codes"] == {code.name: code.value for code in ErrorCode}


@pytest.mark.parametrize("example", EXAMPLES["requests"], ids=lambda e: e["method"])
def test_requests_are_decoded(example: dict[str, Any]) -> None:
    request = protocol.decode_request(example["line"].encode() + b"\n")
    assert request == Request(example["id"], example["method"], example["params"])


@pytest.mark.parametrize("example", EXAMPLES["results"], ids=lambda e: str(e["id"]))
def test_results_are_encoded(example: dict[str, Any]) -> None:
    assert protocol.encode_result(example["id"], example["result"]) == example["line"].encode() + b"\n"


@pytest.mark.parametrize("example", EXAMPLES["errors"], ids=lambda e: str(e["code"]))
def test_errors_are_encoded(example: dict[str, Any]) -> None:
    line = protocol.encode_error(example["id"], ErrorCode(example["code"]), example["message"], example["kind"])
    assert line == example["line"].encode() + b"\n"


@pytest.mark.parametrize("example", EXAMPLES["notifications"], ids=lambda e: e["method"])
def test_notifications_are_encoded(example: dict[str, Any]) -> None:
    assert protocol.encode_notification(example["method"], example["params"]) == example["line"].encode() + b"\n"


@pytest.mark.parametrize(
    ("line", "code", "request_id"),
    [
        (b"not json\n", ErrorCode.PARSE, None),
        (b"\xff\xfe{}\n", ErrorCode.PARSE, None),
        (b"[" * 100_000 + b"\n", ErrorCode.PARSE, None),
        (b"[1]\n", ErrorCode.INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":[1],"method":"x"}\n', ErrorCode.INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":true,"method":"x"}\n', ErrorCode.INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":7}\n', ErrorCode.INVALID_REQUEST, 7),
        (b'{"id":7,"method":"x"}\n', ErrorCode.INVALID_REQUEST, 7),
        (b'{"jsonrpc":"2.0","id":"a","method":"x","params":[1]}\n', ErrorCode.INVALID_PARAMS, "a"),
    ],
)
def test_broken_requests_are_refused_with_their_code(line: bytes, code: ErrorCode, request_id: int | None) -> None:
    with pytest.raises(RequestError) as caught:
        protocol.decode_request(line)
    assert caught.value.code == code
    assert caught.value.request_id == request_id


def test_unknown_fields_are_ignored() -> None:
    line = b'{"jsonrpc":"2.0","id":1,"method":"shutdown","params":{},"trace":"x"}\n'
    assert protocol.decode_request(line) == Request(1, "shutdown", {})


def test_read_lines_cuts_an_oversized_line_and_goes_on() -> None:
    huge = b"x" * (3 * protocol.MAX_LINE_BYTES) + b"\n"
    longest = b"y" * protocol.MAX_LINE_BYTES + b"\r\n"
    lines = list(protocol.read_lines(io.BytesIO(b"first\n\n" + huge + longest + b"last")))
    assert [line[:5] for line in lines] == [b"first", b"xxxxx", b"yyyyy", b"last"]
    assert max(map(len, lines)) <= protocol.MAX_LINE_BYTES + 2
    with pytest.raises(RequestError) as caught:
        protocol.decode_request(lines[1])
    assert caught.value.code == ErrorCode.LINE_TOO_LONG
    assert lines[2] == longest


def test_answers_hold_plain_values_on_one_line() -> None:
    summary = {
        "path": Path("a.gpkg"),
        "n": np.int64(3),
        "areas": np.array([1.0, np.nan]),
        "eta": float("inf"),
        "s": (1,),
    }
    answer = json.loads(protocol.encode_result(1, summary))
    assert answer["result"] == {"path": "a.gpkg", "n": 3, "areas": [1.0, None], "eta": None, "s": [1]}
    error = protocol.encode_error(1, ErrorCode.JOB_FAILED, "first\nsecond \t third")
    assert json.loads(error)["error"]["message"] == "first second third"
    assert error.count(b"\n") == 1


def test_an_answer_over_the_limit_is_an_error_of_its_own() -> None:
    with pytest.raises(ProtocolError, match="longer than"):
        protocol.encode_result(1, "x" * protocol.MAX_LINE_BYTES)
